from pathlib import Path

import pytest

from fairweather.data import READERS, index
from fairweather.errors import InputError
from fairweather.study import Material, Plan, parse, plan

STUDY = """
name: probe
data: {{toy: {{reader: toy, world: {world}}}}}
contexts: {contexts}
strategies: {strategies}
models: [toy_fcn]
seeds: [0, 1]
budget: {{steps: {steps}, batch: 8, short_side: 48, crop: [48, 64], checkpoint: {checkpoint}}}
mix: {{generated_share: {share}}}
threads: 1
compare: {{domains: {domains}}}
"""


def planned(**changes: object) -> Plan:
    keys = {
        "world": "context", "contexts": "{stage1: {domains: [clear_day]}, stage2: {domains: all}}",
        "strategies": "[baseline, std_cutmix, placebo_duplicate, placebo_noise]", "steps": 20, "share": 0.5,
        "checkpoint": 100, "domains": "null",
    }  # fmt: skip
    study = parse(STUDY.format(**(keys | changes)), Path("probe.yaml"))
    return plan(study, {name: material(name, source.model_extra["world"]) for name, source in study.file.data.items()})  # type: ignore[index]


def material(name: str, world: str) -> Material:
    dataset = READERS["toy"].open(name, None, ("train", "test"), {"world": world})
    manifest = index(dataset)
    return Material(dataset, manifest, manifest.split("train"), manifest.split("test"))


def test_units_are_the_product_and_their_ids_differ() -> None:
    units = planned().units
    assert len(units) == 2 * 4 * 2 == len({unit.id for unit in units})


def test_pools_are_shared_by_the_contexts_that_have_the_same_sources() -> None:
    made = planned()
    assert len(made.pools) == 2  # one per placebo: both contexts have the same clear_day images
    assert all(row.sample.domain == domain == "clear_day" for pool in made.pools for row, domain in pool.items)
    assert {unit.pool is not None for unit in made.units if unit.strategy.startswith("placebo")} == {True}


@pytest.mark.parametrize("change", [{"steps": 21}, {"world": "both"}])
def test_what_determines_the_result_changes_every_id(change: dict[str, object]) -> None:
    assert not {unit.id for unit in planned().units} & {unit.id for unit in planned(**change).units}


def test_what_does_not_determine_it_changes_no_id() -> None:
    ids = [unit.id for unit in planned().units]
    assert [unit.id for unit in planned(checkpoint=5).units] == ids
    renamed = planned(contexts="{clear: {domains: [clear_day]}, everything: {domains: all}}")
    assert [unit.id for unit in renamed.units] == ids
    assert set(ids) < {
        unit.id
        for unit in planned(strategies="[baseline, std_cutmix, std_mixup, placebo_duplicate, placebo_noise]").units
    }


def test_data_sets_of_the_same_training_images_are_refused() -> None:
    with pytest.raises(InputError, match=r"'toy stage1 baseline .* seed 0' and 'twin stage1 .*' are the same training"):
        planned(world="context}, twin: {reader: toy, world: context")


def test_combinations_of_the_same_acts_are_one_unit() -> None:
    one, two = (
        {unit.id for unit in planned(strategies=f"[baseline, {name}]").units}
        for name in ("std_darken+std_cutmix", "std_cutmix+std_darken")
    )
    assert one == two
    with pytest.raises(InputError, match=r"std_darken\+std_cutmix .*' and '.* std_cutmix\+std_darken .*' are the same"):
        planned(strategies="[baseline, std_darken+std_cutmix, std_cutmix+std_darken]")
    other = {u.id for u in planned(strategies="[baseline, std_darken+std_brighten, std_brighten+std_darken]").units}
    assert len(other) == 2 * 3 * 2  # acts on samples happen in written order: these two differ


def test_a_reader_of_another_distribution_stands_in_the_identity_with_its_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = planned().units
    assert ours[0].identity["reader"] == {"name": "toy", "revision": READERS["toy"].card.revision}
    monkeypatch.setitem(READERS._origin, "toy", "their-readers 1.2")
    theirs = planned().units
    assert theirs[0].identity["reader"]["origin"] == "their-readers 1.2"
    assert not {unit.id for unit in ours} & {unit.id for unit in theirs}


def test_a_list_of_shares_is_an_axis_for_what_is_generated() -> None:
    units = planned(share="[0.25, 0.5]").units
    assert len(units) == 2 * (2 + 2 * 2) * 2
    assert {unit.strategy for unit in units if unit.pool} == {
        f"{name}@{share}" for name in ("placebo_duplicate", "placebo_noise") for share in ("0.25", "0.5")
    }


def test_a_context_no_image_satisfies_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"contexts.fog: no training image of toy is admitted \(domains there: clear_day, snowy\)"
    ):
        planned(contexts="{fog: {domains: [foggy]}}")


def test_a_placebo_has_no_domain_to_cover() -> None:
    assert all(pool.not_covered == {} for pool in planned().pools)


def test_generated_images_need_a_source() -> None:
    with pytest.raises(
        InputError, match=r"placebo_duplicate makes images from clear_day images, and context snow of toy admits none"
    ):
        planned(contexts="{snow: {domains: [snowy]}}")


def test_compared_domains_must_be_tested() -> None:
    with pytest.raises(
        InputError, match=r"compare.domains: the test split of toy has no night image \(it has clear_day, snowy\)"
    ):
        planned(domains="[night]")
