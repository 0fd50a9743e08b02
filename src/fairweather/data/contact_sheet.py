"""A contact sheet: what a data set looks like, at a glance."""

import textwrap
from collections.abc import Sequence

import cv2
import numpy as np

from fairweather.data.dataset import Dataset, Sample
from fairweather.errors import DataError
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED
from fairweather.vocabulary.labels import IGNORE, LabelSpace
from fairweather.vocabulary.streams import stable_hash

CAPTION = 18  # rows above a cell
GAP = 2
PAPER, INK = 255, (40, 40, 40)
FRAMES, COLUMNS, FRAME = (
    8,
    4,
    384,
)  # frames of a domain with the label laid over them, how many a row, columns of pixels each
PATCHES, PATCH = 8, (144, 192 - GAP // 2)  # patches of classes a row; rows and columns of pixels of each
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
        present = [domain for domain in (*DOMAINS, UNDEFINED) if _of(dataset, domain)]
        rows = [_in_one_domain(dataset, spread(_of(dataset, domain), scenes)) for domain in present]
    if not rows:
        raise DataError(f"{dataset.name}: no image to show")
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
    return _side_by_side(cells)


def captioned(picture: np.ndarray, caption: str) -> np.ndarray:
    """A cell: the picture below its caption, which is cut where the picture is narrow."""
    cell: np.ndarray = np.pad(picture, ((CAPTION, 0), (0, GAP), (0, 0)), constant_values=PAPER)
    room = max(picture.shape[1] // 7, 1)  # characters that fit
    text = caption if len(caption) <= room else caption[: max(room - 1, 1)] + "."
    cv2.putText(cell, text, (2, CAPTION - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.4, INK, 1, cv2.LINE_AA)
    return cell


def label_sheet(dataset: Dataset, counts: Sequence[tuple[Sample, Sequence[int]]]) -> np.ndarray:
    """(H, W, 3) uint8 RGB: a patch of every class that is there, from the image that has most of it, and eight frames of every
    domain with the label laid over them.

    Args:
        counts: the samples to choose from, each with the pixels of every class.

    Raises:
        DataError: a chosen sample cannot be read.
    """
    table = np.array([each for _, each in counts], np.int64).reshape(len(counts), dataset.label_space.num_classes)
    total = max(int(table.sum()), 1)
    patches = []
    for index in np.flatnonzero(table.sum(0)):
        sample = counts[int(table[:, index].argmax())][0]
        patches.append(_patch(dataset, sample, int(index), float(table[:, index].sum()) / total))
    absent = [name for name, n in zip(dataset.label_space.classes, table.sum(0), strict=True) if not n]
    rows = [_heading(f"{dataset.name}: {len(patches)} of {len(table[0])} classes of {dataset.label_space.name}")]
    rows += _in_rows(patches, PATCHES)
    if absent:
        rows += [_heading(line, 0.45) for line in _lines("absent: " + ", ".join(absent))]
    samples = [sample for sample, _ in counts]
    for domain in sorted({s.domain for s in samples}, key=[*DOMAINS, UNDEFINED].index):
        own = [sample for sample in samples if sample.domain == domain]
        rows.append(_heading(f"{domain}: {len(own)} images"))
        rows += _in_rows([_overlaid(dataset, sample) for sample in spread(own, FRAMES)], COLUMNS)
    return stacked(rows)


def overlay(image: np.ndarray, label: np.ndarray, space: LabelSpace) -> np.ndarray:
    """(H, W, 3) uint8 RGB: the label's colours, half transparent, over the image, with bright lines where classes meet."""
    mixed: np.ndarray = cv2.addWeighted(image, 0.5, coloured(label, space), 0.5, 0)
    mixed[label == IGNORE] = image[label == IGNORE] // 3
    edge = cv2.morphologyEx(label, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > 0
    mixed[edge] = (255, 255, 255)
    return mixed


def _patch(dataset: Dataset, sample: Sample, index: int, share: float) -> np.ndarray:
    """The surroundings of the largest piece of a class, the rest dimmed, below its colour, name and share of all pixels."""
    image, label = dataset.image(sample), dataset.label(sample)
    own = (label == index).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(own, connectivity=8)
    left, top, wide, high, _ = stats[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())]
    view = max(1.4 * high, 1.4 * wide * PATCH[0] / PATCH[1], label.shape[0] / 6)  # rows that are shown
    rows = round(min(view, label.shape[0], label.shape[1] * PATCH[0] / PATCH[1]))
    columns = round(rows * PATCH[1] / PATCH[0])
    y = int(np.clip(top + high / 2 - rows / 2, 0, label.shape[0] - rows))
    x = int(np.clip(left + wide / 2 - columns / 2, 0, max(label.shape[1] - columns, 0)))
    picture = _fitted(image[y : y + rows, x : x + columns], PATCH)
    mask = cv2.resize(own[y : y + rows, x : x + columns], PATCH[::-1], interpolation=cv2.INTER_NEAREST)
    outline, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    picture[mask == 0] //= 2
    colour = dataset.label_space.colours[index]
    cv2.drawContours(picture, outline, -1, (255, 255, 255), 1)
    cell = captioned(picture, f"     {index} {dataset.label_space.classes[index]} {100 * share:.2g}%")
    cell[3 : CAPTION - 3, 2:16] = colour
    return cell


def _overlaid(dataset: Dataset, sample: Sample) -> np.ndarray:
    image, label = dataset.image(sample), dataset.label(sample)
    size = max(round(image.shape[0] * FRAME / image.shape[1]), 1), FRAME
    small = cv2.resize(label, size[::-1], interpolation=cv2.INTER_NEAREST)
    room = FRAME // 7
    id = sample.id if len(sample.id) <= room else ".." + sample.id[-(room - 2) :]
    return captioned(overlay(_fitted(image, size), small, dataset.label_space), id)


def _fitted(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    way = cv2.INTER_AREA if image.shape[0] > size[0] else cv2.INTER_LINEAR
    fitted: np.ndarray = cv2.resize(np.ascontiguousarray(image), size[::-1], interpolation=way)
    return fitted


def _in_rows(cells: Sequence[np.ndarray], columns: int) -> list[np.ndarray]:
    return [_side_by_side(cells[start : start + columns]) for start in range(0, len(cells), columns)]


def _heading(text: str, size: float = 0.6) -> np.ndarray:
    """A line of text, in letters that OpenCV has."""
    line = np.full((26 if size > 0.5 else CAPTION, COLUMNS * (FRAME + GAP), 3), PAPER, np.uint8)
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(line, plain, (4, line.shape[0] - 7), cv2.FONT_HERSHEY_SIMPLEX, size, INK, 1, cv2.LINE_AA)
    return line


def _lines(text: str, width: int = 180) -> list[str]:
    return textwrap.wrap(text, width)


def _side_by_side(cells: Sequence[np.ndarray]) -> np.ndarray:
    height = max(cell.shape[0] for cell in cells)
    return np.concatenate(
        [np.pad(c, ((0, height - c.shape[0]), (0, 0), (0, 0)), constant_values=PAPER) for c in cells], axis=1
    )
