"""Tables as they are printed."""

from dataclasses import replace

import pyarrow as pa

from fairweather.audit.check import Check
from fairweather.report import grid
from fairweather.report.shape import shape_of


def texts(line):
    return [c.text for c in line.cells]


def test_verdict_table(contents):
    table = grid.verdicts(shape_of(contents["study"]))
    assert [g for g, _, n in table.groups] == ["", "stage1", "stage2", "stage2 − stage1"]
    assert [n for _, _, n in table.groups] == [1, 3, 3, 3]
    assert [c.title for c in table.columns[:4]] == ["strategy", "verdict", "gain", "95 % interval"]
    first = table.lines[0]
    assert texts(first)[0] == "std_darken" and texts(first)[1] == "helps" and first.cells[1].mark == "▲"
    assert texts(first)[2].startswith("+") and texts(first)[3].startswith("[")
    assert len({len(line.cells) for line in table.lines} | {len(table.columns)}) == 1


def test_controls_come_last_below_one_rule(contents):
    lines = grid.verdicts(shape_of(contents["study"])).lines
    assert [line.control for line in lines] == [False] * 6 + [True] * 2
    assert [line.apart for line in lines] == [False] * 6 + [True, False]


def test_one_context_has_no_change_columns(contents):
    table = grid.verdicts(shape_of(contents["tiny"]))
    assert [g for g, _, _ in table.groups] == ["", "all"]
    assert texts(table.lines[0])[1:] == ["not testable", "+0.80", ""]


def test_below_baseline_lists_negative_gains_of_strategies_lowest_first(contents):
    shape = shape_of(contents["study"])
    lines = grid.below_baseline(shape, "stage2").lines
    expected = sorted(
        (s for s in shape.strategies if shape.gain("stage2", s).value < 0), key=lambda s: shape.gain("stage2", s).value
    )
    assert [texts(line)[0] for line in lines] == expected and "std_darken" in expected


def test_heat_shares_one_scale_between_contexts(contents):
    shape = shape_of(contents["study"])
    first, second = (grid.by_domain(shape, c) for c in shape.contexts)
    tones = {line.cells[0].text: [c.tone for c in line.cells[1:]] for line in first.lines}
    assert tones["std_darken"][1] == "heat-p4", "the largest gain of both contexts"
    assert all(c.tone != "heat-n4" for line in second.lines for c in line.cells), "a small loss is not painted like it"


def test_small_objects_stand_apart(contents):
    table = grid.by_class(shape_of(contents["study"]), "stage1")
    assert [(g.strip(), n) for g, _, n in table.groups] == [("", 1), ("other classes", 7), ("small objects", 4)]
    assert all(not line.control for line in table.lines), "controls without values are left out"


def test_unsupported_domains_are_grey_and_unmarked(contents):
    table = grid.by_domain(shape_of(contents["large"]), "stage1")
    at = [c.title for c in table.columns].index("foggy")
    assert all(line.cells[at].tone == "grey" and not line.cells[at].mark for line in table.lines)


def test_a_control_below_zero_is_never_marked_as_helping(contents):
    gains = contents["study"].tables["gains"].to_pylist()
    for row in gains:
        if row["strategy"] == "placebo_noise" and row["domain"]:
            row.update(gain=-0.4, low=-0.7, high=-0.1, verdict="yes")
    content = replace(contents["study"], tables=contents["study"].tables | {"gains": pa.Table.from_pylist(gains)})
    line = next(n for n in grid.by_domain(shape_of(content), "stage1").lines if n.cells[0].text == "placebo_noise")
    assert [(c.text, c.mark) for c in line.cells[1:]] == [("−0.40", "◆")] * 2
    assert line.cells[1].full.endswith("differs")


def test_ranks_and_moves(contents):
    table = grid.ranks(contents["study"], shape_of(contents["study"]))
    assert [texts(line)[1] for line in table.lines] == ["1", "2", "3", "4", "5", "6"]
    darken = next(line for line in table.lines if texts(line)[0] == "std_darken")
    assert darken.cells[-2].tone == "strong" and darken.cells[-1].text == "[−3, +3]", "outside its band of chance"


def test_against_the_placebo_arm(contents):
    table = grid.against_placebo(shape_of(contents["large"]))
    assert len(table.lines) == 21 and all(texts(line)[1] == "placebo_duplicate" for line in table.lines)


def test_rows_of_any_table_are_cut_where_said(contents):
    table = grid.record(contents["study"], "receipts", "Receipts", limit=10)
    assert len(table.lines) == 10 and table.caption == "Receipts, first 10 of 54"
    digest = table.lines[0].cells[-1]
    assert digest.text.endswith("…") and len(digest.full) == 64
    assert grid.record(contents["study"], "nothing", "Nothing", limit=10).lines == ()


def test_rows_of_a_check_may_differ_in_keys():
    check = Check("table.x", "error", False, "It failed.", ({"line": 3}, {"line": 9, "why": "odd"}))
    table = grid.of_check(check, limit=5)
    assert [c.title for c in table.columns] == ["line", "why"] and [c.number for c in table.columns] == [True, False]
    assert [texts(line) for line in table.lines] == [["3", "–"], ["9", "odd"]]


def test_class_support_is_printed_for_every_domain(contents):
    (table,) = grid.support(contents["large"])
    assert [c.title for c in table.columns][1:] == list(shape_of(contents["large"]).domains) and len(table.lines) == 19


def test_support_of_two_data_sets_stays_apart(contents):
    support = contents["study"].tables["support"].to_pylist()
    both = [row | {"dataset": d, "n_images": row["n_images"] + i} for i, d in enumerate(("a", "b")) for row in support]
    content = replace(contents["study"], tables=contents["study"].tables | {"support": pa.Table.from_pylist(both)})
    assert [texts(line)[:3] for line in grid.domains(content).lines] == [
        ["clear_day", "a camvid11", "124"], ["dawn_dusk", "a camvid11", "93"],
        ["clear_day", "b camvid11", "125"], ["dawn_dusk", "b camvid11", "94"],
    ]  # fmt: skip
    assert len(grid.support(content)) == 2
