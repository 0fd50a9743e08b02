"""The report in a browser: headless Chromium opens it from disk, and everything on it is drawn, works and can be read.

Skipped where there is no Chromium on the path or no playwright; with FAIRWEATHER_BROWSER=require (.ci/run) that is a failure.
FAIRWEATHER_SCREENSHOTS names a folder for the pictures.
"""

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from fairweather.report.folder import render
from fairweather.report.sentences import breaches, of_html, statements
from fairweather.report.shape import shape_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")  # one worker opens it, once

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LARGEST = 3_000_000
NARROW, WIDE = {"width": 420, "height": 900}, {"width": 1280, "height": 900}
CONTRAST = 4.5  # WCAG 2.2, 1.4.3, text of ordinary size
EVIL = (
    "</script><script>window.evil=1</script>", "<img src=x onerror='window.evil=1'>", '" onclick="window.evil=1', "<!--<script>",
    "long " + "x" * 295, "two\nlines\u2028 🌧 ${window.evil=1} datum['x'] =1",
)  # fmt: skip

# What of a page is on show: no ancestor hides it, and it takes room.
SHOWN = "e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.getClientRects().length > 0"
# The texts in the data of every item of the scene that is drawn.
DATA = """
e => {
  const found = new Set(), items = [e.__view__.scenegraph().root];
  for (let item; (item = items.pop());) {
    items.push(...(item.items || []));
    for (const text of Object.values(item.datum || {})) if (typeof text === "string") found.add(text);
  }
  return [...found];
}
"""
# A digest of a drawing, whatever the order of its marks and the running numbers of its clips and gradients.
DRAWN = """
e => {
  const marks = [...e.querySelectorAll("svg path, svg text, svg line, svg rect, canvas")].map(mark => mark.outerHTML).sort();
  const drawing = marks.join("").replace(/(clip|gradient)_?\\d+/g, "");
  let hash = 7;
  for (let i = 0; i < drawing.length; i++) hash = (Math.imul(hash, 31) + drawing.charCodeAt(i)) | 0;
  return hash;
}
"""
# [a text, its colour, the colour below it], one for each pair of colours of the text on show.
TEXTS = """
() => {
  const parse = c => {
    const [r, g, b, alpha = 1] = c.match(/[\\d.]+/g).map(Number), scale = c.startsWith("color(") ? 255 : 1;
    return [r * scale, g * scale, b * scale, alpha];
  };
  const over = (a, b) => [0, 1, 2].map(i => Math.round(a[i] * a[3] + b[i] * (1 - a[3]))).concat(1);
  const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
  const known = new Map([[null, scheme]]), found = new Map();
  const paper = e => {
    if (!known.has(e)) known.set(e, over(parse(getComputedStyle(e).backgroundColor), paper(e.parentElement)));
    return known.get(e);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const e = node.parentElement;
    if (!node.data.trim() || e.closest("svg, script, style, option") || !e.checkVisibility({visibilityProperty: true})) continue;
    const below = paper(e), ink = over(parse(getComputedStyle(e).color), below);
    found.set(`${ink} ${below}`, [node.data.trim().slice(0, 60), ink.slice(0, 3), below.slice(0, 3)]);
  }
  return [...found.values()];
}
"""  # fmt: skip


class Opened:
    """A page, with all that its browser said and asked for since it was opened."""

    def __init__(self, browser: "Browser", file: Path) -> None:
        self.url = file.as_uri()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page: Page = browser.new_page(viewport=WIDE, offline=True)
        self.page.set_default_timeout(10_000)
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.said.append(f"failed: {request.url[:100]}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(self.url)
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.chart')].every(e => e.dataset.drawn === 'true')"
        )

    def all(self, selector: str, what: str) -> list[Any]:
        """The value of a JavaScript function for each element of a selector."""
        return self.page.evaluate(f"s => [...document.querySelectorAll(s)].map({what})", selector)

    def pictures(self) -> dict[str, int]:
        """Chart -> a digest of what is drawn in it."""
        return dict(self.all(".chart", f"e => [e.dataset.chart, ({DRAWN})(e)]"))

    def drawn(self) -> dict[str, set[str]]:
        """Chart -> the texts in the data it draws, names of strategies among them."""
        return {name: set(texts) for name, texts in self.all(".chart", f"e => [e.dataset.chart, ({DATA})(e)]")}

    def choose(self, name: str, value: str) -> None:
        """Choose in a filter, by its name, and wait until the charts are drawn anew."""
        self.page.select_option(f"select[data-filter={name}]", value)
        self.settle()

    def settle(self) -> None:
        self.page.evaluate(
            "() => Promise.all([...document.querySelectorAll('.chart')].map(e => e.__view__.runAsync())).then(() => 0)"
        )

    def reset(self) -> None:
        """All filters open again."""
        for name in ("family", "dataset", "model"):
            if self.options(name):
                self.choose(name, "")

    def options(self, name: str) -> list[str]:
        return [v for v in self.all(f"select[data-filter={name}] option", "e => e.value") if v]

    def unfold(self) -> None:
        """Open all that is folded."""
        self.all("details", "e => { e.open = true; }")

    def clean(self) -> None:
        """The console is empty, and nothing but the page itself was ever asked for."""
        assert self.said == []
        assert [url[:100] for url in self.asked if url != self.url and not url.startswith(("data:", "blob:"))] == []


