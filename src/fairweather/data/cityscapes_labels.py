"""Label files in the manner of Cityscapes, whose names end in what they hold: `labelTrainIds` or `labelIds`."""

from collections.abc import Sequence
from pathlib import Path

from fairweather.data.dataset import Option
from fairweather.data.encoding import OneChannel, table
from fairweather.data.files import needed_folder
from fairweather.data.pairing import keyed
from fairweather.errors import DataError
from fairweather.vocabulary.labels import IGNORE

LABELS = Option("cityscapes19", ("cityscapes19", "cityscapes34"))


def ids(read: str) -> OneChannel:
    """Cityscapes ids 0..33, read to a label space."""
    return OneChannel("Cityscapes ids", table("cityscapes34", read))


TRAIN_IDS = OneChannel(f"Cityscapes train ids, {IGNORE} is ignored", table("cityscapes19", ignored=(IGNORE,)))


def labels_by_suffix(
    root: Path, places: Sequence[tuple[str, str]], stem: str, read: str, package: str
) -> tuple[dict[str, str], OneChannel]:
    """The label files by key and what they hold: train ids if they are wanted and there, ids otherwise, never some of each.

    Args:
        places: folders, each with the prefix of its keys.
        stem: what stands before `_labelIds.png` and `_labelTrainIds.png`.
        read: the label space, cityscapes19 or cityscapes34.

    Raises:
        DataError: a folder is not there, or none of them holds such files.
    """
    first, *_ = [needed_folder(root, folder, package) for folder, _ in places]
    kinds = {"labelTrainIds": TRAIN_IDS} if read == "cityscapes19" else {}
    for kind, encoding in {**kinds, "labelIds": ids(read)}.items():
        found: dict[str, str] = {}
        for folder, prefix in places:
            found |= keyed(root, folder, (f"{stem}_{kind}.png",), prefix)
        if found:
            return found, encoding
    wanted = " or ".join(f"*{stem}_{kind}.png" for kind in (*kinds, "labelIds"))
    raise DataError(f"{first}: no file {wanted} in it; they come in {package}")
