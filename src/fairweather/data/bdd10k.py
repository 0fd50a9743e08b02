"""BDD10K, the semantic-segmentation part of BDD100K, in both generations of its packages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from fairweather.data.dataset import Option, Reader, ReaderCard, Sample
from fairweather.data.encoding import OneChannel, table
from fairweather.data.files import (
    Files,
    elsewhere,
    is_folder,
    needed_root,
    refuse_unlabelled,
)
from fairweather.data.pairing import flat_files, matched
from fairweather.data.records import json_records
from fairweather.errors import DataError, UnknownName
from fairweather.vocabulary.domains import UNDEFINED
from fairweather.vocabulary.labels import IGNORE, label_space
from fairweather.vocabulary.rules import ruled

SPLITS = ("train", "val")
NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}")
ENCODING = OneChannel(f"train ids of cityscapes19, {IGNORE} is ignored", table("cityscapes19", ignored=(IGNORE,)))


@dataclass(frozen=True)
class Package:
    """One generation: where images and labels lie, how a label's name ends, and what the download is called."""

    images: str
    labels: str
    ending: str
    images_in: str
    labels_in: str


PACKAGES = {
    "10k": Package(
        "images/10k",
        "labels/sem_seg/masks",
        ".png",
        'the download "10K Images"',
        'the download "Semantic Segmentation"',
    ),
    "seg": Package("seg/images", "seg/labels", "_train_id.png", "bdd100k_seg.zip", "bdd100k_seg.zip"),
}

# What an attribute record may say (labels/domain_rules.csv has the rules).
FIELDS = {
    "weather": ("rainy", "snowy", "clear", "overcast", "undefined", "partly cloudy", "foggy"),
    "timeofday": ("daytime", "night", "dawn/dusk", "undefined"),
    "scene": ("tunnel", "residential", "parking lot", "undefined", "city street", "gas stations", "highway"),
}
# The files of the 100K images, the fuller pair first; the second lacks 137 of 70,000 train records.
RECORDS = (
    ("bdd100k_labels_images_train.json", "bdd100k_labels_images_val.json"),
    ("det_20/det_train.json", "det_20/det_val.json"),
    ("det_train.json", "det_val.json"),
)
RECORDS_IN = 'the download "Labels" (bdd100k_labels_images_{train,val}.json) or "Detection 2020 Labels" (det_20/)'

# Labels that show another picture, in some of the packages (issues 103 and 127 of the publisher's repository).
KNOWN_BAD = frozenset(
    (
        "train/3d581db5-2564fb7e", "train/52e3fd10-c205dec2", "train/781756b0-61e0a182", "train/78ac84ba-07bd30c2",
        "val/80a9e37d-e4548ac1", "val/9342e334-33d167eb",
    )
)  # fmt: skip


