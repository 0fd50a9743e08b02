"""What a label file holds: declared by the reader, never guessed from pixel values, and checked at every file."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

from fairweather.data.decode import decode_colours, decode_one_channel, decode_palette, image_size, value_counts
from fairweather.errors import DataError
from fairweather.vocabulary.labels import IGNORE, LabelSpace, label_map, label_space

FARTHEST = 2.0**24  # of a coordinate: from 2**31 on, and with NaN, Pillow draws something else and says nothing
REFUSED = -1  # in a table: no label file may hold this value


class Encoding(ABC):
    """How a label file becomes class indices. Final subclasses are frozen dataclasses of plain values."""

    @abstractmethod
    def decode(self, path: Path) -> np.ndarray:
        """(H, W) uint8 class indices, IGNORE (255) where nothing is labelled or evaluated.

        Raises:
            DataError: naming the file, and the value and its count where it holds one that is not allowed.
        """

    def size(self, path: Path) -> tuple[int, int]:
        """(height, width) without decoding the pixels."""
        return image_size(path)


def table(written: str, read: str | None = None, *, ignored: tuple[int, ...] = ()) -> tuple[int, ...]:
    """What each of the 256 values of a file becomes.

    Args:
        written: the label space whose indices the file holds; read: the one it is read to (None: the same).
        ignored: further values that the publisher uses for unlabelled pixels.
    """
    space = label_space(written)
    values = [REFUSED] * 256
    if read is None or read == written:
        for index, name in enumerate(space.classes):
            values[index] = IGNORE if name in space.unevaluated else index
    else:
        values[: space.num_classes] = label_map(written, read).table
    for value in ignored:
        values[value] = IGNORE
    return tuple(values)


@dataclass(frozen=True)
class OneChannel(Encoding):
    """Numbers in one 8-bit channel.

    Args:
        holds: what the numbers are, for messages ("Cityscapes ids").
        table: what each of the 256 values becomes; REFUSED where it is not allowed.
    """

    holds: str
    table: tuple[int, ...]

    def decode(self, path: Path) -> np.ndarray:
        return _translated(path, decode_one_channel(path), self.holds, self.table)


@dataclass(frozen=True)
class Palette(Encoding):
    """Indices of a palette file, which must carry the palette of its label space.

    Args:
        written: the label space of the indices; its colours are the palette.
        others: label spaces of other versions of the data set, to be named where a file carries theirs.
    """

    written: str
    table: tuple[int, ...]
    others: tuple[str, ...] = ()

    def decode(self, path: Path) -> np.ndarray:
        indices, palette = decode_palette(path)
        space = label_space(self.written)
        if (wrong := _first_other(palette, space)) is not None:
            like = [name for name in self.others if _first_other(palette, label_space(name)) is None]
            held = tuple(int(v) for v in palette[wrong]) if wrong < len(palette) else None
            raise DataError(
                f"{path}: its palette is not that of {self.written}: index {wrong} ({space.classes[wrong]}) is {held}, declared"
                f" is {space.colours[wrong]}" + (f"; it is the palette of {like[0]}" if like else "")
            )
        return _translated(path, indices, f"palette indices of {self.written}", self.table)


@dataclass(frozen=True)
class Colours(Encoding):
    """RGB colours, each exactly that of a class; never the nearest one.

    Args:
        colours: (red, green, blue) of each class; values: what it becomes. No colour may stand for two values.
    """

    holds: str
    colours: tuple[tuple[int, int, int], ...]
    values: tuple[int, ...]

    def __post_init__(self) -> None:
        meant: dict[tuple[int, int, int], int] = {}
        for colour, value in zip(self.colours, self.values, strict=True):
            if meant.setdefault(colour, value) != value:
                raise ValueError(f"{self.holds}: {colour} stands for two classes; such labels cannot be read by colour")

    def decode(self, path: Path) -> np.ndarray:
        rgb = decode_colours(path)
        packed = (rgb[..., 0].astype(np.uint32) << 16) | (rgb[..., 1].astype(np.uint32) << 8) | rgb[..., 2]
        known, values = _packed(self.colours, self.values)
        at = np.searchsorted(known, packed).clip(max=len(known) - 1)
        unknown = known[at] != packed
        if unknown.any():
            found, counts = np.unique(packed[unknown], return_counts=True)
            worst = int(found[counts.argmax()])
            colour = (worst >> 16, worst >> 8 & 255, worst & 255)
            raise DataError(f"{path}: {counts.max()} pixels of colour {colour}, which is no class of {self.holds}")
        label: np.ndarray = values[at]
        return label


@dataclass(frozen=True)
class Polygons(Encoding):
    """A JSON file of labelled polygons, drawn as the tools of Cityscapes and IDD draw them: onto ignore, in the order of the
    list, later over earlier; deleted objects and those of fewer than three points are not drawn; `persongroup` is a person.

    Args:
        classes: what each label becomes, as (label, value).
    """

    holds: str
    classes: tuple[tuple[str, int], ...]

    def decode(self, path: Path) -> np.ndarray:
        record = _polygon_file(path)
        values, picture = dict(self.classes), Image.new("L", self._shape(record, path)[::-1], IGNORE)
        draw = ImageDraw.Draw(picture)
        for number, entry in enumerate(record["objects"]):
            value, outline = self._object(entry, values, f"{path}: objects[{number}]")
            if len(outline) > 2:
                draw.polygon(outline, fill=value)
        return np.array(picture)

    def size(self, path: Path) -> tuple[int, int]:
        return self._shape(_polygon_file(path), path)

    def _object(self, entry: Any, values: Mapping[str, int], where: str) -> tuple[int, list[tuple[float, float]]]:
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
            raise DataError(f"{where}: no label")
        if entry.get("deleted"):
            return IGNORE, []
        name = entry["label"]
        known = name if name in values else name.removesuffix("group").strip()
        if known not in values:
            raise DataError(f"{where}: unknown label {name!r}; {self.holds} are declared")
        try:
            outline = [(float(x), float(y)) for x, y in entry["polygon"]]
        except (KeyError, TypeError, ValueError):
            raise DataError(f"{where}: {name} has no polygon of number pairs") from None
        if not all(abs(x) < FARTHEST and abs(y) < FARTHEST for x, y in outline):  # NaN is not less
            raise DataError(f"{where}: {name} has a polygon with points that lie nowhere near a picture")
        return values[known], outline

    @staticmethod
    def _shape(record: Mapping[str, Any], path: Path) -> tuple[int, int]:
        height, width = record.get("imgHeight"), record.get("imgWidth")
        if not (type(height) is int and type(width) is int and height > 0 and width > 0):
            raise DataError(f"{path}: imgHeight and imgWidth are {height!r} and {width!r}")
        return height, width


def _polygon_file(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:  # JSON and UTF-8 alike; lists in lists in lists
        raise DataError(f"{path}: not JSON: {error}") from error
    if not isinstance(record, dict) or not isinstance(record.get("objects"), list):
        raise DataError(f"{path}: no list of objects")
    return record


def _translated(path: Path, values: np.ndarray, holds: str, table: tuple[int, ...]) -> np.ndarray:
    allowed, lut = _lut(table)
    counts = np.where(allowed, 0, value_counts(values))
    if counts.any():
        value = int(counts.argmax())
        raise DataError(f"{path}: {counts[value]} pixels of value {value}; allowed are {_ranges(allowed)} ({holds})")
    label: np.ndarray = cv2.LUT(values, lut)
    return label


@lru_cache(64)
def _lut(table: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    allowed = np.array(table) != REFUSED
    return allowed, np.where(allowed, table, 0).astype(np.uint8)


def _ranges(allowed: np.ndarray) -> str:
    """0..18 and 255."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], allowed, [False]]).astype(int)))
    parts = [f"{a}..{b - 1}" if b - a > 1 else str(a) for a, b in edges.reshape(-1, 2)]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


@lru_cache(16)
def _packed(colours: tuple[tuple[int, int, int], ...], values: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    known, first = np.unique([r << 16 | g << 8 | b for r, g, b in colours], return_index=True)
    return known.astype(np.uint32), np.array(values, np.uint8)[first]


def _first_other(palette: np.ndarray, space: LabelSpace) -> int | None:
    """The first index where a palette has another colour than the classes of a space."""
    declared = np.array(space.colours)
    held = np.full_like(declared, -1)
    held[: len(palette)] = palette[: len(declared)]
    other = np.flatnonzero((held != declared).any(axis=1))
    return int(other[0]) if other.size else None
