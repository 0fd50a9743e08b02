"""Whether a segmentation network still finds in the generated images what their labels say is there.

The predictions are those of a trained baseline unit, which is passed in as a function. What it finds in the sources
themselves belongs beside the number: no network finds everything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from fairweather.errors import InputError
from fairweather.scores.confusion import confusion_matrix
from fairweather.scores.metrics import class_counts, frequency_weighted_iou, iou, mean_iou, pixel_accuracy

Predict = Callable[[np.ndarray], np.ndarray]  # image (H, W, 3) uint8 RGB -> classes (H, W) uint8


@dataclass(frozen=True, eq=False)
class Consistency:
    """Counts of labels against predictions, summed over images, and the ratios read from them, in points.

    Args:
        matrix: int64 (C, C), row = labelled class, column = predicted class.
        images: how many were counted.
    """

    matrix: np.ndarray
    images: int

    @property
    def pixel_accuracy(self) -> float:
        """Share of labelled pixels predicted right; NaN where nothing is labelled."""
        return float(pixel_accuracy(class_counts(self.matrix)))

    @property
    def mean_iou(self) -> float:
        """Mean IoU of the labelled classes; NaN where nothing is labelled."""
        return float(mean_iou(iou(class_counts(self.matrix))))

    @property
    def frequency_weighted_iou(self) -> float:
        """IoU weighted by each class's share of the labelled pixels; NaN where nothing is labelled."""
        return float(frequency_weighted_iou(class_counts(self.matrix)))

    @property
    def class_iou(self) -> np.ndarray:
        """IoU of each class, float64 (C,); NaN where it is not labelled."""
        return iou(class_counts(self.matrix))


def consistency(samples: Iterable[tuple[np.ndarray, np.ndarray]], predict: Predict, num_classes: int) -> Consistency:
    """Count a network's predictions on images against the labels the images must still deserve.

    Args:
        samples: image (H, W, 3) uint8 RGB and label (H, W) uint8 with 255 ignored, read one at a time.
        predict: classes of every pixel of an image, (H, W) uint8.
        num_classes: 1 to 255.

    Raises:
        InputError: no sample; a prediction of another size or dtype; a label that is no class.
        ValueError: a prediction that is no class where there is a label.
    """
    matrix, images = np.zeros((num_classes, num_classes), np.int64), 0
    for image, label in samples:
        predicted = predict(image)
        if predicted.shape != label.shape or predicted.dtype != np.uint8:
            raise InputError(
                f"prediction of image {images} is {predicted.dtype} {predicted.shape}; allowed is uint8 {label.shape}"
            )
        matrix += confusion_matrix(label, predicted, num_classes)
        images += 1
    if not images:
        raise InputError("segmentation consistency of no images; at least one is needed")
    return Consistency(matrix, images)
