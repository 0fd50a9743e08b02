"""Shares of the oracle stand between its line and the placebo's, and the section says nothing that no finding says."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.imports import Source
from fairweather.report import charts
from fairweather.report.content import ReportContent
from fairweather.report.figures.yardstick import beyond, yardstick
from fairweather.report.folder import render
from fairweather.report.page import assemble
from fairweather.report.palette import COLOURS
from fairweather.report.picture import picture
from fairweather.report.sentences import violations
from fairweather.report.shape import shape_of
from fairweather.report.tables import compose_tables

GAIN = {"baseline": 0.0, "std_a": 0.3, "std_b": 1.9, "gen_d": 4.4, "gen_e": -2.5, "placebo_duplicate": 0.2}


def table(oracle: float | None, folder: Path, noise: float = 0.15) -> ReportContent:
    """What a table of results gives whose oracle lies that many points above the baseline."""
    rng, lines = np.random.default_rng(6), ["context,strategy,dataset,model,seed,mIoU"]
    gains = GAIN | ({} if oracle is None else {"gen_oracle": oracle})
    for context in ("stage1", "stage2"):
        for seed in range(4):
            level = 50 + rng.normal(0, 1)
            for name, gain in gains.items():
                lines.append(f"{context},{name},toy,tiny,{seed},{level + gain + rng.normal(0, noise):.4f}")
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n")
    return compose_tables([Source(path)], None, (), {}, 0.3)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    return table(3.0, tmp_path_factory.mktemp("oracle"))


def section(content: ReportContent):
    return next((s for s in assemble(content).sections if s.slug == "yardstick"), None)


def test_a_table_of_others_with_an_oracle_is_measured_by_it(content, tmp_path):
    found = {f.id: f for f in content.findings if f.id.startswith("yardstick")}
    assert len(found) == 2 * 5
    assert {f"yardstick.stage1.{s}": found[f"yardstick.stage1.{s}"].verdict for s in ("std_a", "std_b", "gen_d", "gen_e")} == {
        "yardstick.stage1.std_a": "undecided", "yardstick.stage1.std_b": "yes", "yardstick.stage1.gen_d": "yes",
        "yardstick.stage1.gen_e": "no",
    }  # fmt: skip
    files = {p.relative_to(tmp_path / "r").as_posix() for p in render(content, tmp_path / "r")}
    assert violations(tmp_path / "r") == ()
    assert {"figures/yardstick.svg", "tables/yardstick.csv", "tables/yardstick.tex"} <= files
    markdown = (tmp_path / "r/report.md").read_text()
    assert "## From placebo to oracle" in markdown and found["yardstick.stage2"].statement in markdown.replace("\\", "")
    written = {f["id"]: f for f in json.loads((tmp_path / "r/findings.json").read_text())["findings"]}
    assert written["yardstick.stage1.std_b"]["estimate"]["unit"] == "share of gen_oracle over placebo_duplicate"
    tex = (tmp_path / "r/tables/yardstick.tex").read_text()
    assert tex.count("\\begin{table}") == 2 and "gen\\_d" in tex and "oracle" in tex


def test_the_page_shows_every_share_once(content):
    here = section(content)
    names = {"std_a", "std_b", "gen_d", "gen_e"}
    (figure,) = [b for b in here.blocks if b.kind == "figure"]
    (behind,) = figure.behind
    assert {line.strategy for line in behind.lines} == names
    row = next(line for line in behind.lines if line.strategy == "std_b")
    share = shape_of(content).share("stage1", "std_b")
    assert [c.text for c in row.cells[1:4]] == [
        "part of it",
        f"{share.value:+.2f}",
        f"[{share.low:+.2f}, {share.high:+.2f}]",
    ]
    said = [s for b in here.blocks if b.kind == "statements" for s in b.items]
    assert {s.id for s in said} == {
        f"yardstick.{c}{s}" for c in ("stage1", "stage2") for s in ("", *(f".{n}" for n in names))
    }


def test_dots_and_lines(content, texts):
    shape = shape_of(content)
    assert yardstick(shape)["hconcat"], "described with Altair's check on"
    svg = picture(yardstick, shape).svg
    shown = texts(svg)
    assert all(shown.count(s) == 1 for s in shape.strategies) and {"stage1", "stage2", "0.0", "1.0"} <= set(shown)
    assert not any(s in shown for s in shape.controls)
    for tone in ("helps", "hurts", "unclear"):
        assert f'="{COLOURS[tone].light}"' in svg
    assert not beyond(shape)


def test_an_interval_beyond_the_edge_ends_in_an_arrow(content, texts):
    found = content.tables["yardstick"]
    rows = [r | ({"low": -90.0, "high": 80.0} if r["strategy"] == "std_a" else {}) for r in found.to_pylist()]
    wide = replace(content, tables=content.tables | {"yardstick": pa.Table.from_pylist(rows, found.schema)})
    shape = shape_of(wide)
    spec = yardstick(shape)
    drawn = spec["datasets"]["rows"]
    assert beyond(shape) and {r["k"] for r in drawn} == {"arm", "share", "near", "less", "more"}
    assert all(-2.5 < r["x"] < 3.5 for r in drawn if "x" in r)
    assert any(key.text == "arrow: interval beyond the edge" for key in charts.yardstick(wide, shape)[0].keys)


def test_without_a_scale_there_is_a_sentence_and_no_figure(tmp_path):
    content = table(0.25, tmp_path, noise=1.0)
    here = section(content)
    assert [b.kind for b in here.blocks] == ["statements"] and len(here.blocks[0].items) == 2
    assert not shape_of(content).yardstick
    render(content, tmp_path / "r")
    assert violations(tmp_path / "r") == ()
    assert not (tmp_path / "r/figures/yardstick.svg").exists() and not (tmp_path / "r/tables/yardstick.tex").exists()


def test_without_an_oracle_there_is_no_section(tmp_path):
    assert section(table(None, tmp_path)) is None