def _missing() -> str:
    """Why there is no browser to test with; "" if there is one."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return "" if _program() else f"none of {', '.join(PROGRAMS)} is on the path"


def _program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Headless Chromium, offline."""
    if reason := _missing():
        (pytest.fail if os.environ.get("FAIRWEATHER_BROWSER") == "require" else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=_program(), args=["--no-sandbox"], headless=True)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def folders(contents, renamed, tmp_path_factory) -> dict[str, Path]:
    """name -> a written report: large (two contexts, 26 strategies), tiny (one of each), hostile, evil (names that attack)."""
    base = tmp_path_factory.mktemp("browser")
    made = {name: contents[name] for name in ("large", "tiny", "hostile")} | {"evil": renamed(contents["study"], EVIL)}
    for name, content in made.items():
        render(content, base / name, ())
    return {name: base / name for name in made}


@pytest.fixture(scope="module")
def large(browser, folders) -> Opened:
    """The large report, opened once for the tests that leave it as it is."""
    return Opened(browser, folders["large"] / "index.html")


@pytest.fixture(scope="module")
def second(browser, folders) -> Opened:
    """The large report once more, all of it unfolded, for the tests that filter and sort."""
    opened = Opened(browser, folders["large"] / "index.html")
    opened.unfold()
    return opened


@pytest.fixture
def used(second) -> Iterator[Opened]:
    """The second page; its filters are open again afterwards."""
    yield second
    second.reset()


