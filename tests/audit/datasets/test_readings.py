import numpy as np
import pytest
from tests.audit.datasets.conftest import frames, labelled, surveyed, values_of, write

from fairweather.audit.datasets import Survey
from fairweather.audit.datasets.readings import is_street, plausible, raw_values, readable
from fairweather.audit.datasets.roles import roles


def test_raw_values_are_those_of_the_files_with_their_heights(town: Survey) -> None:
    values = raw_values(town.dataset, town.dataset.samples)
    labels = np.concatenate([frame.label for frame in frames()])
    assert values.counts.tolist() == np.bincount(labels.ravel(), minlength=256).tolist() and values.files == 28
    assert values.height([10]) < 0.3 < 0.7 < values.height([0]) and np.isnan(values.height([200]))
    assert is_street(values, roles("cityscapes19")) and not is_street(values, roles("cityscapes34"))


@pytest.mark.parametrize(
    "space", ["cityscapes34", "bdd", "idd", "idd_level3", "mapillary66", "mapillary124", "camvid11"]
)
def test_the_best_reading_of_values_is_what_they_are(space: str, town: Survey, tmp_path) -> None:  # type: ignore[no-untyped-def]
    lut = values_of(space)
    write(tmp_path / space, labelled(lut))
    found = surveyed(tmp_path / space, options={"label_space": space})
    names = [name for name, _ in plausible(raw_values(found.dataset, found.dataset.samples), "toy4")]
    assert names[0] == space
    assert readable(found.dataset) and not readable(object())
