"""The published layouts in miniature, written from Fairtown scenes: names, folders and encodings as in the originals.

Each file here writes one layout and says how it is opened; `layouts` finds them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
from PIL import Image

from fairweather.data import READERS
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.labels import IGNORE, label_map, label_space

SIZE = "96x64"
BONNET = 4  # pixels at the lower edge that are ignored
GROUPS = 2  # scenes of each domain in each split, each of another group


@dataclass(frozen=True)
class Scene:
    """A frame of Fairtown: image (H, W, 3) uint8 RGB, label (H, W) uint8 of cityscapes19 with 255, split train or val."""

    number: int
    image: np.ndarray
    label: np.ndarray
    domain: str
    group: int
    split: str


@dataclass(frozen=True)
class Layout:
    """One layout in miniature.

    Args:
        reader: the reader it is for.
        write: fills an existing, empty folder with (some of) the scenes.
        options: reader options under which it opens.
        splits: the labelled splits it has.
    """

    reader: str
    write: Callable[[Path, Sequence[Scene]], None]
    options: Mapping[str, str] = field(default_factory=dict)
    splits: tuple[str, ...] = ("train", "val")


@cache
def scenes() -> tuple[Scene, ...]:
    """GROUPS scenes of every domain in every split, numbered through."""
    reader = READERS["fairtown"]
    options = reader.card.resolved({"town": "north", "size": SIZE}, "layouts")
    found: list[Scene] = []
    for split, source in (("train", "train"), ("val", "test")):
        town = reader.open("town", None, (source,), options)
        for domain in DOMAINS:
            firsts = {sample.group: sample for sample in town.samples if sample.domain == domain}
            for group, sample in enumerate(list(firsts.values())[:GROUPS]):
                image, label = town.image(sample), town.label(sample).copy()
                label[-BONNET:, BONNET:-BONNET] = 255  # of the car that films, which published labels ignore
                found.append(Scene(len(found), image, label, domain, group, split))
    return tuple(found)


def save(pixels: np.ndarray | Image.Image, path: Path) -> None:
    """An image file at a path whose folders may not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    picture.save(path, **({"quality": 95} if path.suffix == ".jpg" else {}))


def inverse(space: str, ignored: int) -> np.ndarray:
    """uint8 (256,): for each class of cityscapes19 a class of the space that maps to it, of the same name if there is one;
    `ignored` where there is none."""
    classes, targets = label_space(space).classes, label_space("cityscapes19").classes
    lut = np.full(256, ignored, np.uint8)
    for index, target in reversed(list(enumerate(label_map(space, "cityscapes19").table))):
        if target != IGNORE and (lut[target] == ignored or classes[lut[target]].casefold() != targets[target]):
            lut[target] = index
    return lut


def layouts() -> dict[str, Layout]:
    """The layouts by the name of their file."""
    names = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
    return {name: import_module(f"{__name__}.{name}").LAYOUT for name in names}
