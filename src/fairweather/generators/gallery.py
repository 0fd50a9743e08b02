"""Before and after: what a generator made of a source, with the label's edges drawn in and what has changed."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from fairweather.data.contact_sheet import PAPER, captioned, coloured
from fairweather.vocabulary.labels import LabelSpace

Made = Mapping[str, np.ndarray]


def before_after(title: str, image: np.ndarray, label: np.ndarray, made: Made, space: LabelSpace) -> np.ndarray:
    """One source and what was made of it: images, then the same with label edges, then the differences.

    Args:
        title: of the source, above its picture.
        image: (H, W, 3) uint8 RGB; label: (H, W) uint8; made: target domain -> (H, W, 3) uint8 RGB.

    Returns:
        (rows, columns, 3) uint8 RGB; a column for the source and for each target domain.
    """
    edges, colours = outline(label), coloured(label, space)
    images = [captioned(image, title), *(captioned(picture, domain) for domain, picture in made.items())]
    overlaid = [_overlaid(picture, edges, colours) for picture in (image, *made.values())]
    changed = [captioned(colours, "label")]
    for picture in made.values():
        difference = picture.astype(np.int16) - image
        mean = np.abs(difference).mean()
        changed.append(captioned(np.clip(128 + difference // 2, 0, 255).astype(np.uint8), f"change, mean {mean:.0f}"))
    rows = [np.concatenate(cells, axis=1) for cells in (images, [captioned(c, "") for c in overlaid], changed)]
    return np.concatenate(rows)


def strip(cells: Sequence[tuple[np.ndarray, np.ndarray, str]], width: int = 240) -> np.ndarray:
    """Sources above, what was made of them below with its caption, side by side.

    Args:
        cells: (source, made, caption), images (H, W, 3) uint8 RGB; they are shrunk to `width` columns, never enlarged.

    Returns:
        (rows, columns, 3) uint8 RGB.
    """
    columns = []
    for source, made, caption in cells:
        before, after = (_shrunk(picture, width) for picture in (source, made))
        columns.append(np.concatenate([captioned(before, "source"), captioned(after, caption)]))
    height = max(column.shape[0] for column in columns)
    return np.concatenate(
        [np.pad(c, ((0, height - c.shape[0]), (0, 0), (0, 0)), constant_values=PAPER) for c in columns], axis=1
    )


def _shrunk(picture: np.ndarray, width: int) -> np.ndarray:
    if picture.shape[1] <= width:
        return picture
    size = (width, max(round(picture.shape[0] * width / picture.shape[1]), 1))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def outline(label: np.ndarray) -> np.ndarray:
    """bool (H, W): pixels whose right or lower neighbour has another label."""
    edges = np.zeros(label.shape, bool)
    edges[:, :-1] |= label[:, :-1] != label[:, 1:]
    edges[:-1] |= label[:-1] != label[1:]
    return edges


def _overlaid(picture: np.ndarray, edges: np.ndarray, colours: np.ndarray) -> np.ndarray:
    mixed = picture.copy()
    mixed[edges] = colours[edges] // 2 + 127
    return mixed
