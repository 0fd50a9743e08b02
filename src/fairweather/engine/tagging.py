"""Tagging a data set: every image looked at once, in batches, so that a killed run goes on where it was."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fairweather.data import Dataset, Sample
from fairweather.errors import InputError
from fairweather.models.taggers import Calibration, Confusion, Evidence, Rule, Tagger, calibrate, confusion, decide
from fairweather.store.domains import read_sheet, said_before, sheet_of, write_domains
from fairweather.store.files import on_disk, read_json, write_json
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED
from fairweather.vocabulary.streams import stable_share

BATCH = 8  # photographs of 12 megapixels are 36 MB each
KEPT_EVERY = 10.0  # seconds of work that a killed run loses
KNOWN = ("attribute", "folder")  # origins that a tagger is judged by


@dataclass(frozen=True)
class Calibrated:
    """A rule fitted on half the groups of a labelled data set, and what it says of the other half.

    Args:
        source: as the user named it; images: sha256 of those it was fitted on.
    """

    source: str
    fitted: Calibration
    judged: Confusion
    images: frozenset[str]

    def record(self) -> dict[str, Any]:
        """What a sheet says of it."""
        return {
            "source": self.source,
            "images": self.fitted.images,
            "left": list(self.fitted.left),
            "never": list(self.fitted.never),
            "judged_on": self.judged.record(),
        }


def calibrated(source: str, dataset: Dataset, tagger: Tagger, tick: Callable[[], object] = lambda: None) -> Calibrated:
    """Fit the tagger's rule on images whose domain an attribute or a folder says, half of the groups; judge it on the rest.
    Where the data set has a training split nothing else is used: no threshold may come from images that are tested on.

    Args:
        tick: called after each image.

    Raises:
        InputError: no image has a domain, or all of them are on one side.
        DataError: an image cannot be read.
    """
    labelled = [s for s in known(dataset) if s.split == "train"] or known(dataset)
    fit: list[Sample] = []
    rest: list[Sample] = []
    for sample in labelled:
        (fit if stable_share(f"calibration {sample.group or sample.id}") < 0.5 else rest).append(sample)
    if not fit or not rest:
        raise InputError(
            f"--calibrate {source}: {len(labelled)} images with a domain, in groups that fall on one side; at least two groups"
            " of images with domains are needed"
        )
    seen = dict(looked_at(dataset, (*fit, *rest), tagger, tick))
    fitted = calibrate([seen[s.id] for s in fit], [s.domain for s in fit], tagger.rule)
    said = [decide(seen[s.id], fitted.rule).domain for s in rest]
    return Calibrated(
        source, fitted, confusion([s.domain for s in rest], said), frozenset(dataset.content(s)[0] for s in fit)
    )


def known(dataset: Dataset) -> list[Sample]:
    """The samples whose domain an attribute or a folder says."""
    return [s for s in dataset.samples if s.domain != UNDEFINED and s.origin in KNOWN]


def looked_at(
    dataset: Dataset, samples: Sequence[Sample], tagger: Tagger, tick: Callable[[], object] = lambda: None
) -> Iterator[tuple[str, Evidence]]:
    """Ids and evidence of samples, batch by batch."""
    for start in range(0, len(samples), BATCH):
        batch = samples[start : start + BATCH]
        for sample, seen in zip(batch, tagger.evidence([dataset.image(s) for s in batch]), strict=True):
            yield sample.id, seen
            tick()


def tag_dataset(
    dataset: Dataset, tagger: Tagger, out: Path, calibration: Calibrated | None = None,
    tick: Callable[[], object] = lambda: None,
) -> dict[str, Any]:  # fmt: skip
    """Tag every sample, write the table `out` and its sheet, and return the sheet.

    Images whose content is in an `out` of the same tagger and settings, or in what a killed run left, are not looked at again.

    Args:
        calibration: the rule to decide by instead of the tagger's own; images it was fitted on are in no confusion.
        tick: called after each sample.

    Raises:
        InputError: `out` is there and is not a table that this wrote.
        DataError: an image cannot be read.
    """
    rule = calibration.fitted.rule if calibration else tagger.rule
    refuse_other(out)
    settings = _settings(tagger, rule)
    said = said_before(out, settings)
    partial = out.with_name(f".{out.name}.partial.json")
    if partial.is_file() and (kept := read_json(partial)).get("settings_sha256") == settings:
        said |= kept["rows"]
    hashes, waiting = {}, []
    for sample in dataset.samples:
        hashes[sample.id] = dataset.content(sample)[0]
        if hashes[sample.id] in said:
            tick()
        else:
            waiting.append(sample)
    saved = time.monotonic()
    for id, seen in looked_at(dataset, waiting, tagger, tick):
        told = decide(seen, rule)
        said[hashes[id]] = {
            "domain": told.domain, "origin": tagger.origin, "secondary": told.secondary, "confidence": f"{told.confidence:.4f}",
        }  # fmt: skip
        if time.monotonic() - saved > KEPT_EVERY:
            saved = time.monotonic()
            write_json(partial, {"settings_sha256": settings, "rows": said})
    rows = [said[hashes[s.id]] | {"id": s.id, "image_sha256": hashes[s.id]} for s in dataset.samples]
    sheet = _sheet(dataset, tagger, rule, rows, calibration)
    with on_disk(out):
        write_domains(out, rows, sheet | {"settings_sha256": settings})
        partial.unlink(missing_ok=True)
    return sheet


def refuse_other(out: Path) -> None:
    """InputError if there is something at `out` that is not a table with its sheet."""
    if out.suffix != ".csv":
        raise InputError(f"--out: {out} does not end in .csv")
    if out.exists() and (not sheet_of(out).is_file() or read_sheet(out) is None):
        raise InputError(
            f"--out: {out} is there already, and {sheet_of(out).name} beside it is not its sheet (was it"
            " edited?); name a new file"
        )


def _settings(tagger: Tagger, rule: Rule) -> str:
    """sha256 of all that determines what is said of an image."""
    record = {"tagger": tagger.name, "revision": tagger.revision, "settings": tagger.settings, "rule": rule.record()}
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _sheet(
    dataset: Dataset, tagger: Tagger, rule: Rule, rows: Sequence[Mapping[str, str]], calibration: Calibrated | None
) -> dict[str, Any]:
    domains = [row["domain"] for row in rows]
    said, image = {row["id"]: row["domain"] for row in rows}, {row["id"]: row["image_sha256"] for row in rows}
    fitted = calibration.images if calibration else frozenset()
    judged = [sample for sample in known(dataset) if image[sample.id] not in fitted]
    undefined = [sample for sample in dataset.samples if sample.domain == UNDEFINED]
    return {
        "tagger": tagger.name,
        "origin": tagger.origin,
        "revision": tagger.revision,
        "settings": dict(tagger.settings),
        "rule": rule.record(),
        "never_says": list(tagger.never),
        "images": len(dataset.samples),
        "without_domain": len(undefined),
        "coverage": sum(d != UNDEFINED for d in domains) / len(domains) if domains else None,
        "said": _counts(domains),
        "used": _counts([said[s.id] for s in undefined]),
        "confusion": confusion([s.domain for s in judged], [said[s.id] for s in judged]).record() if judged else None,
        "calibration": calibration.record() if calibration else None,
    }


def _counts(domains: Sequence[str]) -> Mapping[str, int]:
    return {domain: n for domain in (*DOMAINS, UNDEFINED) if (n := list(domains).count(domain))}
