"""From tables of results that others made to what their report is made of: reading, audit, comparison, with and without."""

import hashlib
import math
from collections.abc import Mapping, Sequence

import pyarrow as pa

from fairweather.analysis import Analysis, Finding, Settings
from fairweather.analysis.analyse import compare, values
from fairweather.analysis.frame import Frame
from fairweather.analysis.imports import Imported, Source, frame_of, metric_of, read_tables
from fairweather.analysis.methods import methods
from fairweather.audit import Check, audit_table, left_out
from fairweather.report.content import Facts, ReportContent

QUESTION = "What can these results say about the strategies, and what can they not?"

METRICS = {
    "image_weighted": "the mean of the domains of a data set, weighted by their test images, as published tables average it",
    "domain_mean": "the mean of the domains of a data set, each counted once",
}

FLAGGED = pa.schema(
    [
        ("id", pa.string()), ("verdict_without", pa.string()), ("verdict_with", pa.string()),
        ("value_without", pa.float64()), ("value_with", pa.float64()),
    ]
)  # fmt: skip


def compose_tables(
    sources: Sequence[Source], baseline: str | None, contexts: Sequence[str], columns: Mapping[str, str],
    smallest_gain: float,
) -> ReportContent:  # fmt: skip
    """Read the tables, check them, leave out what the checks say, and answer; the comparison is made with those rows too.

    Raises:
        InputError: a table cannot be read, or holds nothing that can be compared.
    """
    imported = read_tables(sources, baseline, contexts, columns)
    checks = audit_table(imported)
    flagged = left_out(checks)
    settings = Settings(
        imported.baseline, imported.contexts, metric_of(imported), smallest_gain, label_space="", steps=None
    )
    frame = frame_of(imported, settings, flagged)
    found = compare(frame)
    tables = {**found.tables, **values(frame)}
    if flagged:
        doubled = left_out(tuple(check for check in checks if check.code == "table.duplicate_row"))
        tables["flagged"] = with_and_without(found, compare(frame_of(imported, settings, doubled)))
    return ReportContent(
        title=" and ".join(dict.fromkeys(source.path.name for source in sources)),
        question=QUESTION,
        findings=found.findings,
        checks=checks,
        tables=tables,
        facts=_facts(imported, sources),
        methods=(*methods(frame, _metric(imported, frame), IMAGES), *left_out_words(checks, len(flagged))),
        commit="",
        smallest_gain=smallest_gain,
    )


def with_and_without(without: Analysis, kept: Analysis) -> pa.Table:
    """What the flagged rows change: every finding whose verdict or value differs."""
    mine, others = ({finding.id: finding for finding in found.findings} for found in (without, kept))
    rows = []
    for id in dict.fromkeys([*mine, *others]):
        one, other = mine.get(id), others.get(id)
        if one is None or other is None or one.verdict != other.verdict or not _equal(_value(one), _value(other)):
            rows.append((id, one and one.verdict, other and other.verdict, _value(one), _value(other)))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(FLAGGED)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, FLAGGED, strict=True)], FLAGGED)


def _value(finding: Finding | None) -> float | None:
    return finding.estimate.value if finding and finding.estimate else None


def _equal(one: float | None, other: float | None) -> bool:
    """But for the rounding of sums."""
    return one == other if one is None or other is None else math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _facts(imported: Imported, sources: Sequence[Source]) -> Facts:
    lines = {name: int(n) for name, n in zip(*_counted(imported.rows["file"]), strict=True)}
    files = tuple(
        (str(source.path), f"{lines.get(str(source.path), 0):,} values, sha256 {_digest(source)[:16]}")
        for source in sources
    )
    columns = tuple(
        (
            named.column,
            " ".join(filter(None, [named.context, named.role, f"({named.file})" if len(sources) > 1 else ""])),
        )
        for named in imported.columns
    )
    names = tuple((name.spelled, f"{name.strategy} ({name.file})") for name in imported.renamed)
    return (("files", files), ("columns", columns), ("names joined", names))


def _counted(column: pa.ChunkedArray) -> tuple[list[str], list[int]]:
    counts = column.value_counts()
    return counts.field("values").to_pylist(), counts.field("counts").to_pylist()


def _digest(source: Source) -> str:
    with source.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _metric(imported: Imported, frame: Frame) -> str:
    name = frame.metric.metric
    means = METRICS.get(name, f"the column {imported.metric} as it stands")
    unit = {"percent": "percent", "fraction": "fractions, multiplied by 100"}[imported.unit]
    seen = "taken for points" if imported.kind == "gains" else "told from the values"
    how = "declared" if imported.declared else seen
    gains = " The tables hold gains; the baseline stands at 0 in every cell." if imported.kind == "gains" else ""
    return (
        f"Values: {name}, {means}, in points from 0 to 100. The tables hold {unit} ({how}); how their authors averaged over "
        f"images and classes is not known here.{gains}"
    )


IMAGES = "Test images: a table of results holds no counts by image; no interval over other test images can be given."


def left_out_words(checks: Sequence[Check], rows: int) -> tuple[str, ...]:
    """The paragraph of the methods on what was left out."""
    codes = ", ".join(dict.fromkeys(check.code for check in checks if check.action == "left out" and not check.holds))
    rule = (
        'Rows of failed checks of severity error that say "left out" do not enter; their rules stand in audit.json beside '
        "the rows."
    )
    if not rows:
        return (f"{rule} No row was left out.",)
    left = "one row" if rows == 1 else f"{rows} rows"
    return (f"{rule} Left out: {left} ({codes}); the table flagged.csv holds every finding that they would change.",)
