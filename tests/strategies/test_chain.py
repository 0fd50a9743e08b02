import pytest

from fairweather.errors import InputError
from fairweather.strategies import Chain, build


def chain(*names, profile=None):
    return Chain(tuple(build(name, profile) for name in names))


def test_sample_acts_come_before_batch_acts_each_in_written_order():
    found = chain("std_cutmix", "std_darken", "std_mixup", "std_randaugment")
    assert [act.card.name for act in found.sample_acts] == ["std_darken", "std_randaugment"]
    assert [act.card.name for act in found.batch_acts] == ["std_cutmix", "std_mixup"]


def test_nothing_and_the_baseline_alone_have_no_act():
    for idle in (Chain(), chain("baseline")):
        assert idle.sample_acts == ()
        assert idle.batch_acts == ()


def test_the_baseline_cannot_be_combined():
    with pytest.raises(InputError, match=r"baseline\+std_mixup: baseline does nothing"):
        chain("baseline", "std_mixup")


def test_no_batch_act_may_follow_one_that_mixes_by_weight():
    with pytest.raises(InputError, match=r"std_mixup\+std_cutmix: std_mixup mixes by weight"):
        chain("std_mixup", "std_cutmix")
    assert len(chain("std_mixup", "std_darken").batch_acts) == 1
    assert len(chain("std_mixup", "std_cutmix", profile="prove").batch_acts) == 2
