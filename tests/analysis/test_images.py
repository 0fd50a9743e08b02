import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.images import class_se, image_se, influence
from fairweather.analysis.table import class_scores, read_counts, scores
from fairweather.errors import InputError

CLASSES = ("road", "sky")


def tables(groups: int, seed: int = 0, datasets: tuple[str, ...] = ("toy",)) -> tuple[pa.Table, pa.Table]:
    """(results, groups) of a baseline and a strategy on images whose errors differ from group to group."""
    rng = np.random.default_rng(seed)
    results, parts = [], []
    for dataset in datasets:
        hard = rng.normal(0, 1, (2, groups, 2))
        for s, strategy in enumerate(("baseline", "std_a")):
            unit = f"{dataset}-{strategy}"
            for d, domain in enumerate(("clear_day", "night")):
                labelled = np.full((groups, 2), 10_000)
                wrong = (2000 + 300 * hard[d] + 100 * s * rng.normal(0, 1, (groups, 2))).astype(int)
                hit, predicted = labelled - wrong, labelled
                for c, name in enumerate(CLASSES):
                    common = {"unit": unit, "label_space": "two", "domain": domain, "class": name}
                    parts += [
                        {
                            **common,
                            "group": f"g{g}",
                            "intersection": int(hit[g, c]),
                            "predicted": 10_000,
                            "labelled": 10_000,
                        }
                        for g in range(groups)
                    ]
                    results.append({
                        **common, "dataset": dataset, "context": "all", "strategy": strategy, "family": "std", "model": "tiny",
                        "control": s == 0, "seed": 0, "steps": 10, "generated_share": 0.0, "class_index": c, "small": False,
                        "intersection": int(hit[:, c].sum()), "predicted": int(predicted[:, c].sum()),
                        "labelled": int(labelled[:, c].sum()), "domain_supported": True, "supported": True,
                    })  # fmt: skip
    return pa.Table.from_pylist(results), pa.Table.from_pylist(parts)


def gain(results: pa.Table, metric: str, name: str = "") -> float:
    counts = read(results)
    table = class_scores(counts, metric) if name else scores(counts, metric)
    found = table.of("all", name).mean(axis=1)
    return float(found[0] - found[1])


def read(results: pa.Table):
    return read_counts(results, baseline="baseline", label_space="two", steps=10)


def leave_one_out(groups: pa.Table, results: pa.Table, metric: str, number: int, name: str = "") -> float:
    """The jackknife's standard error: an estimate by another road."""
    import pyarrow.compute as pc

    values = []
    for g in range(number):
        rest = groups.filter(pc.not_equal(groups["group"], f"g{g}"))
        keys = ["unit", "domain", "class"]
        names = ("intersection", "predicted", "labelled")
        sums = rest.group_by(keys).aggregate([(name, "sum") for name in names])
        left = results.drop_columns(list(names)).join(sums, keys=keys)
        values.append(gain(left.rename_columns([n.removesuffix("_sum") for n in left.column_names]), metric, name))
    return float(np.sqrt((number - 1) / number * ((np.array(values) - np.mean(values)) ** 2).sum()))


@pytest.mark.parametrize("metric", ["domain_mean", "pooled", "adverse"])
def test_the_linearisation_agrees_with_the_jackknife(metric: str) -> None:
    results, groups = tables(30)
    found = influence(read(results), groups, "two", metric, None)
    se = image_se(found, [1], [0])
    assert se is not None and se == pytest.approx(leave_one_out(groups, results, metric, 30), rel=0.03)


@pytest.mark.parametrize("metric", ["domain_mean", "pooled", "adverse"])
def test_the_linearisation_of_a_class_agrees_with_the_jackknife(metric: str) -> None:
    results, groups = tables(30)
    found = influence(read(results), groups, "two", metric, None)
    expected = [leave_one_out(groups, results, metric, 30, name) for name in CLASSES]
    np.testing.assert_allclose(class_se(found, [1], [0]), expected, rtol=0.04)


def test_the_interval_over_images_agrees_with_a_bootstrap_of_groups() -> None:
    results, groups = tables(40)
    counts, rng = read(results), np.random.default_rng(7)
    se = image_se(influence(counts, groups, "two", "domain_mean", None), [1], [0])
    rows = {name: groups[name].to_numpy(zero_copy_only=False) for name in groups.column_names}
    pixels = np.zeros((2, 2, 2, 40, 2))  # unit, domain, class, group, (intersection, union)
    at = (
        (rows["unit"] == "toy-std_a").astype(int), (rows["domain"] == "night").astype(int),
        (rows["class"] == "sky").astype(int), np.array([int(name[1:]) for name in rows["group"]]),
    )  # fmt: skip
    pixels[(*at, 0)] = rows["intersection"]
    pixels[(*at, 1)] = rows["predicted"] + rows["labelled"] - rows["intersection"]
    drawn = np.stack([rng.multinomial(40, np.full(40, 1 / 40), 10_000) for _ in range(2)])  # a draw for each domain
    sums = np.einsum("udcgk,drg->rudck", pixels, drawn.astype(float))
    miou = (100 * sums[..., 0] / sums[..., 1]).mean(axis=(2, 3))
    assert se == pytest.approx((miou[:, 1] - miou[:, 0]).std(), rel=0.05)


def test_influences_sum_to_nothing_over_the_groups_of_a_domain() -> None:
    results, groups = tables(12)
    found = influence(read(results), groups, "two", "domain_mean", None)
    np.testing.assert_allclose(found.h.sum(axis=2), 0, atol=1e-9)
    assert found.seen.tolist() == [[12, 12], [12, 12]]


def test_one_domain_alone() -> None:
    results, groups = tables(12)
    found = influence(read(results), groups, "two", "domain_mean", None)
    h = found.h[1, 1] - found.h[0, 1]
    assert image_se(found, [1], [0], "night") == pytest.approx(np.sqrt(12 / 11 * (h**2).sum()))


def test_a_unit_compared_with_itself_varies_with_no_image() -> None:
    results, groups = tables(12)
    assert image_se(influence(read(results), groups, "two", "domain_mean", None), [1], [1]) == 0


def test_below_ten_groups_nothing_is_given() -> None:
    results, groups = tables(9)
    for metric in ("domain_mean", "pooled"):
        found = influence(read(results), groups, "two", metric, None)
        assert image_se(found, [1], [0]) is None and np.isnan(class_se(found, [1], [0])).all()


def test_groups_of_two_data_sets_are_not_mixed_up_by_their_names() -> None:
    results, groups = tables(12, datasets=("one", "two"))
    found = influence(read(results), groups, "two", "domain_mean", None)
    each = [image_se(found, [plus], [minus]) for plus, minus in ((1, 0), (3, 2))]
    both = image_se(found, [1, 3], [0, 2])
    assert both == pytest.approx(np.hypot(*each) / 2)


def test_a_unit_without_groups_is_refused() -> None:
    results, groups = tables(12)
    import pyarrow.compute as pc

    with pytest.raises(InputError, match="no row of unit toy-std_a"):
        influence(read(results), groups.filter(pc.equal(groups["unit"], "toy-baseline")), "two", "pooled", None)
