from pathlib import Path

from fairweather.audit.datasets import CODES
from fairweather.audit.datasets.codes import finding, holding

PAGE = (Path(__file__).parents[3] / "docs" / "data-check.md").read_text(encoding="utf-8")


def test_every_code_is_explained_on_its_page_with_what_to_do() -> None:
    for code, (meaning, advice) in CODES.items():
        lines = [line for line in PAGE.splitlines() if line.startswith(f"| `{code}` |")]
        assert len(lines) == 1 and meaning in lines[0] and advice in lines[0], code
    for code in ("split.group_on_both_sides", "split.domain_within_group", "split.few_groups"):
        assert f"| `{code}` |" in PAGE


def test_codes_begin_with_a_family_and_a_finding_says_what_to_do() -> None:
    assert {code.split(".")[0] for code in CODES} == {"data", "labels", "split"}
    check = finding("data.empty_file", "error", "1 file.", [{"file": "a.png"}])
    assert (check.holds, check.rows, check.advice) == (False, ({"file": "a.png"},), CODES["data.empty_file"][1])
    assert holding("data.empty_file").holds and not holding("data.empty_file").advice
