"""The offline tagger: fitted on Fairtown, and measured where it was not fitted.

    python -m experiments.tagger [--camvid ../shared/data/camvid] [--out docs/domains]

Writes `src/fairweather/models/taggers/pictures.csv`, the coefficients and the rule, from training scenes of the four towns
alone; then `confusion.csv`: what the tagger says of Fairtown's test scenes, of towns that were left out of the fit, and of
CamVid; and `dusk_or_day.csv`. CamVid is read last, and nothing of it reaches the table.
"""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from fairweather.data import READERS
from fairweather.data.contact_sheet import spread
from fairweather.data.town.reader import TOWN_NAMES
from fairweather.models.taggers.calibration import calibrate
from fairweather.models.taggers.confusion import wilson
from fairweather.models.taggers.pictures import CUES, LAST, QUESTIONS, cues, pictures_tagger, scored
from fairweather.models.taggers.tagger import NEVER, UNCALIBRATED, Evidence, Rule, decide
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED
from fairweather.vocabulary.streams import stable_hash

SIZE = "512x256"
TRAIN, TEST = 40, 15  # scenes of each town, each from a sequence of its own, rendered in every domain
PENALTY = 1e-3
TABLE = Path("src/fairweather/models/taggers/pictures.csv")
DIGITS = 6  # of a coefficient in the table
NORMAL = ("clear_day", "cloudy")


def seen(town: str, split: str, scenes: int) -> tuple[np.ndarray, list[str]]:
    """The cues (N, 13) of scenes in all domains, and the domains."""
    reader = READERS["fairtown"]
    dataset = reader.open(town, None, (split,), reader.card.resolved({"town": town, "size": SIZE}, town))
    rows, domains = [], []
    for sample in spread(dataset.samples, scenes):
        for domain in DOMAINS:
            rng = np.random.Generator(np.random.Philox(stable_hash("tagger", town, sample.id, domain)))
            rows.append(cues(dataset.twin(sample, domain, rng)))
            domains.append(domain)
    return np.stack(rows), domains


def fitted(rows: np.ndarray, domains: Sequence[str]) -> dict[str, np.ndarray]:
    """The coefficients of every question, each fitted on the images that the ones before it leave; rain takes part in none."""
    table, named = {}, np.array(domains)
    left = named != "rainy"
    for domain, names in QUESTIONS.items():
        columns = rows[left][:, [CUES.index(name) for name in names]]
        table[domain] = _logistic(columns, (named[left] == domain).astype(float))
        left &= named != domain
    return table


