"""The metric without a domain is the metric over the others; without a class, that of results that never had it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.table import Counts, read_counts, scores
from fairweather.analysis.without import without_each
from fairweather.errors import UnknownName


@pytest.fixture
def counts(make_world: Callable[..., pa.Table]) -> Counts:
    results = make_world(
        lambda context, strategy, domain, name: 2.0 if name == "pole" else 0.5,
        ("baseline", "std_a", "std_b"), domains=("clear_day", "night", "foggy"), seeds=2,
    )  # fmt: skip
    read = read_counts(results, baseline="baseline", label_space="toy4", steps=300)
    supported = read.supported.copy()
    supported[:, read.domains.index("night"), 3] = False  # pole is not supported at night
    return replace(read, supported=supported)


def only(counts: Counts, classes: list[int]) -> Counts:
    kept: dict[str, Any] = {name: getattr(counts, name)[:, :, classes] for name in ("pixels", "present", "supported")}
    return replace(counts, classes=tuple(counts.classes[c] for c in classes), small=counts.small[classes], **kept)


@pytest.mark.parametrize("metric", ["domain_mean", "pooled", "adverse"])
def test_it_is_the_metric_of_what_remains(counts: Counts, metric: str) -> None:
    found = without_each(counts, metric)
    entered = ("night", "foggy") if metric == "adverse" else counts.domains
    assert [name for kind, name in found if kind == "domain"] == [d for d in counts.domains if d in entered]
    assert [name for kind, name in found if kind == "class"] == list(counts.classes)
    for (kind, name), got in found.items():
        if kind == "domain":
            expected = scores(counts, metric, [d for d in counts.domains if d != name])
        else:
            expected = scores(only(counts, [c for c, own in enumerate(counts.classes) if own != name]), metric)
        np.testing.assert_allclose(got.y, expected.y)
        assert np.isfinite(got.y).all() and (got.arms, got.variants) == (expected.arms, ("",))


def test_only_what_enters_beside_another_is_left_out(counts: Counts) -> None:
    assert {kind for kind, _ in without_each(counts, "domain_mean", ["night"])} == {"class"}
    assert ("class", "pole") not in without_each(counts, "domain_mean", ["night"])
    assert without_each(only(counts, [0]), "domain_mean", ["night"]) == {}


def test_a_domain_whose_only_class_goes_is_left_out_for_all(counts: Counts) -> None:
    supported = counts.supported.copy()
    night = counts.domains.index("night")
    supported[:, night] = False
    supported[:, night, 0] = True  # road alone
    found = without_each(replace(counts, supported=supported), "domain_mean")["class", "road"]
    day = scores(only(replace(counts, supported=supported), [1, 2, 3]), "domain_mean", ["clear_day", "foggy"])
    np.testing.assert_allclose(found.y, day.y)


def test_an_unknown_domain_is_named(counts: Counts) -> None:
    with pytest.raises(UnknownName, match="noon"):
        without_each(counts, "domain_mean", ["noon"])
