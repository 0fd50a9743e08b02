"""Mapillary Vistas, v1.2 and v2.0: palette files whose values are class indices of two unlike lists."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fairweather.data.dataset import Option, Reader, ReaderCard, Sample
from fairweather.data.encoding import Palette, table
from fairweather.data.files import (
    Files,
    elsewhere,
    is_folder,
    needed_folder,
    needed_root,
    refuse_unlabelled,
)
from fairweather.data.pairing import flat_files, matched
from fairweather.errors import DataError
from fairweather.vocabulary.domains import UNDEFINED
from fairweather.vocabulary.labels import label_space

FOLDERS = {"train": "training", "val": "validation"}
KEY = re.compile(r"[A-Za-z0-9_-]{22}")
SPACES = {"v1.2": "mapillary66", "v2.0": "mapillary124"}
# Where the labels of each version lie in a split's folder, and in which package.
LABELS = {
    "labels": ("v1.2", "the Vistas v1.x package"),
    "v1.2/labels": ("v1.2", "the Vistas v2.0 package"),
    "v2.0/labels": ("v2.0", "the Vistas v2.0 package"),
}
UNVERIFIED = "the map from mapillary124 to cityscapes19 is this project's own and checked against no published one"


class MapillaryReader(Reader):
    """Pairs images and label files of one version by their key."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="mapillary",
        summary="Mapillary Vistas: 20000 labelled street pictures of many cameras from all continents",
        source="Neuhold et al., The Mapillary Vistas dataset for semantic understanding of street scenes, ICCV 2017",
        aliases=("mapillary_vistas", "vistas"),
        licence="Mapillary Vistas Research Use License, non-commercial; bring your own copy",
        needs=("root",),
        label_space="mapillary66",
        official_splits=True,
        encoding="palette indices, the palette verified: mapillary66 in v1.2, mapillary124 in v2.0",
        splits=tuple(FOLDERS),
        groups="none in the package; near-duplicate clusters",
        domain_rule=f"none in the package: {UNDEFINED}; `fairweather data tag`",
        layout="{training,validation}/images/KEY.jpg; labels in {training,validation}/labels/KEY.png (v1.x package) or"
        " {training,validation}/{v1.2,v2.0}/labels/KEY.png (v2.0 package)",
        get_it="mapillary.com/dataset/vistas, with an account",
        options={
            "version": Option("auto", ("auto", *SPACES)),
            "labels": Option("native", ("native", "cityscapes19")),
        },
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, tuple(FOLDERS))
        for split in splits:
            needed_folder(root, f"{FOLDERS[split]}/images", "each Vistas package")
        labels, version = _labels(root, options["version"])
        written = SPACES[version]
        read = written if options["labels"] == "native" else options["labels"]
        encoding = Palette(written, table(written, read), tuple(s for s in SPACES.values() if s != written))
        pictures, masks = _found(root, splits, labels)
        keys, skipped = matched(root, pictures, masks, encoding, options.get("skip_broken") == "yes")
        samples = [Sample(key, key.partition("/")[0], UNDEFINED, "", pictures[key], masks[key], "") for key in keys]
        notes = (UNVERIFIED,) if (written, read) == ("mapillary124", "cityscapes19") else ()
        return Files(name, root, tuple(samples), label_space(read), encoding, skipped, notes)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        if not any(_has_key(root / folder / "images") for folder in FOLDERS.values()):
            return None
        versions = {LABELS[labels][0] for labels in _there(root)}
        return {"version": "v1.2"} if len(versions) > 1 else {}


def _there(root: Path) -> list[str]:
    """The folders of LABELS that at least one split has."""
    return [labels for labels in LABELS if any(is_folder(root / split / labels) for split in FOLDERS.values())]


def _labels(root: Path, wanted: str) -> tuple[str, str]:
    """The folder of the labels in each split's folder, and their version."""
    there = _there(root)
    if not there:
        ways = " nor ".join("{training,validation}/" + labels for labels in LABELS)
        hint = elsewhere(root, *(f"{split}/{labels}" for split in FOLDERS.values() for labels in LABELS))
        raise DataError(f"{root}: neither {ways} is there; they come in the Vistas packages v1.x and v2.0{hint}")
    versions = list(dict.fromkeys(LABELS[labels][0] for labels in there))
    if wanted == "auto" and len(versions) > 1:
        raise DataError(
            f"{root}: labels of {' and '.join(versions)} are there; say version: {' or version: '.join(versions)}"
        )
    version = versions[0] if wanted == "auto" else wanted
    fitting = [labels for labels in there if LABELS[labels][0] == version]
    if not fitting:
        raise DataError(f"{root}: no labels of {version}, only of {versions[0]}; v2.0 comes in the Vistas v2.0 package")
    if len(fitting) > 1:
        raise DataError(
            f"{root}: {' and '.join(fitting)} both hold labels of {version}; two packages were unpacked here, keep one"
        )
    return fitting[0], version


def _found(root: Path, splits: tuple[str, ...], labels: str) -> tuple[dict[str, str], dict[str, str]]:
    """Images and label files relative to the root, by split and key."""
    pictures: dict[str, str] = {}
    masks: dict[str, str] = {}
    for split in splits:
        folder = FOLDERS[split]
        told = "no key of Mapillary; they are 22 letters, digits, - and _"
        pictures |= flat_files(root, f"{folder}/images", ".jpg", split, "each Vistas package", KEY, told)
        masks |= flat_files(root, f"{folder}/{labels}", ".png", split, LABELS[labels][1], KEY, told)
    return pictures, masks


def _has_key(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(KEY.fullmatch(Path(entry.name).stem) and entry.name.endswith(".jpg") for entry in entries)
    except OSError:
        return False
