"""The ordinary layout: a folder with images, labels and a table that names them; read, and written from any data set."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import ClassVar

from PIL import Image

from fairweather.data.dataset import SPLITS, Dataset, Option, Reader, ReaderCard, Sample
from fairweather.data.encoding import OneChannel, table
from fairweather.data.files import Files, inside, needed_root, refuse_other_size, within
from fairweather.data.frames import frame_rows, header
from fairweather.errors import DataError, UnknownName
from fairweather.vocabulary.domains import ORIGINS, UNDEFINED, canonical_domain
from fairweather.vocabulary.labels import IGNORE, harmonised, label_space, label_space_names

TABLE = "frames.csv"
COLUMNS = ("image", "label", "split", "domain", "group")
OPTIONAL = ("origin", "secondary")  # who says so of the domain, and a second condition; written always


class FolderReader(Reader):
    """Reads `frames.csv` and the files it names."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="folder",
        summary="any images and labels, named by a table; what `fairweather data index` writes",
        source="fairweather",
        needs=("root",),
        label_space="cityscapes19",
        encoding=f"one 8-bit channel of class indices, {IGNORE} ignored",
        groups="the column group",
        domain_rule="the column domain",
        layout="frames.csv with columns image,label,split,domain,group; 8-bit RGB images, one-channel PNG labels",
        get_it="your own data, or: fairweather data index fairtown:north --out DIR",
        options={
            "label_space": Option("cityscapes19", label_space_names()),
            "labels": Option("native", ("native", "cityscapes19")),
        },
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        frames, space = root / TABLE, options["label_space"]
        if not frames.is_file():
            raise DataError(f"{frames}: missing; it names each frame's {', '.join(COLUMNS)}")
        read = space if options.get("labels", "native") == "native" else options["labels"]
        if read != space and harmonised(space) is None:
            raise DataError(f"data set {name!r}: labels: {space} has no map to {read}; write native")
        encoding = OneChannel(f"classes of {space}, {IGNORE} is ignored", table(space, read, ignored=(IGNORE,)))
        samples, seen, skipped = [], set(), []
        for line, row in frame_rows(frames, COLUMNS):
            where = f"{frames} line {line}"
            if row["split"] not in SPLITS:
                raise UnknownName("split", row["split"], SPLITS, where)
            domain = UNDEFINED if row["domain"] == UNDEFINED else canonical_domain(row["domain"], where)
            origin = "" if domain == UNDEFINED else row.get("origin", "attribute")
            if origin not in ("", *ORIGINS):
                raise UnknownName("origin", origin, ORIGINS, where)
            if ".." in PurePosixPath(row["image"]).parts:
                raise DataError(f"{where}: {row['image']} leads up; write the path of the image itself")
            if row["image"] in seen:
                raise DataError(f"{where}: image {row['image']} is listed twice")
            seen.add(row["image"])
            if row["split"] in splits:
                for path in (row["image"], row["label"]):
                    within(root, path, where)  # refused whatever may be skipped
                try:
                    refuse_other_size(inside(root, row["image"], where), inside(root, row["label"], where), encoding)
                except DataError as error:
                    if options.get("skip_broken") != "yes":
                        raise
                    skipped.append(str(error))
                    continue
                id = Path(row["image"]).with_suffix("").as_posix()
                said = row["image"], row["label"], origin, row.get("secondary", "")
                samples.append(Sample(id, row["split"], domain, row["group"], *said))
        if not seen:
            raise DataError(f"{frames}: it names no image")
        return Files(name, root, tuple(samples), label_space(read), encoding, tuple(skipped))

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        return {} if header(root / TABLE, COLUMNS) else None


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
        rows.append((image, label, sample.split, sample.domain, sample.group, sample.origin, sample.secondary))
        tick()
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines, lineterminator="\n").writerows([(*COLUMNS, *OPTIONAL), *rows])
