"""Confusion counts: 1280x720, 19 classes, ignore 255, 64 pairs in rotation, against torchmetrics and against a copy."""

from collections.abc import Callable
from itertools import cycle

import numpy as np

from bench.frame import Arms, Row, cost, faster
from bench.streets import CLASSES, HEIGHT, PAIRS, WIDTH, Pair, random_pairs, real_pairs
from fairweather.scores.confusion import confusion_matrix
from fairweather.scores.metrics import class_counts
from fairweather.vocabulary.labels import IGNORE


def rows() -> list[Row]:
    return [
        Row("confusion/random", lambda: _against_torchmetrics(random_pairs()), faster(25), PAIRS),
        Row("confusion/real", lambda: _against_torchmetrics(real_pairs()), faster(25), PAIRS),
        Row("confusion/copy", lambda: _against_copy(real_pairs()), cost(10), PAIRS),
    ]


def _ours(pairs: list[Pair]) -> Callable[[], object]:
    """The matrix, and intersection, predicted, labelled from it."""
    rotation = cycle(pairs)
    return lambda: class_counts(confusion_matrix(*next(rotation), CLASSES))


def _against_torchmetrics(pairs: list[Pair]) -> Arms:
    """torchmetrics is given int64 tensors made beforehand, so that no conversion is charged to it."""
    import torch
    from torchmetrics.classification import MulticlassConfusionMatrix

    metric = MulticlassConfusionMatrix(num_classes=CLASSES, ignore_index=IGNORE, validate_args=False)
    rotation = cycle([(torch.from_numpy(p).long(), torch.from_numpy(label).long()) for label, p in pairs])
    return Arms(_ours(pairs), lambda: metric.update(*next(rotation)))


def _against_copy(pairs: list[Pair]) -> Arms:
    """Both planes are copied into one buffer that is there already and stays in the cache: the cheapest reading of both."""
    rotation = cycle(pairs)
    buffer = np.empty((2, HEIGHT, WIDTH), np.uint8)

    def copy() -> None:
        buffer[0], buffer[1] = next(rotation)

    return Arms(_ours(pairs), copy)
