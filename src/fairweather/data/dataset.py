"""A data set: samples with a split, a domain and a group, and two methods that read their pixels."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from fairweather.data.decode import value_counts
from fairweather.errors import InputError, UnknownName
from fairweather.vocabulary.labels import LabelSpace
from fairweather.vocabulary.registry import Card

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class Sample:
    """One labelled image of a data set.

    Args:
        id: unique within the data set and stable across machines.
        split: the official split it belongs to.
        domain: canonical domain, or UNDEFINED.
        group: what it was filmed with (a sequence, a scene): samples of one group are not independent; "" if unknown.
        image, label: where the pixels are, relative to the root; a key for embedded data.
        origin: who says so of the domain, one of ORIGINS; "" where nobody says anything and a tagger may.
        secondary: a second condition of the image that the domain does not show (a rainy night), "" if none is known.
    """

    id: str
    split: str
    domain: str
    group: str
    image: str
    label: str
    origin: str = "attribute"
    secondary: str = ""


Stamp = tuple[int, int]  # bytes and mtime_ns of a file: what tells without reading it that it has changed


@dataclass(frozen=True)
class Read:
    """A sample as it was read once: what `Dataset.read` gives.

    Args:
        image: (H, W, 3) uint8 RGB; label: (h, w) uint8.
        counts: (256,) int64, how many pixels of the label hold each value.
        content: sha256 of what is stored for the image and for the label, of the very bytes that were decoded.
        stamps: of the two files, both None for embedded data.
    """

    image: np.ndarray
    label: np.ndarray
    counts: np.ndarray
    content: tuple[str, str]
    stamps: tuple[Stamp, Stamp] | tuple[None, None] = (None, None)


@dataclass(frozen=True)
class Option:
    """A further key that a study may give a reader.

    Args:
        default: its value where the study says nothing.
        allowed: the values there are; empty if there are too many to list.
        problem: of a value that is not listed: what is wrong with it, in a few words, or None.
        path: it names a file or folder, in a study file relative to that file.
    """

    default: str
    allowed: tuple[str, ...] = ()
    problem: Callable[[str], str | None] = lambda value: None
    path: bool = False


def _frames_problem(text: str) -> str | None:
    return None if text.isascii() and text.isdigit() else "is no number of frames; write a whole number, for example 30"


# Options of every data set on disk; `open_dataset` and the study act on them, the readers never see them.
COMMON = {
    "split": Option("official", ("official", "grouped")),
    "domains": Option("", path=True),
    "skip_broken": Option("no", ("no", "yes")),
    "close_frames": Option("30", problem=_frames_problem),  # that count as close in time; a second of most dash cameras
}


@dataclass(frozen=True)
class ReaderCard(Card):
    """A Card of a reader.

    Args:
        label_space: the space it decodes labels to.
        official_splits: its splits were drawn by the publisher, so a group on both sides is a warning, not an error.
        encoding: what a label file holds, in a few words.
        splits: the splits of the publisher that have labels; groups: what is not split between training and test.
        domain_rule: where an image's domain comes from, in a few words.
        layout: the files it expects; get_it: where a user gets them.
        options: further keys a study may give, COMMON besides.
    """

    label_space: str = ""
    official_splits: bool = False
    encoding: str = ""
    splits: tuple[str, ...] = SPLITS
    groups: str = ""
    domain_rule: str = ""
    layout: str = ""
    get_it: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)

    @property
    def all_options(self) -> Mapping[str, Option]:
        """Its own options, and those of every data set on disk if it is one."""
        return {**self.options, **COMMON} if "root" in self.needs else self.options

    def resolved(self, given: Mapping[str, object], where: str) -> dict[str, str]:
        """A value for every option: what is given, the defaults otherwise.

        Raises:
            UnknownName, InputError: a key or a value that is not allowed, with what is.
        """
        options = self.all_options
        values = {key: option.default for key, option in options.items()}
        for key, raw in given.items():
            if key not in options:
                raise UnknownName("key", key, ("reader", "root", *options), where)
            option, value = options[key], raw
            if isinstance(raw, bool):
                value = "yes" if raw else "no"
            elif isinstance(raw, int | float):  # 0.02 as YAML reads it
                value = str(raw)
            if option.allowed and value not in option.allowed:
                raise UnknownName(key, value, option.allowed, where)
            if problem := option.problem(str(value)):
                raise InputError(f"{where}.{key}: {value!r} {problem}")
            values[key] = str(value)
        return values


class Dataset(ABC):
    """An opened data set. Final subclasses are frozen dataclasses; opening checks the layout, not every pixel."""

    name: str
    samples: tuple[Sample, ...]
    label_space: LabelSpace
    skipped: tuple[str, ...] = ()  # one line for each record that was left out because the user said `skip_broken`
    notes: tuple[str, ...] = ()  # what a user should know of what was opened, a line each
    offers: ClassVar[frozenset[str]] = frozenset()  # of "depth" and "twin": which of the two methods below it answers

    @abstractmethod
    def image(self, sample: Sample) -> np.ndarray:
        """(H, W, 3) uint8 RGB, fully decoded. Raises DataError naming the file if it cannot be read whole."""

    @abstractmethod
    def label(self, sample: Sample) -> np.ndarray:
        """(H, W) uint8 class indices of `label_space`, 255 ignored. Raises DataError on any other value."""

    @abstractmethod
    def content(self, sample: Sample) -> tuple[str, str]:
        """sha256 of what is stored for the image and for the label (file bytes; pixels for embedded data)."""

    def read(self, sample: Sample) -> Read:
        """Image, label and content at once. Raises DataError as they do."""
        image, label = self.image(sample), self.label(sample)
        return Read(image, label, value_counts(label), self.content(sample))

    def stamps(self, sample: Sample) -> tuple[Stamp, Stamp] | None:
        """Of the files of the image and of the label as they are now; None for embedded data, or if one is not there."""
        return None

    def depth(self, sample: Sample) -> np.ndarray:
        """(H, W) float32 z-depth in metres, inf where there is nothing (sky); only where `offers` says "depth"."""
        raise NotImplementedError(f"{self.name} has no depth")

    def only(self, samples: Iterable[Sample]) -> Self:
        """The same data set with some of its samples."""
        return replace(self, samples=tuple(samples))  # type: ignore[type-var]  # final subclasses are dataclasses

    def twin(self, sample: Sample, domain: str, rng: np.random.Generator) -> np.ndarray:
        """(H, W, 3) uint8 RGB: the very scene of the sample in another domain, its weather drawn from `rng`; only where
        `offers` says "twin"."""
        raise NotImplementedError(f"{self.name} shows each scene in one domain")


class Reader(ABC):
    """Opens data sets of one layout. Final subclasses hold nothing."""

    card: ClassVar[ReaderCard]

    @abstractmethod
    def open(self, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]) -> Dataset:
        """The samples of those splits under `root` (None for embedded data), paired with their labels.

        Args:
            name: what the study calls this data set.
            options: a value for each of the card's options; those of COMMON may be there and are not looked at.

        Raises:
            DataError: one line, if what is there is not what the layout says.
        """

    def recognise(self, root: Path) -> Mapping[str, str] | None:
        """The options under which this reader would open the folder, told by the names of a few files; None if it is another
        layout. Raises nothing: what is half there is recognised, and `open` says what is missing."""
        return None
