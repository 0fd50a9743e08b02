"""Images and labels that lie in folders of one shape and are told apart by how their names end: by key, never by position."""

import re
from collections.abc import Mapping
from pathlib import Path

from fairweather.data.encoding import Encoding
from fairweather.data.files import files_under, needed_folder, paired, refuse_other_size
from fairweather.errors import DataError


def keyed(root: Path, folder: str, suffixes: tuple[str, ...], prefix: str) -> dict[str, str]:
    """The files `folder/GROUP/STEM + suffix`: paths relative to `root`, by the key `prefix/GROUP/STEM`.

    Raises:
        DataError: a file lies in no folder of its group or deeper in it, or two files have the same key.
    """
    found: dict[str, str] = {}
    for path in files_under(root / folder, lambda name: name.endswith(suffixes)):
        if path.count("/") != 1:
            raise DataError(f"{root / folder / path}: expected is {root / folder}/FOLDER/{Path(path).name}")
        suffix = next(suffix for suffix in suffixes if path.endswith(suffix))
        key = f"{prefix}/{path.removesuffix(suffix)}"
        if key in found:
            raise DataError(f"{root / folder / path}: a second file for {key}, beside {root / found[key]}")
        found[key] = f"{folder}/{path}"
    return found


def needed_files(root: Path, folder: str, suffixes: tuple[str, ...], prefix: str, package: str) -> dict[str, str]:
    """`keyed`; DataError also if the folder is not there, or holds no such file, naming the package they come in."""
    there = needed_folder(root, folder, package)
    found = keyed(root, folder, suffixes, prefix)
    if not found:
        named = " or ".join(f"*{suffix}" for suffix in suffixes)
        raise DataError(f"{there}: no file {named} in it; they come in {package}")
    return found


def flat_files(
    root: Path, folder: str, ending: str, prefix: str, package: str, name: re.Pattern[str], told: str
) -> dict[str, str]:
    """The files `folder/NAME + ending`: paths relative to `root`, by the key `prefix/NAME`.

    Args:
        package: what they come in; name: that each NAME must match; told: what a name is like, for the message.

    Raises:
        DataError: the folder is not there, holds no such file, or one that is not named so.
    """
    found = {}
    for path in files_under(needed_folder(root, folder, package), lambda file: file.endswith(ending)):
        key = path.removesuffix(ending)
        if not name.fullmatch(key):
            raise DataError(f"{root / folder / path}: {told}")
        found[f"{prefix}/{key}"] = f"{folder}/{path}"
    if not found:
        raise DataError(f"{root / folder}: no file named *{ending}; they come in {package}")
    return found


def matched(
    root: Path, images: Mapping[str, str], labels: Mapping[str, str], encoding: Encoding, skip_broken: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of images that have a label of their size, in order, and one line for each record that was left out.

    Args:
        images, labels: paths relative to `root`, by key.
        skip_broken: leave out what is wrong; otherwise the first one is an error.

    Raises:
        DataError: an image without a label, a label without an image, a header that cannot be read, sizes that differ; with
            `skip_broken`, if nothing is left.
    """
    if not skip_broken:
        return tuple(paired(root, images, labels, encoding)), ()
    keys, skipped = [], []
    for key in sorted({*images, *labels}):
        if key not in labels:
            skipped.append(f"{root / images[key]}: image without a label")
        elif key not in images:
            skipped.append(f"{root / labels[key]}: label without an image")
        else:
            try:
                refuse_other_size(root / images[key], root / labels[key], encoding)
            except DataError as error:
                skipped.append(str(error))
            else:
                keys.append(key)
    if not keys:
        raise DataError(f"{root}: all {len(skipped)} records are broken, the first: {skipped[0]}")
    return tuple(keys), tuple(skipped)
