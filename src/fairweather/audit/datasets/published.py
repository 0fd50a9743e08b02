"""What publishers say of their data sets: the images of each split and the pixels of each class, each with its source."""

import csv
from functools import cache
from importlib.resources import files


@cache
def published_counts(reader: str) -> dict[str, int]:
    """Labelled images of each split; {} where nothing is known."""
    return {row["split"]: int(row["images"]) for row in _rows("published_counts.csv") if row["reader"] == reader}


@cache
def published_shares(reader: str) -> dict[str, float]:
    """Percent of labelled pixels of each class; {} where nothing is carried. Unverified: for coarse comparison only."""
    return {row["class"]: float(row["percent"]) for row in _rows("published_shares.csv") if row["reader"] == reader}


def _rows(name: str) -> list[dict[str, str]]:
    text = files("fairweather.audit.datasets").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
