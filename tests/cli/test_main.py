"""The command line as a script sees it: exit status, one line on bad input, nothing written."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fairweather.generators.noise import Noise
from fairweather.launch.executors import Here

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`

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


def test_a_study_of_stopped_units_is_reported_with_status_1(
    ran: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, door: Door
) -> None:
    shutil.copytree(ran[0], tmp_path, dirs_exist_ok=True)
    for unit in (tmp_path / "runs/small/units").glob("[!.]*"):
        hidden = unit.with_name(f".{unit.name}.work")
        shutil.rmtree(unit)
        hidden.mkdir()
        (hidden / "stopped.json").write_text(json.dumps({"code": "receipt.inert_act", "reason": "it did nothing"}))
    for words in (("run", "small.yaml"), ("report", "runs/small")):
        shutil.rmtree(tmp_path / "runs/small/report")
        status, out, err = door(*words, cwd=tmp_path)
        assert (status, err) == (1, "") and "Stopped were 8 of 8 units" in out
        audit = json.loads((tmp_path / "runs/small/report/audit.json").read_text())
        stopped = next(check for check in audit["checks"] if check["code"] == "units.stopped")
        assert {row["reason"] for row in stopped["rows"]} == {"it did nothing"}


@pytest.mark.slow
def test_a_generator_that_fails_stops_its_units_alone_and_force_does_not_mend_it(
    tmp_path: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no picture")

    monkeypatch.setattr(Noise, "generate", fail)
    monkeypatch.setattr("fairweather.cli.conduct.local", lambda *_: Here())  # where the patch is seen
    text = SMALL.replace("std_brighten", "placebo_noise").replace("seeds: [0, 1]", "seeds: [0]")
    (tmp_path / "small.yaml").write_text(text.replace("steps: 20", "steps: 2"))
    status, out, _ = door("plan", "small.yaml", cwd=tmp_path)
    assert status == 0 and "placebo_noise: its units would be stopped: pool.generator_failed" in out
    for force in ((), ("--force",)):
        status, out, err = door("run", "small.yaml", *force, cwd=tmp_path)
        assert status == 1 and "Stopped were 2 of 4 units" in out and err == ""


def test_plan_prints_units_time_disk_and_power_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    done = fairweather("plan", "small.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("8 units", "time:", "disk:", "detect"):
        assert word in done.stdout, done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_plan_says_which_domains_no_image_will_cover_and_why(door: Door, tmp_path: Path) -> None:
    text = SMALL.replace("std_brighten", "gen_automold").replace("seeds: [0, 1]", "seeds: [0]")
    (tmp_path / "small.yaml").write_text(text.replace("steps: 20", "steps: 2") + "pool: {targets: [snow]}\n")
    status, out, err = door("plan", "small.yaml", cwd=tmp_path)
    assert (status, err) == (0, "")
    said = "gen_automold on toy does not cover cloudy, dawn_dusk, foggy, night, rainy: not asked for by pool.targets"
    assert " ".join(out.split()).count(said) == 1


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
    tmp_path: Path, door: Door, words: tuple[str, ...], message: str
) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    (tmp_path / "bad.yaml").write_text(SMALL.replace("std_brighten", "std_brightn"))
    (tmp_path / "fog.yaml").write_text(SMALL.replace("[clear_day]", "[foggy]"))
    (tmp_path / "night.yaml").write_text(SMALL.replace("compare: {", "compare: {domains: [night], "))
    (tmp_path / "rootless.yaml").write_text(SMALL.replace("reader: toy", "reader: camvid, root: nowhere"))
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "study.yaml").write_text("name: other\n")
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    status, out, err = door(*words, cwd=tmp_path)
    assert status == 2, (out, err)
    assert message in err and err.count("\n") == 1 and "Traceback" not in err
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


CAMVID = """
name: tiny
data: {camvid: {reader: camvid, root: camvid}}
contexts: {stage1: {domains: [clear_day]}, stage2: {domains: all}}
strategies: [baseline, std_darken]
models: [toy_fcn]
seeds: [0]
budget: {steps: 4, batch: 2, short_side: 24, crop: [24, 32]}
"""
FRAMES = (
    ("train", "a", "clear_day"),
    ("train", "b", "dawn_dusk"),
    ("test", "c", "clear_day"),
    ("test", "d", "dawn_dusk"),
)
IMAGE, PNG, LABEL = "camvid/images/train/a.jpg", "camvid/images/train/b.png", "camvid/labels/train/a.png"


def tiny_camvid(folder: Path) -> None:
    """A CamVid folder of four frames of 40x30, the second of each split as .png, and a study of it."""
    rng = np.random.default_rng(0)
    lines = ["frame,split,sequence,domain"]
    for split, frame, domain in FRAMES:
        lines.append(f"{frame},{split},sequence_{frame},{domain}")
        for kind in ("images", "labels"):
            (folder / "camvid" / kind / split).mkdir(parents=True, exist_ok=True)
        suffix = "jpg" if domain == "clear_day" else "png"
        image = Image.fromarray(rng.integers(0, 256, (30, 40, 3), np.uint8))
        image.save(folder / "camvid" / "images" / split / f"{frame}.{suffix}")
        label = Image.fromarray(rng.integers(0, 12, (30, 40), np.uint8))
        label.save(folder / "camvid" / "labels" / split / f"{frame}.png")
    (folder / "camvid" / "frames.csv").write_text("\n".join(lines) + "\n")
    (folder / "tiny.yaml").write_text(CAMVID)


def removed(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def cut_short(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) * 2 // 3])

    return spoil


def relabelled(image: Image.Image) -> Callable[[Path], None]:
    return lambda folder: image.save(folder / LABEL)


def rewritten(old: str, new: str) -> Callable[[Path], None]:
    assert old in CAMVID
    return lambda folder: (folder / "tiny.yaml").write_text(CAMVID.replace(old, new)) and None


def outside() -> Image.Image:
    return Image.fromarray(np.full((30, 40), 12, np.uint8))


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "image without label": (removed(LABEL), "images/train/a.jpg: image without a label"),
    "label without image": (removed(IMAGE), "images/train/a: no image, though frames.csv names it"),
    "sizes differ": (relabelled(Image.new("L", (41, 30))), "image and label differ in size: 40x30 and 41x30"),
    "truncated jpeg": (cut_short(IMAGE), "images/train/a.jpg: damaged or cut short"),
    "truncated png": (cut_short(PNG), "images/train/b.png: damaged or cut short"),
    "truncated label": (cut_short(LABEL), "labels/train/a.png: damaged or cut short"),
    "value outside": (relabelled(outside()), "labels/train/a.png: 1200 pixels of value 12; allowed are 0..11"),
    "palette": (relabelled(outside().convert("P")), "labels/train/a.png: the label holds a palette"),
    "RGB": (relabelled(outside().convert("RGB")), "labels/train/a.png: the label holds RGB colours"),
    "wrong type": (rewritten("steps: 4", "steps: four"), "tiny.yaml: budget.steps: input should be a valid integer"),
    "duplicate strategy": (
        rewritten("std_darken", "std_darken, std_darken"),
        "strategies: 'std_darken' is listed twice",
    ),
    "baseline alone": (rewritten(", std_darken", ""), "strategies: baseline alone leaves nothing to compare"),
    "infinite rate": (rewritten("seeds: [0]", "seeds: [0]\nrecipe: {lr: .inf}"), "recipe.lr: input should be a finite"),
}


@pytest.mark.parametrize("verb", ["run", "plan"])
@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_data_set_or_study_is_status_2_one_line_and_nothing_written(
    tmp_path: Path, door: Door, kind: str, verb: str
) -> None:
    spoil, message = SPOILT[kind]
    tiny_camvid(tmp_path)
    spoil(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    status, out, err = door(verb, "tiny.yaml", cwd=tmp_path)
    assert status == 2, (out, err)
    assert message in err and err.count("\n") == 1 and err.startswith("fairweather: ")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


USAGE = [
    (("run",), "Missing argument", "fairweather run --help"),
    (("rum",), "No such command 'rum'", "fairweather --help"),
    (("run", "x.yaml", "--force", "--foo"), "No such option: --foo", "fairweather run --help"),
    (("run", "x.yaml", "--workers", "0"), "'--workers'", "fairweather run --help"),
    (("run", "x.yaml", "--workers", "two"), "'--workers'", "fairweather run --help"),
    (("demo", "--size"), "'--size' requires an argument", ""),
]


@pytest.mark.parametrize(("words", "message", "see"), USAGE, ids=[" ".join(words) for words, *_ in USAGE])
def test_a_usage_error_is_one_line_that_says_where_to_read_on(
    tmp_path: Path, door: Door, words: tuple[str, ...], message: str, see: str
) -> None:
    status, out, err = door(*words, cwd=tmp_path)
    assert status == 2 and out == "" and err.count("\n") == 1
    assert err.startswith("fairweather: ") and message in err and see in err


def test_without_words_it_helps(tmp_path: Path, door: Door) -> None:
    status, out, err = door(cwd=tmp_path)
    assert status == 0 and "Commands:" in out and err == ""


def test_one_line_leaves_the_process_too(tmp_path: Path) -> None:
    done = fairweather("run", "nowhere.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "fairweather: nowhere.yaml: study file cannot be read: No such file or directory\n"


def python(code: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process that was changed first."""
    start = f"import sys; sys.argv = {['fairweather', *words]!r}\n{code}\nfrom fairweather.cli.main import main\nmain()"
    return subprocess.run([sys.executable, "-c", start], cwd=cwd, capture_output=True, text=True, check=False)


