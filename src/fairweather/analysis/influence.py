"""Whether one data set, model, seed, domain or class decides what is found: leave each out, and ask everything again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fairweather.analysis import rules
from fairweather.analysis.answers import Answers, answers
from fairweather.analysis.finding import Estimate, Finding, Verdict
from fairweather.analysis.frame import Frame, Ledger, at, listed, number, plain
from fairweather.analysis.gains import mean_gain
from fairweather.analysis.spread import Untestable
from fairweather.analysis.table import Block
from fairweather.analysis.within import Part

FACTORS = {"dataset": "data set", "model": "model", "seed": "seed", "domain": "domain", "class": "class"}
MOST = 3  # cases a sentence names


@dataclass(frozen=True)
class Turn:
    """One verdict with one thing left out; the larger `grave`, the worse: a yes into a no, then what is kept of an estimate."""

    factor: str
    left_out: str
    id: str
    whole: Verdict
    verdict: Verdict
    whole_value: float
    value: float
    flips: bool
    grave: float


def influence_finding(frame: Frame, ledger: Ledger, context: str, whole: Part | Untestable) -> None:
    """influence.<context>, after the verdicts of the context, which are taken from the ledger."""
    question = f"Does one data set, model, seed, domain or class decide a verdict {at(frame, context)}?"
    if isinstance(whole, Untestable) or not whole.gains.names:
        reason = whole.reason if isinstance(whole, Untestable) else "there is no strategy"
        _untestable(frame, ledger, context, question, reason)
        return
    known = _known(frame, ledger, context)
    leader = whole.gains.names[int(np.argmax(whole.gains.gain))]
    _whole_row(ledger, whole, known, leader)
    turns: list[Turn] = []
    seen: dict[tuple[str, str], Answers] = {}
    too_little: list[str] = []
    for factor, name, y, blocks in left_out(frame, context):
        found = answers(frame, context, y, blocks, leader, tuple(known))
        own = _turns(factor, name, known, found, context, leader)
        turns += own
        _rows(ledger, context, factor, name, found, own)
        if isinstance(found, Untestable):
            too_little.append(f"{FACTORS[factor]} {name}")
        else:
            seen[factor, name] = found
    if not seen:
        reason = "whatever is left out, too little is left to test" if too_little else _nothing(frame)
        _untestable(frame, ledger, context, question, reason)
        return
    _say(frame, ledger, whole, question, turns, seen, too_little)


def left_out(frame: Frame, context: str) -> Iterator[tuple[str, str, np.ndarray, tuple[Block, ...]]]:
    """Factor, name, and the values and blocks that remain, for each factor of which there are at least two."""
    metric = frame.metric
    y, base = metric.of(context), len(metric.strategies)
    there = np.isfinite(y[base])
    for factor in ("dataset", "model", "seed"):
        of = np.array([str(getattr(block, factor)) for block in metric.blocks])
        names = list(dict.fromkeys(of[there]))
        for name in names if len(names) > 1 else ():
            keep = of != name
            yield factor, str(name), y[:, keep], tuple(b for b, k in zip(metric.blocks, keep, strict=True) if k)
    for factor in ("domain", "class"):
        mine = {name: scores for (kind, name), scores in frame.without.items() if kind == factor}
        for name, scores in mine.items() if len(mine) > 1 else ():
            yield factor, name, scores.of(context), scores.blocks


def _known(frame: Frame, ledger: Ledger, context: str) -> dict[str, Finding]:
    """The findings of the context that are asked again, by id."""
    asked = {f"gains.{context}.{name}" for name in frame.metric.strategies}
    asked |= {f"gains.{context}.all_positive", *(f"{what}.{context}" for what in ("below_baseline", "best", "tiers"))}
    asked |= {f"family.{family}.differ.{context}" for family in frame.metric.families.values()}
    asked.add(f"strategies.differ.{context}")
    return {f.id: f for f in ledger.findings if f.id in asked}


def _turns(
    factor: str, name: str, known: dict[str, Finding], found: Answers | Untestable, context: str, leader: str
) -> list[Turn]:
    """How each verdict fares; one that can no longer be asked is untestable."""
    turns = []
    for id, finding in known.items():
        whole, before = finding.verdict, finding.estimate.value if finding.estimate else np.nan
        if isinstance(found, Untestable):
            turns.append(Turn(factor, name, id, whole, "untestable", before, np.nan, False, 0.0))
            continue
        verdict, value = found.verdict.get(id, "untestable"), found.value.get(id, np.nan)
        kept = value / before if _carries(id, whole, context) and before else np.nan
        flips = bool(rules.turned(whole, verdict, kept))
        grave = 2.0 if {whole, verdict} == {"yes", "no"} else 0.0 if np.isnan(kept) else 1.0 - np.tanh(kept)
        if id == f"best.{context}" and whole == verdict == "yes" and found.leader != leader:  # another one is ahead
            flips, grave = True, 2.0
        turns.append(Turn(factor, name, id, whole, verdict, before, value, flips, float(grave)))
    return turns


def _carries(id: str, whole: Verdict, context: str) -> bool:
    """Whether the estimate stands behind the verdict: that of a gain behind yes and no, any other behind a yes alone ("no"
    says that nothing is there, and half of nothing is no news)."""
    gain = id.startswith("gains.") and id != f"gains.{context}.all_positive"
    return whole == "yes" or (whole == "no" and (gain or id.startswith("below_baseline.")))


def _rows(ledger: Ledger, context: str, factor: str, name: str, found: Answers | Untestable, turns: list[Turn]) -> None:
    row = {"context": context, "factor": factor, "left_out": name, "flips": sum(turn.flips for turn in turns)}
    if isinstance(found, Answers):
        row |= {
            "blocks": found.layout.y.shape[1], "strategies": found.layout.K, "mean_gain": found.mean_gain,
            "leader": found.leader, "leader_gain": found.leader_gain, "differ_p": _number(found.differ_p),
            "separated": found.separated,
        }  # fmt: skip
    ledger.rows["influence"].append(row)
    for turn in turns:
        p = found.p.get(turn.id, np.nan) if isinstance(found, Answers) else np.nan
        ledger.rows["influence_verdicts"].append({
            "context": context, "factor": factor, "left_out": name, "id": turn.id, "whole": turn.whole,
            "verdict": turn.verdict, "whole_value": _number(turn.whole_value), "value": _number(turn.value), "p": _number(p),
            "flips": turn.flips,
        })  # fmt: skip


def _whole_row(ledger: Ledger, whole: Part, known: dict[str, Finding], leader: str) -> None:
    """The row with nothing left out, beside which the others are read."""
    differ = known[f"strategies.differ.{whole.context}"].test
    ledger.rows["influence"].append({
        "context": whole.context, "factor": "", "left_out": "", "blocks": whole.layout.y.shape[1],
        "strategies": whole.layout.K, "mean_gain": mean_gain(whole.spread).value, "leader": leader,
        "leader_gain": float(whole.gains.gain.max()), "differ_p": differ.p if differ else None,
        "separated": int((whole.gains.p_adjusted <= rules.ALPHA).sum()), "flips": 0,
    })  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _untestable(frame: Frame, ledger: Ledger, context: str, question: str, reason: str) -> None:
    what = f"Whether one data set, model, seed, domain or class decides a verdict {at(frame, context)}"
    statement = f"{what} is untestable: {reason}."
    ledger.add(frame, f"influence.{context}", question, "untestable", statement, evidence="influence")


def _nothing(frame: Frame) -> str:
    """Why nothing can be left out: one of everything."""
    kinds = [FACTORS[f] for f in ("dataset", "model", "seed")]
    kinds += [kind for kind, scores in (("domain", frame.domains), ("class", frame.classes)) if scores.variants]
    return f"there is no second {' or '.join(filter(None, [', '.join(kinds[:-1]), kinds[-1]]))} to leave out"


def _say(
    frame: Frame, ledger: Ledger, whole: Part, question: str, turns: list[Turn], seen: dict[tuple[str, str], Answers],
    too_little: list[str],
) -> None:  # fmt: skip
    context = whole.context
    decided = {turn.id for turn in turns if turn.whole in ("yes", "no")}
    worst = sorted((t for t in turns if t.grave > 0), key=lambda turn: -turn.grave)
    bad = [turn for turn in worst if turn.flips]
    verdict = rules.influence(len(bad))
    things = listed([
        number(len(names), FACTORS[factor])
        for factor in FACTORS
        if (names := [name for kind, name in seen if kind == factor])
    ])  # fmt: skip
    where, mean = at(frame, context), mean_gain(whole.spread).value
    total = len(decided)
    of = f"{where} that {'is' if total == 1 else 'are'} yes or no"
    if bad:
        hit = len({turn.id for turn in bad})
        which = (
            "the one verdict"
            if total == 1
            else f"all {total} verdicts"
            if hit == total
            else f"{hit} of the {total} verdicts"
        )
        statement = f"Leaving out one of {things} turns {which} {of}: {_case(_shown(bad), whole)}{_others(bad)}."
    elif decided:
        nearest = f"; nearest to it, {_case(worst[0], whole)}" if worst else ""
        statement = (
            f"Leaving out one of {things} turns none of the {number(total, 'verdict')} {of} (none flips, changes its "
            f"sign or loses more than half of its estimate){nearest}."
        )
    else:
        statement = f"No verdict {where} is yes or no, so leaving out one of {things} turns none."
    low, high = (pick(seen, key=lambda key: seen[key].mean_gain) for pick in (min, max))
    apart = [found.separated for found in seen.values()]
    separated = int((whole.gains.p_adjusted <= rules.ALPHA).sum())
    still = f"{min(apart)} to {max(apart)}" if min(apart) < max(apart) else str(min(apart))
    caveats = [
        f"As one is left out, the mean gain, {plain(mean, 2, True)} points with all, lies between "
        f"{plain(seen[low].mean_gain, 2, True)} ({_without(*low)}) and {plain(seen[high].mean_gain, 2, True)} "
        f"({_without(*high)}); {separated} of the strategies {'is' if separated == 1 else 'are'} separated from "
        f"{frame.metric.baseline} with all, {still} then.",
    ]
    if too_little:
        caveats.append(f"Too little is left to test without {listed(too_little)}.")
    ledger.add(
        frame, f"influence.{context}", question, verdict, statement, whole.layout, evidence="influence",
        estimate=Estimate(float(len(bad)), None, None, "verdicts turned"), caveats=tuple(caveats),
    )  # fmt: skip


def _without(factor: str, name: str) -> str:
    return f"without {FACTORS[factor]} {name}"


def _shown(bad: list[Turn]) -> Turn:
    """The case to print: of what turns without the gravest thing, a single gain where there is one."""
    first = [turn for turn in bad if (turn.factor, turn.left_out) == (bad[0].factor, bad[0].left_out)]
    return max(first, key=lambda turn: (turn.id.startswith("gains."), turn.grave))


def _others(bad: list[Turn]) -> str:
    """What else turns a verdict when it is left out."""
    things = dict.fromkeys((turn.factor, turn.left_out) for turn in bad)
    rest = [
        f"{FACTORS[factor]} {name}" for factor, name in things if (factor, name) != (bad[0].factor, bad[0].left_out)
    ]
    return f"; a verdict is turned as well without {listed(rest, MOST)}" if rest else ""


def _case(turn: Turn, whole: Part) -> str:
    """ "without data set x the gain of y goes from +1.35 to +0.40 points (yes, then undecided)"."""
    then = f"({turn.whole}, then {turn.verdict})" if turn.whole != turn.verdict else f"(still {turn.whole})"
    what = f"{_without(turn.factor, turn.left_out)} {_what(turn.id, whole)}"
    if not np.isfinite(turn.whole_value * turn.value):
        return f"{what} changes {then}"
    return f"{what} goes from {plain(turn.whole_value, 2, True)} to {plain(turn.value, 2, True)} points {then}"


def _what(id: str, whole: Part) -> str:
    if id == f"gains.{whole.context}.all_positive":
        return "the mean gain of all strategies"
    if id.startswith("gains."):
        return f"the gain of {id.removeprefix(f'gains.{whole.context}.')}"
    if id.startswith("family."):
        return f"the spread between the {id.removeprefix('family.').split('.differ.')[0]} strategies"
    return {
        f"strategies.differ.{whole.context}": "the spread between the strategies",
        f"below_baseline.{whole.context}": "the lowest gain",
        f"best.{whole.context}": f"the gain of {whole.gains.names[int(np.argmax(whole.gains.gain))]}, which is ahead",
        f"tiers.{whole.context}": "the answer on tiers",
    }[id]
