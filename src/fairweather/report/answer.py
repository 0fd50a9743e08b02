"""Which findings stand first, in big type."""

from collections.abc import Iterable, Sequence

from fairweather.analysis.finding import Finding
from fairweather.report.content import ReportContent
from fairweather.report.shape import Shape
from fairweather.report.verdict import decided

IN_BIG_TYPE = 5
# With fewer strategies than this the answer is about the strategy, decided or not; questions about all of them say less.
FEW = 3

# The questions about all strategies, the broadest first, those that say nearly the same in one line; the context is filled in.
# Gains of single strategies stand at STORY.
STORY = ("gains of one strategy",)
_BROAD = (
    ("strategies.differ.{}",), ("best.{}",), ("tiers.{}",), STORY, ("below_baseline.{}", "gains.{}.all_positive"),
    ("context.rank_moves",), ("context.mean_gain_change",), ("context.all_gains_smaller",), ("design.smallest_gain",),
    ("influence.{}",), ("context.interaction",),
)  # fmt: skip
_DIFFER, _MOVES = _BROAD[0], _BROAD[5]


def lead(content: ReportContent, shape: Shape) -> tuple[Finding, ...]:
    """Up to five findings that answer the study's question, in reading order: all strategies, the leading one, the rest.

    One is always there: whether the ranks move (two contexts) or the strategies differ (one). Then what is decided, one
    finding for each question before a second one for any; the strategy with the most decided verdicts (then the largest gain)
    counts as one question and tells its story in both contexts. What room is left goes to open questions, the broadest first.
    """
    kinds = [_of_kind(shape, patterns) for patterns in _BROAD]
    story = [f for f in _story(shape, shape.strategies[0]) if f] if shape.strategies else []
    if len(shape.strategies) >= FEW:
        story = story if any(decided(f.verdict) for f in story) else []
    kinds[_BROAD.index(STORY)] = story
    anchor = (kinds[_BROAD.index(_MOVES)] or kinds[_BROAD.index(_DIFFER)])[:1]
    chosen = [*(story if len(shape.strategies) < FEW else []), *anchor]
    chosen += _in_turns(
        [[f for f in kind if decided(f.verdict)] if kind is not story else kind for kind in kinds], story
    )
    for strategy in shape.strategies[1:]:
        chosen += [f for f in _story(shape, strategy) if f and decided(f.verdict)]
    chosen += _in_turns(kinds, story)
    chosen += content.findings[: 0 if chosen else IN_BIG_TYPE]
    found = {f.id: f for f in chosen}
    place = {f.id: n for n, kind in enumerate(kinds) for f in kind}
    place |= {id: place.get(id, _BROAD.index(STORY)) for id in found}
    return tuple(sorted(list(found.values())[:IN_BIG_TYPE], key=lambda f: place[f.id]))


def _in_turns(kinds: Iterable[list[Finding]], story: list[Finding]) -> list[Finding]:
    """The first of every kind (of the story: all of it), then the seconds."""
    given = [kind for kind in kinds if kind]
    firsts = [f for kind in given for f in (kind if kind == story else kind[:1])]
    return [*firsts, *(f for kind in given for f in kind[1:])]


def _of_kind(shape: Shape, patterns: Sequence[str]) -> list[Finding]:
    """The findings of a kind: yes before no before open, for a yes names what it found."""
    names = dict.fromkeys(pattern.format(c) for pattern in patterns for c in shape.contexts or ("all",))
    found = [shape.findings[name] for name in names if name in shape.findings]
    return sorted(found, key=lambda f: ("yes", "no", "undecided", "untestable").index(f.verdict))


def _story(shape: Shape, strategy: str) -> list[Finding | None]:
    pair = (shape.first, shape.second) if shape.first else shape.contexts[:1]
    gains = [shape.findings.get(f"gains.{c}.{strategy}") for c in pair]
    return [*gains, shape.findings.get(f"gain_change.{strategy}") if shape.first else None]
