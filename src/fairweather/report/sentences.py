"""The law of the report, as a reader of it: outside the methods every sentence is a statement, word for word, with its id.

`of_html` and `of_markdown` take a report apart into sentences (bound to an id or not) and phrases: headings, cells, captions
and labels, which must not be sentences themselves; the texts in the data of charts are labels too. `violations` compares
them with findings.json and audit.json.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

Kind = Literal["finding", "check", "question", "phrase", "label", "cell", "loose"]

# Elements whose text is a phrase or a value; any other element that holds text must be a <p> with an id.
_PHRASES = {
    "h2",
    "h3",
    "h4",
    "caption",
    "figcaption",
    "summary",
    "dt",
    "cite",
    "sup",
    "title",
    "a",
    "label",
    "button",
    "output",
}
_CELLS = {"th", "td", "dd"}
_LABELS = {"text", "tspan", "option", "data"}
_SILENT = {"style", "script"}
_DATA = "application/json"  # of script elements: descriptions of charts
_PRINTED = {"text", "title", "note", "tip", "column"}
_VOID = {"meta", "br", "hr", "img", "input", "link", "wbr", "col"}
# Names of strategies stand in figures as they are, whatever they are; a label this short is not taken for a sentence.
_WORDS_OF_A_LABEL = 4

_VERBS = re.compile(
    r"\b(is|are|was|were|be|been|has|have|had|does|do|did|can|cannot|could|will|would|should|may|might|must|shows?|means"
    r"|suggests?|improves?|reduces?|increases?|decreases?|helps|hurts|outperforms?|underperforms?|beats?|wins?|fails?)\b"
)
_ENDS = re.compile(r"[.!](\s|$)")

_BOUND = re.compile(
    r"^(?:(?:  )?- |> )?(?:<sup>\d+</sup> )?(?P<text>.*) "
    r"<sub>\[(?P<id>(?:\\.|[^\]\\])*)\]\((?P<file>findings|audit)\.json\)(?P<rest>[^<>]*)</sub>$"
)
_REST = re.compile(r"(?: as printed)?(?: caveats? \d+(?:, \d+)*| (?:error|warning|note), (?:kept|left out))?")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#\d+|\w+);")


@dataclass(frozen=True)
class Sentence:
    """A run of text of the report: what it is, and the id it carries where it is a statement."""

    text: str
    kind: Kind
    id: str = ""


def violations(folder: Path) -> tuple[str, ...]:
    """Every breach of the law in a written report, one line each; none when it holds.

    Reads report.md, index.html, findings.json and audit.json of the folder, nothing else.
    """
    known = statements(
        json.loads((folder / "findings.json").read_text(encoding="utf-8")),
        json.loads((folder / "audit.json").read_text(encoding="utf-8")),
    )
    found = []
    for name, parse in (("report.md", of_markdown), ("index.html", of_html)):
        parsed = tuple(parse((folder / name).read_bytes().decode()))
        found += [f"{name}: {reason}" for reason in breaches(parsed, known)]
    return tuple(found)


def statements(findings: Mapping[str, list], audit: Mapping[str, list]) -> dict[tuple[Kind, str], set[str]]:
    """(kind, id) -> the sentences that may be printed under it."""
    known: dict[tuple[Kind, str], set[str]] = {}
    for f in findings["findings"]:
        known.setdefault(("finding", f["id"]), set()).update([f["statement"], *f["caveats"]])
        known.setdefault(("question", ""), set()).add(f["question"])
    for c in audit["checks"]:
        known.setdefault(("check", c["code"]), set()).add(c["statement"])
    return known


def breaches(parsed: Iterable[Sentence], known: Mapping[tuple[Kind, str], set[str]]) -> Iterator[str]:
    """One line for each sentence without an id, with a wrong one, or hidden in a phrase."""
    for s in parsed:
        if s.kind == "loose":
            yield f"no id: {s.text!r}"
        elif s.kind == "question" and not s.text.endswith("?"):
            yield f"the title is not a question: {s.text!r}"
        elif s.kind in ("phrase", "label") and _reads_as_sentence(s) and s.text not in known.get(("question", ""), ()):
            yield f"a sentence in a heading, caption or label: {s.text!r}"
        elif s.kind in ("finding", "check") and (s.kind, s.id) not in known:
            yield f"unknown {s.kind} {s.id!r}: {s.text!r}"
        elif s.kind in ("finding", "check") and s.text not in known[s.kind, s.id]:
            yield f"not what {s.kind} {s.id!r} states: {s.text!r}"


def _reads_as_sentence(phrase: Sentence) -> bool:
    if phrase.kind == "label" and len(phrase.text.split()) < _WORDS_OF_A_LABEL:
        return False
    return phrase.text.endswith("?") or bool(_ENDS.search(phrase.text) or _VERBS.search(phrase.text))


def of_markdown(text: str) -> Iterator[Sentence]:
    """The sentences and phrases of a report.md, line by line, the methods left out."""
    methods = 0
    inside = False
    for line in text.split("\n"):
        if line.startswith("## "):
            inside = line == "## Methods"
            methods += inside
            if inside and methods > 1:
                yield Sentence("a second methods section", "loose")
        if line.strip() and not inside and line not in (">", "</details>"):
            yield _of_line(line)


def _of_line(line: str) -> Sentence:
    if line.startswith("|"):
        return Sentence(line, "cell")
    if line.startswith("# "):
        return Sentence(unescape(line[2:]), "question")
    for pattern in (
        r"#{2,4} (.*)",
        r"\*\*(.*)\*\*",
        r"\*([^*].*)\*",
        r"!\[(.*)\]\(figures/[\w-]+\.(?:svg|png|jpg)\)",
        r"<details><summary>(.*)</summary>",
    ):
        if found := re.fullmatch(pattern, line):
            return Sentence(unescape(found[1]), "phrase")
    found = _BOUND.fullmatch(line)
    if not found or not _REST.fullmatch(found["rest"]):
        return Sentence(unescape(line), "loose")
    kind: Kind = "finding" if found["file"] == "findings" else "check"
    return Sentence(unescape(found["text"]), kind, unescape(found["id"]))


def unescape(text: str) -> str:
    """What Markdown prints for a line: the inverse of `template.escape_markdown`."""
    return _ESCAPED.sub(lambda m: m[1] or html.unescape(m[0]), text)


def of_html(text: str) -> Iterator[Sentence]:
    """The sentences and phrases of an index.html, the methods left out."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    yield from reader.found
    if reader.methods > 1:
        yield Sentence("a second methods section", "loose")


