"""Evaluating (normalise, forward, upsample, argmax, count) against a bare forward pass and argmax on tensors in memory.

The bare arm does what a model's plain forward does: scores upsampled to its input's size, then argmax. It never leaves the
training size and counts nothing; ours scores and counts at the size of the label.
"""

import tempfile
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import numpy as np

from bench.frame import Arms, Row, cost
from bench.samples import prepared
from fairweather.data import pixel_hash
from fairweather.data.prepared import Prepared
from fairweather.engine.evaluate import BATCH, evaluate
from fairweather.engine.loader import normalise
from fairweather.engine.train import as_module
from fairweather.models import build
from fairweather.study.study import Recipe
from fairweather.vocabulary.labels import label_space

MODEL = "pspnet_small"
IMAGES = 16


def rows() -> list[Row]:
    return [
        Row("evaluation/training size 128x160", lambda: _arms((128, 160), 128, "camvid11"), cost(1.15)),
        Row("evaluation/128x160 -> 360x480x11", lambda: _arms((360, 450), 128, "camvid11", (360, 480)), cost(1.6)),
        Row(
            "evaluation/256x512 -> 720x1280x19", lambda: _arms((720, 1440), 256, "cityscapes19", (720, 1280)), cost(1.6)
        ),
    ]


def _arms(size: tuple[int, int], short_side: int, space: str, label: tuple[int, int] | None = None) -> Arms:
    with tempfile.TemporaryDirectory() as folder:
        cache = prepared(Path(folder), IMAGES, size, short_side, space, True, 2**31)
    model = build(MODEL, label_space(space).num_classes)
    as_module(model).eval()
    return Arms(_ours(model, cache if label is None else _relabelled(cache, label), space), _bare(model, cache))


def _relabelled(cache: Prepared, size: tuple[int, int]) -> Prepared:
    """The cache with labels of another size: images and labels of a test set need not have one shape."""
    from dataclasses import replace

    import cv2

    labels = [cv2.resize(cache.label(id), size[::-1], interpolation=cv2.INTER_NEAREST_EXACT) for id in cache.rows]
    pixels = size[0] * size[1]
    rows = {
        id: replace(row, label_offset=i * pixels, label_size=size, label_hash=pixel_hash(labels[i]))
        for i, (id, row) in enumerate(cache.rows.items())
    }
    return Prepared(rows, cache.images, np.concatenate([label.ravel() for label in labels]))


def _ours(model: object, cache: Prepared, space: str) -> Callable[[], object]:
    classes = label_space(space).num_classes
    return lambda: evaluate(model, cache, classes, Recipe(), "cpu")  # type: ignore[arg-type]


def _bare(model: object, cache: Prepared) -> Callable[[], object]:
    import torch
    from torch.nn.functional import interpolate

    images = np.stack([cache.image(id) for id in cache.rows])
    batches = [torch.from_numpy(normalise(images[i : i + BATCH])) for i in range(0, IMAGES, BATCH)]
    ready = cycle(batches)

    def forward() -> None:
        with torch.inference_mode():
            for _ in batches:
                batch = next(ready)
                interpolate(model.scores(batch), batch.shape[-2:], mode="bilinear").argmax(1)  # type: ignore[attr-defined]

    return forward
