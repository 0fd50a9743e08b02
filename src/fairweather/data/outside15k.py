"""OUTSIDE15k: list files that name images of ADE20K and Cityscapes and their labels of 24 classes."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import ClassVar, TypeVar

from fairweather.data.dataset import Option, Reader, ReaderCard, Sample
from fairweather.data.decode import image_size
from fairweather.data.encoding import OneChannel, table
from fairweather.data.files import Files, elsewhere, inside, needed_root, refuse_other_size, within
from fairweather.errors import DataError, PartMissing
from fairweather.vocabulary.domains import UNDEFINED
from fairweather.vocabulary.labels import label_space

SPLITS = ("train", "val")
SPACE = "outside24"
CITYSCAPES = re.compile(r"([a-z-]+)_\d{6}_\d{6}.*")  # aachen_000000_000019_leftImg8bit
VAL_CITIES = ("frankfurt", "lindau", "munster")
LOSSY = (
    "the map from outside24 to cityscapes19 is unverified and lossy: wall, fence, rider, car, truck, bus, train and motorcycle"
    " never occur, riders are persons, bicycles of Cityscapes frames are ignored as vehicles"
)


Made = TypeVar("Made")


@dataclass(frozen=True)
class Entry:
    """One line of a list file; paths as written, relative to the root."""

    image: str
    label: str
    size: tuple[int, int]  # (height, width)


class Outside15kReader(Reader):
    """Reads the list of each split and checks every file it names."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="outside15k",
        summary="OUTSIDE15k: outdoor pictures of ADE20K and Cityscapes with 24 classes of their own",
        source="Gerhardt, Weidner, Broll: OutsideNet, IEEE MMSP 2021",
        aliases=("outside15", "outside"),
        licence="as ADE20K (research) and Cityscapes (non-commercial); bring your own copy",
        needs=("root",),
        label_space=SPACE,
        official_splits=True,
        encoding="one 8-bit channel of values 0..23, 0 is unlabeled and ignored",
        splits=SPLITS,
        groups="city of Cityscapes frames; near-duplicate clusters for ADE20K",
        domain_rule=f"none in the lists: {UNDEFINED}; `fairweather data tag`",
        layout="outside15k_{train,val}.odgt, one JSON object a line with fpath_img, fpath_segm (relative to the root), width,"
        " height; options train_list and val_list give the lists other names",
        get_it="no public download; ask the authors (TU Ilmenau)",
        options={
            "train_list": Option("outside15k_train.odgt"),
            "val_list": Option("outside15k_val.odgt"),
            "labels": Option(SPACE, (SPACE, "cityscapes19")),
        },
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        if unknown := [split for split in splits if split not in SPLITS]:
            raise DataError(f"data set {name!r}: there is no list of {unknown[0]}; use {' or '.join(SPLITS)}")
        space = options["labels"]
        encoding = OneChannel(f"classes of {SPACE}, 0 is unlabeled", table(SPACE, space))
        samples: dict[str, Sample] = {}
        skipped: list[str] = []
        kept = partial(_unless_broken, skipped if options.get("skip_broken") == "yes" else None)
        for split in splits:
            for where, line in _lines(_list_file(root, split, options)):
                entry = kept(partial(_entry, line, where))
                for path in (entry.image, entry.label) if entry else ():
                    within(root, path, where)  # refused whatever may be skipped
                sample = kept(partial(_sample, entry, split, root, where, encoding)) if entry else None
                if sample and sample.id in samples:
                    raise DataError(f"{where}: {sample.id} is listed twice")
                if sample:
                    samples[sample.id] = sample
        if skipped and not samples:
            raise DataError(f"{root}: all {len(skipped)} lines are broken, the first: {skipped[0]}")
        notes = (_cityscapes(tuple(samples.values())), *((LOSSY,) if space != SPACE else ()))
        found = tuple(samples[id] for id in sorted(samples))
        return Files(name, root, found, label_space(space), encoding, tuple(skipped), notes)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        defaults = (self.card.options[f"{split}_list"].default for split in SPLITS)
        try:
            return {} if any((root / name).is_file() for name in defaults) else None
        except OSError:  # not ours to look at
            return None


def _list_file(root: Path, split: str, options: Mapping[str, str]) -> Path:
    key = f"{split}_list"
    path = root / options[key]
    if not path.is_file():
        raise PartMissing(
            f"{path}: no such file; it lists the {split} images, option {key} gives it another name"
            f"{elsewhere(root, options[key])}"
        )
    return inside(root, options[key], f"option {key}")


def _unless_broken(skipped: list[str] | None, make: Callable[[], Made]) -> Made | None:
    """What `make` makes; where it raises DataError, None and a line in `skipped`, if there is such a list."""
    try:
        return make()
    except DataError as error:
        if skipped is None:
            raise
        skipped.append(str(error))
        return None


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text") from error
    found = [(f"{path} line {number}", line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise DataError(f"{path}: lists no image")
    yield from found


def _entry(line: str, where: str) -> Entry:
    """What a line says; DataError if the record is broken."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:  # lists in lists in lists
        raise DataError(f"{where}: not JSON: {error}") from None
    if not isinstance(record, dict):
        raise DataError(f"{where}: not a JSON object")
    for key in ("fpath_img", "fpath_segm"):
        if not isinstance(record.get(key), str) or not record[key] or "\0" in record[key]:
            raise DataError(f"{where}: {key} is {record.get(key)!r}, not a path")
    for key in ("width", "height"):
        if not isinstance(record.get(key), int) or record[key] < 1:
            raise DataError(f"{where}: {key} is {record.get(key)!r}, not a number of pixels")
    return Entry(record["fpath_img"], record["fpath_segm"], (record["height"], record["width"]))


def _sample(entry: Entry, split: str, root: Path, where: str, encoding: OneChannel) -> Sample:
    image, label = inside(root, entry.image, where), inside(root, entry.label, where)
    if (held := image_size(image)) != entry.size:
        said, is_ = (f"{width}x{height}" for height, width in (entry.size, held))
        raise DataError(f"{where}: says {said}, {image} is {is_}")
    refuse_other_size(image, label, encoding)
    path = PurePosixPath(entry.image)
    city = CITYSCAPES.fullmatch(path.stem)
    return Sample(
        path.with_suffix("").as_posix(), split, UNDEFINED, city[1] if city else "", str(path), entry.label, ""
    )


def _cityscapes(samples: tuple[Sample, ...]) -> str:
    cities = Counter(sample.group for sample in samples if sample.group)
    if not cities:
        return "no Cityscapes frame is inside, by name"
    told = ", ".join(f"{city} {count}" for city, count in sorted(cities.items()))
    val = [city for city in VAL_CITIES if city in cities]
    inside_val = (
        f"{', '.join(val)} of Cityscapes val inside: no test there" if val else "no city of Cityscapes val inside"
    )
    return f"{cities.total()} of {len(samples)} images are Cityscapes frames ({told}); {inside_val}"
