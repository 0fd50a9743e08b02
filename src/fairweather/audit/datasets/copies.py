"""Checks of images that are there more than once: under two names, on both sides of the split, in another data set."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.survey import Look, Survey
from fairweather.data.duplicates import likest

TELLING = 10  # letters that a file name has at least, with a digit, to be taken for the name of one frame in the world


def check_copies(survey: Survey) -> tuple[Check, ...]:
    """data.same_image_twice: equal pixels within one side; warning. split.same_image_on_both_sides: equal pixels on both; error.
    split.near_duplicates: one is nearly the other, on both sides; warning."""
    same: dict[str, list[Look]] = {}
    for look in survey.looks:
        same.setdefault(look.row.image_pixels, []).append(look)
    twice: list[dict[str, Any]] = []
    across: list[dict[str, Any]] = []
    for looks in same.values():
        for other in looks[1:]:
            row = _pair(looks[0], other)
            (twice if survey.side(looks[0].sample) == survey.side(other.sample) else across).append(row)
    return (
        _checked("data.same_image_twice", "warning", "images stand under two names", twice),
        _checked("split.same_image_on_both_sides", "error", "images are trained and tested on", across),
        _near(survey),
    )


def _checked(code: str, severity: Any, said: str, rows: list[dict[str, Any]]) -> Check:
    return finding(code, severity, f"{len(rows)} {said}.", rows) if rows else holding(code, severity=severity)


def _pair(one: Look, other: Look) -> dict[str, Any]:
    return {
        "file": one.sample.image,
        "split": one.sample.split,
        "same as": other.sample.image,
        "in": other.sample.split,
    }


def _near(survey: Survey) -> Check:
    code = "split.near_duplicates"
    train = [look for look in survey.looks if survey.side(look.sample) == "train"]
    test = [look for look in survey.looks if survey.side(look.sample) == "test"]
    rows = [_pair(a, b) for a, b in near_duplicates(train, test) if a.row.image_pixels != b.row.image_pixels]
    if not rows:
        return holding(code, severity="warning")
    tested = len({row["same as"] for row in rows})
    statement = f"{tested} of {len(test)} test images have a near-duplicate that is trained on."
    return finding(code, "warning", statement, rows)


def near_duplicates(one: Sequence[Look], other: Sequence[Look]) -> list[tuple[Look, Look]]:
    """Of each look of `other` that has near-duplicates in `one`, the likest of them and it (data/duplicates.py)."""
    found = likest([look.row for look in other], [look.row for look in one])
    return [(one[at], look) for at, look in zip(found, other, strict=True) if at is not None]


def check_beside(survey: Survey, others: Iterable[Survey]) -> tuple[Check, ...]:
    """data.inside_another, for each of the other data sets: images of it that are here too, by their bytes, their pixels, nearly,
    or by a name that tells one frame; warning."""
    return tuple(_beside(survey, other) for other in others)


def _beside(survey: Survey, other: Survey) -> Check:
    code, name = "data.inside_another", other.dataset.name
    bytes_, pixels, names = {}, {}, {}
    for look in other.looks:
        bytes_[look.row.image_sha256], pixels[look.row.image_pixels] = look, look
    for sample in other.dataset.samples:
        names[PurePosixPath(sample.image).stem] = sample.image
    near = {id(b): a for a, b in near_duplicates(other.looks, survey.looks)}
    rows = []
    for look in survey.looks:
        ways = (
            ("bytes", bytes_.get(look.row.image_sha256)),
            ("pixels", pixels.get(look.row.image_pixels)),
            ("nearly", near.get(id(look))),
        )
        by, there = next(((by, there.sample.image) for by, there in ways if there), ("", ""))
        stem = PurePosixPath(look.sample.image).stem
        if not by and _telling(stem) and stem in names:
            by, there = "name", names[stem]
        if by:
            rows.append({"file": look.sample.image, "in": name, "as": there, "by": by})
    if not rows:
        return holding(code, f"No image of {survey.dataset.name} is in {name}.", "warning")
    statement = f"{len(rows)} of {len(survey.looks)} images of {survey.dataset.name} are in {name} too."
    return finding(code, "warning", statement, rows)


def _telling(stem: str) -> bool:
    return len(stem) >= TELLING and any(letter.isdigit() for letter in stem) and not stem.isdigit()
