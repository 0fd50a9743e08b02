"""The page through its two templates: Markdown and HTML. Escaping stands here, once for each."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from fairweather.report import palette
from fairweather.report.blocks import Page
from fairweather.report.workshop import library

_ALWAYS = re.compile(r"([\\`*~$]|<(?=[A-Za-z/!?]))")
_LINK = re.compile(r"\](?=[(\[:])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_EDGE = re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_START = re.compile(r"^([-+](?=[-\s]|$)|[#>=|]|\d+(?=[.)](?:\s|$)))")


def to_markdown(page: Page) -> str:
    """The page as Markdown; figures are linked as figures/<name>.svg."""
    return _environment(False).get_template("report.md.j2").render(page=page)


def to_html(page: Page) -> str:
    """The page as one HTML file: style, figures and scripts inline, nothing fetched.

    The policy of the page names its scripts by their digests, so that no other text of it can ever run.
    """
    style = Markup(palette.stylesheet() + _source("page.css"))
    scripts = [library()] if page.figures else []
    scripts.append(_source("page.js"))
    policy = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
    return (
        _environment(True)
        .get_template("index.html.j2")
        .render(page=page, style=style, scripts=[Markup(text) for text in scripts], policy=Markup(policy))
    )


def escape_markdown(text: str) -> str:
    """Text that Markdown prints as it is; ordinary sentences with names and intervals come out unchanged.

    `sentences.unescape` is its inverse, so a line break becomes an entity and not a space.
    """
    text = _ENTITY.sub("&amp;", text)
    text = _ALWAYS.sub(r"\\\1", text)
    text = _EDGE.sub(r"\\_", text)
    text = _START.sub(lambda m: f"{m[1]}\\" if m[1].isdigit() else f"\\{m[1]}", text)
    text = _LINK.sub(r"\\]", text)
    return text.replace("\r", "&#13;").replace("\n", "&#10;")


def escape_cell(text: str) -> str:
    """Text inside a Markdown table, where a bar would end the cell."""
    return "\\|".join(escape_markdown(part) for part in text.split("|"))


@cache
def _environment(html: bool) -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "md": escape_markdown, "cell": escape_cell, "inline": _inline, "classes": _classes, "data": _data,
        "jpeg": _jpeg,
    }  # fmt: skip
    return environment


def _jpeg(picture: bytes) -> Markup:
    """A picture as an address that holds it whole."""
    return Markup("data:image/jpeg;base64,") + b64encode(picture).decode()


def _classes(names: Iterable[object]) -> Markup:
    """A class attribute of the names that are given; nothing where none is."""
    given = " ".join(name for name in names if isinstance(name, str) and name)
    return Markup(' class="{}"').format(given) if given else Markup("")


def _data(value: object) -> Markup:
    """JSON inside a script element: text that is JSON already, or a value; no tag or comment can begin in it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))


# What an inlined figure does not need: the name spaces and the face are the page's own, numbers go to a hundredth of a pixel.
_SPARED = (
    (re.compile(r'(<svg )xmlns="[^"]*" xmlns:xlink="[^"]*" version="1.1" '), r"\1"),
    (re.compile(r' font-family="sans-serif"| role="[^"]*"| aria-roledescription="[^"]*"| class="[^"]*"'), ""),
    (re.compile(r'(<path (?:(?! stroke=)[^>])*) stroke-width="2"((?:(?! stroke=)[^>])*>)'), r"\1\2"),
    (re.compile(r"(\d\.\d\d)\d+(?=[^\d<>]*[,)A-Za-z\"])(?![^<]*</text>)"), r"\1"),
)


def _inline(svg: str) -> Markup:
    """A figure inside the page."""
    for pattern, kept in _SPARED:
        svg = pattern.sub(kept, svg)
    return Markup(svg)


@cache
def _source(name: str) -> str:
    return (files("fairweather.report") / "templates" / name).read_text(encoding="utf-8")
