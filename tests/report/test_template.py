"""Escaping, and the page as HTML that a strict reader accepts."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.report.page import assemble
from fairweather.report.sentences import unescape
from fairweather.report.template import escape_cell, escape_markdown, to_markdown

VOID = {"meta", "br", "hr", "img", "input", "link", "wbr", "col"}


class Strict(HTMLParser):
    """Every element is closed by its own end tag, in order; ids are unique."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += [(tag, k, v or "") for k, v in attrs]
        names = [k for k, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>"
        self.ids += [v for k, v in attrs if k == "id"]
        self.targets += [v[1:] for k, v in attrs if k == "href" and v.startswith("#")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}, line {self.getpos()}"
        self.open.pop()


def read(path):
    reader = Strict()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", ["study", "tiny", "large", "hostile", "bare"])
def test_html_is_well_formed(reports, name):
    reader = read(reports[name] / "index.html")
    assert len(reader.ids) == len(set(reader.ids))
    assert set(reader.targets) <= set(reader.ids)


@pytest.mark.parametrize("name", ["study", "tiny", "large", "hostile", "bare"])
def test_html_holds_everything_itself(reports, name):
    text = (reports[name] / "index.html").read_text(encoding="utf-8")
    reader = read(reports[name] / "index.html")
    assert not reader.elements & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "audio",
        "video",
        "source",
    }
    assert "http:" not in text and "https:" not in text and "@import" not in text and "url(" not in text
    for tag, key, value in reader.attributes:
        if key in ("src", "href", "action", "data", "poster", "srcset"):
            assert tag == "a" and key == "href", f"{key} in <{tag}>"
            assert value.startswith("#") or (reports[name] / value).is_file(), value


def test_every_link_of_the_markdown_is_a_file_of_the_report(reports):
    text = (reports["study"] / "report.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)]+)\)", text))
    assert links and all((reports["study"] / link).is_file() for link in links)


def test_hostile_names_are_text(reports):
    page = (reports["hostile"] / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<i>odd" not in page
    markdown = (reports["hostile"] / "report.md").read_text(encoding="utf-8")
    assert "\n<script" not in markdown and "| <script" not in markdown and "\\<script>" in markdown


def test_a_bar_or_a_line_break_does_not_break_a_markdown_table(reports):
    text = (reports["hostile"] / "report.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)
    assert blocks
    for block in blocks:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block[:200]


@given(st.text(alphabet=st.sampled_from(list("ab_ *<>[](){}|&;#`~$\\!.-+=1\n\r")), max_size=40))
def test_markdown_escape_comes_back(text):
    escaped = escape_markdown(text)
    assert unescape(escaped) == text and "\n" not in escaped
    assert unescape(escape_cell(text)) == text


@pytest.mark.parametrize(
    "sentence",
    [
        "std_cutmix raises domain_mean by +1.35 points [+0.52, +2.18] (p < 0.001) in stage1.",
        "gen_a & std_b differ; 5 > 3.",
    ],
)
def test_ordinary_sentences_stay_readable(sentence):
    assert escape_markdown(sentence) == sentence


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("<b>", "\\<b>"), ("*x*", "\\*x\\*"), ("[a](b)", "[a\\](b)"), ("a\nb", "a&#10;b"), ("&amp;", "&amp;amp;"),
     ("1. x", "1\\. x"), ("# x", "\\# x"), ("- x", "\\- x"), ("+1.35", "+1.35"), ("_x_", "\\_x\\_"), ("a_b", "a_b")],
)  # fmt: skip
def test_what_markdown_would_read_is_escaped(text, escaped):
    assert escape_markdown(text) == escaped


def test_a_caveat_of_one_leading_finding_is_its_own_paragraph_beneath_it(contents):
    content = contents["study"]
    own = "Only one weather station was asked."
    first = content.findings[[f.id for f in content.findings].index("gains.stage1.std_darken")]
    found = tuple(replace(f, caveats=(own,)) if f is first else f for f in content.findings)
    lines = to_markdown(assemble(replace(content, findings=found))).splitlines()
    at = lines.index(f"> {own} <sub>[{first.id}](findings.json)</sub>")
    assert lines[at - 1] == ">" and lines[at - 2].startswith(f"> {first.statement} <sub>") and lines[at + 1] == ">"
