import pytest

from fairweather.errors import UnknownName
from fairweather.generators import GENERATORS, build, parameters


def test_our_generators_are_registered_once():
    ours = [name for name in GENERATORS if GENERATORS.origin(name) == "fairweather"]
    assert ours == [
        "placebo_duplicate",
        "placebo_noise",
        "gen_oracle",
        "gen_automold",
        "gen_albumentations_weather",
        "gen_augmenters",
        "gen_Weather_Effect_Generator",
    ]


@pytest.mark.parametrize("name", ["placebo_duplicate", "placebo_noise"])
def test_the_placebos_are_controls_that_keep_the_domain_of_their_source(name):
    card = GENERATORS[name].card
    assert card.control
    assert card.keeps_domain
    assert card.family == "placebo"
    assert card.summary
    assert card.source
    assert parameters(build(name)) == {}


def test_unknown_names_stop_at_the_door_with_the_nearest_known_one():
    with pytest.raises(UnknownName, match=r"unknown generator 'placebo_nois'; did you mean 'placebo_noise'\?"):
        build("placebo_nois")
    with pytest.raises(UnknownName, match="unknown profile of placebo_noise 'prove'"):
        build("placebo_noise", "prove")
