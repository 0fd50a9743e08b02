"""Indexing 1280x736 frames (JPEG images, PNG labels) against decoding them with the same library and nothing else.

Ours is what `fairweather data index` does in a process: read each file, decode it, check it, hash file and pixels, count the
classes, and a perceptual hash. Peer opens both files with Pillow and has their pixels as arrays. In CPU
time, so that it does not matter how many processes do it.

The noted row indexes the same frames again when nothing has changed.
"""

from contextlib import ExitStack
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from PIL import Image

from bench.frame import Arms, Row, cost
from bench.pools import as_photographs
from fairweather.data.files import Files

FRAMES = 200
CHUNK = 20  # frames of a call


def rows() -> list[Row]:
    period = FRAMES // CHUNK
    return [
        Row("indexing/first", _first, cost(1 / 0.80), period=period),
        Row("indexing/again", _again),
    ]


def _first() -> Arms:
    from fairweather.data.manifest import describe

    dataset = _frames()
    parts = [dataset.only(dataset.samples[at : at + CHUNK]) for at in range(0, len(dataset.samples), CHUNK)]
    turns, others = cycle(parts), cycle(parts)

    def ours() -> None:
        part = next(turns)
        assert len(describe(part, skip_broken=False).rows) == len(part.samples)

    return Arms(ours, lambda: _decode(next(others)))


def _again() -> Arms:
    from rich.console import Console

    from fairweather.launch.indexing import Source, indexed
    from fairweather.launch.progress import Progress

    dataset, quiet = _frames(), Progress(Console(quiet=True))
    source = Source("folder", dataset.root, {"label_space": "cityscapes19"}, ("train",))
    indexes = _kept.enter_context(TemporaryDirectory(prefix="fairweather-bench-"))

    def ours() -> None:
        with patch.dict("os.environ", FAIRWEATHER_INDEX_DIR=indexes):
            indexed(dataset, source, quiet)

    return Arms(ours, lambda: _decode(dataset))


def _decode(dataset: Files) -> None:
    for sample in dataset.samples:
        for file in (sample.image, sample.label):
            with Image.open(dataset.root / file) as picture:
                np.asarray(picture)


@cache
def _frames() -> Files:
    """FRAMES frames of Fairtown, of all domains, as a folder of files."""
    from fairweather.data import READERS
    from fairweather.data.folder import write_folder

    room = Path(_kept.enter_context(TemporaryDirectory(prefix="fairweather-bench-")))
    town, folder = READERS["fairtown"], READERS["folder"]
    options = town.card.resolved({"town": "north", "size": "1280x736"}, "bench")
    rendered = town.open("bench", None, ("train",), options)
    step = max(len(rendered.samples) // FRAMES, 1)
    write_folder(rendered.only(rendered.samples[::step][:FRAMES]), room)
    as_photographs(room)
    dataset = folder.open("bench", room, ("train",), folder.card.resolved({}, "bench"))
    assert isinstance(dataset, Files)
    return dataset


_kept = ExitStack()  # the files, until the process ends