def test_an_interrupt_is_one_line_and_status_130(tmp_path: Path) -> None:
    code = "import fairweather.cli.listing as l\ndef stop(*a, **k): raise KeyboardInterrupt\nl.print_listing = stop"
    done = python(code, "datasets", cwd=tmp_path)
    assert done.returncode == 130
    assert done.stderr == "fairweather: interrupted; what was finished is kept, the same command goes on\n"


@pytest.mark.parametrize("words", [("strategies",), ("strategies", "--json")], ids=" ".join)
def test_a_reader_that_went_away_is_no_traceback(tmp_path: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "fairweather.cli.main", *words]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


WITHOUT_TORCH = """
from importlib.machinery import PathFinder
found = PathFinder.find_spec
PathFinder.find_spec = lambda name, *more: None if name.split(".")[0].startswith("torch") else found(name, *more)
"""


def test_without_torch_the_doctor_and_the_listings_work_and_training_says_what_is_missing(tmp_path: Path) -> None:
    done = python(WITHOUT_TORCH, "doctor", "--json", cwd=tmp_path)
    rows = {row["what"]: row["found"] for row in json.loads(done.stdout)}
    assert done.returncode == 0 and rows["cuda device"] == "none" and int(rows["cores"]) > 0
    assert all(
        python(WITHOUT_TORCH, verb, cwd=tmp_path).returncode == 0 for verb in ("strategies", "models", "datasets")
    )
    (tmp_path / "small.yaml").write_text(SMALL)
    run = python(WITHOUT_TORCH, "run", "small.yaml", cwd=tmp_path)
    assert run.returncode == 2 and "pip install 'fairweather[train]'" in run.stderr and run.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_cores_are_counted_where_the_system_has_no_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from fairweather.cli.cores import cores

    assert cores() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == os.cpu_count()