@dataclass
class _Element:
    tag: str
    kind: Kind | None
    id: str = ""
    text: str = ""


class _Reader(HTMLParser):
    """Gathers text under the innermost element that says what text is; the rest is loose."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Sentence] = []
        self.methods = 0
        self._open: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _VOID:
            return
        if tag == "script" and given.get("type") == _DATA:
            self._open.append(_Element(tag, None, _DATA))
        elif "data-methods" in given:
            self.methods += 1
            self._open.append(_Element(tag, "cell", "methods"))
        elif tag == "p" and "data-finding" in given:
            self._open.append(_Element(tag, "finding", given["data-finding"] or ""))
        elif tag == "p" and "data-check" in given:
            self._open.append(_Element(tag, "check", given["data-check"] or ""))
        else:
            inside = {e.tag for e in self._open}
            self._open.append(_Element(tag, None if tag == "button" and "th" in inside else _kind(tag)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {e.tag for e in self._open}:
            return
        while self._open:
            element = self._open.pop()
            self._emit(element)
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        tags = {e.tag for e in self._open}
        if any(e.id == _DATA for e in self._open):
            self.found += [
                Sentence(" ".join(text.split()), "label") for text in _texts(json.loads(data)) if text.strip()
            ]
            return
        if tags & _SILENT or any(e.id == "methods" and e.kind == "cell" for e in self._open):
            return
        holder = next((e for e in reversed(self._open) if e.kind), None)
        if holder:
            holder.text += data
        elif data.strip():
            self.found.append(Sentence(data.strip(), "loose"))

    def _emit(self, element: _Element) -> None:
        bound = element.kind in ("finding", "check")
        text = element.text if bound else " ".join(element.text.split())
        if element.kind and (text or bound):
            self.found.append(Sentence(text, element.kind, element.id))


def _texts(value: object, key: str = "") -> Iterator[str]:
    """What a description of charts may print: the strings of its titles, texts and notes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)
    elif isinstance(value, str) and key in _PRINTED:
        yield from value.split("\n")


def _kind(tag: str) -> Kind | None:
    if tag == "h1":
        return "question"
    if tag in _LABELS:
        return "label"
    return "phrase" if tag in _PHRASES else "cell" if tag in _CELLS else None
