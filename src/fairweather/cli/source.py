"""Which data set a user means: by NAME, PATH or READER:PATH, and the options of its reader."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairweather.data import Dataset
    from fairweather.launch.indexing import Source

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME|PATH",
        help="An embedded data set with its options (fairtown:north:512x256), a folder in a known layout, or a reader with a"
        " folder (camvid:PATH).",
    ),
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="An option of the reader; may be repeated.")
]


def source_of(name: str, splits: tuple[str, ...] | None = None, settings: Sequence[str] = ()) -> "Source":
    """The reader, folder and options that a NAME or PATH stands for.

    Args:
        splits: to be opened; None: all that have labels.
        settings: KEY=VALUE of the reader, as `--set` takes them; paths are relative to where the user is.

    Raises:
        InputError: no such reader or folder, a folder that no reader or more than one knows, an option there is not.
    """
    from fairweather.data import READERS, SPLITS
    from fairweather.errors import InputError, UnknownName
    from fairweather.launch.indexing import Source

    for split in splits or ():
        if split not in SPLITS:
            raise UnknownName("split", split, SPLITS, "--split")
    reader, root, given = told(name)
    card = READERS[reader].card
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise InputError(f"--set {setting}: write KEY=VALUE; keys of {reader} are {', '.join(card.all_options)}")
        option = card.all_options.get(key)
        given[key] = str(Path(value).resolve()) if option and option.path and value else value
    options = card.resolved(given, name)
    if options.get("split") == "grouped":
        raise InputError(
            f"{name}: split: grouped is for a study, which divides the images when it reads them; leave it out"
        )
    return Source(reader, root, options, card.splits if splits is None else splits)


def open_source(name: str, source: "Source") -> "Dataset":
    """The data set of a source; DataError if what is there is not what its layout says."""
    from fairweather.data import READERS, open_dataset

    return open_dataset(READERS[source.reader], name, source.root, source.splits, source.options)


def open_all(name: str, settings: Sequence[str] = ()) -> "tuple[Source, Dataset]":
    """What a NAME or PATH stands for with every labelled split that is there; the data set's notes say why others are not.

    Raises:
        InputError: as `source_of`; DataError: no split can be opened.
    """
    from dataclasses import replace

    from fairweather.data import READERS, SPLITS
    from fairweather.data.opening import open_what_is_there

    source = source_of(name, None, settings)
    if source.root is None:
        return source, open_source(name, source)
    dataset = open_what_is_there(READERS[source.reader], name, source.root, source.options)
    there = {sample.split for sample in dataset.samples}
    return replace(source, splits=tuple(split for split in SPLITS if split in there)), dataset


def told(name: str) -> tuple[str, Path | None, dict[str, str]]:
    """Reader, root and the options that the name or the folder itself tells.

    Raises:
        InputError: no such reader or folder, or a folder that no reader or more than one knows.
    """
    from fairweather.data import READERS
    from fairweather.data.opening import recognised
    from fairweather.errors import InputError, UnknownName

    if Path(name).is_dir():
        reader, options = recognised(READERS, Path(name))
        return reader, Path(name).resolve(), dict(options)
    if Path(name).exists():
        raise InputError(f"{name} is a file; a data set is a folder")
    word, *values = name.split(":")
    if word in READERS and "root" in READERS[word].card.needs and values:  # camvid:PATH
        root = Path(":".join(values))
        if not root.is_dir():
            raise InputError(f"{name}: {root} is no folder")
        return word, root.resolve(), dict(READERS[word].recognise(root) or {})
    embedded = [key for key, entry in READERS.items() if "root" not in entry.card.needs]
    if word not in embedded:
        raise UnknownName("data set", word, embedded, "no such folder")
    keys = READERS[word].card.options
    if len(values) > len(keys):
        raise InputError(f"{name}: too many options; write {':'.join((word, *keys)).upper()}")
    return word, None, dict(zip(keys, values, strict=False))
