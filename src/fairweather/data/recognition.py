"""Telling by the names of a few files which reader a folder is for."""

from collections.abc import Mapping
from pathlib import Path

from fairweather.data.dataset import Reader
from fairweather.errors import InputError


def recognised(root: Path, readers: Mapping[str, Reader]) -> tuple[str, Mapping[str, str]]:
    """The name of the one reader that knows the folder's layout, and the options under which it would open it.

    Raises:
        InputError: none of them does, or more than one.
    """
    found = {name: options for name, reader in readers.items() if (options := reader.recognise(root)) is not None}
    if not found:
        known = ", ".join(name for name, reader in readers.items() if "root" in reader.card.needs)
        raise InputError(f"{root}: no layout that is known; write READER:{root}, where READER is one of {known}")
    if len(found) > 1:
        named = " or ".join(f"{name}:{root}" for name in found)
        raise InputError(f"{root}: the layout of more than one reader; write {named}")
    (pair,) = found.items()
    return pair
