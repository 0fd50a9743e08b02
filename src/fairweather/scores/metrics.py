"""Metrics computed from confusion counts, and the rule that says which of them may be compared.

The convention is that of Cityscapes (Cordts et al. 2016, section 4.1, after PASCAL VOC): counts are summed over
images first, then IoU = I / (P + L - I). All ratios are in points, 0 to 100; where nothing is labelled the ratio does
not exist and is NaN, which leaves the class out of means, for every strategy alike, since labels alone decide it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairweather.vocabulary.labels import IGNORE, LabelMap

MIN_DOMAIN_IMAGES = 50
MIN_CLASS_IMAGES = 5
MIN_CLASS_GROUPS = 2


@dataclass(frozen=True, eq=False)
class Counts:
    """Pixel counts per class, int64 (..., C); `+` sums them over images.

    Args:
        intersection: pixels whose label and prediction are this class.
        predicted: labelled pixels (of any class) predicted as this class.
        labelled: pixels labelled as this class.

    Raises:
        ValueError: shapes differ, or no pixels could give these counts.
    """

    intersection: np.ndarray
    predicted: np.ndarray
    labelled: np.ndarray

    def __post_init__(self) -> None:
        for name in ("intersection", "predicted", "labelled"):
            counts = getattr(self, name)
            if counts.dtype != np.int64 or counts.shape != self.labelled.shape or counts.ndim == 0:
                raise ValueError(
                    f"{name} is {counts.dtype} {counts.shape}; allowed is int64 (..., C), one shape for all three"
                )
        if np.any(self.intersection < 0) or np.any(self.intersection > np.minimum(self.predicted, self.labelled)):
            raise ValueError(
                "counts are not those of any pixels: an intersection is negative or exceeds predicted or labelled"
            )

    def __add__(self, other: "Counts") -> "Counts":
        if self.labelled.shape != other.labelled.shape:
            raise ValueError(f"counts of shapes {self.labelled.shape} and {other.labelled.shape} cannot be added")
        return Counts(
            self.intersection + other.intersection, self.predicted + other.predicted, self.labelled + other.labelled
        )


def no_counts(num_classes: int) -> Counts:
    """The counts of no pixel at all, where a sum begins."""
    return Counts(*np.zeros((3, num_classes), np.int64))


def class_counts(matrix: np.ndarray) -> Counts:
    """The counts in a confusion matrix, int64 (..., C, C) with row = labelled class, column = predicted class."""
    return Counts(np.diagonal(matrix, axis1=-2, axis2=-1).copy(), matrix.sum(axis=-2), matrix.sum(axis=-1))


def mapped_counts(matrix: np.ndarray, label_map: LabelMap, num_classes: int) -> Counts:
    """The counts in another label space, from the confusion matrix of the source space: no second pass over pixels.

    Args:
        matrix: int64 (..., S, S) in the source space.
        label_map: from the S source classes to the target's.
        num_classes: of the target space.

    Returns:
        Counts (..., num_classes). A pixel whose label has no target class counts nowhere. A prediction that has none,
        where the label has one, is wrong: it counts as labelled and as no class's prediction.
    """
    table = np.asarray(label_map.table)
    if matrix.shape[-2:] != (len(table), len(table)):
        raise ValueError(
            f"matrix is {matrix.shape}; the map {label_map.source} -> {label_map.target} has {len(table)} classes"
        )
    if np.any((table != IGNORE) & (table >= num_classes)):
        highest = table[table != IGNORE].max()
        raise ValueError(f"the map {label_map.source} -> {label_map.target} names class {highest} of {num_classes}")
    to_target = (table[:, None] == np.arange(num_classes)).astype(np.int64)  # (S, target), rows of IGNORE are zero
    by_label = np.swapaxes(matrix, -1, -2) @ to_target  # (..., S predicted, target labelled)
    mapped = class_counts(np.swapaxes(by_label, -1, -2) @ to_target)
    return Counts(mapped.intersection, mapped.predicted, by_label.sum(axis=-2))


def iou(counts: Counts) -> np.ndarray:
    """Intersection over union per class in points, float64 (..., C); NaN where nothing is labelled."""
    return _points(counts.intersection, counts.predicted + counts.labelled - counts.intersection, counts.labelled > 0)


def mean_iou(values: np.ndarray, supported: np.ndarray | None = None) -> np.ndarray:
    """Mean over the classes that are supported and labelled.

    Args:
        values: IoU per class in points, (..., C), NaN where nothing is labelled.
        supported: bool (..., C) or None for all.

    Returns:
        float64 (...): points; NaN where no class is left.
    """
    chosen = ~np.isnan(values) if supported is None else supported & ~np.isnan(values)
    return _points(np.where(chosen, values, 0).sum(axis=-1) / 100, chosen.sum(axis=-1), chosen.any(axis=-1))


def pixel_accuracy(counts: Counts) -> np.ndarray:
    """Share of labelled pixels predicted right, in points, float64 (...); NaN where nothing is labelled."""
    labelled = counts.labelled.sum(axis=-1)
    return _points(counts.intersection.sum(axis=-1), labelled, labelled > 0)


def frequency_weighted_iou(counts: Counts) -> np.ndarray:
    """IoU weighted by each class's share of the labelled pixels (Long et al. 2015, section 5), in points (...)."""
    labelled = counts.labelled.sum(axis=-1)
    weighted = np.where(counts.labelled > 0, iou(counts), 0) * counts.labelled
    return _points(weighted.sum(axis=-1) / 100, labelled, labelled > 0)


def _points(part: np.ndarray, whole: np.ndarray, exists: np.ndarray) -> np.ndarray:
    """100 * part / whole where it exists, NaN elsewhere."""
    ratio = np.full(np.shape(part), np.nan)
    np.divide(part, whole, out=ratio, where=exists)
    return 100 * ratio


@dataclass(frozen=True, eq=False)
class Support:
    """What the test labels of one domain can carry; decided from labels alone, the same for all units.

    Args:
        n_images, n_groups: test images of the domain, and groups among them (0 where the data set has none).
        domain: whether the domain may be ranked.
        class_images, class_groups: int64 (C,), images and groups in which each class is labelled.
        classes: bool (C,), the classes whose IoU may be compared in this domain.
    """

    n_images: int
    n_groups: int
    domain: bool
    class_images: np.ndarray
    class_groups: np.ndarray
    classes: np.ndarray


def support(labelled: np.ndarray, groups: Sequence[str] | None) -> Support:
    """Apply the design's rule: a domain with at least 50 test images; a class labelled in at least 5 images of at
    least 2 groups.

    A domain that lies within one group cannot ask for two: there the images decide alone, and the report names the
    one group.

    Args:
        labelled: (N, C), labelled pixels of each class in each test image of the domain.
        groups: the group of each image, or None where the data set has no groups.
    """
    if groups is not None and len(groups) != len(labelled):
        raise ValueError(f"{len(groups)} groups for {len(labelled)} images; each image has one")
    present = np.asarray(labelled) > 0
    class_images = present.sum(axis=0, dtype=np.int64)
    enough = class_images >= MIN_CLASS_IMAGES
    names, member = np.unique(np.asarray(groups if groups is not None else [], dtype=str), return_inverse=True)
    class_groups = np.zeros(present.shape[1], np.int64)
    for i in range(len(names)):
        class_groups += present[member == i].any(axis=0)
    if groups is not None:
        enough &= class_groups >= min(MIN_CLASS_GROUPS, len(names))
    return Support(len(present), len(names), len(present) >= MIN_DOMAIN_IMAGES, class_images, class_groups, enough)
