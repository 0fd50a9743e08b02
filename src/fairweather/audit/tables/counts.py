"""Numbers of classes and of test images, which must not differ between rows that are compared."""

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.rows import CELL, Groups, Rows, grouped, many, said


def check_classes(rows: Rows) -> Check:
    """table.class_count: the number of classes differs within one (data set, domain), contexts included. Error, kept.

    The number is what the file says (its column of class counts), and, where the rows are of single classes, how many of
    them a run has in the domain. Rows that differ from the commonest number are listed (of equally common ones, the
    larger holds); for missing classes the first row of the run and domain.
    """
    place = rows.group(("dataset", "domain"))
    printed = rows.column("classes")
    said = printed.fill_null(-1).to_numpy().astype(np.int64)
    bad, expected = _differing(said, place, len(rows))
    found = said[bad]
    if not bad.size and len(np.unique(rows.codes["class"])) > 1:
        part = rows.group((*CELL, "domain"))
        at, wanted = _differing(part.counts, Groups(place.of[part.first], place.first), part.size)
        bad, expected, found = part.first[at], wanted, part.counts[at]
    elif (said < 0).all() and len(np.unique(rows.codes["class"])) <= 1:
        return Check(
            "table.class_count", "error", True, "The table names no classes and no number of classes that could differ."
        )
    return _check(rows, "table.class_count", "class", bad, found, expected, "classes")


def check_images(rows: Rows) -> Check:
    """table.test_images: the number of test images differs within one (data set, domain, class). Error, kept.

    Contexts, strategies, models and seeds are all compared with one another: one test set serves them all. Rows that differ
    from the commonest number are listed (of equally common ones, the larger holds).
    """
    said = rows.column("images").fill_null(-1).to_numpy().astype(np.int64)
    if (said < 0).all():
        return Check("table.test_images", "error", True, "No column gives a number of test images that could differ.")
    bad, expected = _differing(said, rows.group(("dataset", "domain", "class")), len(rows))
    return _check(rows, "table.test_images", "test image", bad, said[bad], expected, "images")


def _check(
    rows: Rows, code: str, noun: str, bad: np.ndarray, found: np.ndarray, expected: np.ndarray, column: str
) -> Check:
    plural = noun + ("es" if noun.endswith("s") else "s")
    if not bad.size:
        return Check(
            code, "error", True, f"The number of {plural} is the same for all rows of one data set and domain."
        )
    order = np.argsort(bad, kind="stable")
    bad, found, expected = bad[order], found[order], expected[order]
    at = int(np.argmax(np.abs(found - expected)))
    statement = (
        f"The number of {plural} differs between compared rows in {many(len(bad), 'row')}, for"
        f" {said(rows.name('strategy', int(bad[at])))} on {said(rows.name('dataset', int(bad[at]))) or 'the one data set'}"
        f" {found[at]} where others have {expected[at]}."
    )
    return Check(code, "error", False, statement, rows.evidence(bad, **{column: found, "expected": expected}))


def _differing(number: np.ndarray, place: Groups, n: int) -> tuple[np.ndarray, np.ndarray]:
    """int64: which of n numbers (-1 where none is given) are not the commonest of their place, and that one."""
    given = np.flatnonzero(number >= 0)
    values, code = np.unique(number[given], return_inverse=True)
    pair = grouped([(place.of[given], place.size), (code, len(values))], len(given))
    where, what = place.of[given][pair.first], number[given][pair.first]
    order = np.lexsort((what, pair.counts, where))  # the last of a place is its commonest number, the larger of two
    commonest = np.full(place.size, -1, np.int64)
    commonest[where[order]] = what[order]
    bad = given[number[given] != commonest[place.of[given]]]
    return bad, commonest[place.of[bad]]
