"""The ordinary layout: a folder with images, labels and a table that names them; read, and written from any data set."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from PIL import Image

from fairweather.data.dataset import SPLITS, Dataset, Option, Reader, ReaderCard, Sample
from fairweather.data.decode import decode_image, decode_one_channel, file_digest, refuse_other_size, refuse_values
from fairweather.data.frames import frame_rows
from fairweather.errors import DataError, UnknownName
from fairweather.vocabulary.domains import canonical_domain
from fairweather.vocabulary.labels import IGNORE, LabelSpace, label_space, label_space_names

TABLE = "frames.csv"
COLUMNS = ("image", "label", "split", "domain", "group")


@dataclass(frozen=True)
class Folder(Dataset):
    """An opened folder in the ordinary layout."""

    name: str
    root: Path
    samples: tuple[Sample, ...]
    label_space: LabelSpace

    def image(self, sample: Sample) -> np.ndarray:
        return decode_image(self.root / sample.image)

    def label(self, sample: Sample) -> np.ndarray:
        path, classes = self.root / sample.label, self.label_space.num_classes
        label = decode_one_channel(path)
        allowed = f"0..{classes - 1} ({self.label_space.name}) and {IGNORE} (ignored)"
        refuse_values(path, label, classes, IGNORE, allowed)
        return label

    def content(self, sample: Sample) -> tuple[str, str]:
        return file_digest(self.root / sample.image), file_digest(self.root / sample.label)


class FolderReader(Reader):
    """Reads `frames.csv` and the files it names."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="folder",
        summary="any images and labels, named by a table; what `fairweather data index` writes",
        source="fairweather",
        needs=("root",),
        label_space="cityscapes19",
        layout="frames.csv with columns image,label,split,domain,group; 8-bit RGB images, one-channel PNG labels",
        get_it="your own data, or: fairweather data index fairtown:north --out DIR",
        options={"label_space": Option("cityscapes19", label_space_names())},
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Folder:
        if root is None:
            raise DataError(f"data set {name!r}: reader folder needs a root folder")
        table = root / TABLE
        if not table.is_file():
            raise DataError(f"{table}: missing; it names each frame's {', '.join(COLUMNS)}")
        samples, seen = [], set()
        for line, row in frame_rows(table, COLUMNS):
            where = f"{table} line {line}"
            if row["split"] not in SPLITS:
                raise UnknownName("split", row["split"], SPLITS, where)
            domain = canonical_domain(row["domain"], where)
            if row["image"] in seen:
                raise DataError(f"{where}: image {row['image']} is listed twice")
            seen.add(row["image"])
            if row["split"] in splits:
                image, label = _inside(root, row["image"], where), _inside(root, row["label"], where)
                refuse_other_size(image, label)
                id = Path(row["image"]).with_suffix("").as_posix()
                samples.append(Sample(id, row["split"], domain, row["group"], row["image"], row["label"]))
        return Folder(name, root, tuple(samples), label_space(options["label_space"]))


def _inside(root: Path, relative: str, where: str) -> Path:
    path = root / relative
    if not path.resolve().is_relative_to(root.resolve()):
        raise DataError(f"{where}: {relative} leads out of {root}; paths are relative to it and stay inside")
    if not path.is_file():
        raise DataError(f"{where}: no file {path}")
    return path


def write_folder(dataset: Dataset, folder: Path, tick: Callable[[], object] = lambda: None) -> None:
    """Write every sample into an existing, empty folder in the ordinary layout; PNG, so that the pixels are the same.

    Args:
        tick: called after each sample.

    Raises:
        DataError: a sample cannot be read.
    """
    rows = []
    for sample in dataset.samples:
        image, label = (f"{kind}/{sample.id}.png" for kind in ("images", "labels"))
        for file, pixels in ((image, dataset.image(sample)), (label, dataset.label(sample))):
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(path, "PNG", compress_level=1)
        rows.append((image, label, sample.split, sample.domain, sample.group))
        tick()
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines, lineterminator="\n").writerows([COLUMNS, *rows])