def contrast(a: Sequence[float], b: Sequence[float]) -> float:
    """The contrast of two sRGB colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: Sequence[float]) -> float:
        c = np.array(colour) / 255
        return float(np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_missing_browser_is_a_failure_where_one_is_required(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert _program() is None and "is on the path" in _missing()
    monkeypatch.setenv("FAIRWEATHER_BROWSER", "require")
    with pytest.raises(pytest.fail.Exception, match=r"on the path|not installed"):
        next(browser.__wrapped__())
    monkeypatch.setenv("FAIRWEATHER_BROWSER", "")
    with pytest.raises(pytest.skip.Exception):
        next(browser.__wrapped__())


def test_every_chart_is_drawn_and_nothing_is_asked_for(large, contents):
    charts = large.all(
        ".chart", "e => [e.dataset.chart, !!e.querySelector('svg, canvas'), e.dataset.drawn, !!e.__view__]"
    )
    assert [chart[1:] for chart in charts] == [[True, "true", True]] * len(charts)
    named = [chart[0] for chart in charts]
    assert len(set(named)) == len(named) and {"gains", "moves", "domains", "classes", "coverage"} <= set(named)
    strategies = set(shape_of(contents["large"]).strategies)
    assert {name for name, texts in large.drawn().items() if strategies <= texts} >= {
        "gains",
        "moves",
        "domains",
    }
    assert min(large.all(".chart", "e => e.querySelectorAll('svg path, svg rect, svg line').length")) > 5, (
        "a chart without marks"
    )
    large.clean()


@pytest.mark.parametrize("name", ["large", "tiny", "hostile", "evil"])
def test_size(folders, name):
    assert (folders[name] / "index.html").stat().st_size < LARGEST


def test_a_family_hides_the_others_in_tables_and_charts(used, contents):
    everyone = set(shape_of(contents["large"]).strategies)
    assert set(used.options("family")) == {"gen", "std"}
    before, drawn = used.pictures(), used.drawn()
    for family in ("std", "gen"):
        used.choose("family", family)
        rows = used.all("tr[data-strategy]", f"e => [e.dataset.strategy, e.dataset.family, ({SHOWN})(e)]")
        mine = {name for name in everyone if name.startswith(family)}
        shown = {name for name, _, on_show in rows if on_show}
        assert shown & everyone == mine, "rows of the other family stay, or rows of this one go"
        assert all(on_show == (name in mine) for name, of, on_show in rows if name in everyone)
        now, pictures = used.drawn(), used.pictures()
        for chart in ("gains", "moves", "domains", "classes"):
            assert pictures[chart] != before[chart] and now[chart] & everyone <= drawn[chart] & everyone, chart
        assert now["gains"] & everyone == mine
    used.choose("family", "")
    assert all(used.all("tr[data-strategy]", SHOWN))
    used.clean()


@pytest.mark.parametrize("name", ["dataset", "model"])
def test_a_data_set_or_model_changes_what_is_drawn(used, name):
    before = used.pictures()
    values = used.options(name)
    assert len(values) == {"dataset": 4, "model": 3}[name]
    seen = [before]
    for value in values[:2]:
        used.choose(name, value)
        seen.append(used.pictures())
    assert len({pictures["coverage"] for pictures in seen}) == 3 and len({pictures["gains"] for pictures in seen}) == 3
    used.choose(name, "")
    used.clean()
    assert used.pictures()["coverage"] == before["coverage"], "back to all"


def test_the_order_of_the_charts(used):
    values = used.all("select[data-sort] option", "e => e.value")
    assert len(values) >= 2
    orders = []
    for value in values:
        used.page.select_option("select[data-sort]", value)
        used.settle()
        labels = used.all(".chart[data-chart=gains] svg text", "e => [e.getBoundingClientRect().y, e.textContent]")
        orders.append(tuple(text for _, text in sorted(labels) if text.startswith(("gen_", "std_"))))
    assert all(len(set(order)) == 26 for order in orders) and len(set(orders)) > 1
    used.clean()


def column(table: Any, place: int) -> list[str]:
    """The texts of a column of a table, of the rows on show."""
    rows = "(t, c) => [...t.tBodies[0].rows].filter(r => !r.hidden).map(r => r.cells[c].textContent.trim())"
    return table.evaluate(rows, place)


def numbers(texts: list[str]) -> list[float]:
    return [float(t.replace("−", "-").split()[-1]) for t in texts if any(c.isdigit() for c in t)]


def test_a_press_on_a_heading_sorts_a_table_and_a_second_turns_it(used):
    table = used.page.locator("table:has(tr[data-strategy]:nth-child(20))").first
    heads = table.locator("th[aria-sort]:has([data-sort-column])")
    kinds = heads.evaluate_all("ths => ths.map(th => th.classList.contains('num'))")
    place = kinds.index(True)
    button = heads.nth(place).locator("[data-sort-column]")
    for _ in range(2):
        button.click()
        found = numbers(column(table, place))
        turned = heads.nth(place).get_attribute("aria-sort") == "descending"
        assert len(found) > 20 and found == sorted(found, reverse=turned)
    assert {heads.nth(i).get_attribute("aria-sort") for i in range(len(kinds)) if i != place} == {"none"}
    heads.nth(0).locator("[data-sort-column]").click()
    names = column(table, 0)
    assert heads.nth(0).get_attribute("aria-sort") == "ascending" and names == sorted(names, key=str.casefold)
    used.clean()


def test_the_keyboard_reaches_and_works_filters_and_headings(browser, folders):
    opened = Opened(browser, folders["large"] / "index.html")
    page, reached = opened.page, []
    wanted = {"family", "dataset", "model", "sort", "heading"}
    while len(reached) < 80 and not wanted <= set(reached):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(
            "() => { const e = document.activeElement; return e.dataset.filter || ('sort' in e.dataset ? 'sort' : '') "
            "|| (e.dataset.sortColumn ? 'heading' : e.tagName); }"
        ))  # fmt: skip
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none", (
            "no sign of the focus"
        )
    assert wanted <= set(reached), reached
    page.locator("table:has(tr[data-strategy]:nth-child(20)) [data-sort-column]").first.focus()
    state = (
        "() => { const e = document.activeElement; "
        "return [e.closest('th').ariaSort, e.closest('table').tBodies[0].innerText]; }"
    )
    seen = [page.evaluate(state)]
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        seen.append(page.evaluate(state))
    assert {order for order, _ in seen[1:]} == {"ascending", "descending"}
    assert len({rows for _, rows in seen}) >= 2 and seen[1][1] != seen[2][1]
    page.locator("select[data-filter=family]").focus()
    page.keyboard.press("ArrowDown")
    opened.settle()
    chosen = page.input_value("select[data-filter=family]")
    assert chosen in ("gen", "std")
    assert set(opened.all("tr[data-family]:not([hidden])", "e => e.dataset.family")) == {chosen}
    opened.clean()
    page.close()


def test_a_mark_says_what_it_is(used, contents):
    """The hover: the name and the numbers of what is under the pointer."""
    strategies = set(shape_of(contents["large"]).strategies)
    marks = used.page.locator(".chart[data-chart=gains] svg .mark-symbol path")
    assert marks.count() > 26
    marks.nth(3).scroll_into_view_if_needed()
    marks.nth(3).hover(force=True)
    box = used.page.locator(".tip, #vg-tooltip-element")
    box.wait_for(state="visible")
    text = box.inner_text()
    assert any(name in text for name in strategies) and any(c.isdigit() for c in text), text
    used.page.mouse.move(0, 0)
    box.wait_for(state="hidden")
    used.clean()


@pytest.mark.parametrize("state", ["folded", "unfolded"])
def test_a_narrow_window_does_not_scroll_sideways(large, second, state):
    page = (large if state == "folded" else second).page
    page.set_viewport_size(NARROW)
    wide = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth, innerWidth]"
    )
    page.set_viewport_size(WIDE)
    assert wide[0] <= wide[1] and wide[2] == NARROW["width"], wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(second, scheme):
    second.page.emulate_media(color_scheme=scheme)
    texts = second.page.evaluate(TEXTS)
    second.page.emulate_media(color_scheme="light")
    assert len(texts) > 10
    assert [(text, round(contrast(*pair), 2)) for text, *pair in texts if contrast(*pair) < CONTRAST] == []


def test_the_dark_scheme_is_another_one(large):
    ground = "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    seen = []
    for scheme in ("light", "dark"):
        large.page.emulate_media(color_scheme=scheme)
        seen.append(large.page.evaluate(ground))
    large.page.emulate_media(color_scheme="light")
    assert seen[0][0] != seen[1][0] and seen[0][1] != seen[1][1]


def test_on_paper_the_filters_go_and_the_charts_stay(large):
    shown = f"e => [e.dataset.chart || e.dataset.filter, ({SHOWN})(e)]"
    assert all(on_show for _, on_show in large.all("[data-filter]", shown))
    large.page.emulate_media(media="print")
    filters, charts = large.all("[data-filter], [data-sort]", shown), large.all(".chart", shown)
    large.page.emulate_media(media="screen")
    assert len(filters) == 4 and not any(on_show for _, on_show in filters)
    assert len(charts) >= 5 and all(on_show for _, on_show in charts)


@pytest.mark.parametrize("name", ["large", "tiny", "hostile", "evil"])
def test_the_law_holds_of_what_the_scripts_made(browser, folders, large, name):
    opened = large if name == "large" else Opened(browser, folders[name] / "index.html")
    records = (json.loads((folders[name] / f).read_text(encoding="utf-8")) for f in ("findings.json", "audit.json"))
    parsed = tuple(of_html(opened.page.content()))
    assert list(breaches(parsed, statements(*records))) == []
    assert sum(s.kind == "finding" for s in parsed) >= 5 and sum(s.kind == "label" for s in parsed) >= 5
    if name != "large":
        opened.clean()
        opened.page.close()


def test_names_that_attack_are_names(browser, folders):
    opened = Opened(browser, folders["evil"] / "index.html")
    opened.unfold()
    for name in ("family", "dataset", "model"):
        for value in opened.options(name):
            opened.choose(name, value)
    opened.reset()
    assert opened.page.evaluate("() => window.evil") is None
    shown = {
        name for name, on_show in opened.all("tr[data-strategy]", f"e => [e.dataset.strategy, ({SHOWN})(e)]") if on_show
    }
    assert set(EVIL) <= shown
    assert any(set(EVIL) <= texts for texts in opened.drawn().values())
    opened.page.set_viewport_size(NARROW)
    assert opened.page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    opened.clean()
    opened.page.close()


def test_pictures_for_the_eye(browser, folders, tmp_path):
    """Wide, narrow, dark and on paper; each as PNG, and none of them blank."""
    place = Path(os.environ.get("FAIRWEATHER_SCREENSHOTS") or tmp_path)
    place.mkdir(parents=True, exist_ok=True)
    opened = Opened(browser, folders["large"] / "index.html")
    states = {
        "wide": (WIDE, {"color_scheme": "light"}), "narrow": (NARROW, {"color_scheme": "light"}),
        "dark": (WIDE, {"color_scheme": "dark"}), "print": (WIDE, {"color_scheme": "light", "media": "print"}),
    }  # fmt: skip
    for name, (size, media) in states.items():
        opened.page.set_viewport_size(size)
        opened.page.emulate_media(**media)
        file = place / f"report-{name}.png"
        opened.page.screenshot(path=file, full_page="FAIRWEATHER_SCREENSHOTS" in os.environ)
        picture = np.asarray(Image.open(file).convert("L").reduce(4))
        assert picture.shape[1] * 4 >= size["width"] and picture.std() > 8, name
        assert (picture.mean() < 110) == (name == "dark")
    opened.page.close()
