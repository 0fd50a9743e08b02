"""Checks of tables of results that others made: every one that ran is listed, holding or not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.tables.baseline import check_baseline, check_origin
from fairweather.audit.tables.batch import check_batches
from fairweather.audit.tables.cells import cells_of
from fairweather.audit.tables.changes import check_changes
from fairweather.audit.tables.copies import check_copies
from fairweather.audit.tables.counts import check_classes, check_images
from fairweather.audit.tables.coverage import check_coverage, check_ranking
from fairweather.audit.tables.domains import check_domains
from fairweather.audit.tables.duplicates import check_duplicates
from fairweather.audit.tables.names import check_joined, check_names
from fairweather.audit.tables.outliers import check_collapsed, check_too_good, find_outliers
from fairweather.audit.tables.range import check_range
from fairweather.audit.tables.ranks import check_ranks
from fairweather.audit.tables.reading import check_columns, check_unit
from fairweather.audit.tables.rows import Rows, rows_of

if TYPE_CHECKING:
    from fairweather.analysis.imports.imported import Imported


def audit_table(imported: "Imported") -> tuple[Check, ...]:
    """Every check of imported tables, in the order the report prints them; each states its rule in its own docstring.

    Checks that compare values see them without what the checks before them leave out: first values out of range, then
    duplicates, then collapsed and too good values. Printed ranks and changes, counts and origins are judged on the table
    as it stands. Only checks of severity error leave rows out; `left_out` says which.
    """
    rows = rows_of(imported)
    in_range, ranged = check_range(rows)
    possible = rows.keep(ranged)
    duplicates, stays = check_duplicates(possible)
    single = possible.keep(stays)
    outliers = find_outliers(single)
    sound = single.keep(outliers.none)
    return (
        check_columns(imported),
        check_unit(imported, rows),
        check_joined(rows, imported.renamed),
        check_names(rows),
        in_range,
        *duplicates,
        check_classes(rows),
        check_images(rows),
        check_collapsed(single, outliers),
        check_too_good(single, outliers),
        *check_batches(sound, outliers.expected[outliers.none]),
        check_copies(sound),
        check_baseline(single),
        check_origin(rows),
        *_coverage(single, outliers.none),
        *check_domains(single),
        *check_ranks(rows),
        *check_changes(rows, imported.printed, imported.contexts),
    )


def _coverage(rows: Rows, sound: np.ndarray) -> tuple[Check, Check]:
    cells = cells_of(rows)
    clean = np.bincount(cells.run.of, ~sound, cells.run.size) == 0
    return check_coverage(rows, cells), check_ranking(rows, cells, clean)


def left_out(checks: Iterable[Check]) -> frozenset[tuple[str, int, str]]:
    """(file, line, context) of the rows that failed checks leave out; a line of a wide table holds a value of each context."""
    return frozenset(
        (row["file"], row["line"], row["context"])
        for check in checks
        if not check.holds and check.action == "left out"
        for row in check.rows
    )
