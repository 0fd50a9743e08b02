"""Imported tables made by hand or by chance, and those of the reference study."""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.imports.imported import PRINTED, ROWS, Imported, Named, Renamed
from fairweather.audit import Check, audit_table

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference"
NO_CHANGES: tuple[dict[str, Any], ...] = ()
Record = dict[str, Any]


def imported(
    records: Sequence[Record],
    kind: str = "values",
    changes: Sequence[Record] = NO_CHANGES,
    baseline: str = "baseline",
    columns: Sequence[Named] = (Named("t.csv", "mIoU", "value"),),
    renamed: Sequence[Renamed] = (),
    declared: bool = True,
) -> Imported:
    """Records become the lines 2, 3, ... of t.csv unless they say otherwise; the rest of a row is what a bare table has."""
    blank = {
        "file": "t.csv", "context": "all", "dataset": "", "model": "", "seed": None, "domain": "", "class": "",
        "digits": 4, "images": None, "classes": None, "time": None, "origin": "", "rank": None,
    }  # fmt: skip
    rows = [blank | {"line": at + 2, "spelled": record["strategy"]} | record for at, record in enumerate(records)]
    contexts = tuple(dict.fromkeys(row["context"] for row in rows))
    return Imported(
        kind, pa.Table.from_pylist(rows, ROWS), pa.Table.from_pylist(list(changes), PRINTED), baseline, contexts, "mIoU",
        "percent", declared, columns, renamed,
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture(scope="session", name="imported")
def imported_maker() -> Callable[..., Imported]:
    return imported


def names_of(strategies: int) -> list[str]:
    return ["baseline", *(f"std_{chr(97 + at // 26)}{chr(97 + at % 26)}_arm" for at in range(strategies))]


def simulated(
    seed: int, strategies: int, datasets: int, models: int, seeds: int = 1, noise: str = "normal", sd: float = 0.7
) -> list[Record]:
    """One row for each run: block level 20 to 70, strategy effect within +-3 points, noise of standard deviation `sd`."""
    rng = np.random.default_rng([seed, 11])
    names = names_of(strategies)
    effect = np.concatenate([[0.0], rng.uniform(-1.5, 3.0, strategies)])
    records = []
    for d in range(datasets):
        for m in range(models):
            level = rng.uniform(20, 70)
            for s in range(seeds):
                drawn = rng.standard_t(4, len(names)) / np.sqrt(2) if noise == "t4" else rng.normal(size=len(names))
                records += [
                    {
                        "strategy": name, "dataset": f"data{chr(97 + d)}", "model": f"net{chr(97 + m)}", "seed": s,
                        "value": round(float(level + effect[k] + sd * drawn[k]), 4),
                    }
                    for k, name in enumerate(names)
                ]  # fmt: skip
    return records


@pytest.fixture(scope="session", name="simulated")
def simulated_maker() -> Callable[..., list[Record]]:
    return simulated


@pytest.fixture
def clean() -> list[Record]:
    """54 runs: 8 strategies and the baseline, 3 data sets x 2 models, nothing wrong with them; lines 2 to 55."""
    return simulated(3, 8, 3, 2)


@pytest.fixture
def by_domain(clean: list[Record]) -> list[Record]:
    """The runs of `clean` in three domains each, with test images: 162 rows, lines 2 to 163."""
    rng = np.random.default_rng(4)
    parts = {"clear_day": (3.0, 500), "night": (-9.0, 80), "rainy": (-4.0, 120)}
    return [
        record
        | {"domain": name, "value": round(record["value"] + shift + float(rng.normal(0, 0.4)), 4), "images": images}
        for record in clean
        for name, (shift, images) in parts.items()
    ]


Found = dict[str, list[Check]]


@pytest.fixture(scope="session")
def audited() -> Callable[..., Found]:
    """Audits records (see `imported`) and gives the checks by code."""

    def audit(records: Sequence[Record], **settings: Any) -> Found:
        found: Found = {}
        for check in audit_table(imported(records, **settings)):
            assert "\n" not in check.statement and check.statement.endswith(".") and ". " not in check.statement
            assert check.holds or check.rows, check
            assert check.severity == "error" or check.action == "kept"
            json.dumps(check.rows, allow_nan=False)
            found.setdefault(check.code, []).append(check)
        return found

    return audit


@pytest.fixture(scope="session")
def fallen() -> Callable[[Found], set[str]]:
    """The codes of checks that do not hold."""
    return lambda found: {code for code, checks in found.items() if not all(check.holds for check in checks)}


@pytest.fixture(scope="session")
def lines() -> Callable[[Check], list[int]]:
    """The lines a check lists, in its order."""
    return lambda check: [row["line"] for row in check.rows]


def _read(name: str) -> list[dict[str, str]]:
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip(f"{path} is not there: the reference results are not part of the repository")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def domain_records() -> list[Record]:
    """The rows of prove_stage1_domains.csv, line by line."""
    return [
        {
            "strategy": row["strategy"].replace("photometric_distort", "std_photometric_distort"), "spelled": row["strategy"],
            "dataset": row["dataset"], "model": row["model"], "domain": row["domain"], "value": float(row["mIoU"]),
            "images": int(row["num_images"]), "digits": 4, "line": at + 2,
        }
        for at, row in enumerate(_read("prove_stage1_domains.csv"))
    ]  # fmt: skip


@pytest.fixture(scope="session")
def gain_records() -> tuple[list[Record], list[Record]]:
    """The rows of stage_comparison.csv, two for each line, and its printed rank changes."""
    rows, changes = [], []
    for at, row in enumerate(_read("stage_comparison.csv")):
        for context in ("stage1", "stage2"):
            rows.append(
                {
                    "strategy": row["strategy"],
                    "context": context,
                    "line": at + 2,
                    "digits": 2,
                    "value": float(row[f"{context}_gain"]),
                    "rank": float(row[f"{context}_rank"]),
                }
            )
        changes.append(
            {"file": "t.csv", "line": at + 2, "strategy": row["strategy"], "rank_change": float(row["rank_change"])}
        )
    return rows, changes
