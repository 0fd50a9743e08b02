"""Labels of IDD and IDD-AW: polygons, or the masks that the publisher's tool draws of them, which the user declares."""

from collections.abc import Mapping

from fairweather.data.dataset import Option
from fairweather.data.encoding import Encoding, OneChannel, Polygons, table
from fairweather.errors import InputError
from fairweather.vocabulary.labels import IGNORE, label_space

LABELS = Option("cityscapes19", ("cityscapes19", "idd", "idd_level3"))
MASKS = Option("polygons", ("polygons", "ids", "level3", "trainids"))
OPTIONS = {"labels": LABELS, "masks": MASKS}
ENCODING = "polygons in JSON; or drawn masks of one 8-bit channel, whose numbers the option masks declares"

# The endings of the publisher's tool (createLabels.py: `_label{id_type}s.png`); some loaders call any of them `_mask.png`.
TOOL = {"ids": "_labelids.png", "level3": "_labellevel3Ids.png", "trainids": "_labelcsTrainIds.png"}

_HELD = {
    "ids": ("IDD ids", "idd", ()),
    "level3": (f"IDD level 3 ids, {IGNORE} is ignored", "idd_level3", (IGNORE,)),
    "trainids": (f"Cityscapes train ids of IDD, {IGNORE} is ignored", "cityscapes19", (IGNORE,)),
}
_READABLE = {
    "polygons": LABELS.allowed,
    "ids": LABELS.allowed,
    "level3": ("idd_level3", "cityscapes19"),
    "trainids": ("cityscapes19",),
}


def idd_encoding(name: str, options: Mapping[str, str]) -> Encoding:
    """What the label files hold, by the options `labels` and `masks`.

    Raises:
        InputError: masks that do not tell the wanted classes apart.
    """
    masks, read = options["masks"], options["labels"]
    if read not in _READABLE[masks]:
        allowed = " or ".join(f"labels: {space}" for space in _READABLE[masks])
        raise InputError(f"data set {name!r}: masks: {masks} do not hold the classes of {read}; use {allowed}")
    if masks == "polygons":
        # Straight from the polygons: level 3 ids put some classes of the target and some of no class under one number.
        classes = label_space("idd").classes
        return Polygons("the labels of IDD", tuple(zip(classes, table("idd", read), strict=False)))
    holds, written, ignored = _HELD[masks]
    return OneChannel(holds, table(written, read, ignored=ignored))
