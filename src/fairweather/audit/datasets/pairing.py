"""Checks that a label belongs to its picture: by name, and by the edges of both."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.survey import Look, Survey
from fairweather.data.dataset import Sample

BETTER = 0.1  # of correlation by which another picture must fit a label better than its own for it to be named
UNSURE = 0.03  # by which two pictures of a standing car may differ
CHANCE = 0.05  # of correlation: about what labels and pictures of other frames have
SYSTEMATIC = 0.2  # share of labels that do not fit their picture from which the pairing as a whole is wrong
FEWEST = 4


def check_pairing(survey: Survey) -> tuple[Check, ...]:
    """data.other_frame_name, data.reference_with_other_label (by name); labels.other_frame (by picture)."""
    return _names(survey.dataset.samples), _references(survey.dataset.samples), _edges(survey.looks)


def frame_key(path: str) -> tuple[str, ...]:
    """What of a file's name tells its frame: the parts of its stem that hold a digit, in order."""
    return tuple(
        part for part in re.split(r"[^0-9A-Za-z]+", PurePosixPath(path).stem) if any(c.isdigit() for c in part)
    )


def _names(samples: Sequence[Sample]) -> Check:
    """A label that bears not its image's frame but that of another image of its folder; warning: they are only names."""
    code = "data.other_frame_name"
    images, labels = [frame_key(sample.image) for sample in samples], [frame_key(sample.label) for sample in samples]
    kinds = _common(images) - {part for key in labels for part in key}  # leftImg8bit, which tells no frame
    images = [tuple(part for part in key if part not in kinds) for key in images]
    owner = {(_folder(sample.image), key): sample for sample, key in zip(samples, images, strict=True)}
    rows = []
    for sample, image, label in zip(samples, images, labels, strict=True):
        other = owner.get((_folder(sample.image), label))
        if image and label and image != label and other is not None:
            rows.append({"file": sample.image, "label": sample.label, "label of": other.image})
    if not rows:
        return holding(code, severity="warning")
    statement = (
        f"{len(rows)} of {len(samples)} images are paired with the label of another image, going by their names."
    )
    return finding(code, "warning", statement, rows)


def _common(keys: Sequence[tuple[str, ...]]) -> set[str]:
    return set.intersection(*(set(key) for key in keys)) if keys else set()


def _folder(path: str) -> str:
    return PurePosixPath(path).parent.as_posix()


def _references(samples: Sequence[Sample]) -> Check:
    """An image whose name says that it is a reference (`_ref`), with a label whose name does not; error."""
    code = "data.reference_with_other_label"
    rows = [
        {"file": sample.image, "label": sample.label}
        for sample in samples
        if reference(sample.image)
        and not reference(sample.label)
        and frame_key(sample.image) == frame_key(sample.label)
    ]
    if not rows:
        return holding(code)
    statement = f"{len(rows)} reference pictures are paired with the labels of the pictures they refer to."
    return finding(code, "error", statement, rows)


def reference(path: str) -> bool:
    """Whether a file's name says that it is a reference picture."""
    return "ref" in re.split(r"[^0-9A-Za-z]+", PurePosixPath(path).stem)


def _edges(looks: Sequence[Look]) -> Check:
    """A label whose edges another picture has clearly more of; error where a fifth of all labels fit another picture better or,
    with no other of their size around, do not fit their own; else a warning that names the clear ones."""
    code = "labels.other_frame"
    judged = [(look, *_better(look)) for look in looks if np.isfinite(look.own)]
    misfits = [(look, id, its) for look, id, its in judged if its > look.own + UNSURE]
    if len(judged) >= FEWEST and len(misfits) >= SYSTEMATIC * len(judged):
        own = float(np.mean([look.own for look, _, _ in judged]))
        statement = (
            f"{len(misfits)} of {len(judged)} labels do not fit their own picture: their edges agree with it by {own:.2f} on"
            " average (labels that fit reach 0.2 to 0.7), and better with pictures around it."
        )
        return finding(code, "error", statement, [_row(*misfit) for misfit in misfits])
    clear = [(look, id, its) for look, id, its in misfits if id and its > look.own + BETTER]
    if clear:
        statement = f"{len(clear)} labels fit another picture better than their own."
        return finding(code, "warning", statement, [_row(*misfit) for misfit in clear])
    return holding(code)


def _better(look: Look) -> tuple[str, float]:
    """The other picture that fits a label best, and by how much; where there is none, what any picture would reach."""
    return max(look.others, key=lambda other: other[1], default=("", CHANCE))


def _row(look: Look, id: str, its: float) -> dict[str, object]:
    better = {"better": id, "its": round(its, 2)} if id else {}
    return {"file": look.sample.image, "own": round(look.own, 2), **better}