def _logistic(rows: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Intercept and coefficients; both sides weigh the same, coefficients of standardised cues are kept small by PENALTY."""
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    inputs = np.column_stack([np.ones(len(rows)), (rows - mean) / deviation])
    weights = np.where(truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean())) / len(rows)

    def loss(v: np.ndarray) -> tuple[float, np.ndarray]:
        logit = inputs @ v
        value = (weights * (np.logaddexp(0, logit) - truth * logit)).sum() + PENALTY / 2 * (v[1:] ** 2).sum()
        slope = inputs.T @ (weights * (1 / (1 + np.exp(-logit)) - truth))
        slope[1:] += PENALTY * v[1:]
        return float(value), slope

    found = minimize(
        loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 5000, "gtol": 1e-9}
    ).x
    slopes = found[1:] / deviation
    return np.concatenate([[found[0] - (slopes * mean).sum()], slopes])


def evidence(rows: np.ndarray, table: dict[str, np.ndarray]) -> list[Evidence]:
    return [Evidence(tuple(row.tolist())) for row in scored(rows, table)]


def fit(out: Path) -> list[list[object]]:
    """Fit, write the table, and say of each town what tables fitted without it make of it."""
    train = {town: seen(town, "train", TRAIN) for town in TOWN_NAMES}
    held: list[Evidence] = []
    known: list[str] = []
    for town, (rows, domains) in train.items():
        others = [pair for name, pair in train.items() if name != town]
        held += evidence(rows, fitted(np.concatenate([r for r, _ in others]), [d for _, ds in others for d in ds]))
        known += domains
    start = Rule(1.0, {d: NEVER if d == "rainy" else UNCALIBRATED for d in DOMAINS}, None, lead=0.1, second=0.2)
    dry = [(each, domain) for each, domain in zip(held, known, strict=True) if domain != "rainy"]
    rule = calibrate([e for e, _ in dry], [d for _, d in dry], start).rule
    table = fitted(np.concatenate([r for r, _ in train.values()]), [d for _, ds in train.values() for d in ds])
    lines = [
        (d, name, value)
        for d, names in QUESTIONS.items()
        for name, value in zip(("intercept", *names), table[d], strict=True)
    ]
    lines += [("rule", "temperature", rule.temperature), ("rule", "lead", rule.lead), ("rule", "second", rule.second)]
    lines += [("threshold", d, rule.thresholds[d]) for d in (*QUESTIONS, LAST)]
    _write(out, ("of", "name", "value"), [(of, name, f"{value:.{DIGITS}g}") for of, name, value in lines])
    return table_of("Fairtown, town left out", known, [decide(each, rule).domain for each in held])


def table_of(images: str, known: Sequence[str], said: Sequence[str]) -> list[list[object]]:
    """A row for every known domain, with how often each was said."""
    rows: list[list[object]] = []
    for domain in dict.fromkeys(known):
        mine = [s for k, s in zip(known, said, strict=True) if k == domain]
        rows.append([images, domain, len(mine), *(mine.count(d) for d in (*DOMAINS, UNDEFINED))])
    return rows


def measure(camvid: Path) -> tuple[list[list[object]], list[list[object]]]:
    """Confusion on Fairtown's test scenes and on CamVid; and dusk against day on CamVid, in three ways of counting."""
    tagger = pictures_tagger()
    rows, known = zip(*(seen(town, "test", TEST) for town in TOWN_NAMES), strict=True)
    named = [domain for domains in known for domain in domains]
    table = _table(tagger.settings["table"])
    found = table_of(
        "Fairtown, test scenes", named, [decide(e, tagger.rule).domain for e in evidence(np.concatenate(rows), table)]
    )
    reader = READERS["camvid"]
    dataset = reader.open("camvid", camvid, reader.card.splits, reader.card.resolved({}, "camvid"))
    seen_ = [tagger.evidence([dataset.image(sample)])[0] for sample in dataset.samples]
    said = [decide(each, tagger.rule).domain for each in seen_]
    forced = [DOMAINS[int(np.argmax(each.scores))] for each in seen_]
    truth = [sample.domain for sample in dataset.samples]
    for group in sorted({sample.group for sample in dataset.samples}):
        mine = [n for n, sample in enumerate(dataset.samples) if sample.group == group]
        found += table_of(f"CamVid {group}", [truth[n] for n in mine], [said[n] for n in mine])
    counted: list[list[object]] = []
    for way, pairs in (
        ("of decisions", [(t, s) for t, s in zip(truth, said, strict=True) if s != UNDEFINED]),
        ("of all frames, abstained is wrong", list(zip(truth, said, strict=True))),
        ("of all frames, most likely domain, never abstaining", list(zip(truth, forced, strict=True))),
    ):
        right = sum(s == t if t == "dawn_dusk" else s in NORMAL for t, s in pairs)
        low, high = wilson(right, len(pairs))
        counted.append([way, len(pairs), right, *(f"{100 * v:.1f}" for v in (right / len(pairs), low, high))])
    return found, counted


def _table(settings: object) -> dict[str, np.ndarray]:
    assert isinstance(settings, dict)
    return {domain: np.array(values) for domain, values in settings.items()}


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines, lineterminator="\n").writerows([header, *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--camvid", type=Path, default=Path("../shared/data/camvid"))
    parser.add_argument("--out", type=Path, default=Path("docs/domains"))
    parser.add_argument("--table", type=Path, default=TABLE)
    options = parser.parse_args()
    left_out = fit(options.table)
    found, counted = measure(options.camvid)
    columns = ("images", "domain", "frames", *(f"said_{domain}" for domain in (*DOMAINS, UNDEFINED)))
    _write(options.out / "confusion.csv", columns, [*left_out, *found])
    _write(options.out / "dusk_or_day.csv", ("camvid", "frames", "right", "percent", "low", "high"), counted)
    for row in [*left_out, *found, *counted]:
        print(*row)


if __name__ == "__main__":
    main()
