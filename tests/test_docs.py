"""What the documents say is true: their commands run, their links lead somewhere, their keys and names exist."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fairweather.study import StudyFile

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    p for p in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")] if p.is_file()
)


@pytest.mark.slow
def test_the_commands_of_the_quickstart_run_in_this_order(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "quickstart.md").read_text()
    (tmp_path / "study.yaml").write_text(re.findall(r"```yaml\n(.*?)```", text, re.S)[0])
    commands = [line[2:] for block in re.findall(r"```console\n(.*?)```", text, re.S) for line in block.splitlines()]
    assert len(commands) >= 8 and all(command.startswith("fairweather ") for command in commands)
    for command in commands:
        words = [sys.executable, "-m", "fairweather.cli.main", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=540, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    for report in ("runs/demo/report/index.html", "runs/first/report/findings.json"):
        assert (tmp_path / report).is_file()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_and_named_files_exist(document: Path) -> None:
    text = document.read_text()
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+://", target):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"
    if "examples" not in document.parts:
        for name in re.findall(r"`((?:src|tests|studies|docs|bench)/[\w/.-]+)`", text):
            assert (ROOT / name).exists(), f"{document.name} names {name}"


def test_every_key_of_a_study_file_is_explained() -> None:
    text = (ROOT / "docs" / "study-file.md").read_text()
    for key in StudyFile.model_fields:
        assert f"| `{key}` |" in text, key


def test_every_code_a_unit_stops_with_is_explained() -> None:
    text = (ROOT / "docs" / "measurement.md").read_text()
    code = "\n".join(p.read_text() for p in (ROOT / "src/fairweather").rglob("*.py"))
    codes = set(re.findall(r'UnitStopped\(\s*"(\w+\.\w+)"', code))
    named = set(re.findall(r"`((?:receipt|units|pool)\.\w+)`", text))
    assert len(codes) > 10 and codes == named, codes ^ named


def test_every_name_of_the_receipt_is_provoked_where_the_page_says_it_is() -> None:
    text = (ROOT / "docs" / "measurement.md").read_text()
    table, _, rest = text.partition("`tests/engine/test_receipt.py` sabotages")
    assert rest
    tested = (ROOT / "tests/engine/test_receipt.py").read_text()
    names = re.findall(r"`(receipt\.\w+)`", table)
    assert len(names) >= 10
    for name in names:
        assert f'"{name}"' in tested, name
