"""The tables of docs/fairtown.md, written from docs/fairtown/*.csv between their marks.

python -m experiments.page
"""

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parents[1]
PAGE, FOLDER = ROOT / "docs" / "fairtown.md", ROOT / "docs" / "fairtown"
MARK = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- /\2 -->)", re.S)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *body))


def tones() -> str:
    """Tone and contrast by town and domain."""
    found = {(r["town"], r["domain"]): f"{float(r['tone']):.0f} +- {float(r['contrast']):.0f}" for r in rows("tones")}
    towns = list(dict.fromkeys(town for town, _ in found))
    domains = list(dict.fromkeys(domain for _, domain in found))
    return table(["domain", *towns], [[d, *(found[t, d] for t in towns)] for d in domains])


def shares() -> str:
    """Class shares by town."""
    by_town = {r["town"]: r for r in rows("tones")}
    classes = list(next(iter(by_town.values())))[4:]
    return table(["class", *by_town], [[c, *(by_town[t][c] for t in by_town)] for c in classes])


def classifier() -> str:
    """How often each domain is named right."""
    found = {(r["pictures"], r["domain"]): r["named_right_percent"] for r in rows("classifier")}
    arms = list(dict.fromkeys(arm for arm, _ in found))
    domains = list(dict.fromkeys(domain for _, domain in found))
    return table(["pictures", *domains], [[arm, *(found[arm, d] for d in domains)] for arm in arms])


def transfer() -> str:
    """Means over seeds, and the mIoU of each seed."""
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows("transfer"):
        found[row["trained_on"], row["tested_on_camvid"]].append(row)
    classes = list(rows("transfer")[0])[5:]
    body = []
    for (arm, frames), runs in found.items():
        seeds = ", ".join(run["miou"] for run in runs)
        means = [f"{mean(float(run[c]) for run in runs):.0f}" for c in classes]
        body.append([arm, frames, f"{mean(float(run['miou']) for run in runs):.1f} ({seeds})", *means])
    return table(["trained on", "CamVid frames", "mIoU (seeds)", *classes], body)


def difficulty() -> str:
    """The domains of each town from hard to easy, beside the published order."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("difficulty"):
        found[row["town"]].append(row)
    body = []
    for town, domains in found.items():
        theirs = sorted((r for r in domains if r["published_miou"]), key=lambda r: float(r["published_miou"]))
        body.append(
            [
                town,
                ", ".join(f"{r['domain']} {float(r['miou']):.0f}" for r in domains),
                domains[0]["modelled_on"],
                ", ".join(f"{r['domain']} {float(r['published_miou']):.0f}" for r in theirs),
                domains[0]["kendall_tau"],
            ]
        )
    return table(["town", "hardest first", "modelled on", "published", "tau"], body)


TABLES = {f.__name__: f for f in (tones, shares, classifier, transfer, difficulty)}


def page() -> str:
    """The page with its tables as the files have them."""
    return MARK.sub(lambda m: m[1] + "\n" + TABLES[m[2]]() + "\n" + m[3], PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