class Bdd10kReader(Reader):
    """Pairs the images of 10K with their train-id masks and joins the attributes of the 100K images by exact name."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="bdd10k",
        summary="BDD10K: 8000 labelled dash-cam images from the United States, all hours and weathers",
        source="Yu et al., BDD100K: A diverse driving dataset for heterogeneous multitask learning, 2020",
        aliases=("bdd", "bdd100k"),
        licence="education, research and not-for-profit use; bring your own copy",
        needs=("root",),
        label_space="cityscapes19",
        official_splits=True,
        encoding=ENCODING.holds,
        splits=SPLITS,
        groups="first 8 digits of the name: the video",
        domain_rule="weather and timeofday of the 100K records by exact name; undefined without a record",
        layout="bdd100k/images/10k/{train,val}/NAME.jpg  bdd100k/labels/sem_seg/masks/{train,val}/NAME.png; or"
        " bdd100k/seg/images/{train,val}/NAME.jpg  bdd100k/seg/labels/{train,val}/NAME_train_id.png; root is bdd100k or the"
        " folder that holds it; attributes in labels/bdd100k_labels_images_{train,val}.json or"
        " labels/det_20/det_{train,val}.json, in either or beside the root",
        get_it="bdd-data.berkeley.edu, after registration: 10K Images, Semantic Segmentation, Detection 2020 Labels",
        options={
            "package": Option("auto", ("auto", *PACKAGES)),
            "attributes": Option("", path=True),
            "partly_cloudy_as": Option("clear_day", ("clear_day", "cloudy", UNDEFINED)),
            "known_bad": Option("leave_out", ("leave_out", "keep")),
        },
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, SPLITS)
        base = _base(root)
        package = PACKAGES[_package(root, base, options["package"])]
        pictures, masks = _found(base, splits, package)
        keys, unpaired = matched(base, pictures, masks, ENCODING, options.get("skip_broken") == "yes")
        notes = []
        if bad := [key for key in keys if key in KNOWN_BAD]:
            fate = "kept" if options["known_bad"] == "keep" else "left out (known_bad: keep keeps them)"
            notes.append(f"labels that are known to show another picture are {fate}: {', '.join(bad)}")
        if options["known_bad"] == "leave_out":
            keys = tuple(key for key in keys if key not in KNOWN_BAD)
        records, skipped, note = _attributes(root, base, keys, options)
        samples = [_sample(key, pictures[key], masks[key], records, options) for key in keys]
        return Files(
            name,
            base,
            tuple(samples),
            label_space(self.card.label_space),
            ENCODING,
            (*unpaired, *skipped),
            (*notes, note),
        )

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        there = _there(_base(root))
        return None if not there else {} if len(there) == 1 else {"package": there[0]}


def _base(root: Path) -> Path:
    """The folder bdd100k, given it or the folder that holds it."""
    return root / "bdd100k" if is_folder(root / "bdd100k") else root


def _there(base: Path) -> list[str]:
    """The generations of which at least images or labels are there."""
    return [
        key for key, package in PACKAGES.items() if any(is_folder(base / p) for p in (package.images, package.labels))
    ]


def _package(root: Path, base: Path, wanted: str) -> str:
    if wanted != "auto":
        return wanted
    there = _there(base)
    if not there:
        folders = [package.images for package in PACKAGES.values()]
        hint = elsewhere(root, *folders, *(f"bdd100k/{folder}" for folder in folders))
        raise DataError(
            f"{base}: neither {' nor '.join(folders)} is there; they come in {PACKAGES['10k'].images_in} and in"
            f" {PACKAGES['seg'].images_in}{hint}"
        )
    if len(there) > 1:
        raise DataError(
            f"{base}: both generations of the package are there; say package: {' or package: '.join(there)}"
        )
    return there[0]


def _found(base: Path, splits: tuple[str, ...], package: Package) -> tuple[dict[str, str], dict[str, str]]:
    """Images and labels relative to `base`, by split and name."""
    pictures: dict[str, str] = {}
    masks: dict[str, str] = {}
    for split in splits:
        for found, folder, ending, source in (
            (pictures, package.images, ".jpg", package.images_in),
            (masks, package.labels, package.ending, package.labels_in),
        ):
            told = f"no name of BDD100K; they are like 0004a4c0-d4dff0ad{ending}"
            found |= flat_files(base, f"{folder}/{split}", ending, split, source, NAME, told)
    return pictures, masks


def _sample(
    key: str, image: str, label: str, records: Mapping[str, Mapping[str, str]], options: Mapping[str, str]
) -> Sample:
    split, _, stem = key.partition("/")
    domain, secondary = ruled("bdd10k", records.get(stem, {"record": "none"}), options)
    origin = (
        "attribute" if stem in records else ""
    )  # a tunnel is undefined because a record says so; no tagger is asked
    return Sample(key, split, domain, stem[:8], image, label, origin, secondary)


def _attributes(
    root: Path, base: Path, keys: Sequence[str], options: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], tuple[str, ...], str]:
    """The records of the wanted images by name, a line for each broken record that was left out, and a note on the match."""
    wanted = {key.partition("/")[2] for key in keys}
    files = _record_files(root, base, options["attributes"])
    if files is None:
        note = f"no attribute records, so every domain is {UNDEFINED}; they come in {RECORDS_IN}, unpacked in {base}"
        return {}, (), f"{note}; option attributes names their folder, `fairweather data tag` looks at the pictures"
    records: dict[str, dict[str, str]] = {}
    skipped = []
    for path in files:
        for number, record in enumerate(json_records(path), 1):
            try:
                _take(record, f"{path} record {number}", wanted, records)
            except (DataError, UnknownName) as error:
                if options.get("skip_broken") != "yes":
                    raise
                skipped.append(str(error))
    share = len(records) / len(wanted) if wanted else 0.0
    note = f"{len(records)} of {len(wanted)} images ({share:.1%}) have an attribute record in {files[0]} or {files[1].name}"
    return records, tuple(skipped), f"{note}; 60 to 70 % is usual, the domain of the others is {UNDEFINED}"


def _record_files(root: Path, base: Path, given: str) -> tuple[Path, Path] | None:
    """The train and the val file: an image of 10K train may be one of 100K val. None if there is neither."""
    near = (base, base.parent, root.parent)
    folders = [Path(given)] if given else list(dict.fromkeys(folder / "labels" for folder in near))
    pairs = [(folder / train, folder / val) for folder in folders for train, val in RECORDS]
    there = [[path.is_file() for path in pair] for pair in pairs]
    if [True, True] in there:
        return pairs[there.index([True, True])]
    for pair, (train, val) in zip(pairs, there, strict=True):
        if train or val:
            have, lack = pair if train else pair[::-1]
            raise DataError(
                f"{lack}: no such file, though {have.name} is there; both are read, they come in one download"
            )
    if given:
        raise DataError(f"attributes: {given} holds neither {' nor '.join(' and '.join(pair) for pair in RECORDS)}")
    return None


def _take(record: Any, where: str, wanted: set[str], records: dict[str, dict[str, str]]) -> None:
    if not isinstance(record, dict) or not isinstance(record.get("name"), str) or not record["name"]:
        raise DataError(f"{where}: it has no name")
    stem = record["name"].removesuffix(".jpg")
    where, attributes = f"{where} ({stem!r})", record.get("attributes")
    if not isinstance(attributes, dict):
        raise DataError(f"{where}: attributes are of type {type(attributes).__name__}, not an object")
    for key, known in FIELDS.items():
        if attributes.get(key) not in known:
            raise UnknownName(key, attributes.get(key), known, where)
    if stem in wanted:
        facts = {key: attributes[key] for key in FIELDS}
        if records.setdefault(stem, facts) != facts:
            raise DataError(f"{where}: another record says {records[stem]}, this one {facts}")
