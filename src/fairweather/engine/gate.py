"""The gate before training: what was measured on every generated image, and whether a context's units may take the pool."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from fairweather.data import Dataset, Row
from fairweather.data.prepared import resized
from fairweather.generators import Source
from fairweather.generators.gate import (
    Contrast,
    ImageChecks,
    PoolVerdict,
    distance,
    judge,
    limits,
    look,
    tone,
    worst_first,
)
from fairweather.store.files import read_json, write_json
from fairweather.store.pools import CHECKS
from fairweather.study import Context, PoolPlan
from fairweather.study.plan import SOURCE_DOMAIN

REAL = 300  # real images of each domain whose tones are looked at
WORST = 6  # images of each domain that are named for the gallery


def measured(source: Source, made: np.ndarray, small: frozenset[str]) -> dict[str, Any]:
    """What the gate needs to know of one image, JSON-able; a number that could not be measured is None."""
    record = asdict(look(source, made, small))
    objects = record.pop("objects")
    numbers = {key: None if math.isnan(value) else float(value) for key, value in record.items()}
    return numbers | {"objects": json.dumps(objects), "tone": [float(value) for value in tone(made)]}


def gate_pool(pool: PoolPlan, folder: Path, context: Context, real: Callable[[str], np.ndarray]) -> dict[str, Any]:
    """Judge a pool for the units of one context, and keep the record in the pool's folder.

    Args:
        real: `tones` of the real images of a domain that the context admits, which alone may say what it looks like.

    Returns:
        The record: whether the pool is delivered, and of each target domain the verdict and the images to look at first.
    """
    table = pq.read_table(folder / CHECKS).to_pylist()
    domains = {}
    for domain in pool.identity["targets"]:
        mine = [row for row in table if row["target_domain"] == domain]
        checks = [_checks(row) for row in mine]
        apart = distance(np.array([row["tone"] for row in mine]), real(domain), real(SOURCE_DOMAIN))
        verdict = judge(checks, domain, apart)
        first = [mine[k]["id"] for k in worst_first(checks, domain)[:WORST]]
        domains[domain] = _record(verdict) | {"limits": asdict(limits(domain)), "worst_first": first}
    record = {
        "schema": 1,
        "context": {"domains": list(context.domains), "share": context.share},
        "delivered": all(verdict["delivered"] for verdict in domains.values()),
        "domains": domains,
    }
    write_json(folder / gate_name(context), record)
    return record


def judged(folder: Path, context: Context) -> dict[str, Any] | None:
    """The record of a pool for a context, None if there is none that was made under the limits of today."""
    path = folder / gate_name(context)
    if not path.is_file():
        return None
    record: dict[str, Any] = read_json(path)
    same = all(verdict["limits"] == asdict(limits(domain)) for domain, verdict in record["domains"].items())
    return record if same else None


def gate_name(context: Context) -> str:
    """The file of the record for a context; what it admits names it, not what a study calls it."""
    return f"gate-{'-'.join(context.domains)}-{context.share:g}.json"


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
