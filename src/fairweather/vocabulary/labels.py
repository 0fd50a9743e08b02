"""Label spaces and the maps between them, read from the tables in `labels/`."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fairweather.errors import UnknownName

if TYPE_CHECKING:
    import numpy as np

IGNORE = 255


@dataclass(frozen=True)
class LabelSpace:
    """A named, ordered set of classes; a pixel holds a class index 0..C-1 or IGNORE (255).

    Args:
        name: for example "camvid11".
        classes: C class names, the index is the pixel value.
        colours: C RGB triples for pictures.
        small: names of the small-object classes, set apart in reports.
        unevaluated: names of classes the publisher does not evaluate; readers decode their pixels to IGNORE.
    """

    name: str
    classes: tuple[str, ...]
    colours: tuple[tuple[int, int, int], ...]
    small: frozenset[str]
    unevaluated: frozenset[str] = frozenset()

    @property
    def num_classes(self) -> int:
        return len(self.classes)


@dataclass(frozen=True)
class LabelMap:
    """How the classes of one space become classes of another.

    Args:
        source, target: names of the two spaces.
        table: for each source class the target index, or IGNORE where the target has no such class.
        lost: what the map merges, moves or cannot tell apart, class by class.
        dropped: names of the evaluated source classes that have no target.
    """

    source: str
    target: str
    table: tuple[int, ...]
    lost: str
    dropped: tuple[str, ...]

    def lut(self) -> "np.ndarray":
        """uint8 (256,): new value of every source pixel value; IGNORE stays IGNORE."""
        import numpy as np

        lut = np.full(256, IGNORE, np.uint8)
        lut[: len(self.table)] = self.table
        return lut


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("fairweather.vocabulary").joinpath("labels", f"{name}.csv").read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


def _tables() -> list[str]:
    folder = files("fairweather.vocabulary").joinpath("labels")
    return sorted(entry.name[:-4] for entry in folder.iterdir() if entry.name.endswith(".csv"))


def label_space_names() -> tuple[str, ...]:
    """The names of all label spaces."""
    return tuple(name for name in _tables() if "_to_" not in name)


@cache
def label_space(name: str) -> LabelSpace:
    """The label space of that name; UnknownName otherwise."""
    if name not in label_space_names():
        raise UnknownName("label space", name, label_space_names())
    rows = list(_rows(name))
    return LabelSpace(
        name,
        tuple(row["name"] for row in rows),
        tuple((int(row["r"]), int(row["g"]), int(row["b"])) for row in rows),
        frozenset(row["name"] for row in rows if row["small_object"] == "1"),
        frozenset(row["name"] for row in rows if row.get("evaluate") == "0"),
    )


@cache
def label_map(source: str, target: str) -> LabelMap:
    """The map between two label spaces; UnknownName if there is none."""
    name = f"{source}_to_{target}"
    if name not in _tables():
        raise UnknownName("label map", name, [t for t in _tables() if "_to_" in t])
    start, goal = label_space(source), label_space(target)
    rows = list(_rows(name))
    if tuple(row["source"] for row in rows) != start.classes:
        raise ValueError(f"labels/{name}.csv does not list the classes of {source} in their order")
    table, lost = [], []
    for row in rows:
        table.append(goal.classes.index(row["target"]) if row["target"] else IGNORE)
        if row["note"]:
            lost.append(f"{row['source']}: {row['note']}")
    dropped = tuple(row["source"] for row in rows if not row["target"] and row["source"] not in start.unevaluated)
    return LabelMap(source, target, tuple(table), "; ".join(lost), dropped)


def harmonised(source: str) -> LabelMap | None:
    """The map from a space to cityscapes19, the space all data sets share; None where there is none."""
    return label_map(source, "cityscapes19") if f"{source}_to_cityscapes19" in _tables() else None
