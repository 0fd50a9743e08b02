"""`fairweather compare` and `audit` of tables, as a script sees them: files written, exit status, one line on bad input."""

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairweather.report.sentences import violations

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`
EVIL = ("<script>alert(1)</script>", 'quo"te, comma', "two\nlines", "emoji \N{SNOWFLAKE}", "=1+1", "x" * 300)


def table(path: Path, rows: Sequence[Sequence[object]], header: str = "strategy,dataset,model,mIoU") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


def study(
    names: Sequence[str] = ("std_a", "std_b", "gen_c"), effects: Sequence[float] = (3.0, 0.0, -3.0), seed: int = 0
) -> list[list[object]]:
    """Values of a baseline and strategies on 4 data sets x 3 models, with noise of half a point."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(35, 55, (4, 3))
    rows: list[list[object]] = []
    for name, effect in zip(("baseline", *names), (0.0, *effects), strict=True):
        for d in range(4):
            for m in range(3):
                rows.append([name, f"d{d}", f"m{m}", round(level[d, m] + effect + 0.5 * rng.normal(), 2)])
    return rows


def findings(folder: Path) -> dict[str, dict]:
    return {f["id"]: f for f in json.loads((folder / "report/findings.json").read_text())["findings"]}


def test_a_tidy_table_is_answered(tmp_path: Path, door: Door) -> None:
    table(tmp_path / "results.csv", study())
    status, out, err = door("compare", "results.csv", "--out", "out", cwd=tmp_path)
    assert (status, err) == (0, "") and "index.html" in out
    found = findings(tmp_path / "out")
    assert found["gains.all.std_a"]["verdict"] == "yes" and found["gains.all.gen_c"]["verdict"] == "no"
    assert found["best.all"]["verdict"] == "yes" and found["below_baseline.all"]["verdict"] == "yes"
    assert found["gains.all.std_a"]["metric"] == "mIoU"
    assert violations(tmp_path / "out/report") == ()


def test_two_files_are_two_contexts_and_names_are_joined_by_the_registry_alone(tmp_path: Path, door: Door) -> None:
    table(tmp_path / "a.csv", study(("std_photometric_distort", "std_cutmix", "gen_x"), (3, 0, 0)))
    table(tmp_path / "b.csv", study(("photometric_distort", "std_cutmix", "gen-x"), (0, 0, 0), 1))
    status, out, _ = door("compare", "stage1=a.csv", "stage2=b.csv", "--out", "out", cwd=tmp_path)
    found = findings(tmp_path / "out")
    assert status == 0 and "gain_change.std_photometric_distort" in found
    assert found["gain_change.std_photometric_distort"]["verdict"] == "no"
    assert "gains.stage1.gen_x" in found and "gains.stage2.gen-x" in found
    audit = json.loads((tmp_path / "out/report/audit.json").read_text())["checks"]
    named = {check["code"]: check for check in audit}
    assert "photometric_distort" in json.dumps(named["table.joined_name"])
    assert not named["table.near_duplicate_name"]["holds"] and "gen-x" in out


def test_a_collapsed_row_is_left_out_by_its_rule_and_both_results_are_shown(tmp_path: Path, door: Door) -> None:
    rows = study()
    rows[17][3] = 0.2  # std_a, on line 19
    table(tmp_path / "results.csv", rows)
    status, out, _ = door("compare", "results.csv", "--out", "out", cwd=tmp_path)
    assert status == 1 and "table.collapsed_value, left out" in out
    audit = json.loads((tmp_path / "out/report/audit.json").read_text())["checks"]
    (check,) = [check for check in audit if check["code"] == "table.collapsed_value"]
    assert [row["line"] for row in check["rows"]] == [19] and check["action"] == "left out"
    assert findings(tmp_path / "out")["gains.all.std_a"]["verdict"] == "yes"
    with (tmp_path / "out/report/tables/flagged.csv").open(newline="") as file:
        changed = {row["id"]: row for row in csv.DictReader(file)}
    assert changed["gains.all.std_a"]["verdict_without"] == "yes"
    assert changed["gains.all.std_a"]["verdict_with"] == "undecided"
    status, out, _ = door("audit", "results.csv", "--json", cwd=tmp_path)
    assert status == 1 and json.loads(out)["schema"] == 1


def test_one_cell_with_seeds_is_analysed_and_without_it_is_described(tmp_path: Path, door: Door) -> None:
    rows = [row for row in study() if row[1] == "d0"]
    with_seeds = [[row[0], "d0", "m0", row[3], row[2][1:]] for row in rows]
    for row in with_seeds:  # the levels of the three models, read as three seeds of one
        row[3] = round(
            float(row[3]) - float(next(r[3] for r in rows if r[0] == "baseline" and r[2] == f"m{row[4]}")) + 40, 2
        )
    table(tmp_path / "seeds.csv", with_seeds, "strategy,dataset,model,mIoU,seed")
    assert door("compare", "seeds.csv", "--out", "out", cwd=tmp_path)[0] == 0
    assert findings(tmp_path / "out")["gains.all.std_a"]["verdict"] == "yes"
    table(tmp_path / "one.csv", [row for row in rows if row[2] == "m0"])
    assert door("compare", "one.csv", "--out", "out", cwd=tmp_path)[0] == 0
    found = findings(tmp_path / "out")
    assert {f["verdict"] for f in found.values()} == {"untestable"}
    assert "+" in found["gains.all.std_a"]["statement"]


def test_audit_takes_another_name_of_the_baseline(tmp_path: Path, door: Door) -> None:
    table(tmp_path / "t.csv", [[str(row[0]).replace("baseline", "plain"), *row[1:]] for row in study()])
    status, _, err = door("audit", "t.csv", cwd=tmp_path)
    assert status == 2 and "--baseline NAME" in err
    assert door("audit", "t.csv", "--baseline", "plain", cwd=tmp_path)[0] == 0


def test_the_default_place_and_json(tmp_path: Path, door: Door) -> None:
    table(tmp_path / "results.csv", study())
    status, out, _ = door("compare", "results.csv", "--json", cwd=tmp_path)
    assert status == 0 and json.loads(out)["schema"] == 1
    assert json.loads((tmp_path / "runs/compare/results/report/findings.json").read_text()) == json.loads(out)


def test_names_of_any_kind_stay_text(tmp_path: Path, door: Door) -> None:
    table(tmp_path / "evil.csv", study(EVIL, np.linspace(-3, 3, len(EVIL))))
    status, _, err = door("compare", "evil.csv", "--out", "out", cwd=tmp_path)
    assert (status, err) == (0, "")
    folder = tmp_path / "out/report"
    assert violations(folder) == ()
    page = (folder / "index.html").read_text()
    assert "<script>alert(1)" not in page
    with (folder / "tables/gains.csv").open(newline="", encoding="utf-8") as file:
        names = {row["strategy"] for row in csv.DictReader(file)}
    assert names == {*EVIL, "'=1+1"} - {"=1+1"}


GOOD = "strategy,dataset,model,mIoU\nbaseline,d,m,40\nstd_a,d,m,41\nbaseline,e,m,50\nstd_a,e,m,52\n"
BAD = {
    "empty": ("", "empty"),
    "header only": ("strategy,mIoU\n", "no row"),
    "no number": ("strategy,dataset\nbaseline,d\nstd_a,d\n", "no numeric column"),
    "two values": (GOOD.replace("model,mIoU", "mIoU,mean_iou").replace(",m,", ",1,"), "value="),
    "no baseline": (GOOD.replace("baseline", "std_z"), "std_z"),
    "baseline alone": (GOOD.replace("std_a", "baseline"), "baseline"),
    "nan": (GOOD.replace("41", "nan"), "line 3, column mIoU"),
    "inf": (GOOD.replace("41", "inf"), "line 3, column mIoU"),
    "text": (GOOD.replace("41", "n/a"), "line 3, column mIoU"),
    "mixed": (GOOD.replace("41", "0.41"), "line 3"),
    "ragged": (GOOD.replace("std_a,d,m,41", "std_a,d,m"), "line 3"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_table_is_status_2_one_line_and_nothing_written(tmp_path: Path, door: Door, name: str) -> None:
    text, message = BAD[name]
    (tmp_path / "bad.csv").write_text(text)
    for words in (("compare", "bad.csv", "--out", "out"), ("audit", "bad.csv")):
        status, out, err = door(*words, cwd=tmp_path)
        assert status == 2 and message in err, (out, err)
        assert err.count("\n") == 1 and "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]


ASKED = [
    (("nowhere.csv",), "nowhere.csv"),
    (("good.csv", "--baseline", "base"), "unknown baseline 'base'"),
    (("good.csv", "--contexts", "a,b"), "unknown context 'a'"),
    (("good.csv", "--columns", "value=IoU"), "IoU"),
    (("good.csv", "--columns", "worth=mIoU"), "unknown"),
    (("good.csv", "--columns", "mIoU"), "--columns"),
    (("a=good.csv", "a=good.csv"), "context 'a' is named twice"),
    (("parquet.csv",), "parquet.csv"),
    (("text.parquet",), "text.parquet"),
    ((".",), "not a study folder"),
]


@pytest.mark.parametrize(("words", "message"), ASKED, ids=[" ".join(words) for words, _ in ASKED])
def test_bad_words_are_status_2_one_line_and_nothing_written(
    tmp_path: Path, door: Door, words: tuple[str, ...], message: str
) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "text.parquet").write_text(GOOD)
    pq.write_table(pa.table({"strategy": ["baseline"], "mIoU": [1.0]}), tmp_path / "parquet.csv")
    before = sorted(path.name for path in tmp_path.iterdir())
    status, out, err = door("compare", *words, "--out", "out", cwd=tmp_path)
    assert status == 2 and message in err, (out, err)
    assert err.count("\n") == 1 and "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_reference_tables(tmp_path: Path, door: Door, reference_folder: Path) -> None:
    for name in ("prove_stage1_domains.csv", "stage_comparison.csv"):
        shutil.copy(reference_folder / name, tmp_path)
    assert door("compare", "prove_stage1_domains.csv", "--out", "one", cwd=tmp_path)[0] == 0
    found = findings(tmp_path / "one")
    assert (
        found["family.gen.differ.all"]["verdict"] == "undecided"
        and "1.08" in found["family.gen.differ.all"]["statement"]
    )
    assert found["family.std.differ.all"]["n"]["strategies"] == 5
    assert found["tiers.all"]["verdict"] == "undecided" and found["gains.all.all_positive"]["verdict"] == "undecided"
    assert found["gains.all.all_positive"]["estimate"]["value"] == pytest.approx(0.8872, abs=1e-4)
    assert door("compare", "stage_comparison.csv", "--out", "two", cwd=tmp_path)[0] == 0
    found = findings(tmp_path / "two")
    smaller, below = found["context.all_gains_smaller"], found["below_baseline.stage2"]
    assert (smaller["verdict"], smaller["scope"]) == ("no", "table") and "std_cutmix" in smaller["statement"]
    for name in ("gen_step1x_new", "gen_Weather_Effect_Generator", "std_mixup"):
        assert name in below["statement"]
    assert found["context.mean_gain_change"]["estimate"]["value"] == pytest.approx(-0.7608, abs=1e-4)
    assert "25" in found["context.rank_moves"]["statement"] and "-0.124" in found["context.order_kept"]["statement"]
    assert {f["verdict"] for f in found.values() if f["scope"] == "population"} == {"untestable"}
