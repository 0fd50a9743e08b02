from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.analysis.table import (
    Block,
    Counts,
    class_scores,
    domain_contrast,
    domain_scores,
    encode,
    iou,
    read_counts,
    scores,
    small_contrast,
)
from fairweather.errors import InputError, UnknownName


def rows_of(units: dict[str, dict], cells: dict[tuple[str, str], tuple], **flags: dict) -> pa.Table:
    """A results table from {unit: {changed columns}} and {(domain, class): (I, P, L)}, or a unit's own `cells`."""
    rows = []
    for unit, changes in units.items():
        for (domain, name), (hit, predicted, labelled) in changes.get("cells", cells).items():
            row = {
                "unit": unit, "dataset": "toy", "context": "stage1", "strategy": unit, "family": "std", "model": "tiny",
                "control": unit == "baseline", "seed": 0, "steps": 10, "generated_share": 0.0, "label_space": "two",
                "domain": domain, "class": name, "class_index": ("road", "pole").index(name), "small": name == "pole",
                "intersection": hit, "predicted": predicted, "labelled": labelled, "domain_supported": True,
                "supported": True,
            }  # fmt: skip
            row |= flags.get(domain, {}) | flags.get(f"{domain}_{name}", {})
            rows.append(row | {k: v for k, v in changes.items() if k != "cells"})
    return pa.Table.from_pylist(rows)


CELLS = {
    ("clear_day", "road"): (50, 100, 50),  # 50
    ("clear_day", "pole"): (10, 10, 50),  # 20
    ("night", "road"): (90, 100, 100),  # 81.81
    ("night", "pole"): (0, 0, 40),  # 0
    ("foggy", "road"): (1, 1, 1),  # 100
    ("foggy", "pole"): (0, 7, 0),  # absent
}
TWO = {"baseline": {"family": "none"}, "std_a": {}}


def read(table: pa.Table, **changes: object) -> Counts:
    given = {"baseline": "baseline", "label_space": "two", "steps": 10}
    return read_counts(table, **(given | changes))


def flags() -> dict[str, dict]:
    return {
        "foggy": {"domain_supported": False},
        "foggy_pole": {"supported": False},
        "night_pole": {"supported": False},
    }


def test_domain_mean_is_the_mean_of_the_supported_domains_over_their_supported_classes() -> None:
    found = scores(read(rows_of(TWO, CELLS, **flags())), "domain_mean")
    night = 100 * 90 / 110
    np.testing.assert_allclose(found.of("stage1"), (35 + night) / 2)
    assert found.arms == ("std_a", "baseline") and found.blocks == (Block("toy", "tiny", 0),)


def test_pooled_sums_the_counts_of_all_images_before_dividing() -> None:
    found = scores(read(rows_of(TWO, CELLS, **flags())), "pooled")
    road, pole = 100 * 141 / (201 + 151 - 141), 100 * 10 / (10 + 7 + 90 - 10)
    np.testing.assert_allclose(found.of("stage1"), (road + pole) / 2)


def test_adverse_leaves_the_normal_domains_out() -> None:
    np.testing.assert_allclose(scores(read(rows_of(TWO, CELLS, **flags())), "adverse").of("stage1"), 100 * 90 / 110)


def test_the_metric_can_be_restricted_to_domains() -> None:
    counts = read(rows_of(TWO, CELLS, **flags()))
    np.testing.assert_allclose(scores(counts, "domain_mean", ("clear_day",)).of("stage1"), 35)
    with pytest.raises(UnknownName, match="rainy"):
        scores(counts, "domain_mean", ("rainy",))
    with pytest.raises(UnknownName, match="did you mean 'pooled'"):
        scores(counts, "poold")


def test_domains_and_classes_are_variants() -> None:
    counts = read(rows_of(TWO, CELLS, **flags()))
    domains, classes = domain_scores(counts), class_scores(counts, "domain_mean")
    assert domains.variants == ("clear_day", "night")  # foggy is shown elsewhere, never ranked
    np.testing.assert_allclose(domains.of("stage1", "clear_day"), 35)
    np.testing.assert_allclose(classes.of("stage1", "pole"), 20)  # night's pole is not supported
    np.testing.assert_allclose(classes.of("stage1", "road"), (50 + 100 * 90 / 110) / 2)


def test_the_contrast_between_domains_uses_the_classes_supported_in_all_of_them() -> None:
    counts = read(rows_of(TWO, CELLS, **flags()))
    for metric in ("domain_mean", "pooled"):  # one supported domain in each half: the same
        np.testing.assert_allclose(domain_contrast(counts, metric).of("stage1"), 100 * 90 / 110 - 50)