@pytest.mark.parametrize("verb", ["strategies", "models", "datasets"])
def test_registries_say_what_is_needed_licensed_and_where_it_is_from(tmp_path: Path, door: Door, verb: str) -> None:
    rows = json.loads(door(verb, "--json", cwd=tmp_path)[1])
    for row in rows:
        assert isinstance(row["needs"], list) and row["licence"] and row["origin"] == "fairweather"
    if verb == "models":
        licences = {row["name"]: (row["licence"], row["encoder_licence"]) for row in rows}
        assert "NVIDIA" in licences["segformer_mit-b5"][0] and "NVIDIA" in licences["segformer_mit-b5"][1]
    if verb == "strategies":
        needed = {row["name"]: row["needs"] for row in rows}
        assert needed["gen_Weather_Effect_Generator"][:2] == ["label map", "depth where there is some"]
        table = door(verb, cwd=tmp_path)[1]
        assert "needs" in table and "licence" in table and "Apache-2.0" in table


@pytest.mark.parametrize("verb", ["strategies", "models", "datasets", "doctor"])
def test_listings_print_a_table_and_json(tmp_path: Path, door: Door, verb: str) -> None:
    assert door(verb, cwd=tmp_path)[0] == 0
    rows = json.loads(door(verb, "--json", cwd=tmp_path)[1])
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
