"""What is written, byte for byte, and how it comes into place."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import csv as arrow_csv

from fairweather.audit.check import Check
from fairweather.errors import InputError, MachineError
from fairweather.report import folder as written
from fairweather.report.folder import ENTRIES, plain_text, render, table_bytes
from fairweather.report.latex import to_latex

NAMES = ("study", "tiny", "large", "hostile", "bare")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def older(contents):
    """Another report without figures: quick to write, and different in every file but findings.json."""
    content = contents["bare"]
    check = Check("table.x", "note", False, "It failed.", ({"line": 3},))
    return replace(content, title="older", checks=(check,), tables={"units": pa.table({"unit": ["a"]})})


@pytest.mark.parametrize("name", NAMES)
def test_files(contents, reports, name):
    found = set(everything(reports[name]))
    assert {"report.md", "index.html", "findings.json", "audit.json"} <= found
    tables = {f"tables/{t}.csv" for t in contents[name].tables} | {f"tables/{t}" for t in to_latex(contents[name])}
    assert {f for f in found if f.startswith("tables/")} == tables
    assert {p.name for p in reports[name].iterdir()} <= set(ENTRIES)


def test_render_names_its_files(contents, tmp_path):
    paths = render(contents["tiny"], tmp_path / "r")
    assert sorted(paths) == list(paths) == sorted(p for p in (tmp_path / "r").rglob("*") if p.is_file())


@pytest.mark.parametrize("formats", [(), ("svg",), ("png", "svg")])
def test_figures_are_written_in_the_formats_asked_for_and_linked(contents, tmp_path, formats):
    render(contents["tiny"], tmp_path / "r", formats)
    names = {p.name for p in (tmp_path / "r").rglob("figures/*")}
    assert names == {f"{figure}.{end}" for figure in ("gains", "domains", "classes", "coverage") for end in formats}
    page, text = ((tmp_path / "r" / name).read_text(encoding="utf-8") for name in ("index.html", "report.md"))
    assert page.count('role="img"') == 4, "the page holds its figures itself"
    for end in ("svg", "png"):
        assert (f'href="figures/gains.{end}"' in page) == (end in formats)
        assert (f"(figures/gains.{end})" in text) == (formats[:1] == (end,))


def test_equal_content_gives_equal_bytes(contents, reports, tmp_path):
    render(contents["study"], tmp_path / "r")
    assert everything(tmp_path / "r") == everything(reports["study"])


def test_equal_bytes_in_another_process_with_another_hash_seed(reports, tmp_path):
    program = (
        "import importlib.util, sys; from pathlib import Path\n"
        f"spec = importlib.util.spec_from_file_location('made', {str(Path(__file__).with_name('conftest.py'))!r})\n"
        "made = importlib.util.module_from_spec(spec); sys.modules['made'] = made; spec.loader.exec_module(made)\n"
        "from fairweather.report.folder import render\n"
        f"render(made.content_of(made.TINY), Path({str(tmp_path / 'r')!r}))\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ | {"PYTHONHASHSEED": "12345"})
    assert everything(tmp_path / "r") == everything(reports["tiny"])


@pytest.mark.parametrize("name", NAMES)
def test_findings_json(contents, reports, name):
    record = json.loads((reports[name] / "findings.json").read_text(encoding="utf-8"))
    assert set(record) == {"schema", "findings"} and record["schema"] == 1
    assert [f["id"] for f in record["findings"]] == [f.id for f in contents[name].findings]
    for row, finding in zip(record["findings"], contents[name].findings, strict=True):
        assert set(row) == {"id", "question", "verdict", "scope", "statement", "estimate", "test", "n", "metric", "evidence",
                            "caveats"}  # fmt: skip
        assert row["statement"] == finding.statement and row["caveats"] == list(finding.caveats)
        assert row["verdict"] in ("yes", "no", "undecided", "untestable") and row["scope"] in ("population", "table")
        if finding.estimate:
            assert set(row["estimate"]) == {"value", "low", "high", "unit", "level"}
        if finding.test:
            assert set(row["test"]) == {"name", "statistic", "p", "p_adjusted"}
        data = (reports[name] / row["evidence"]["table"]).read_bytes()
        assert row["evidence"]["sha256"] == hashlib.sha256(data).hexdigest()


def test_audit_json(contents, reports):
    record = json.loads((reports["study"] / "audit.json").read_text(encoding="utf-8"))
    assert record["schema"] == 1 and len(record["checks"]) == len(contents["study"].checks)
    assert set(record["checks"][0]) == {"code", "severity", "holds", "statement", "rows", "action"}
    failed = next(c for c in record["checks"] if c["code"] == "table.too_good_value")
    assert failed["rows"] == [{"line": 17, "strategy": "std_mixup", "context": "stage1", "value": 0.21, "median": 48.7}]


def test_rows_of_checks_may_hold_numpy_scalars(contents, tmp_path):
    check = Check("table.x", "note", False, "It failed.", ({"line": np.int64(3), "value": np.float64(0.5)},))
    render(replace(contents["bare"], checks=(check,)), tmp_path / "r")
    assert json.loads((tmp_path / "r/audit.json").read_text())["checks"][0]["rows"] == [{"line": 3, "value": 0.5}]


@pytest.mark.parametrize("name", NAMES)
def test_tables_come_back(contents, reports, name):
    for key, table in contents[name].tables.items():
        options = arrow_csv.ConvertOptions(
            column_types=table.schema, strings_can_be_null=True, quoted_strings_can_be_null=False
        )
        parse = arrow_csv.ParseOptions(newlines_in_values=True)
        back = arrow_csv.read_csv(reports[name] / "tables" / f"{key}.csv", convert_options=options, parse_options=parse)
        assert back.equals(table), key


PLAIN = (
    "a|b", 'q"q', "two\nlines", "a,b", "", "a=1", "1-1", "x@y", "std_a+std_b", "'quoted'", "''", "−5", "é 🌧", "y" * 300, "a;=1",
    " ",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\ttab", "\rreturn", " =1", "  +1", "'=1", "''=1", '"=1"', "' \"-1",
    "\u00a0=1", "\ufeff=1", "\u200b=1", "\x00=1", "＝1", "＋1", "－1", "＠1", '=HYPERLINK("http://x","y")', "=1,\n2", "-", "'\tx",
)  # fmt: skip


def cells(table):
    """What Python's reader makes of a table: column -> its fields."""
    found = list(csv.DictReader(io.StringIO(table_bytes(table).decode(), newline="")))
    return {name: [row[name] for row in found] for name in found[0]}


