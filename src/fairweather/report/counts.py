"""From a results.parquet of ours, without its study folder, to what its report is made of."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairweather.analysis import Settings, analyse
from fairweather.analysis.imports import Imported, Named, Source
from fairweather.analysis.imports.imported import PRINTED, ROWS
from fairweather.analysis.table import NEEDED, encode
from fairweather.audit import audit_table, left_out
from fairweather.errors import InputError, UnknownName
from fairweather.report.content import ReportContent
from fairweather.report.tables import left_out_words, with_and_without
from fairweather.vocabulary.labels import harmonised

QUESTION = "Which strategies help, given these counts?"
ROLES = {
    "strategy": "strategy", "dataset": "dataset", "model": "model", "seed": "seed", "context": "context", "domain": "domain",
    "class": "class", "iou": "value", "n_images": "images",
}  # fmt: skip


def holds_counts(path: Path) -> bool:
    """Whether a file is a results.parquet of ours: counts of pixels by unit, domain and class."""
    if path.is_dir() or path.suffix != ".parquet" or not path.is_file():
        return False
    try:
        names = pq.read_schema(path).names
    except (OSError, pa.ArrowInvalid):
        return False  # not Parquet at all: whoever reads tables says so
    return set(NEEDED) <= set(names)


def compose_counts(
    sources: Sequence[Source], baseline: str | None, contexts: Sequence[str], smallest_gain: float
) -> ReportContent:
    """Read tables of counts, joined where there are several, and answer in domain_mean.

    Raises:
        InputError: tables that do not fit together, several budgets, no label space in common.
        UnknownName: a context or baseline the tables do not have.
    """
    results = pa.concat_tables([_read(source) for source in sources], promote_options="default").unify_dictionaries()
    steps = pc.unique(results["steps"]).to_pylist()
    if len(steps) != 1:
        raise InputError(f"{sources[0].path}: units of {' and '.join(map(str, steps))} steps (allowed: one budget)")
    settings = Settings(
        baseline or _baseline(results),
        tuple(contexts) or _contexts(results),
        "domain_mean",
        smallest_gain,
        _space(results),
        int(steps[0]),
        measured=(),  # these units took images of ours, of which nothing is known here
    )
    if settings.baseline not in (known := encode(results["strategy"])[0]):
        raise UnknownName("baseline", settings.baseline, known, "--baseline")
    checks = audit_table(_imported(results, settings, sources))
    flagged = left_out(checks)
    kept = results.filter(pc.invert(pc.is_in(results["unit"], _units(results, flagged)))) if flagged else results
    found = analyse(kept, settings)
    tables = dict(found.tables)
    if flagged:
        tables["flagged"] = with_and_without(found, analyse(results, settings))
    return ReportContent(
        title=" and ".join(dict.fromkeys(source.path.name for source in sources)),
        question=QUESTION,
        findings=found.findings,
        checks=checks,
        tables=tables,
        facts=(("files", tuple((str(source.path), "counts of pixels") for source in sources)),),
        methods=(*found.methods, *left_out_words(checks, len(flagged))),
        commit="",
        smallest_gain=smallest_gain,
    )


def _imported(results: pa.Table, settings: Settings, sources: Sequence[Source]) -> Imported:
    """The class IoU of the compared label space, as a table of others would hold it."""
    rows = results.filter(pc.equal(results["label_space"], settings.label_space))
    rows = rows.filter(pc.is_in(rows["context"].cast(pa.string()), pa.array(settings.contexts)))
    n = len(rows)
    columns = {
        "file": rows["file"], "line": rows["line"], "spelled": rows["strategy"], "value": rows["iou"],
        "images": rows["n_images"], "origin": pa.array([""] * n),
        **{name: rows[name] for name in ("context", "strategy", "dataset", "model", "seed", "domain", "class")},
    }  # fmt: skip
    table = pa.table(
        [columns[field.name].cast(field.type) if field.name in columns else pa.nulls(n, field.type) for field in ROWS],
        ROWS,
    )
    named = [Named(str(source.path), column, role) for source in sources for column, role in ROLES.items()]
    return Imported(
        "values", table, PRINTED.empty_table(), settings.baseline, settings.contexts, "mIoU", "percent", True, named, ()
    )


def _units(results: pa.Table, flagged: frozenset[tuple[str, int, str]]) -> pa.Array:
    """The units with a flagged row: without it nothing is left of a unit that may be compared."""
    rows = {(file, line) for file, line, _ in flagged}
    pairs = zip(results["file"].to_pylist(), results["line"].to_pylist(), results["unit"].to_pylist(), strict=True)
    return pa.array(sorted({unit for file, line, unit in pairs if (file, line) in rows}), pa.string())


def _read(source: Source) -> pa.Table:
    """The rows of one file, under the context it was named with."""
    table = pq.read_table(source.path)
    table = table.append_column("file", pa.array([str(source.path)] * len(table)))
    table = table.append_column("line", pa.array(range(2, len(table) + 2)))
    if not source.context:
        return table
    held = encode(table["context"])[0]
    if len(held) > 1:
        raise InputError(
            f"{source.path}: named {source.context}, but holds the contexts {', '.join(held)}; name the file alone"
        )
    at = table.column_names.index("context")
    return table.set_column(at, "context", pa.array([source.context] * len(table)))


def _baseline(results: pa.Table) -> str:
    names = encode(results.filter(pc.equal(results["family"], "none"))["strategy"])[0]
    if len(names) != 1:
        found = ", ".join(names) or "none"
        raise InputError(f"results: {found} could be the baseline; name it with --baseline")
    return names[0]


def _contexts(results: pa.Table) -> tuple[str, ...]:
    known = encode(results["context"])[0]
    if len(known) > 2:
        raise InputError(f"results: {len(known)} contexts ({', '.join(known)}); name one or two with --contexts")
    return known


def _space(results: pa.Table) -> str:
    """The label space all data sets were counted in; their own where it is one, else the harmonised one."""
    spaces: dict[str, set[str]] = {}
    pairs = (
        results.select(["dataset", "label_space"]).group_by(["dataset", "label_space"], use_threads=False).aggregate([])
    )
    for row in pairs.to_pylist():
        spaces.setdefault(row["dataset"], set()).add(row["label_space"])
    common = sorted(set.intersection(*spaces.values()))
    if not common:
        raise InputError(f"results: the data sets {', '.join(spaces)} have no label space in common")
    targets = {mapped.target for name in common if (mapped := harmonised(name))}
    return next((name for name in common if name not in targets), common[0])
