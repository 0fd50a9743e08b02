import pytest

from fairweather.audit.datasets.roles import roles
from fairweather.vocabulary.labels import label_space


@pytest.mark.parametrize(
    "space", ["cityscapes19", "cityscapes34", "mapillary66", "mapillary124", "idd", "bdd", "camvid11"]
)
def test_each_street_space_has_road_sky_and_car(space: str) -> None:
    found = roles(space)
    classes = label_space(space).classes
    assert {name for name in ("road", "sky", "car")} <= set(found)
    assert any(classes[i].lower() == "sky" for i in found["sky"])


def test_a_space_without_a_map_has_the_roles_that_its_names_say() -> None:
    assert set(roles("toy4")) == {"sky"} and roles("cityscapes7")["sky"] == (4,)