@pytest.mark.parametrize("end", ["", 'x,y\n"z"🌧'])
def test_a_formula_stays_text_and_every_name_comes_back(end):
    names = [name + end for name in (*PLAIN, *FORMULAS)]
    gains = [-1.5 * i for i in range(len(names))]
    found = cells(pa.table({"strategy": names, "gain": gains, "n": range(len(names))}))
    assert found["strategy"][: len(PLAIN)] == names[: len(PLAIN)], "an ordinary name is written as it is"
    assert found["strategy"][len(PLAIN) :] == ["'" + name for name in names[len(PLAIN) :]]
    assert [plain_text(cell) for cell in found["strategy"]] == names
    assert [float(g) for g in found["gain"]] == gains, "numbers are written as numbers, negative ones too"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_the_apostrophe_can_always_be_taken_away(text):
    (written,) = cells(pa.table({"name": [text], "n": [1]}))["name"]
    assert plain_text(written) == text
    bare = written.lstrip(" \t\r\n'\"")
    assert written in (text, "'" + text) and not (bare[:1] in ("=", "+", "-", "@") and written[0] != "'")


def test_only_text_is_looked_at_for_formulas():
    table = pa.table({
        "=head": pa.array(["a", None, "-b"]), "kind": pa.array(["=x", "y", "=x"]).dictionary_encode(),
        "large": pa.array(["+1", "", None], pa.large_string()), "gain": [-1.0, None, 2.0], "n": [-1, 0, 1],
        "control": [True, False, None],
    })  # fmt: skip
    assert table_bytes(table).decode() == (
        '"\'=head","kind","large","gain","n","control"\n'
        '"a","\'=x","\'+1",-1,-1,true\n,"y","",,0,false\n"\'-b","\'=x",,2,1,\n'
    )


