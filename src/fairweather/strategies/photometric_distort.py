"""Photometric distortion: random brightness, contrast, saturation and hue."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from fairweather.strategies.strategy import OnSample, StrategyCard, check_between


@dataclass(frozen=True)
class PhotometricDistort(OnSample):
    """Brightness, contrast, saturation, hue and contrast again, each by its own fair coin; the label stays.

    The steps, their order and their 8-bit arithmetic are those of mmsegmentation 1.2.2 (PhotoMetricDistortion): a fair
    coin decides whether contrast comes before or after saturation and hue, so it happens in half of the images. In one
    image of 16 no coin falls and nothing changes.

    Args:
        probability: share of samples that are offered to the coins.
        brightness: the shift is drawn from U(-brightness, brightness) grey levels.
        contrast: the factor is drawn from U(1 - contrast, 1 + contrast).
        saturation: the factor is drawn from U(1 - saturation, 1 + saturation).
        hue: the shift is drawn from [-hue, hue) in OpenCV's 180 hue steps of two degrees.
    """

    probability: float = 1.0
    brightness: float = 32.0
    contrast: float = 0.5
    saturation: float = 0.5
    hue: int = 18

    card: ClassVar = StrategyCard(
        name="std_photometric_distort",
        summary="random brightness, contrast, saturation and hue",
        source="Liu et al., SSD, ECCV 2016; as in mmsegmentation 1.2.2",
        aliases=("std_std_photometric_distort", "photometric_distort"),
        profiles={"prove": {"probability": 0.5}},
    )

    def __post_init__(self) -> None:
        check_between(self, "probability", 0, 1)
        check_between(self, "brightness", 0, 255)
        check_between(self, "contrast", 0, 1)
        check_between(self, "saturation", 0, 1)
        check_between(self, "hue", 1, 90)

    def on_sample(
        self, image: np.ndarray, label: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        if rng.random() >= self.probability:
            return image, label
        brighten, contrast_first, contrast, saturate, turn = rng.random(5) < 0.5
        shift = rng.uniform(-self.brightness, self.brightness)
        gain = rng.uniform(1 - self.contrast, 1 + self.contrast)
        saturation = rng.uniform(1 - self.saturation, 1 + self.saturation)
        hue = rng.integers(-self.hue, self.hue)
        tone = _table(shift=shift) if brighten else _table()
        if contrast and contrast_first:
            tone = _table(gain=gain)[tone]
        if brighten or (contrast and contrast_first):
            image = cv2.LUT(image, tone)
        # Saturation and hue each make the 8-bit round trip, as published: a shared one would round once less.
        if saturate:
            image = _in_hsv(image, 1, _table(gain=saturation))
        if turn:
            image = _in_hsv(image, 0, ((np.arange(256) + hue) % 180).astype(np.uint8))
        if contrast and not contrast_first:
            image = cv2.LUT(image, _table(gain=gain))
        return image, label


def _table(gain: float = 1.0, shift: float = 0.0) -> np.ndarray:
    """What gain * value + shift makes of each grey level, clipped and truncated: uint8 (256,)."""
    values: np.ndarray = np.arange(256, dtype=np.float32) * np.float32(gain) + np.float32(shift)
    return values.clip(0, 255).astype(np.uint8)


def _in_hsv(image: np.ndarray, channel: int, table: np.ndarray) -> np.ndarray:
    """The RGB image with one channel of its 8-bit HSV form sent through a table."""
    tables = np.repeat(_table()[None, :, None], 3, axis=2)
    tables[0, :, channel] = table
    changed: np.ndarray = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2HSV), tables)
    back: np.ndarray = cv2.cvtColor(changed, cv2.COLOR_HSV2RGB)
    return back
