"""Checks that a label belongs to its picture: by name, and by the edges of both."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.survey import Look, Survey
from fairweather.data.dataset import Sample

BETTER = 0.1  # of correlation by which another picture must fit a label better than its own
WEAK = 0.1  # of correlation: what labels and pictures of different frames reach nine times in ten
SYSTEMATIC = 0.2  # share of labels that do not fit their picture from which the pairing as a whole is wrong
FEWEST = 4


def check_pairing(survey: Survey) -> tuple[Check, ...]:
    """data.other_frame_name, data.reference_with_other_label (by name); labels.other_frame (by picture)."""
    return _names(survey.dataset.samples), _references(survey.dataset.samples), _edges(survey.looks)


def frame_key(path: str) -> tuple[str, ...]:
    """What of a file's name tells its frame: the parts of its stem that hold a digit, without what all such files have."""
    return tuple(
        part for part in re.split(r"[^0-9A-Za-z]+", PurePosixPath(path).stem) if any(c.isdigit() for c in part)
    )


def _names(samples: Sequence[Sample]) -> Check:
    """A label that bears not its image's frame but that of another image of its folder; warning: they are only names."""
    code = "data.other_frame_name"
    owner = {(_folder(sample.image), frame_key(sample.image)): sample for sample in samples}
    rows = []
    for sample in samples:
        image, label = frame_key(sample.image), frame_key(sample.label)
        other = owner.get((_folder(sample.image), label))
        if image and label and image != label and other is not None:
            rows.append({"file": sample.image, "label": sample.label, "label of": other.image})
    if not rows:
        return holding(code, severity="warning")
    statement = (
        f"{len(rows)} of {len(samples)} images are paired with the label of another image, going by their names."
    )
    return finding(code, "warning", statement, rows)


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
    """A label whose edges another picture has clearly more of, or which fits no picture; where that is a fifth of them the
    pairing is wrong: error, else warning."""
    code = "labels.other_frame"
    judged = [look for look in looks if np.isfinite(look.own) and look.others]
    rows, misfits = [], 0
    for look in judged:
        id, best = max(look.others, key=lambda other: other[1])
        if best > look.own + BETTER:
            rows.append({"file": look.sample.image, "own": round(look.own, 2), "better": id, "its": round(best, 2)})
        misfits += look.own < max(best, WEAK)
    if len(judged) >= FEWEST and misfits >= SYSTEMATIC * len(judged):
        own, other = (float(np.mean(v)) for v in ([x.own for x in judged], [o for x in judged for _, o in x.others]))
        statement = (
            f"{misfits} of {len(judged)} labels do not fit their own picture: their edges agree with it by {own:.2f}, with"
            f" pictures around it by {other:.2f} (labels that fit reach 0.2 to 0.7)."
        )
        known = {row["file"] for row in rows}
        rows += [
            {"file": look.sample.image, "own": round(look.own, 2)}
            for look in judged
            if look.sample.image not in known and look.own < max(WEAK, *(value for _, value in look.others))
        ]
        return finding(code, "error", statement, rows)
    if rows:
        return finding(code, "warning", f"{len(rows)} labels fit another picture better than their own.", rows)
    return holding(code)
