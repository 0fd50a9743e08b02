"""Foggy Cityscapes: the frames of Cityscapes with simulated fog of three densities; labels of Cityscapes."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fairweather.data.cityscapes import fine_files
from fairweather.data.cityscapes_labels import LABELS
from fairweather.data.dataset import Option, Reader, ReaderCard
from fairweather.data.files import Files, is_folder, needed_root, refuse_unlabelled
from fairweather.data.pairing import needed_files
from fairweather.vocabulary.rules import ruled

IMAGES = "leftImg8bit_foggy"


class FoggyCityscapesReader(Reader):
    """Reads one density: with all three, every scene would count three times."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="foggy_cityscapes",
        summary="Foggy Cityscapes: Cityscapes with simulated fog of one density; report it apart from real fog",
        source="Sakaridis, Dai, Van Gool: Semantic Foggy Scene Understanding with Synthetic Data, IJCV 2018",
        licence="as Cityscapes: non-commercial research, no redistribution; bring your own copy",
        needs=("root",),
        label_space="cityscapes19",
        official_splits=True,
        encoding="one 8-bit channel of Cityscapes ids 0..33 (*_gtFine_labelIds.png)",
        splits=("train", "val"),
        groups="city",
        domain_rule="foggy, all of it; synthetic",
        layout="leftImg8bit_foggy/{train,val}/CITY/*_foggy_beta_BETA.png  gtFine/{train,val}/CITY/*_gtFine_labelIds.png",
        get_it="cityscapes-dataset.com (registration): leftImg8bit_trainvaltest_foggy.zip, gtFine_trainvaltest.zip",
        options={"beta": Option("0.02", ("0.005", "0.01", "0.02")), "labels": LABELS},
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        refuse_unlabelled(name, splits, self.card.splits)
        suffix, images = f"_leftImg8bit_foggy_beta_{options['beta']}.png", dict[str, str]()
        for split in splits:
            images |= needed_files(root, f"{IMAGES}/{split}", (suffix,), split, "leftImg8bit_trainvaltest_foggy.zip")
        domain, _ = ruled("foggy_cityscapes", {})
        return fine_files(name, root, images, splits, domain, options)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        return {} if is_folder(root / IMAGES) else None
