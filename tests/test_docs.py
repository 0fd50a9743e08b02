"""What the documents say is true: their commands run, their links lead somewhere, their keys and names exist."""

import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from experiments import page

from fairweather.analysis.analyse import COLUMNS
from fairweather.analysis.attributes import attributes
from fairweather.analysis.rules import RULES, rule_of
from fairweather.study import StudyFile

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT.parent / "shared" / "reference" / "stage_comparison.md"
FINDINGS = ROOT / "docs" / "findings.md"
QUESTIONS = ROOT / "docs" / "reference_questions.md"
DOCUMENTS = sorted(
    p for p in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")] if p.is_file()
)


# The demo trains for minutes, which `make test-demo` does whole; here its study is cut to a few steps of one seed.
SHORT_DEMO = """
import sys
import fairweather.cli.demo as demo
from fairweather.cli.main import main
whole = demo.demo_study
def cut(size):
    study = whole(size)
    budget = study.file.budget.model_copy(update={"steps": 6})
    file = study.file.model_copy(update={"budget": budget, "seeds": [0]})
    return type(study)(**{**vars(study), "file": file})
demo.demo_study = cut
sys.argv = ["fairweather", *sys.argv[1:]]
main()
"""


@pytest.mark.slow
def test_the_commands_of_the_quickstart_run_in_this_order(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "quickstart.md").read_text()
    (tmp_path / "study.yaml").write_text(re.findall(r"```yaml\n(.*?)```", text, re.S)[0])
    commands = [line[2:] for block in re.findall(r"```console\n(.*?)```", text, re.S) for line in block.splitlines()]
    assert len(commands) >= 8 and all(command.startswith("fairweather ") for command in commands)
    for command in commands:
        said = shlex.split(command)[1:]
        program = ["-c", SHORT_DEMO] if said[0] == "demo" else ["-m", "fairweather.cli.main"]
        words = [sys.executable, *program, *said]
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


def test_the_tables_of_the_fairtown_page_are_those_of_its_files() -> None:
    assert page.page() == page.PAGE.read_text(encoding="utf-8"), "python -m experiments.page"


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


SECTIONS = {
    "Within one context": ("strategies", "family", "gains", "below_baseline", "best", "tiers", "control", "yardstick"),
    "Domains and classes": ("per_class", "domains", "classes"),
    "Between two contexts": ("context", "gain_change"),
    "What decides": ("influence", "attributes"),
    "Budget and design": ("budget", "design"),
}


def section_of(pattern: str) -> str:
    """The section a pattern of RULES stands in; a new kind of finding must be given one."""
    head = pattern.split(".")[0]
    if "<domain>" in pattern and head in SECTIONS["Within one context"]:
        return "Domains and classes"
    return next(title for title, heads in SECTIONS.items() if head in heads)