def test_the_contrast_of_a_pooled_metric_pools_each_half() -> None:
    more = {**CELLS, ("rainy", "road"): (10, 100, 20), ("rainy", "pole"): (10, 10, 20)}
    counts = read(rows_of(TWO, more, **flags()))
    road, pole = 100 * 100 / 220, 100 * 10 / 60
    # the pole is supported in the rain, not at night: still in both halves
    np.testing.assert_allclose(domain_contrast(counts, "pooled").of("stage1"), (road + pole) / 2 - 35)
    mean = (100 * 90 / 110 + 100 * 10 / 110) / 2
    np.testing.assert_allclose(domain_contrast(counts, "domain_mean").of("stage1"), mean - 50)


def test_the_small_objects_are_set_against_the_rest() -> None:
    counts = read(rows_of(TWO, CELLS, **flags()))
    np.testing.assert_allclose(small_contrast(counts, "domain_mean").of("stage1"), 20 - (50 + 100 * 90 / 110) / 2)


def test_a_missing_row_makes_the_value_missing_never_a_mean_over_fewer() -> None:
    fewer = {key: value for key, value in CELLS.items() if key != ("night", "road")}
    table = rows_of({"baseline": {"family": "none"}, "std_a": {"cells": fewer}}, CELLS, **flags())
    found = scores(read(table), "domain_mean").of("stage1")
    assert np.isnan(found[0, 0]) and np.isfinite(found[1, 0])
    assert np.isfinite(domain_scores(read(table)).of("stage1", "clear_day")).all()


def test_every_share_is_a_strategy_where_the_share_is_an_axis() -> None:
    units = {
        "baseline": {"family": "none"},
        "a": {"strategy": "gen_x", "generated_share": 0.25},
        "b": {"strategy": "gen_x", "generated_share": 0.5},
    }
    assert scores(read(rows_of(units, CELLS)), "domain_mean").strategies == ("gen_x@0.25", "gen_x@0.5")


def test_no_context_is_one_context() -> None:
    table = rows_of(TWO, CELLS)
    table = table.set_column(table.column_names.index("context"), "context", pa.nulls(table.num_rows, pa.string()))
    assert scores(read(table), "pooled").contexts == ("all",)


@pytest.mark.parametrize(
    ("units", "changes", "message"),
    [
        ({**TWO, "copy": {"strategy": "std_a"}}, {}, "units std_a and copy are both std_a on toy, tiny, seed 0, stage1"),
        (TWO, {"steps": 20}, "units of 10 steps among units of 20"),
        (TWO, {"label_space": "tow"}, "unknown label space 'tow'; did you mean 'two'"),
        (TWO, {"baseline": "bseline"}, "unknown baseline 'bseline'; did you mean 'baseline'"),
        (TWO, {"contexts": ("stage2",)}, "unknown context 'stage2'; did you mean 'stage1'"),
        ({**TWO, "std_b": {"context": "b"}, "std_c": {"context": "c"}}, {}, "3 contexts (stage1, b, c)"),
        ({"baseline": {"supported": False, "family": "none"}, "std_a": {}}, {}, "support differs between units of data set toy"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_by_name(units: dict, changes: dict, message: str) -> None:
    with pytest.raises(InputError) as error:
        read(rows_of(units, CELLS), **changes)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_doubled_rows_and_missing_columns_are_refused() -> None:
    table = rows_of(TWO, CELLS)
    with pytest.raises(InputError, match="two rows for one domain and class"):
        read(pa.concat_tables([table, table.slice(0, 1)]))
    with pytest.raises(InputError, match="missing column labelled"):
        read(table.drop_columns(["labelled"]))


def test_the_order_of_rows_does_not_matter(make_world: Callable[..., pa.Table]) -> None:
    table = make_world(lambda *_: 0.0, ("baseline", "std_a"), seeds=2)
    shuffled = table.take(np.random.default_rng(0).permutation(table.num_rows))
    given = {"baseline": "baseline", "label_space": "toy4", "steps": 300, "contexts": ("stage1", "stage2")}
    one, two = (class_scores(read_counts(t, **given), "domain_mean") for t in (table, shuffled))
    rows = [two.arms.index(name) for name in one.arms]
    np.testing.assert_array_equal(one.y, two.y[:, :, rows])
    assert one.variants == two.variants == ("road", "sky", "car", "pole")


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=1, max_size=8))
def test_iou_lies_between_0_and_100_and_is_missing_without_labels(counts: list[tuple[int, int, int]]) -> None:
    pixels = np.array([(hit, hit + more, hit + other) for hit, more, other in counts], np.int64)
    values = iou(pixels)
    assert (np.isnan(values) == (pixels[:, 2] == 0)).all()
    assert ((values >= 0) & (values <= 100) | np.isnan(values)).all()


@given(st.lists(st.sampled_from("abc"), max_size=9), st.booleans())
def test_encode_numbers_strings_in_order_of_appearance(words: list[str], chunked: bool) -> None:
    column = pa.chunked_array([words[:4], words[4:]] if chunked else [words], pa.string())
    names, codes = encode(pc.dictionary_encode(column) if chunked else column)
    assert [names[code] for code in codes] == words
    assert names == tuple(dict.fromkeys(words))
