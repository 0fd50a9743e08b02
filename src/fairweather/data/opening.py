"""Opening a data set as a study asks for it: by its reader, with the options that every data set on disk has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fairweather.data.dataset import Dataset, Reader, Sample
from fairweather.data.frames import frame_rows
from fairweather.data.manifest import Row
from fairweather.errors import DataError, PartMissing, UnknownName
from fairweather.vocabulary.domains import ORIGINS, UNDEFINED, canonical_domain

DOMAIN_COLUMNS = ("id", "domain", "origin", "secondary")


def open_dataset(
    reader: Reader, name: str, root: Path | None, splits: tuple[str, ...], options: Mapping[str, str]
) -> Dataset:
    """The data set with the domains of its `domains` table; `split: grouped` opens every labelled split, to be divided anew.

    Raises:
        DataError: what is there is not what the layout says.
    """
    if options.get("split") == "grouped" and root is not None:
        dataset = open_what_is_there(reader, name, root, {**options, "domains": ""})
    else:
        dataset = reader.open(name, root, splits, options)
        refuse_twins(dataset)
    if options.get("domains"):
        return dataset.only(_tagged(dataset.samples, Path(options["domains"])))
    return dataset


def refuse_twins(dataset: Dataset) -> None:
    """DataError if two samples bear one id: one of them would be lost; or ids that differ in nothing but case."""
    seen: dict[str, Sample] = {}
    for sample in dataset.samples:
        if (other := seen.setdefault(sample.id.casefold(), sample)) is not sample:
            told = "both are" if other.id == sample.id else f"differ in case alone from {other.id}:"
            raise DataError(
                f"{dataset.name}: {other.image} and {sample.image}: {told} {sample.id}; give each a name of its own"
            )


def open_what_is_there(reader: Reader, name: str, root: Path, options: Mapping[str, str]) -> Dataset:
    """The data set with every labelled split that was unpacked; its notes name the others. For looking at it, not for a study.

    Raises:
        DataError: no split is there, or one is and is not what the layout says.
    """
    official, splits = {**options, "split": "official"}, reader.card.splits
    try:
        return open_dataset(reader, name, root, splits, official)
    except PartMissing as error:
        first = error
    closed: dict[str, str] = {}
    for split in splits:
        try:
            reader.open(name, root, (split,), options)
        except PartMissing as error:
            closed[split] = f"{split} is left out: {error}"
    there = tuple(split for split in splits if split not in closed)
    if there in ((), splits):
        raise first
    dataset = open_dataset(reader, name, root, there, official)
    return replace(dataset, notes=(*dataset.notes, *closed.values()))  # type: ignore[type-var]


def recognised(readers: Mapping[str, Reader], root: Path) -> tuple[str, Mapping[str, str]]:
    """The reader of a folder and the options under which it opens it.

    Raises:
        DataError: a layout nobody knows, or more than one reader knows it.
    """
    on_disk = {name: reader for name, reader in readers.items() if "root" in reader.card.needs}
    found = {name: options for name, reader in on_disk.items() if (options := reader.recognise(root)) is not None}
    if len(found) > 1:
        raise DataError(f"{root}: could be {' or '.join(found)}; say which, as READER:{root}")
    if found:
        return next(iter(found.items()))
    near = _beside(on_disk, root)
    raise DataError(
        f"{root}: not the layout of any reader ({', '.join(on_disk)})"
        + (
            f"; there is {near[0]} in {near[1]}, point at it"
            if near
            else "; `fairweather datasets` shows what is expected"
        )
    )


def _beside(readers: Mapping[str, Reader], root: Path) -> tuple[str, Path] | None:
    """A reader that knows a folder just below or just above the root, for the message."""
    below = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    for folder in (*below, root.resolve().parent):
        for name, reader in readers.items():
            if reader.recognise(folder) is not None:
                return name, folder
    return None


def _tagged(samples: tuple[Sample, ...], path: Path) -> tuple[Sample, ...]:
    """Samples whose domain nobody wrote down take it from the table; what an attribute, a folder or a rule says stays."""
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
        if sample.domain == UNDEFINED and not sample.origin and sample.id in known:
            domain, origin, secondary = known[sample.id]
            sample = replace(sample, domain=domain, origin=origin, secondary=secondary)
        found.append(sample)
    return tuple(found)


def refuse_other_pictures(rows: Sequence[Row], table: Path) -> None:
    """DataError if an image is no longer the one that was looked at when the table of domains was written."""
    tagged = {row["id"]: row.get("image_sha256") for _, row in frame_rows(table, DOMAIN_COLUMNS)}
    for row in rows:
        told = tagged.get(row.sample.id)
        if told and told != row.image_sha256 and row.sample.origin in ("classifier", "heuristic"):
            raise DataError(
                f"{table}: {row.sample.id} was another picture when it was tagged; run `fairweather data tag` again"
            )
