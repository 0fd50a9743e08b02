"""The gate before training: what was measured on every generated image, and whether a context's units may take the pool."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fairweather.data import Dataset, Row, Sample, fingerprint
from fairweather.data.encode import encode
from fairweather.data.prepared import resized
from fairweather.errors import StoreError
from fairweather.generators import Source
from fairweather.generators.gallery import strip
from fairweather.generators.gate import (
    Contrast,
    ImageChecks,
    Known,
    PoolVerdict,
    distance,
    failures,
    judge,
    limits,
    look,
    tone,
    worst_first,
)
from fairweather.store.files import on_disk, read_json, write_bytes, write_json
from fairweather.store.pools import CHECKS, GALLERY, Pool, gate_name, item_id
from fairweather.study import Context, PoolPlan
from fairweather.study.plan import SOURCE_DOMAIN

REVISION = 1  # of what is measured and how it is judged; raise it when either changes
REAL = 300  # real images of each domain whose tones are looked at
WORST = 4  # images of each domain that the gallery shows


def measured(source: Source, made: np.ndarray, small: frozenset[str], of: Known) -> dict[str, Any]:
    """What the gate needs to know of one image, JSON-able; a number that could not be measured is None."""
    record = asdict(look(source, made, small, of))
    objects = record.pop("objects")
    numbers = {key: None if math.isnan(value) else float(value) for key, value in record.items()}
    return (
        {"revision": REVISION}
        | numbers
        | {"objects": json.dumps(objects), "tone": [float(value) for value in tone(made)]}
    )


def gate_pool(
    plan: PoolPlan, pool: Pool, context: Context, rows: Sequence[Row], real: Callable[[str], np.ndarray]
) -> dict[str, Any]:
    """Judge a pool for the units of one context; the record and a gallery of each domain are kept in the pool's folder.

    Args:
        pool: what was made of the plan; rows: the real images the context admits.
        real: `tones` of the real images of a domain that the context admits, which alone may say what it looks like.

    Returns:
        The record: whether the pool is delivered, and of each target domain the verdict and the images to look at first.
    """
    folder = pool.folder
    table = _read_checks(plan, pool)
    samples = {sample.id: sample for sample in pool.samples}
    with on_disk(folder):
        (folder / GALLERY).mkdir(exist_ok=True)
    domains = {}
    for domain in plan.identity["targets"]:
        mine = [row for row in table if row["target_domain"] == domain]
        checks = [_checks(row) for row in mine]
        apart = distance(np.array([row["tone"] for row in mine]), real(domain), real(SOURCE_DOMAIN))
        verdict = judge(checks, domain, apart)
        first = {mine[k]["id"]: failures(checks[k], domain) for k in worst_first(checks, domain)[:WORST]}
        domains[domain] = _record(verdict) | {"limits": asdict(limits(domain)), "worst_first": first}
        shown = [_cell(plan, pool, samples[id], broken) for id, broken in first.items()]
        write_bytes(folder / GALLERY / f"{domain}.jpg", encode(strip(shown), "jpeg", 85))
    of = fingerprint(rows)
    record = {
        "schema": 1,
        "revision": REVISION,
        "real": of,
        "context": {"domains": list(context.domains), "share": context.share},
        "delivered": all(verdict["delivered"] for verdict in domains.values()),
        "domains": domains,
    }
    write_json(folder / gate_name(context.domains, context.share, of), record)
    return record


def _cell(plan: PoolPlan, pool: Pool, sample: Sample, broken: Sequence[str]) -> tuple[np.ndarray, np.ndarray, str]:
    source = resized(pool.source.image(pool.origins[sample.id]), plan.identity["short_side"])
    return source, pool.image(sample), ", ".join(broken) or "passes"


def _read_checks(plan: PoolPlan, pool: Pool) -> list[dict[str, Any]]:
    """A row for each image of the pool.

    Raises:
        StoreError: the file is missing, damaged, not about these images, or by another version of the gate.
    """
    path = pool.folder / CHECKS
    try:
        table: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path}: cannot be read ({error}); delete {pool.folder} and run again") from error
    found = {(row["id"], row["target_domain"], row["revision"]) for row in table}
    if found != {(item_id(row.sample.id, domain), domain, REVISION) for row, domain in plan.items}:
        raise StoreError(f"{path}: not what this version measures on these images; delete {pool.folder} and run again")
    return table


def judged(folder: Path, context: Context, rows: Sequence[Row]) -> dict[str, Any] | None:
    """The record of a pool for a context, None if there is none of today: by these rules and limits, and these real images."""
    of = fingerprint(rows)
    path = folder / gate_name(context.domains, context.share, of)
    if not path.is_file():
        return None
    record: dict[str, Any] = read_json(path)
    if (record.get("revision"), record.get("real")) != (REVISION, of):
        return None
    same = all(verdict["limits"] == asdict(limits(domain)) for domain, verdict in record["domains"].items())
    return record if same else None


def why_not(record: Mapping[str, Any]) -> str:
    """The failures of a record in one line."""
    parts = []
    for domain, verdict in record["domains"].items():
        if not verdict["delivered"]:
            broken = dict(verdict["broken"])
            said = [
                f"{rule} ({broken[rule]} of {verdict['images']})" if rule in broken else rule
                for rule in verdict["failures"]
            ]
            parts.append(f"{domain}: {', '.join(said)}")
    return "; ".join(parts)


def _record(verdict: PoolVerdict) -> dict[str, Any]:
    apart = verdict.distance
    nearness = None if apart is None else asdict(apart) | {"nearness": apart.nearness}
    return asdict(verdict) | {"delivered": verdict.delivered, "distance": nearness}


def _checks(row: Mapping[str, Any]) -> ImageChecks:
    names = [name for name in ImageChecks.__dataclass_fields__ if name != "objects"]
    numbers = {name: math.nan if row[name] is None else row[name] for name in names}
    return ImageChecks(**numbers, objects=tuple(Contrast(**one) for one in json.loads(row["objects"])))


def tones(rows: Sequence[Row], domain: str, dataset: Dataset, short_side: int | None) -> np.ndarray:
    """float64 (n, 22): of evenly spaced real images of a domain, at the size of the pool they are compared with."""
    own = [row for row in rows if row.sample.domain == domain]
    step = max(-(-len(own) // REAL), 1)
    found = [tone(resized(dataset.image(row.sample), short_side)) for row in own[::step]]
    return np.array(found) if found else np.zeros((0, 0))
