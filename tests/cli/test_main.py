"""The command line as a script sees it: exit status, one line on bad input, nothing written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = """
name: small
data: {toy: {reader: toy}}
contexts: {stage1: {domains: [clear_day]}, stage2: {domains: all}}
strategies: [baseline, std_brighten]
models: [toy_fcn]
seeds: [0, 1]
recipe: {lr: 1e-2}
budget: {steps: 20, batch: 8, short_side: 48, crop: [48, 64]}
compare: {contexts: [stage1, stage2]}
"""


def fairweather(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fairweather.cli.main", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("ran")
    (folder / "small.yaml").write_text(SMALL)
    return folder, fairweather("run", "small.yaml", "--workers", 2, cwd=folder)


def test_run_ends_with_the_report(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = ran
    assert done.returncode == 0, done.stderr
    assert "8 units, 8 to run" in done.stdout and "took" in done.stdout and "index.html" in done.stdout
    report = folder / "runs" / "small" / "report"
    names = {path.name for path in report.iterdir()}
    assert {"index.html", "report.md", "findings.json", "audit.json", "tables", "figures"} <= names
    assert (folder / "runs" / "small" / "results.parquet").is_file()


def test_run_again_does_nothing_and_reports_again(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = ran
    before = (folder / "runs/small/report/findings.json").read_bytes()
    again = fairweather("run", "small.yaml", cwd=folder)
    assert again.returncode == 0 and "8 units, 0 to run" in again.stdout
    assert (folder / "runs/small/report/findings.json").read_bytes() == before


def test_a_changed_study_reuses_units_and_names_what_is_left_out(
    ran: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = ran
    (folder / "small.yaml").write_text(SMALL.replace("[0, 1]", "[0]"))
    fewer = fairweather("run", "small.yaml", cwd=folder)
    assert fewer.returncode == 0 and "4 units, 0 to run" in fewer.stdout
    audit = json.loads((folder / "runs/small/report/audit.json").read_text())
    left = next(check for check in audit["checks"] if check["code"] == "units.unplanned")
    assert not left["holds"] and len(left["rows"]) == 4
    (folder / "small.yaml").write_text(SMALL)
    assert fairweather("run", "small.yaml", cwd=folder).returncode == 0


def test_audit_and_report_read_the_folder(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = ran
    audit = fairweather("audit", "runs/small", "--json", cwd=folder)
    record = json.loads(audit.stdout)
    assert audit.returncode == 0 and record["schema"] == 1
    assert {"receipt.same_samples", "split.group_on_both_sides", "units.missing"} <= {
        c["code"] for c in record["checks"]
    }
    assert fairweather("report", "runs/small", cwd=folder).returncode == 0


def test_a_check_that_fails_is_status_1(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = ran
    path = next((folder / "runs/small/units").glob("[!.]*/receipt.json"))
    good = path.read_text()
    record = json.loads(good)
    record["order"][0] = "0" * 32
    path.write_text(json.dumps(record))
    audit = fairweather("audit", "runs/small", cwd=folder)
    path.write_text(good)
    assert audit.returncode == 1 and "FAILED (error)  receipt.same_samples" in audit.stdout


def test_plan_prints_units_time_disk_and_power_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    done = fairweather("plan", "small.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("8 units", "time:", "disk:", "detect"):
        assert word in done.stdout, done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


BAD = [
    (("run", "nowhere.yaml"), "nowhere.yaml: study file cannot be read"),
    (("plan", "bad.yaml"), "unknown strategy 'std_brightn'; did you mean 'std_brighten'"),
    (("run", "bad.yaml"), "unknown strategy 'std_brightn'"),
    (("run", "small.yaml", "--out", "small.yaml"), "is a file; name a folder"),
    (("run", "small.yaml", "--out", "/proc/x"), "not writable"),
    (("run", "small.yaml", "--out", "taken"), "holds the study 'other', not 'small'"),
    (("run", "small.yaml", "--device", "gpu"), "unknown device 'gpu'"),
    (("run", "rootless.yaml"), "root"),
    (("run", "fog.yaml"), "no training image of toy is admitted"),
    (("run", "night.yaml"), "the test split of toy has no night image"),
    (("audit", "."), "not a study folder"),
    (("report", "."), "not a study folder"),
    (("demo", "--size", "huge"), "unknown size 'huge'"),
]


@pytest.mark.parametrize(("words", "message"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_input_is_status_2_one_line_and_nothing_written(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    (tmp_path / "bad.yaml").write_text(SMALL.replace("std_brighten", "std_brightn"))
    (tmp_path / "fog.yaml").write_text(SMALL.replace("[clear_day]", "[foggy]"))
    (tmp_path / "night.yaml").write_text(SMALL.replace("compare: {", "compare: {domains: [night], "))
    (tmp_path / "rootless.yaml").write_text(SMALL.replace("reader: toy", "reader: camvid, root: nowhere"))
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "study.yaml").write_text("name: other\n")
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    done = fairweather(*words, cwd=tmp_path)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert message in done.stderr and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("verb", ["strategies", "models", "datasets", "doctor"])
def test_listings_print_a_table_and_json(tmp_path: Path, verb: str) -> None:
    assert fairweather(verb, cwd=tmp_path).returncode == 0
    rows = json.loads(fairweather(verb, "--json", cwd=tmp_path).stdout)
    assert len(rows) > 1 and all(rows[0].keys() == row.keys() for row in rows)


def test_the_door_imports_nothing_heavy() -> None:
    code = "import sys, fairweather; print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pydantic", "torch", "pyarrow", "rich", "typer"} & set(eval(done.stdout))


def test_help_imports_no_numpy_no_pydantic_and_no_torch() -> None:
    code = (
        "import sys\nsys.argv = ['fairweather', '--help']\nfrom fairweather.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numpy', 'pydantic', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
