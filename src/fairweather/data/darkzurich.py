"""Dark Zurich: the 50 labelled night frames of its validation split."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fairweather.data.cityscapes_labels import LABELS, labels_by_suffix
from fairweather.data.dataset import Reader, ReaderCard, Sample
from fairweather.data.files import Files, is_folder, needed_root, refuse_unlabelled
from fairweather.data.pairing import matched, needed_files
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.rules import ruled

PACKAGE = "Dark_Zurich_val_anon.zip"
PART = "val/night"
HALVES = [
    f"{top}/{part}"
    for top, parts in (
        ("rgb_anon", ("train/night", "train/day", "train/twilight", "test/night", PART)),
        ("gt", (PART,)),
    )
    for part in parts
]


class DarkZurichReader(Reader):
    """Pairs the night frames of val with their labels; nothing else of it is labelled and public."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="darkzurich",
        summary="Dark Zurich: 50 labelled validation frames at night, a test set only",
        source="Sakaridis, Dai, Van Gool: Guided Curriculum Model Adaptation and Uncertainty-Aware Evaluation for Semantic"
        " Nighttime Image Segmentation, ICCV 2019",
        licence="non-commercial research; bring your own copy",
        needs=("root",),
        label_space="cityscapes19",
        official_splits=True,
        encoding="one 8-bit channel of Cityscapes train ids (*_gt_labelTrainIds.png), or of ids where only those are",
        splits=("val",),
        groups="sequence",
        domain_rule="folder: night",
        layout="rgb_anon/val/night/SEQUENCE/*_rgb_anon.png  gt/val/night/SEQUENCE/*_gt_labelTrainIds.png",
        get_it="trace.ethz.ch (GCMA/UIoU): Dark_Zurich_val_anon.zip",
        options={"labels": LABELS},
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, self.card.splits)
        images = needed_files(root, f"rgb_anon/{PART}", ("_rgb_anon.png",), PART, PACKAGE)
        labels, encoding = labels_by_suffix(root, [(f"gt/{PART}", PART)], "_gt", options["labels"], PACKAGE)
        keys, skipped = matched(root, images, labels, encoding, options.get("skip_broken") == "yes")
        samples = []
        for key in keys:
            split, folder, sequence, _ = key.split("/")
            domain, secondary = ruled("darkzurich", {"folder": folder})
            samples.append(Sample(key, split, domain, sequence, images[key], labels[key], "folder", secondary))
        return Files(name, root, tuple(samples), label_space(options["labels"]), encoding, skipped)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        return {} if any(is_folder(root / half) for half in HALVES) else None
