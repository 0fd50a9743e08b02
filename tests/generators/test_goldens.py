"""A generator's output changes only with its revision.

`goldens.json` holds, for each of our entries, a digest of its output for a fixed source beside the revision that made
it, with the library versions pinned in constraints.txt. When an output is meant to change, raise the revision on the
card and write the table anew:

    .venv/bin/python tests/generators/test_goldens.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from fairweather.generators import GENERATORS, Source, build
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.streams import stream

TABLE = Path(__file__).with_name("goldens.json")


def twin(domain, rng):
    """What a data set with twins might answer: the pixels are those of (domain, stream)."""
    return rng.integers(0, 256, (40, 56, 3), dtype=np.uint8) // (2 + len(domain) % 3)


def output_digest(generator):
    rows, columns = np.indices((40, 56))
    image = (np.stack([rows * 5, rows * columns // 7, columns * 3 + rows], -1) % 256).astype(np.uint8)
    label = ((rows + columns) // 14).astype(np.uint8)
    depth = np.hypot(rows, columns).astype(np.float32) + 3
    source = Source(image, label, depth, twin, label_space("cityscapes19").classes)
    domains = ("clear_day",) if generator.card.keeps_domain else generator.card.domains_supported
    found = hashlib.sha256()
    for domain in domains:
        for step in range(4):
            made = generator.generate(source, domain, stream(7, "pool", step))
            found.update(np.ascontiguousarray(made).tobytes())
    return found.hexdigest()


def current():
    """What the table should say now."""
    ours = [name for name in GENERATORS if GENERATORS.origin(name) == "fairweather"]
    return {n: {"revision": GENERATORS[n].card.revision, "sha256": output_digest(build(n))} for n in ours}


GOLDENS = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
CURRENT = current()


def test_the_table_has_one_row_for_each_of_our_entries():
    assert sorted(GOLDENS) == sorted(CURRENT)


@pytest.mark.parametrize("name", CURRENT)
def test_the_output_is_the_golden_one_of_the_revision(name):
    assert GOLDENS[name]["revision"] == CURRENT[name]["revision"], "write the table anew"
    assert GOLDENS[name]["sha256"] == CURRENT[name]["sha256"], "the output has changed: raise the revision on the card"


if __name__ == "__main__":
    stale = [
        name
        for name, row in CURRENT.items()
        if GOLDENS.get(name, row) != row and GOLDENS[name]["revision"] == row["revision"]
    ]
    if stale:
        raise SystemExit(f"the output changed under the same revision, raise it first: {', '.join(stale)}")
    TABLE.write_text(json.dumps(CURRENT, indent=1) + "\n", encoding="utf-8")
