"""IDD Segmentation: `leftImg8bit` and `gtFine` by split and drive, labels as polygons."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fairweather.data.cityscapes import NAME, shown_file
from fairweather.data.dataset import Reader, ReaderCard, Sample
from fairweather.data.files import Files, needed_root, refuse_unlabelled
from fairweather.data.idd_labels import ENCODING, OPTIONS, TOOL, idd_encoding
from fairweather.data.pairing import matched, needed_files
from fairweather.vocabulary.domains import UNDEFINED
from fairweather.vocabulary.labels import label_space

PACKAGE = "the package IDD Segmentation"


class IddReader(Reader):
    """Pairs every image with its polygons, or with the masks that were drawn of them."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="idd",
        summary="IDD Segmentation: roads of India, some 7000 training and 1000 validation frames",
        source="Varma et al.: IDD: A Dataset for Exploring Problems of Autonomous Navigation in Unconstrained Environments,"
        " WACV 2019",
        licence="research, registration; bring your own copy",
        needs=("root",),
        label_space="cityscapes19",
        official_splits=True,
        encoding=ENCODING,
        splits=("train", "val"),
        groups="drive",
        domain_rule="none, it has no attributes; `fairweather data tag` or a table of domains",
        layout="leftImg8bit/{train,val}/DRIVE/*_leftImg8bit.{png,jpg}  gtFine/{train,val}/DRIVE/*_gtFine_polygons.json",
        get_it="idd.insaan.iiit.ac.in (registration): IDD Segmentation",
        options=OPTIONS,
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, self.card.splits)
        encoding, masks = idd_encoding(name, options), options["masks"]
        ending = "_polygons.json" if masks == "polygons" else TOOL[masks]
        images: dict[str, str] = {}
        labels: dict[str, str] = {}
        for split in splits:
            pictures = ("_leftImg8bit.png", "_leftImg8bit.jpg")
            images |= needed_files(root, f"leftImg8bit/{split}", pictures, split, PACKAGE)
            labels |= needed_files(root, f"gtFine/{split}", (f"_gtFine{ending}",), split, PACKAGE)
        keys, skipped = matched(root, images, labels, encoding, options.get("skip_broken") == "yes")
        samples = []
        for key in keys:
            split, drive, _ = key.split("/")
            samples.append(Sample(key, split, UNDEFINED, drive, images[key], labels[key], ""))
        return Files(name, root, tuple(samples), label_space(options["labels"]), encoding, skipped)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        shown = shown_file(root)
        return {} if shown and not NAME.fullmatch(shown) else None
