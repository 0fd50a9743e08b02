from dataclasses import replace

from fairweather.audit.datasets import Survey
from fairweather.audit.datasets.groups import check_groups


def failing(town: Survey, domain: str) -> set[str]:
    samples = [replace(sample, domain=domain, group="one") for sample in town.dataset.samples]
    return {c.code for c in check_groups(replace(town, dataset=town.dataset.only(samples))) if not c.holds}


def test_a_group_on_both_sides_is_named_and_so_is_a_domain_within_it_if_it_is_known(town: Survey) -> None:
    both = {"split.group_on_both_sides", "split.few_groups"}
    assert failing(town, "foggy") == {*both, "split.domain_within_group"}
    assert failing(town, "undefined") == both
    assert not [c for c in check_groups(town) if not c.holds and c.severity != "note"]


def test_the_last_split_that_is_there_is_tested_on(town: Survey) -> None:
    assert town.tested == "val"
    only = replace(town, dataset=town.dataset.only([s for s in town.dataset.samples if s.split == "train"]))
    assert only.tested == "" and {only.side(s) for s in only.dataset.samples} == {"train"}
