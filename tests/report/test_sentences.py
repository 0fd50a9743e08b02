"""The law: outside the methods every sentence is a statement, word for word, with its id. And the reader of the law works."""

import json
import shutil

import pytest

from fairweather.report.sentences import of_html, of_markdown, violations

NAMES = ("study", "tiny", "large", "hostile", "bare")


@pytest.mark.parametrize("name", NAMES)
def test_the_law_holds(reports, name):
    assert violations(reports[name]) == ()


@pytest.mark.parametrize("name", ("study", "tiny", "hostile"))
@pytest.mark.parametrize(("file", "parse"), [("report.md", of_markdown), ("index.html", of_html)])
def test_the_reader_sees_the_statements(contents, reports, name, file, parse):
    """The law would hold of an empty page too; so what must be on it is counted."""
    parsed = list(parse((reports[name] / file).read_bytes().decode()))
    said = {(s.id, s.text) for s in parsed if s.kind == "finding"}
    leading = [
        f
        for f in contents[name].findings
        if f.id.startswith(("gains.", "strategies.", "context.")) and f.id.count(".") < 3
    ]
    assert {(f.id, f.statement) for f in leading} <= said
    caveats = {text for f in leading for text in f.caveats}
    assert caveats <= {text for _, text in said}
    checked = {(s.id, s.text) for s in parsed if s.kind == "check"}
    assert checked == {(c.code, c.statement) for c in contents[name].checks}
    assert [s.text for s in parsed if s.kind == "question"] == [contents[name].question]


@pytest.fixture
def copy(reports, tmp_path):
    return shutil.copytree(reports["study"], tmp_path / "copy")


def tamper(folder, file, old, new):
    path = folder / file
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())
    return violations(folder)


TAMPERED_MARKDOWN = {
    "a loose paragraph": ("## Gains\n", "## Gains\n\nDarkening is clearly the best choice.\n"),
    "a loose list item": ("## Gains\n", "## Gains\n\n- std_darken works best\n"),
    "a sentence in a heading": ("## Gains\n", "## Gains of std_darken are real\n"),
    "a sentence in a caption": ("\n*mean gain, in blue", "\n*std_darken wins everywhere. mean gain, in blue"),
    "a sentence in bold": ("## Gains\n", "## Gains\n\n**Every strategy helps.**\n"),
    "a sentence in an alternative text": ("![Gain by domain]", "![Night is improved by every strategy.]"),
    "a sentence in a fold": ("<details><summary>Strategy by strategy, stage1", "<details><summary>std_darken is best, stage1"),
    "another number": ("raises domain_mean by +9.51", "raises domain_mean by +19.51"),
    "another word": ("std_mixup lowers", "std_mixup raises"),
    "more after the statement": ("over the baseline in stage1. <sub>", "over the baseline in stage1. Always. <sub>"),
    "another finding's id": ("[gains.stage1.std_darken]", "[gains.stage1.std_mixup]"),
    "an unknown id": ("[gains.stage1.std_darken]", "[gains.stage3.std_darken]"),
    "a check told otherwise": ("No cell is given twice.", "No cell was given more than once."),
    "words behind the id": ("(findings.json) caveat 1</sub>", "(findings.json) and it is certain</sub>"),
    "a second methods section": ("## Gains\n", "## Methods\n\nstd_darken is best.\n\n## Gains\n"),
    "a title that claims": ("at dusk, in clear weather alone and in all weather?", "at dusk."),
    "a raw paragraph": ("## Gains\n", "## Gains\n\n<p>std_darken is best.</p>\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED_MARKDOWN)
def test_tampered_markdown_is_found(copy, what):
    found = tamper(copy, "report.md", *TAMPERED_MARKDOWN[what])
    assert found and all(line.startswith("report.md: ") for line in found)


TAMPERED_HTML = {
    "a loose paragraph": ("<h2>Gains</h2>", "<h2>Gains</h2><p>Darkening is clearly the best choice.</p>"),
    "loose text": ("<h2>Gains</h2>", "<h2>Gains</h2>Darkening works"),
    "loose text in a list": ("<h2>Gains</h2>", "<h2>Gains</h2><ul><li>Darkening works</li></ul>"),
    "text in a span": ("<h2>Gains</h2>", "<h2>Gains</h2><span>Darkening works</span>"),
    "a sentence in a heading": ("<h2>Gains</h2>", "<h2>std_darken is best</h2>"),
    "a sentence in a caption": (">mean gain, in blue", ">std_darken wins everywhere. mean gain, in blue"),
    "a sentence in a link": ("<h2>Gains</h2>", "<h2>Gains</h2><a>Every strategy helps.</a>"),
    "a sentence in a figure": (">gain over the baseline, points</text>", ">std_darken is the best strategy</text>"),
    "a sentence in a legend": (
        '<span class="key diamond">controls',
        '<span class="key diamond">controls do nothing at all',
    ),
    "a sentence in an option": ('<option value="name">name', '<option value="name">std_darken is the best one'),
    "a sentence in a label": ("<label>order", "<label>std_darken is best"),
    "a sentence on a button": ('<button type="reset">reset', '<button type="reset">std_darken wins'),
    "a sentence in the count": ("6 of 6 strategies", "std_darken is the best of 6 strategies"),
    "a sentence in a badge": ('value="helps">', 'value="helps">std_darken is the best one '),
    "a sentence without script": ("</main>", "<noscript>Darkening works</noscript></main>"),
    "a sentence in the data of a chart": ('"text":"stage2"', '"text":"std_darken is the best strategy"'),
    "a sentence in a note of a chart": ('"note":"', '"note":"std_darken is the best strategy, '),
    "another number": ("raises domain_mean by +9.51", "raises domain_mean by +19.51"),
    "another word": ("std_mixup lowers", "std_mixup raises"),
    "more after the statement": ("over the baseline in stage1.</p>", "over the baseline in stage1. Always.</p>"),
    "an emptied statement": (">std_mixup lowers domain_mean", "><!--"),
    "another finding's id": ('data-finding="gains.stage1.std_darken"', 'data-finding="gains.stage1.std_mixup"'),
    "an unknown id": ('data-finding="gains.stage1.std_darken"', 'data-finding="gains.stage3.std_darken"'),
    "an id taken away": (' data-finding="gains.stage1.std_darken"', ""),
    "a check told otherwise": ("No cell is given twice.", "No cell was given more than once."),
    "a second methods section": ("<h2>Gains</h2>", "<h2>Gains</h2><section data-methods><p>It is best.</p></section>"),
    "a title that claims": ("at dusk, in clear weather alone and in all weather?", "at dusk."),
}


@pytest.mark.parametrize("what", TAMPERED_HTML)
def test_tampered_html_is_found(copy, what):
    found = tamper(copy, "index.html", *TAMPERED_HTML[what])
    assert found and all(line.startswith("index.html: ") for line in found)


def test_changed_findings_are_found_in_both(copy):
    path = copy / "findings.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["findings"][0]["statement"] += " Perhaps."
    path.write_text(json.dumps(record), encoding="utf-8")
    assert {line.split(":")[0] for line in violations(copy)} == {"report.md", "index.html"}


def test_the_methods_are_free(copy):
    assert tamper(copy, "report.md", "## Methods\n", "## Methods\n\nThis is prose. It has no id.\n") == ()
    assert tamper(copy, "index.html", "<h2>Methods</h2>", "<h2>Methods</h2><p>This is prose. It has no id.</p>") == ()
