"""Escaping, and the page as HTML that a strict reader accepts."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.report.page import assemble
from fairweather.report.sentences import unescape
from fairweather.report.template import escape_cell, escape_markdown, to_html, to_markdown
from fairweather.report.workshop import library

SCRIPT = re.compile(r'<script type="application/json" id="(\w+)">(.*?)</script>', re.DOTALL)
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
    own = re.sub(re.escape(library()), "", text, count=1)
    assert "http:" not in own and "https:" not in own and "@import" not in own and "url(" not in own
    assert len(own) < len(text) or name == "bare", "the library is embedded where there are charts"
    assert text.count("window.vegaEmbed=") == (name != "bare"), "once"
    for tag, key, value in reader.attributes:
        if key in ("src", "href", "action", "data", "poster", "srcset"):
            assert tag == "a" and key == "href", f"{key} in <{tag}>"
            assert value.startswith("#") or (reports[name] / value).is_file(), value


@pytest.mark.parametrize("name", ["study", "hostile", "bare"])
def test_only_the_pages_own_scripts_may_run(reports, name):
    text = (reports[name] / "index.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; script-src " + " ".join(
        f"'sha256-{d}'" for d in digests
    )


def test_rows_of_strategies_say_whose_they_are(contents, reports):
    reader = read(reports["hostile"] / "index.html")
    named = {v for tag, k, v in reader.attributes if tag == "tr" and k == "data-strategy"}
    assert named >= set(contents["hostile"].tables["gains"]["strategy"].to_pylist())
    families = {v for tag, k, v in read(reports["large"] / "index.html").attributes if k == "data-family"}
    assert families == {"gen", "std", "control"}


def test_every_chart_of_the_page_has_its_description_and_its_picture_at_rest(pages, reports):
    text = (reports["study"] / "index.html").read_text(encoding="utf-8")
    charts = dict(SCRIPT.findall(text))["charts"]
    found = re.findall(r'<div class="chart" data-chart="(\w+)"[^>]*><svg', text)
    assert found == [f.name for f in pages["study"].figures] == list(json.loads(charts))


def test_a_finding_of_scope_table_is_marked(contents):
    content = contents["study"]
    found = tuple(replace(f, scope="table") if f.id == "context.rank_moves" else f for f in content.findings)
    page = assemble(replace(content, findings=found))
    assert "[context.rank_moves](findings.json) as printed" in to_markdown(page)
    assert '<data class="badge printed" value="table">as printed</data>' in to_html(page)
    assert "as printed" not in to_markdown(assemble(content))


def test_every_link_of_the_markdown_is_a_file_of_the_report(reports):
    text = (reports["study"] / "report.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)]+)\)", text))
    assert links and all((reports["study"] / link).is_file() for link in links)


def test_hostile_names_are_text(reports):
    page = (reports["hostile"] / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<script") == page.count("</script") == 4, "charts, axes, library, page"
    data = {kind: json.loads(text) for kind, text in SCRIPT.findall(page)}
    assert set(data) == {"charts", "axes"} and "<script>alert(1)</script>" in json.dumps(data["charts"])
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
