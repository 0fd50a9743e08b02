"""Data sets on disk: samples whose images and labels are files under one root, and finding and pairing those files."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path, PosixPath
from typing import IO, Any

import numpy as np

from fairweather.data.dataset import Dataset, Read, Sample, Stamp
from fairweather.data.decode import decode_image, file_digest, image_size
from fairweather.data.encoding import Encoding
from fairweather.errors import DataError, PartMissing
from fairweather.vocabulary.labels import LabelSpace

_HEADERS = ContextVar("headers", default=True)  # whether opening compares the sizes of images and labels


@dataclass(frozen=True)
class Files(Dataset):
    """An opened data set of files.

    Args:
        encoding: what its label files hold.
        skipped: one line for each record that was left out because the user said so (`skip_broken`).
        notes: what else the reader found and a user should know, one sentence each.
    """

    name: str
    root: Path
    samples: tuple[Sample, ...]
    label_space: LabelSpace
    encoding: Encoding
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def image(self, sample: Sample) -> np.ndarray:
        return decode_image(self.root / sample.image)

    def label(self, sample: Sample) -> np.ndarray:
        return self.encoding.decode(self.root / sample.label)

    def content(self, sample: Sample) -> tuple[str, str]:
        return file_digest(self.root / sample.image), file_digest(self.root / sample.label)

    def read(self, sample: Sample) -> Read:
        image, label = Held.of(self.root / sample.image), Held.of(self.root / sample.label)
        pixels, (classes, counts) = decode_image(image), self.encoding.counted(label)
        return Read(pixels, classes, counts, (image.sha256(), label.sha256()), (image.stamp, label.stamp))

    def stamps(self, sample: Sample) -> tuple[Stamp, Stamp] | None:
        try:
            return _stamp((self.root / sample.image).stat()), _stamp((self.root / sample.label).stat())
        except OSError:  # reading it will say what is wrong
            return None


class Held(PosixPath):
    """A path together with the bytes of its file, read once: what decodes it and what hashes it see the same."""

    data: bytes
    stamp: Stamp

    @classmethod
    def of(cls, path: Path) -> "Held":
        """DataError naming the file if it cannot be read."""
        held = cls(path)
        try:
            with path.open("rb", buffering=0) as file:
                held.stamp = _stamp(os.fstat(file.fileno()))
                held.data = file.readall()
        except FileNotFoundError as error:
            raise DataError(f"{path}: no such file") from error
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
        return held

    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def open(self, mode: str = "r", *args: Any, **settings: Any) -> IO[Any]:  # type: ignore[override]
        if mode == "rb":
            return io.BytesIO(self.data)
        raise ValueError(f"{self}: held bytes are read as rb")

    def read_bytes(self) -> bytes:
        return self.data

    def read_text(self, encoding: str | None = None, *args: Any, **settings: Any) -> str:
        return self.data.decode(encoding or "utf-8")


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_size, found.st_mtime_ns


def needed_root(name: str, reader: str, root: Path | None) -> Path:
    """The root, if it is a folder; DataError otherwise."""
    if root is None:
        raise DataError(f"data set {name!r}: reader {reader} needs a root folder")
    if not root.is_dir():
        raise DataError(f"data set {name!r}: root {root} is not a folder")
    return root


def is_folder(path: Path) -> bool:
    """Whether a folder is there; False also where we may not look."""
    try:
        return path.is_dir()
    except OSError:
        return False


def needed_folder(root: Path, relative: str, package: str) -> Path:
    """A folder of the layout; PartMissing if it is not there, naming the package it comes in and a folder above or below the root
    that has it."""
    folder = root / relative
    if not folder.is_dir():
        raise PartMissing(
            f"{folder}: no such folder; it comes in {package}, unpacked in {root}{elsewhere(root, relative)}"
        )
    return folder


def elsewhere(root: Path, *relative: str) -> str:
    """What a message adds where none of some files or folders is in the root: the folder below it or above it that has one."""
    try:
        around = [*sorted(root.iterdir()), *root.absolute().parents[:2]]
    except OSError as error:
        raise DataError(f"{root}: cannot be listed: {error.strerror or error}") from error
    other = next((near for near in around if any(_is_there(near / part) for part in relative)), None)
    return f"; there is one in {other}; point at it, with all packages unpacked there" if other else ""


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def refuse_unlabelled(name: str, splits: tuple[str, ...], labelled: tuple[str, ...]) -> None:
    """DataError if a split is asked for of which the publisher gives no labels."""
    for split in splits:
        if split not in labelled:
            why = "the labels of test are withheld by" if split == "test" else f"there are no labels of {split} from"
            raise DataError(f"data set {name!r}: {why} the publisher; use {' or '.join(labelled)}")


def files_under(folder: Path, matches: Callable[[str], bool]) -> tuple[str, ...]:
    """The files under a folder whose name matches, as sorted POSIX paths relative to it. Links are followed.

    Raises:
        DataError: a link leads back to a folder above it; two paths differ in nothing but case; a folder cannot be listed.
    """
    found = sorted(_walk(folder, "", (os.path.realpath(folder),), matches))
    seen: dict[str, str] = {}
    for path in found:
        if (other := seen.setdefault(path.casefold(), path)) != path:
            raise DataError(
                f"{folder / path}: differs from {other} in case alone; on many systems one overwrites the other"
            )
    return tuple(found)


def _walk(folder: Path, prefix: str, above: tuple[str, ...], matches: Callable[[str], bool]) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise DataError(f"{folder}: cannot be listed: {error.strerror or error}") from error
    for entry in entries:
        if entry.name.startswith("."):  # what file managers and archives leave behind
            continue
        try:
            deeper = entry.is_dir()
        except OSError as error:  # a link to itself
            raise DataError(f"{entry.path}: cannot be followed: {error.strerror or error}") from error
        if deeper:
            real = os.path.realpath(entry.path) if entry.is_symlink() else f"{above[-1]}/{entry.name}"
            if real in above:
                raise DataError(f"{entry.path}: a link that leads back to {real}, a folder above it")
            yield from _walk(folder / entry.name, f"{prefix}{entry.name}/", (*above, real), matches)
        elif matches(entry.name):
            yield prefix + entry.name


def some_file(folder: Path, part: str, depth: int = 3) -> str | None:
    """Any one file under a folder with that part in its name, as a POSIX path relative to it, found without listing more than it
    must; None if there is none within `depth` folders, or it cannot be looked at."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():  # of a link too; a ring of links ends at the depth
                    found = some_file(folder / entry.name, part, depth - 1) if depth > 1 else None
                    if found:
                        return f"{entry.name}/{found}"
                elif part in entry.name and not entry.name.startswith("."):
                    return entry.name
    except OSError:  # not there, no folder, or not ours to read: nothing is recognised in it
        return None
    return None


