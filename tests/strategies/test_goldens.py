"""A strategy's output changes only with its revision.

`goldens.json` holds, for each of our entries and each of its profiles, a digest of its output for fixed inputs beside
the revision that made it. The digests are those of the library versions pinned in constraints.txt (how Pillow and
OpenCV round is theirs to change) on x86-64. When an output is meant to change, raise the revision on the card and write
the table anew:

    .venv/bin/python tests/strategies/test_goldens.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from fairweather.strategies import STRATEGIES, MixedBatch, OnBatch, OnSample
from fairweather.strategies.strategy import configured
from fairweather.vocabulary.streams import stream

TABLE = Path(__file__).with_name("goldens.json")


def fixed_sample(height, width):
    """A picture from whole numbers alone: gradients, stripes and blocks; the label in diagonal bands."""
    rows, columns = np.indices((height, width))
    red = rows * 5 + columns * 2
    green = (rows * columns) // 7 + 40 * (columns // 9)
    blue = 255 - rows * 3 + 90 * ((rows + columns) // 8 % 2)
    return (np.stack([red, green, blue], -1) % 256).astype(np.uint8), ((rows + columns) // 14).astype(np.uint8)


def output_digest(strategy):
    found = hashlib.sha256()
    image, label = fixed_sample(40, 56)
    if isinstance(strategy, OnSample):
        for step in range(80):
            for plane in strategy.on_sample(image, label, stream(7, "strategy", step)):
                found.update(np.ascontiguousarray(plane).tobytes())
    if isinstance(strategy, OnBatch):
        images = np.stack([np.roll(image, 9 * n, axis=1) for n in range(4)]).transpose(0, 3, 1, 2) / np.float32(64)
        labels = np.stack([np.roll(label, 9 * n, axis=1) for n in range(4)])
        for step in range(20):
            new = strategy.on_batch(MixedBatch.plain(images, labels), stream(7, "strategy", step))
            for plane in (new.images, new.y, new.y_mix, new.weight):
                found.update(np.ascontiguousarray(plane).tobytes())
    return found.hexdigest()


def current():
    """What the table should say now."""
    table = {}
    for name, entry in STRATEGIES.items():
        if STRATEGIES.origin(name) == "fairweather":
            for profile in (None, *entry.card.profiles):
                digest = output_digest(configured(entry, entry.card, profile))
                key = f"{name}:{profile}" if profile else name
                table[key] = {"revision": entry.card.revision, "sha256": digest}
    return table


def complaint(golden, now):
    """What is wrong between the table's row and the present one; "" if nothing is."""
    if golden["sha256"] == now["sha256"] and golden["revision"] == now["revision"]:
        return ""
    if golden["revision"] == now["revision"]:
        return "the output has changed and the revision has not: raise it on the card"
    return f"the revision is new: write the table anew ({__doc__.splitlines()[-2].strip()})"


GOLDENS = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
CURRENT = current()


def test_the_table_has_one_row_for_each_of_our_entries_and_profiles():
    assert sorted(GOLDENS) == sorted(CURRENT)


@pytest.mark.parametrize("key", CURRENT)
def test_the_output_is_the_golden_one_of_the_revision(key):
    assert complaint(GOLDENS[key], CURRENT[key]) == ""


def test_a_changed_output_needs_a_new_revision_and_a_new_revision_a_new_row():
    row = {"revision": 1, "sha256": "a"}
    assert "raise it" in complaint(row, {"revision": 1, "sha256": "b"})
    assert "write the table anew" in complaint(row, {"revision": 2, "sha256": "b"})
    assert "write the table anew" in complaint(row, {"revision": 2, "sha256": "a"})


if __name__ == "__main__":
    stale = [key for key in CURRENT if key in GOLDENS and "raise it" in complaint(GOLDENS[key], CURRENT[key])]
    if stale:
        raise SystemExit(f"the output changed under the same revision, raise it first: {', '.join(stale)}")
    TABLE.write_text(json.dumps(CURRENT, indent=1) + "\n", encoding="utf-8")
