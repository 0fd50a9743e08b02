"""Cityscapes: `leftImg8bit` and `gtFine` by split and city, fine labels."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fairweather.data.cityscapes_labels import LABELS, ids
from fairweather.data.dataset import Reader, ReaderCard, Sample
from fairweather.data.files import Files, is_folder, needed_root, refuse_unlabelled, some_file
from fairweather.data.pairing import matched, needed_files
from fairweather.vocabulary.domains import UNDEFINED
from fairweather.vocabulary.labels import label_space

GROUND_TRUTH = "gtFine_trainvaltest.zip"
NAME = re.compile(r"(?:.*/)?([^/]+)/\1_\d{6}_\d{6}_(?:leftImg8bit|gtFine)[_.][^/]*")


class CityscapesReader(Reader):
    """Pairs every image with its `labelIds`, the one label file of the download that holds ids."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="cityscapes",
        summary="Cityscapes, fine labels: 2975 training and 500 validation frames of 21 cities by day, fair to overcast",
        source="Cordts et al.: The Cityscapes Dataset for Semantic Urban Scene Understanding, CVPR 2016",
        licence="non-commercial research, no redistribution; bring your own copy",
        needs=("root",),
        label_space="cityscapes19",
        official_splits=True,
        encoding="one 8-bit channel of Cityscapes ids 0..33 (*_gtFine_labelIds.png)",
        splits=("train", "val"),
        groups="city",
        domain_rule="none, it has no attributes; `fairweather data tag` or a table of domains",
        layout="leftImg8bit/{train,val}/CITY/*_leftImg8bit.png  gtFine/{train,val}/CITY/*_gtFine_labelIds.png",
        get_it="cityscapes-dataset.com (registration): leftImg8bit_trainvaltest.zip, gtFine_trainvaltest.zip",
        options={"labels": LABELS},
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, self.card.splits)
        images: dict[str, str] = {}
        for split in splits:
            package = "leftImg8bit_trainvaltest.zip"
            images |= needed_files(root, f"leftImg8bit/{split}", ("_leftImg8bit.png",), split, package)
        return fine_files(name, root, images, splits, UNDEFINED, options)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        shown = shown_file(root)
        return {} if shown and NAME.fullmatch(shown) else None


def shown_file(root: Path) -> str | None:
    """A file by whose name Cityscapes and the data sets laid out alike are told apart: an image, or a label if there is no image
    of another kind that it could belong to."""
    shown = some_file(root / "leftImg8bit", "_leftImg8bit.")
    if shown or is_folder(root / "leftImg8bit_foggy"):
        return shown
    return some_file(root / "gtFine", "_gtFine_")


def fine_files(
    name: str, root: Path, images: Mapping[str, str], splits: tuple[str, ...], domain: str, options: Mapping[str, str]
) -> Files:
    """Images by `split/CITY/STEM` with the fine labels of Cityscapes under the same root."""
    labels: dict[str, str] = {}
    for split in splits:
        labels |= needed_files(root, f"gtFine/{split}", ("_gtFine_labelIds.png",), split, GROUND_TRUTH)
    encoding = ids(options["labels"])
    keys, skipped = matched(root, images, labels, encoding, options.get("skip_broken") == "yes")
    samples = []
    for key in keys:
        split, city, _ = key.split("/")
        origin = "" if domain == UNDEFINED else "attribute"
        samples.append(Sample(key, split, domain, city, images[key], labels[key], origin))
    return Files(name, root, tuple(samples), label_space(options["labels"]), encoding, skipped)