def cell(text: str) -> str:
    """Prose as a cell of a Markdown table that prints it as it is; what stands in backticks stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(re.sub(r"([|])" if i % 2 else r"([\\|<*])", r"\\\1", part) for i, part in enumerate(parts))


def rules_table() -> str:
    """What docs/findings.md says of RULES: a table for each section, one row for all ids of a section that share a rule."""
    lines = []
    for title in SECTIONS:
        ids: dict[object, list[str]] = {}
        for pattern, rule in RULES.items():
            if section_of(pattern) == title:
                ids.setdefault(rule, []).append(f"`{pattern}`")
        if ids:
            lines += [f"### {title}", "", "| id | rule |", "| --- | --- |"]
            for rule, names in ids.items():
                paragraphs = map(cell, (inspect.getdoc(rule) or "").split("\n\n"))
                lines.append(f"| {'<br>'.join(names)} | {'<br>'.join(paragraphs)} |")
            lines.append("")
    return "\n".join(lines)


MARKED = re.compile(r"(<!-- rules: [^\n]* -->\n)(.*?)\n?(<!-- /rules -->)", re.S)


def test_the_rules_stand_in_the_page_as_the_code_says_them() -> None:
    found = MARKED.search(FINDINGS.read_text())
    assert found and found[2].strip() == rules_table().strip(), (
        "run `python tests/test_docs.py` to write the table again"
    )


def test_every_rule_and_nothing_else_is_in_the_page() -> None:
    rows = re.findall(r"^\| (`.*`) \| (.*) \|$", FINDINGS.read_text().split("## Rules")[1], re.M)
    rows = [(ids, re.sub(r"\\(.)", r"\1", text.replace("<br>", " "))) for ids, text in rows]
    said = {pattern: text for ids, text in rows for pattern in re.findall(r"`([^`]+)`", ids)}
    assert said == {pattern: " ".join((rule.__doc__ or "").split()) for pattern, rule in RULES.items()}


def claims() -> list[tuple[str, list[str]]]:
    """(quoted line of the reference analysis, the ids beside it), from every row of the page."""
    rows = re.findall(r'^\| "([^"]+)" \| ([^|]*) \| ', QUESTIONS.read_text().partition("## Its tables")[0], re.M)
    return [(quote, re.findall(r"`([^`]+)`", ids)) for quote, ids in rows]


def quoted() -> set[str]:
    """Every line the page quotes, those that claim nothing too."""
    return {quote for quote, _ in claims()} | set(re.findall(r'^- "([^"]+)"$', QUESTIONS.read_text(), re.M))


def reference() -> str:
    """The reference analysis; the test is skipped where it is not."""
    if not REFERENCE.is_file():
        pytest.skip("../shared/reference/stage_comparison.md is not there")
    return REFERENCE.read_text()


def said(text: str) -> list[str]:
    """The lines of the reference outside its tables and rules, as a reader sees them."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("|", "---"))]
    bare = [re.sub(r"^\s*(?:#+|-|\d+\.) ", "", line).replace("**", "") for line in lines]
    return [re.sub(r"^\*(.*)\*$", r"\1", line).strip() for line in bare]


def test_every_finding_of_the_reference_questions_has_a_rule() -> None:
    tokens = set(re.findall(r"`([^`]+)`", QUESTIONS.read_text()))
    ids = {t for t in tokens if "." in t and "/" not in t and not t.startswith(("table.", "receipt.", "mix."))}
    assert ids >= {name for _, names in claims() for name in names} and len(ids) > 60
    heads = {rule_of(id, ("stage1", "stage2")).split(".")[0] for id in ids}
    assert heads == {pattern.split(".")[0] for pattern in RULES}, (
        "a kind of finding answers no question of the reference"
    )
    assert {id.split(".")[1] for id in ids if id.startswith("attributes.")} == {a.name for a in attributes()}


def test_every_claim_has_an_answer_and_every_check_a_code() -> None:
    assert len(claims()) > 40
    for quote, ids in claims():
        assert ids, quote
    source = "\n".join(p.read_text() for p in (ROOT / "src/fairweather").rglob("*.py"))
    codes = re.findall(r"`((?:table|receipt)\.\w+)`", QUESTIONS.read_text())
    assert codes and all(f'"{code}"' in source for code in codes), codes
    files = re.findall(r"`tables/(\w+)\.csv`", QUESTIONS.read_text())
    assert files and set(files) <= set(COLUMNS)


def test_every_quoted_sentence_is_in_the_reference_and_none_is_forgotten() -> None:
    lines = set(said(reference()))
    assert quoted() - lines == set(), "quoted, but not a line of the reference"
    assert lines - quoted() == set(), "a line of the reference that is neither answered nor listed as no claim"
    names = set(re.findall(r"(?:gen|std)_[A-Za-z]\w+", QUESTIONS.read_text()))
    assert names and all(name in reference() for name in names)


def test_every_table_of_the_reference_is_answered() -> None:
    rows: dict[str, int] = {}
    heading = ""
    for line in reference().splitlines():
        if line.startswith("#"):
            heading = said(line)[0]
        elif line.startswith("|"):
            rows[heading] = rows.get(heading, -2) + 1  # its head and the rule below it
    listed = re.findall(r'^\| "([^"]+)" \| (\d+) \| `', QUESTIONS.read_text().partition("## Its tables")[2], re.M)
    assert {name: int(n) for name, n in listed} == rows


if __name__ == "__main__":
    page = FINDINGS.read_text()
    FINDINGS.write_text(MARKED.sub(lambda m: f"{m[1]}\n{rules_table()}\n{m[3]}", page))
