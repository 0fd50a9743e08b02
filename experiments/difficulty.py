"""How hard each domain is for a baseline that saw clear_day alone, beside the published order of its data set.

    fairweather run studies/fairtown_difficulty.yaml
    python -m experiments.difficulty --published prove_stage1_domains.csv [--runs runs/fairtown_difficulty] [--out DIR]

Both are domain mIoU of the baseline, averaged over seeds (ours) or models (published). Ours is over the classes supported in
every domain of a town, so that no domain is easy for lack of classes. tau is Kendall's, over the domains both have.
"""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy.stats import kendalltau

from fairweather.vocabulary.domains import DOMAINS

MODELLED_ON = {"north": "bdd10k", "east": "idd-aw", "south": "mapillaryvistas", "west": "outside15k"}


def ours(results: Path) -> dict[tuple[str, str], float]:
    """(town, domain) -> mean over seeds of the baseline's mIoU over the classes supported in all domains of the town."""
    rows = [r for r in pq.read_table(results).to_pylist() if r["strategy"] == "baseline" and r["domain"] in DOMAINS]
    supported = defaultdict(set)
    for row in rows:
        if row["supported"]:
            supported[row["dataset"], row["class"]].add(row["domain"])
    found = defaultdict(list)
    for row in rows:
        if len(supported[row["dataset"], row["class"]]) == len(DOMAINS):
            found[row["dataset"], row["domain"]].append(row["iou"])
    return {key: float(np.mean(values)) for key, values in found.items()}


def published(table: Path) -> dict[tuple[str, str], float]:
    """(data set, domain) -> mean over models of the baseline's mIoU."""
    found = defaultdict(list)
    with table.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["strategy"] == "baseline":
                found[row["dataset"], row["domain"]].append(float(row["mIoU"]))
    return {key: float(np.mean(values)) for key, values in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, required=True)
    parser.add_argument("--runs", type=Path, default=Path("runs/fairtown_difficulty"))
    parser.add_argument("--out", type=Path, default=Path("docs/fairtown/difficulty.csv"))
    options = parser.parse_args()
    here, there = ours(options.runs / "results.parquet"), published(options.published)
    rows = []
    for town, data_set in MODELLED_ON.items():
        both = [d for d in DOMAINS if (data_set, d) in there]
        tau = kendalltau([here[town, d] for d in both], [there[data_set, d] for d in both]).statistic
        for domain in sorted(DOMAINS, key=lambda d: here[town, d]):
            theirs = there.get((data_set, domain))
            rows.append(
                [
                    town,
                    domain,
                    f"{here[town, domain]:.1f}",
                    data_set,
                    "" if theirs is None else f"{theirs:.1f}",
                    f"{tau:.2f}",
                ]
            )
            print(*rows[-1])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as lines:
        header = ["town", "domain", "miou", "modelled_on", "published_miou", "kendall_tau"]
        csv.writer(lines, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