def within(root: Path, relative: str, where: str) -> Path:
    """The path a table or record names; DataError if it leads out of the root."""
    path = root / relative
    try:
        os.fsencode(relative)
    except UnicodeEncodeError:
        raise DataError(f"{where}: {relative!r} is no name of a file") from None
    if not path.resolve().is_relative_to(root.resolve()):
        raise DataError(f"{where}: {relative} leads out of {root}; paths are relative to it and stay inside")
    return path


def inside(root: Path, relative: str, where: str) -> Path:
    """The file a table or record names; DataError if it is not there or leads out of the root."""
    path = within(root, relative, where)
    if not path.is_file():
        raise DataError(f"{where}: no file {path}")
    return path


def paired(root: Path, images: Mapping[str, str], labels: Mapping[str, str], encoding: Encoding) -> Iterator[str]:
    """The keys of images that have a label, in order.

    Args:
        images, labels: paths relative to `root`, by key.

    Raises:
        DataError: an image without a label, a label without an image, or the two differ in size by their headers.
    """
    for have, lack, found in ((images, labels, "image without a label"), (labels, images, "label without an image")):
        alone = [key for key in have if key not in lack]
        if alone:
            raise DataError(f"{root / have[alone[0]]}: {found} ({len(alone)} of {len(have)} are)")
    for key in sorted(images):
        refuse_other_size(root / images[key], root / labels[key], encoding)
        yield key


@contextmanager
def headers_unread() -> Iterator[None]:
    """Within it data sets are opened by the names of their files alone: who decodes every file afterwards, and goes on after a
    damaged one, hears of all of them and not of the first only."""
    token = _HEADERS.set(False)
    try:
        yield
    finally:
        _HEADERS.reset(token)


def refuse_other_size(image: Path, label: Path, encoding: Encoding) -> None:
    """DataError if an image and its label differ in size, by their headers alone."""
    if not _HEADERS.get():
        return
    sizes = image_size(image), encoding.size(label)
    if sizes[0] != sizes[1]:
        told = " and ".join(f"{width}x{height}" for height, width in sizes)
        raise DataError(f"{image}: image and label differ in size: {told}")
