"""Inputs of the rows: pairs of label map and prediction at 1280x720 in Cityscapes' 19 classes, random or of real streets."""

from pathlib import Path

import cv2
import numpy as np

from bench.frame import Skip
from fairweather.vocabulary.labels import IGNORE, label_map

HEIGHT, WIDTH, CLASSES, PAIRS = 720, 1280, 19, 64
CAMVID = Path(__file__).parents[2] / "shared" / "data" / "camvid" / "labels"

Pair = tuple[np.ndarray, np.ndarray]  # uint8 (720, 1280): label, prediction


def random_pairs() -> list[Pair]:
    """Every pixel drawn for itself: 19 classes and IGNORE in the labels, 19 classes in the predictions."""
    rng = np.random.default_rng(0)
    values = np.append(np.arange(CLASSES), IGNORE).astype(np.uint8)
    labels = [values[rng.integers(0, CLASSES + 1, (HEIGHT, WIDTH))] for _ in range(PAIRS)]
    return [(label, rng.integers(0, CLASSES, label.shape, dtype=np.uint8)) for label in labels]


def real_pairs() -> list[Pair]:
    """CamVid's labels with predictions as a network makes them: borders that wander by some pixels, blobs of a wrong class.

    Raises:
        Skip: the data set is not there.
    """
    files = sorted(CAMVID.rglob("*.png"))
    if not files:
        raise Skip("no CamVid labels in ../shared/data/camvid/labels")
    rng = np.random.default_rng(0)
    picked = files[:: max(1, len(files) // PAIRS)][:PAIRS]
    maps = [
        cv2.resize(cv2.imread(str(f), cv2.IMREAD_UNCHANGED), (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
        for f in picked
    ]
    lut = label_map("camvid11", "cityscapes19").lut()
    labels = [lut[m] for m in maps]
    guesses = [_without_ignore(labels, i) for i in range(len(labels))]
    return [(label, _imitate_prediction(guesses[i], guesses[i - 9], rng)) for i, label in enumerate(labels)]


def _without_ignore(labels: list[np.ndarray], i: int) -> np.ndarray:
    """Label i with its ignored pixels filled from other frames: a network predicts a class everywhere."""
    filled = labels[i].copy()
    for other in labels[i + 1 :] + labels[:i]:
        filled = np.where(filled == IGNORE, other, filled)
    return np.where(filled == IGNORE, 0, filled).astype(np.uint8)


def _imitate_prediction(label: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """`label` warped by a smooth field of some 4 pixels, and `other` in blobs on about a twentieth of the image."""
    columns, rows = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    warped = cv2.remap(
        label,
        columns + 4 * smooth_field(rng, (HEIGHT, WIDTH), 20),
        rows + 4 * smooth_field(rng, (HEIGHT, WIDTH), 20),
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_REPLICATE,
    )
    wrong = smooth_field(rng, label.shape, 60) > 1.3
    return np.where(wrong, other, warped)


def smooth_field(rng: np.random.Generator, shape: tuple[int, ...], grain: int) -> np.ndarray:
    """float32 noise of about unit variance that varies over `grain` pixels."""
    height, width = shape
    coarse = rng.standard_normal((height // grain + 2, width // grain + 2)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))
