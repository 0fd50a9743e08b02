"""Every reader of data on disk, end to end on its layout in miniature."""

from pathlib import Path

import numpy as np
import pytest
from tests.data.layouts import layouts, scenes

from fairweather.data import READERS, Dataset, index, open_dataset
from fairweather.vocabulary.labels import IGNORE

LAYOUTS = layouts()


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each layout, filled when it is first asked for."""
    return _Filled(tmp_path_factory)


class _Filled(dict[str, Path]):
    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self.factory = factory

    def __missing__(self, name: str) -> Path:
        root = self.factory.mktemp(name)
        LAYOUTS[name].write(root, scenes())
        self[name] = root
        return root


def opened(name: str, root: Path) -> Dataset:
    layout = LAYOUTS[name]
    reader = READERS[layout.reader]
    return open_dataset(reader, name, root, layout.splits, reader.card.resolved(layout.options, name))


def test_every_reader_of_files_has_a_layout() -> None:
    assert {layout.reader for layout in LAYOUTS.values()} == {n for n, r in READERS.items() if "root" in r.card.needs}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_recognised_opened_and_indexed(name: str, roots: dict[str, Path]) -> None:
    layout, root = LAYOUTS[name], roots[name]
    reader = READERS[layout.reader]
    assert reader.recognise(root) is not None and reader.recognise(root / "nowhere") is None
    manifest = index(opened(name, root))
    assert manifest.rows and {row.sample.split for row in manifest.rows} == set(layout.splits)
    assert all(sum(row.histogram) for row in manifest.rows)
    assert len({row.sample.id for row in manifest.rows}) == len(manifest.rows)


@pytest.mark.parametrize("name", LAYOUTS)
def test_labels_show_what_was_drawn(name: str, roots: dict[str, Path]) -> None:
    dataset = opened(name, roots[name])
    classes = [name.casefold() for name in dataset.label_space.classes]
    sky, road = (classes.index(name) for name in ("sky", "road"))
    for sample in dataset.samples:
        label = dataset.label(sample)
        assert label.shape == dataset.image(sample).shape[:2]
        rows = {c: np.argwhere(label == c)[:, 0].mean() for c in (sky, road) if (label == c).any()}
        assert rows[sky] < label.shape[0] / 2 < rows[road]
        assert np.mean(label != IGNORE) > 0.5


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_recognised_by_its_own_reader_alone(name: str, roots: dict[str, Path]) -> None:
    assert [key for key, reader in READERS.items() if reader.recognise(roots[name]) is not None] == [
        LAYOUTS[name].reader
    ]
