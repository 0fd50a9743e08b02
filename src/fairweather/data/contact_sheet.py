"""A contact sheet: what a data set looks like, at a glance."""

from collections.abc import Sequence

import cv2
import numpy as np

from fairweather.data.dataset import Dataset, Sample
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.labels import LabelSpace
from fairweather.vocabulary.streams import stable_hash

CAPTION = 18  # rows above a cell
GAP = 2
PAPER, INK = 255, (40, 40, 40)
FAR = 150.0  # metres; what is farther is drawn as far as that


def contact_sheet(dataset: Dataset, scenes: int) -> np.ndarray:
    """(H, W, 3) uint8 RGB: where the data set has twins, one row per scene with all seven domains, label and depth; else one
    row per domain with image and label by turns.

    Args:
        scenes: how many scenes, or images of each domain, at most; from different groups as far as they go.
    """
    if "twin" in dataset.offers:
        rows = [_in_every_domain(dataset, sample) for sample in spread(_of(dataset, "clear_day"), scenes)]
    else:
        present = [domain for domain in DOMAINS if _of(dataset, domain)]
        rows = [_in_one_domain(dataset, spread(_of(dataset, domain), scenes)) for domain in present]
    return stacked(rows)


def stacked(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Rows of cells one below the other, the shorter ones filled up with paper."""
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, GAP), (0, width - row.shape[1]), (0, 0)), constant_values=PAPER) for row in rows]
    return np.concatenate(padded)


def spread(samples: Sequence[Sample], count: int) -> list[Sample]:
    """At most `count` samples, one from each of evenly spaced groups while there are enough groups."""
    firsts = list({sample.group: sample for sample in reversed(samples)}.values())[::-1]
    pool = firsts if len(firsts) >= count else list(samples)
    return [pool[k * len(pool) // count] for k in range(count)] if len(pool) > count else pool


def coloured(label: np.ndarray, space: LabelSpace) -> np.ndarray:
    """(H, W, 3) uint8 RGB of a label map; ignored pixels are black."""
    table = np.zeros((256, 3), np.uint8)
    table[: space.num_classes] = space.colours
    picture: np.ndarray = table[label]
    return picture


def shaded(depth: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 RGB of a depth map: near is yellow, far is dark, by the logarithm of metres."""
    near = np.log(np.clip(depth, 2.0, FAR) / 2.0) / np.log(FAR / 2.0)
    colours = cv2.applyColorMap((255 * (1 - near)).astype(np.uint8), cv2.COLORMAP_VIRIDIS)
    return np.ascontiguousarray(colours[..., ::-1])


def _of(dataset: Dataset, domain: str) -> list[Sample]:
    return [sample for sample in dataset.samples if sample.domain == domain]


def _in_every_domain(dataset: Dataset, sample: Sample) -> np.ndarray:
    cells = []
    for domain in DOMAINS:
        rng = np.random.Generator(np.random.Philox(stable_hash("contact sheet", sample.id, domain)))
        own = domain == sample.domain
        cells.append(captioned(dataset.image(sample) if own else dataset.twin(sample, domain, rng), domain))
    cells.append(captioned(coloured(dataset.label(sample), dataset.label_space), f"label of {sample.id}"))
    if "depth" in dataset.offers:
        cells.append(captioned(shaded(dataset.depth(sample)), f"depth, 2 to {FAR:g} m"))
    return np.concatenate(cells, axis=1)


def _in_one_domain(dataset: Dataset, samples: Sequence[Sample]) -> np.ndarray:
    cells = []
    for sample in samples:
        cells.append(captioned(dataset.image(sample), f"{sample.domain}: {sample.id}"))
        cells.append(captioned(coloured(dataset.label(sample), dataset.label_space), "label"))
    height = max(cell.shape[0] for cell in cells)
    return np.concatenate(
        [np.pad(c, ((0, height - c.shape[0]), (0, 0), (0, 0)), constant_values=PAPER) for c in cells], axis=1
    )


def captioned(picture: np.ndarray, caption: str) -> np.ndarray:
    """A cell: the picture below its caption, which is cut where the picture is narrow."""
    cell: np.ndarray = np.pad(picture, ((CAPTION, 0), (0, GAP), (0, 0)), constant_values=PAPER)
    room = max(picture.shape[1] // 7, 1)  # characters that fit
    text = caption if len(caption) <= room else caption[: max(room - 1, 1)] + "."
    cv2.putText(cell, text, (2, CAPTION - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.4, INK, 1, cv2.LINE_AA)
    return cell