def test_the_digest_of_the_evidence_is_that_of_the_written_file(contents, tmp_path):
    """Also where a name had to be changed on the way into the file."""
    content = contents["study"]
    gains = content.tables["gains"]
    names = pa.array([f"={s}" for s in gains["strategy"].to_pylist()])
    evil = gains.set_column(gains.column_names.index("strategy"), "strategy", names)
    render(replace(content, tables=content.tables | {"gains": evil}), tmp_path / "r")
    record = json.loads((tmp_path / "r/findings.json").read_text(encoding="utf-8"))
    named = {f["evidence"]["table"]: f["evidence"]["sha256"] for f in record["findings"]}
    assert "tables/gains.csv" in named and "'=std_darken" in (tmp_path / "r/tables/gains.csv").read_text()
    for table, digest in named.items():
        assert hashlib.sha256((tmp_path / "r" / table).read_bytes()).hexdigest() == digest


def test_an_older_report_is_replaced_as_a_whole(contents, tmp_path):
    render(older(contents), tmp_path / "r")
    render(contents["bare"], tmp_path / "r")
    assert set(everything(tmp_path / "r")) == {"report.md", "index.html", "findings.json", "audit.json"}
    assert [p.name for p in tmp_path.iterdir()] == ["r"], "no temporary folder stays"


def test_a_failed_write_keeps_the_older_report_and_leaves_nothing_behind(contents, tmp_path, monkeypatch):
    render(older(contents), tmp_path / "r")
    before = everything(tmp_path / "r")
    write, calls = Path.write_bytes, []

    def full(self, data):
        calls.append(self)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(MachineError, match="No space left on device"):
        render(contents["bare"], tmp_path / "r")
    assert everything(tmp_path / "r") == before and [p.name for p in tmp_path.iterdir()] == ["r"]


def test_a_failed_swap_puts_the_older_report_back(contents, tmp_path, monkeypatch):
    render(older(contents), tmp_path / "r")
    before = everything(tmp_path / "r")
    rename, calls = Path.rename, []

    def stubborn(self, target):
        calls.append(self)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(MachineError, match="Input/output error"):
        render(contents["bare"], tmp_path / "r")
    assert everything(tmp_path / "r") == before and [p.name for p in tmp_path.iterdir()] == ["r"]


def test_a_reader_meets_only_whole_reports(contents, tmp_path, monkeypatch):
    """Between any two steps the folder is the old report, the new one, or for one moment absent; never a part of one."""
    render(older(contents), tmp_path / "r")
    whole = [everything(tmp_path / "r")]
    render(contents["bare"], tmp_path / "other")
    whole.append(everything(tmp_path / "other"))
    seen = []
    write, rename = Path.write_bytes, Path.rename

    def look():
        if (tmp_path / "r").exists():
            seen.append(everything(tmp_path / "r"))

    monkeypatch.setattr(Path, "write_bytes", lambda self, data: (look(), write(self, data), look())[1])
    monkeypatch.setattr(Path, "rename", lambda self, target: (look(), rename(self, target), look())[1])
    render(contents["bare"], tmp_path / "r")
    assert len(seen) > 4 and all(s in whole for s in seen)


def test_foreign_files_are_not_swept_away(contents, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds 'notes\.txt', which is not part of a report"):
        render(older(contents), tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_in_the_way(contents, tmp_path):
    (tmp_path / "r").write_text("a file")
    with pytest.raises(InputError, match="this is a file"):
        render(older(contents), tmp_path / "r")
    assert (tmp_path / "r").read_text() == "a file"


def test_missing_parents_are_made(contents, tmp_path):
    render(contents["bare"], tmp_path / "a" / "b" / "report")
    assert (tmp_path / "a/b/report/index.html").is_file()


def test_infinite_numbers_do_not_reach_the_json(contents, tmp_path):
    check = Check("table.x", "note", False, "It failed.", ({"value": float("inf")},))
    with pytest.raises(ValueError, match="Out of range"):
        render(replace(contents["bare"], checks=(check,)), tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_no_torch_and_no_pandas(tmp_path):
    program = (
        "import sys, fairweather.report\n"
        "found = {'torch', 'pandas'} & set(sys.modules)\n"
        "sys.exit(f'imported {found}' if found else 0)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_entries_are_all_a_report_has():
    assert set(written.ENTRIES) == {"report.md", "index.html", "findings.json", "audit.json", "tables", "figures"}
