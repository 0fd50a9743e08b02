"""IDD-AW: fog, low light, rain and snow on roads of India; pairs of colour and near-infrared images, of which colour is read."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fairweather.data.dataset import Reader, ReaderCard, Sample
from fairweather.data.files import Files, is_folder, needed_folder, needed_root, refuse_unlabelled
from fairweather.data.idd_labels import ENCODING, OPTIONS, TOOL, idd_encoding
from fairweather.data.pairing import keyed, matched, needed_files
from fairweather.errors import DataError
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.rules import ruled

WEATHERS = ("FOG", "LOWLIGHT", "RAIN", "SNOW")
SPLITS = ("train", "val")
PACKAGE = "the package IDD-AW (folder IDDAW)"


class IddAwReader(Reader):
    """Pairs every colour image with its polygons, or with the masks that were drawn of them."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="iddaw",
        summary="IDD-AW: roads of India in fog, low light, rain and snow; no fair weather",
        source="Shaik et al.: IDD-AW: A Benchmark for Safe and Robust Segmentation of Drive Scenes in Unstructured Traffic and"
        " Adverse Weather, WACV 2024",
        licence="research, registration; bring your own copy",
        needs=("root",),
        label_space="cityscapes19",
        official_splits=True,
        encoding=ENCODING,
        splits=SPLITS,
        groups="weather and sequence",
        domain_rule="folder: FOG, LOWLIGHT (night, some dusk in it), RAIN, SNOW",
        layout="{train,val}/{FOG,LOWLIGHT,RAIN,SNOW}/{rgb,gtSeg}/SEQUENCE/*_{rgb.png,mask.json}",
        get_it="idd.insaan.iiit.ac.in (registration), or Furqan7007/IDDAW_OFFICIAL on Hugging Face",
        options=OPTIONS,
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, self.card.splits)
        encoding = idd_encoding(name, options)
        parts = [f"{split}/{weather}" for split in splits for weather in WEATHERS]
        images: dict[str, str] = {}
        for part in parts:
            images |= needed_files(root, f"{part}/rgb", ("_rgb.png",), part, PACKAGE)
        labels = _polygons(root, parts) if options["masks"] == "polygons" else _masks(root, parts, options["masks"])
        keys, skipped = matched(root, images, labels, encoding, options.get("skip_broken") == "yes")
        samples = tuple(_sample(key, images[key], labels[key]) for key in keys)
        return Files(name, root, samples, label_space(options["labels"]), encoding, skipped)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        there = any(is_folder(root / split / weather) for split in SPLITS for weather in WEATHERS)
        return {} if there else None


def _polygons(root: Path, parts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        there = needed_folder(root, f"{part}/gtSeg", PACKAGE)
        polygons = keyed(root, f"{part}/gtSeg", ("_mask.json",), part)
        if not polygons:
            raise DataError(
                f"{there}: no file *_mask.json in it; they come in {PACKAGE}; for drawn masks say masks:"
                " ids, level3 or trainids, whichever they hold"
            )
        found |= polygons
    return found


def _masks(root: Path, parts: list[str], masks: str) -> dict[str, str]:
    """The drawn masks, all of one kind: in gtSegPNG or gtSeg, with the ending of the publisher's tool or `_mask.png`."""
    for folder in ("gtSegPNG", "gtSeg"):
        for ending in (TOOL[masks], "_mask.png"):
            found: dict[str, str] = {}
            for part in parts:
                if is_folder(root / part / folder):
                    found |= keyed(root, f"{part}/{folder}", (ending,), part)
            if found:
                return found
    raise DataError(
        f"{root / parts[0]}: no mask *{TOOL[masks]} or *_mask.png in gtSegPNG or gtSeg; draw them, or say masks: polygons"
    )


def _sample(key: str, image: str, label: str) -> Sample:
    split, weather, sequence, _ = key.split("/")
    domain, secondary = ruled("iddaw", {"folder": weather})
    # Frame numbers repeat between sequences and sequences between weathers, so the key holds all three.
    return Sample(key, split, domain, f"{weather}/{sequence}", image, label, "folder", secondary)
