"""Confusion counts and the metrics computed from them. NumPy and numba only."""

from fairweather.scores.confusion import confusion_matrix
from fairweather.scores.metrics import (
    MIN_CLASS_GROUPS,
    MIN_CLASS_IMAGES,
    MIN_DOMAIN_IMAGES,
    Counts,
    Support,
    class_counts,
    frequency_weighted_iou,
    iou,
    mapped_counts,
    mean_iou,
    no_counts,
    pixel_accuracy,
    support,
)
from fairweather.scores.upsample import argmax_upsampled

__all__ = [
    "MIN_CLASS_GROUPS",
    "MIN_CLASS_IMAGES",
    "MIN_DOMAIN_IMAGES",
    "Counts",
    "Support",
    "argmax_upsampled",
    "class_counts",
    "confusion_matrix",
    "frequency_weighted_iou",
    "iou",
    "mapped_counts",
    "mean_iou",
    "no_counts",
    "pixel_accuracy",
    "support",
]
