"""ACDC: fog, night, rain and snow, each frame with a reference frame of the same place in fair weather."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fairweather.data.cityscapes_labels import LABELS, labels_by_suffix
from fairweather.data.dataset import Option, Reader, ReaderCard, Sample
from fairweather.data.encoding import OneChannel
from fairweather.data.files import Files, is_folder, needed_root, refuse_unlabelled
from fairweather.data.pairing import matched, needed_files
from fairweather.errors import DataError
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.rules import ruled

CONDITIONS = ("fog", "night", "rain", "snow")
PICTURES, GROUND_TRUTH = "rgb_anon_trainvaltest.zip", "gt_trainval.zip"


class AcdcReader(Reader):
    """Pairs adverse frames with their labels, and reference frames with their own."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="acdc",
        summary="ACDC: 1600 training and 406 validation frames in fog, at night, in rain and snow, and their references",
        source="Sakaridis, Dai, Van Gool: ACDC: The Adverse Conditions Dataset with Correspondences, ICCV 2021",
        licence="non-commercial research; bring your own copy",
        needs=("root",),
        label_space="cityscapes19",
        official_splits=True,
        encoding="one 8-bit channel of Cityscapes train ids (*_gt_labelTrainIds.png), or of ids where only those are",
        splits=("train", "val"),
        groups="sequence, a frame and its reference together",
        domain_rule="folder: fog, night, rain, snow; references are clear_day",
        layout="rgb_anon/{fog,night,rain,snow}/{train,val}[_ref]/SEQUENCE/*.png  gt/ alike",
        get_it="acdc.vision.ee.ethz.ch (registration): rgb_anon_trainvaltest.zip, gt_trainval.zip",
        options={"labels": LABELS, "references": Option("no", ("no", "yes"))},
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, self.card.splits)
        images: dict[str, str] = {}
        for part in _parts(splits):
            images |= needed_files(root, f"rgb_anon/{part}", ("_rgb_anon.png",), part, PICTURES)
        places = [(f"gt/{part}", part) for part in _parts(splits)]
        labels, encoding = labels_by_suffix(root, places, "_gt", options["labels"], GROUND_TRUTH)
        if options["references"] == "yes":
            more = _references(root, splits, encoding, options["labels"])
            images, labels = images | more[0], labels | more[1]
        keys, skipped = matched(root, images, labels, encoding, options.get("skip_broken") == "yes")
        samples = tuple(_sample(key, images[key], labels[key]) for key in keys)
        return Files(name, root, samples, label_space(options["labels"]), encoding, skipped)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        there = any(is_folder(root / top / name) for top in ("rgb_anon", "gt") for name in CONDITIONS)
        return {} if there else None


def _parts(splits: tuple[str, ...], suffix: str = "") -> list[str]:
    return [f"{condition}/{split}{suffix}" for split in splits for condition in CONDITIONS]


def _references(
    root: Path, splits: tuple[str, ...], held: OneChannel, read: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Images and labels by key of the reference frames that have a label of their own.

    A reference was filmed on another drive: some metres off, and with other cars. The label of the adverse frame, which one
    gets by dropping `_ref` from the name, is not its label; `gt_ref` is.
    """
    parts = [part for part in _parts(splits, "_ref") if is_folder(root / "gt" / part)]
    if not parts:
        wanted = root / "gt" / f"fog/{splits[0]}_ref"
        raise DataError(
            f"{wanted}: no such folder; labels of references come in the newer {GROUND_TRUTH}, or references: no"
        )
    places = [(f"gt/{part}", part) for part in parts]
    labels, encoding = labels_by_suffix(root, places, "_gt_ref", read, f"the newer {GROUND_TRUTH}")
    if encoding != held:
        raise DataError(
            f"{root / 'gt'}: references hold {encoding.holds}, the others {held.holds}; one data set holds one kind"
        )
    images: dict[str, str] = {}
    for part in parts:
        images |= needed_files(root, f"rgb_anon/{part}", ("_rgb_ref_anon.png",), part, PICTURES)
    return {key: path for key, path in images.items() if key in labels}, labels


def _sample(key: str, image: str, label: str) -> Sample:
    condition, part, sequence, _ = key.split("/")
    split = part.removesuffix("_ref")
    # What the folder of a reference says is the weather of the other frame, so it is no second condition of this one.
    facts = {"folder": condition} if part == split else {"reference": "yes"}
    domain, secondary = ruled("acdc", facts)
    return Sample(key, split, domain, sequence, image, label, "folder", secondary)
