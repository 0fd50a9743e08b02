"""A results.parquet without its folder: joined, audited, answered."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairweather.analysis.imports import Source
from fairweather.errors import InputError, UnknownName
from fairweather.report.counts import compose_counts, holds_counts

CLASSES = ("road", "sidewalk", "car")


def counts(
    contexts: tuple[str, ...] = ("stage1",),
    effect: Callable[[str, int], float] = lambda name, seed: 0.0,
    steps: int = 10,
) -> pa.Table:
    """Counts of a baseline and three strategies, five seeds, two domains: 60 points of IoU, the effect, and noise of 0.2."""
    rng, rows = np.random.default_rng(1), []
    for context in contexts:
        for strategy in ("baseline", "std_a", "std_b", "std_c"):
            for seed in range(5):
                for domain in ("clear_day", "night"):
                    for c, name in enumerate(CLASSES):
                        share = (60 + effect(strategy, seed) + 0.2 * rng.normal()) / 100
                        hit = round(share * 1_000_000)
                        rows.append({
                            "unit": f"{context}-{strategy}-{seed}", "dataset": "d", "context": context, "strategy": strategy,
                            "family": "none" if strategy == "baseline" else "std", "model": "m", "seed": seed, "steps": steps,
                            "control": strategy == "baseline", "generated_share": 0.0, "label_space": "three",
                            "domain": domain, "class": name, "class_index": c, "small": False, "intersection": hit,
                            "predicted": hit, "labelled": 1_000_000, "n_images": 60, "n_groups": 5, "class_images": 60,
                            "class_groups": 5, "domain_supported": True, "supported": True, "iou": 100 * share,
                        })  # fmt: skip
    return pa.Table.from_pylist(rows)


def written(folder: Path, table: pa.Table, name: str = "results.parquet") -> Path:
    pq.write_table(table, folder / name)
    return folder / name


def verdicts(content) -> dict[str, str]:
    return {f.id: f.verdict for f in content.findings}


def test_only_counts_of_ours_are_taken_for_counts(tmp_path: Path) -> None:
    assert holds_counts(written(tmp_path, counts()))
    assert not holds_counts(written(tmp_path, pa.table({"strategy": ["a"]}), "other.parquet"))
    (tmp_path / "text.parquet").write_text("strategy,mIoU\n")
    assert not holds_counts(tmp_path / "text.parquet") and not holds_counts(tmp_path)


def test_the_baseline_the_contexts_and_the_budget_are_found(tmp_path: Path) -> None:
    path = written(tmp_path, counts(("stage1", "stage2"), lambda name, _: 3.0 if name == "std_a" else 0.0))
    content = compose_counts([Source(path)], None, (), 0.3)
    found = verdicts(content)
    assert found["gains.stage1.std_a"] == found["gains.stage2.std_a"] == "yes" and "context.rank_moves" in found
    assert "at 10 steps" in next(f.statement for f in content.findings if f.id == "gains.stage1.std_a")
    assert all(check.holds for check in content.checks if check.severity == "error") and len(content.checks) > 15
    assert "stage2" not in "".join(verdicts(compose_counts([Source(path)], None, ("stage1",), 0.3)))


def test_two_files_are_two_contexts(tmp_path: Path) -> None:
    one = written(tmp_path, counts(), "a.parquet")
    two = written(tmp_path, counts(effect=lambda name, _: -3.0 if name == "std_b" else 0.0), "b.parquet")
    two_units = pq.read_table(two)
    renamed = pa.array([f"b-{unit}" for unit in two_units["unit"].to_pylist()])
    pq.write_table(two_units.set_column(0, "unit", renamed), two)
    found = verdicts(compose_counts([Source(one, "clear"), Source(two, "all weather")], None, (), 0.3))
    assert found["gains.clear.std_b"] == "undecided" and found["gains.all weather.std_b"] == "no"


def test_a_collapsed_unit_is_left_out_whole_and_compared_with_it_too(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        counts(effect=lambda name, seed: -59.0 if (name, seed) == ("std_a", 3) else 3.0 * (name != "baseline")),
    )
    content = compose_counts([Source(path)], None, (), 0.3)
    (check,) = [c for c in content.checks if c.code == "table.collapsed_value"]
    assert not check.holds and check.action == "left out"
    assert {(row["strategy"], row["seed"]) for row in check.rows} == {("std_a", 3)}
    assert verdicts(content)["gains.stage1.std_a"] == "yes"
    flagged = {row["id"]: row for row in content.tables["flagged"].to_pylist()}
    assert flagged["gains.stage1.std_a"]["verdict_with"] == "undecided"


def test_what_does_not_fit_together_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, counts(("stage1", "stage2", "stage3")))
    with pytest.raises(InputError, match=r"3 contexts \(stage1, stage2, stage3\)"):
        compose_counts([Source(path)], None, (), 0.3)
    with pytest.raises(InputError, match="named other, but holds the contexts"):
        compose_counts([Source(path, "other")], None, (), 0.3)
    with pytest.raises(UnknownName, match="unknown baseline 'nothing'"):
        compose_counts([Source(path)], "nothing", ("stage1",), 0.3)
    other = written(tmp_path, counts(steps=20), "longer.parquet")
    with pytest.raises(InputError, match="10 and 20 steps"):
        compose_counts([Source(written(tmp_path, counts())), Source(other)], None, (), 0.3)
