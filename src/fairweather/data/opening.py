"""Opening a data set as a study asks for it: by its reader, with the options that every data set on disk has."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from fairweather.data.dataset import Dataset, Reader, Sample
from fairweather.data.frames import frame_rows
from fairweather.errors import DataError, UnknownName
from fairweather.vocabulary.domains import ORIGINS, UNDEFINED, canonical_domain

DOMAIN_COLUMNS = ("id", "domain", "origin", "secondary")


def open_dataset(
    reader: Reader, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]
) -> Dataset:
    """The data set with the domains of its `domains` table; `split: grouped` opens every labelled split, to be divided anew.

    Raises:
        DataError: what is there is not what the layout says.
    """
    if options.get("split") == "grouped":
        splits = reader.card.splits
    dataset = reader.open(name, root, splits, options)
    if options.get("domains"):
        return dataset.only(_tagged(dataset.samples, Path(options["domains"])))
    return dataset


def _tagged(samples: tuple[Sample, ...], path: Path) -> tuple[Sample, ...]:
    """Samples of undefined domain take it from the table; what an attribute or a folder says stays."""
    if not path.is_file():
        raise DataError(f"{path}: missing; it is the table of domains that `fairweather data tag` writes")
    known = {}
    for line, row in frame_rows(path, DOMAIN_COLUMNS):
        where = f"{path} line {line}"
        domain = UNDEFINED if row["domain"] == UNDEFINED else canonical_domain(row["domain"], where)
        if row["origin"] not in ORIGINS:
            raise UnknownName("origin", row["origin"], ORIGINS, where)
        if row["id"] in known:
            raise DataError(f"{where}: {row['id']} is listed twice")
        known[row["id"]] = domain, row["origin"], row["secondary"]
    if samples and not any(sample.id in known for sample in samples):
        raise DataError(f"{path}: names none of the images, for example not {samples[0].id}")
    found = []
    for sample in samples:
        if sample.domain == UNDEFINED and sample.id in known:
            domain, origin, secondary = known[sample.id]
            sample = replace(sample, domain=domain, origin=origin, secondary=secondary)
        found.append(sample)
    return tuple(found)
