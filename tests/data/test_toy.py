import numpy as np
import pytest

from fairweather.data import READERS, SPLITS, Dataset, fingerprint, index
from fairweather.data.toy import WORLDS


def world(name: str) -> Dataset:
    return READERS["toy"].open("toy", None, SPLITS, {"world": name})


def brightness(dataset: Dataset, split: str, domain: str) -> float:
    chosen = [s for s in dataset.samples if (s.split, s.domain) == (split, domain)]
    return float(np.mean([dataset.image(s).mean() for s in chosen]))


@pytest.mark.parametrize("name", WORLDS)
def test_where_snowy_frames_are_bright_is_the_whole_difference(name: str) -> None:
    dataset = world(name)
    dim = brightness(dataset, "train", "clear_day")
    assert brightness(dataset, "test", "clear_day") == pytest.approx(dim, rel=0.05)
    assert (brightness(dataset, "train", "snowy") > 2 * dim) == (name == "context")
    assert (brightness(dataset, "test", "snowy") > 2 * dim) == (name != "nothing")


def test_labels_do_not_depend_on_the_world_and_hold_every_class() -> None:
    a, b = world("context"), world("both")
    for s, t in zip(a.samples, b.samples, strict=True):
        assert np.array_equal(a.label(s), b.label(t))
    histogram = np.array([row.histogram for row in index(a).rows])
    assert ((histogram > 0).mean(axis=0) > 0.8).all()


def test_golden_fingerprint() -> None:
    # Origin: this file at reader revision 1, anew when the fingerprint took in what files decode to. A change of pixels must
    # raise the reader's revision.
    assert READERS["toy"].card.revision == 1
    assert fingerprint(index(world("context")).rows)[:16] == "8442fdcf9d4dd187"


def test_no_scene_is_on_both_sides() -> None:
    groups = {split: {s.group for s in world("context").samples if s.split == split} for split in ("train", "test")}
    assert not groups["train"] & groups["test"]
    assert len({g for g in groups["test"] if "snowy" in g}) >= 10
