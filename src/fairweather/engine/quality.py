"""The quality of a finished pool: its images beside their sources, beside real images of the target domain, and as a trained
baseline unit sees them. The record lies in the pool's folder, is made after the units have run and stops nothing.

Real images come from the training split alone. All pools of a data set are measured on the same sources and real images, so
that their numbers compare.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fairweather.data import Dataset, Row, Sample, fingerprint
from fairweather.data.decode import decode_image
from fairweather.data.prepared import resized, resized_label
from fairweather.engine.evaluate import predict
from fairweather.engine.train import as_module
from fairweather.errors import InputError, MachineError, StoreError, UnitStopped
from fairweather.generators.oracle import Oracle
from fairweather.generators.quality import (
    Composite,
    Consistency,
    Example,
    FeatureNetwork,
    Number,
    Quality,
    absent_numbers,
    common_rows,
    consistency,
    consistency_numbers,
    distance_numbers,
    features_of,
    inception_or,
    lpips,
    perceptual_number,
    pixel_numbers,
    psnr,
    shrunk,
    ssim,
    study_network,
)
from fairweather.generators.quality.distances import MIN_ROWS
from fairweather.generators.quality.perceptual import Perceptual
from fairweather.models import build
from fairweather.store.files import read_json, write_json
from fairweather.store.pools import QUALITY, Pool
from fairweather.study.study import Recipe
from fairweather.vocabulary.domains import in_order
from fairweather.vocabulary.streams import stable_hash

if TYPE_CHECKING:
    from fairweather.models import Segmenter

REVISION = 1  # raise it when a number changes: older records are made again
IMAGES = 100  # of each domain at most, generated or real, so that a pool takes seconds whatever its size
CHUNK = 10  # sources that one worker looks at in a call

DISTANCES = ("kernel_distance", "frechet_distance"), ("kid", "fid")
CONSISTENCY = ("pixel_accuracy", "mean_iou", "frequency_weighted_iou")


@dataclass(frozen=True)
class Predictor:
    """A trained unit that predicts; plain values, so that it travels to another process.

    Args:
        unit: its id; weights: its model.safetensors.
        model, num_classes, recipe, short_side: as it was trained.
    """

    unit: str
    weights: Path
    model: str
    num_classes: int
    recipe: Recipe
    short_side: int | None
    device: str


@dataclass(frozen=True, eq=False)
class Terms:
    """What every pool of a data set is measured on.

    Args:
        sources: clear_day training images that every pool was made from, IMAGES at most, evenly spaced.
        real: domain -> training images of it, IMAGES at most, evenly spaced.
        short_side: of the pools; None for that of the source.
        predictor: the baseline unit; None for the reason `no_unit`.
    """

    dataset: Dataset
    sources: tuple[Row, ...]
    real: Mapping[str, tuple[Row, ...]]
    short_side: int | None
    predictor: Predictor | None
    no_unit: str
    composite: Composite | None

    @property
    def key(self) -> dict[str, Any]:
        """What a record was made on, kept beside it; networks are not in it, for what is at hand differs between machines."""
        return {
            "revision": REVISION,
            "sources": fingerprint(self.sources),
            "real": fingerprint([row for rows in self.real.values() for row in rows]),
            "unit": self.predictor.unit if self.predictor else "",
            "composite": self.composite.formula if self.composite else "",
        }


@dataclass(frozen=True, eq=False)
class Reference:
    """Features of the real images of each domain, and the network they are over; none of it for the reason `absent`."""

    network: FeatureNetwork | None
    why_not_inception: str = ""
    features: Mapping[str, np.ndarray] = field(default_factory=dict)
    absent: str = ""


@dataclass(frozen=True)
class Share:
    """Some sources and what a pool made of each, as (target domain, file); plain values, so that it travels.

    Args:
        dataset: with these sources alone.
    """

    dataset: Dataset
    items: tuple[tuple[Sample, tuple[tuple[str, Path], ...]], ...]
    short_side: int | None
    predictor: Predictor | None


@dataclass(frozen=True, eq=False)
class Seen:
    """What was measured on the images of a share.

    Args:
        values: (domain, measure) -> one value for each image.
        counts: domain -> labels against predictions; "" for those of the sources.
        absent: measure -> why it cannot be had of some image, and so of none.
    """

    values: Mapping[tuple[str, str], list[float]]
    counts: Mapping[str, Consistency]
    absent: Mapping[str, str]


def terms(
    dataset: Dataset, pools: Sequence[Sequence[Row]], train: Sequence[Row], short_side: int | None,
    predictor: Predictor | None, no_unit: str, composite: Composite | None,
) -> Terms:  # fmt: skip
    """The terms of a data set.

    Args:
        pools: the sources of each of its pools, in order, of which there is at least one.
        train: its real training images.
    """
    common = set.intersection(*({row.sample.id for row in rows} for rows in pools))
    distinct = {row.sample.id: row for row in pools[0] if row.sample.id in common}
    domains = in_order({row.sample.domain for row in train})
    real = {domain: evenly([row for row in train if row.sample.domain == domain], IMAGES) for domain in domains}
    sources = evenly(list(distinct.values()), IMAGES)
    return Terms(dataset, sources, real, short_side, predictor, no_unit, composite)


def evenly(rows: Sequence[Row], most: int) -> tuple[Row, ...]:
    """At most so many of the rows, evenly spaced, in their order."""
    count = min(len(rows), most)
    return tuple(rows[i * len(rows) // count] for i in range(count))


def trained(unit: str, folder: Path, **how: Any) -> Predictor | None:
    """The predictor of a finished unit; None if it kept no weights, or the file is not the one it recorded."""
    path = folder / "model.safetensors"
    if not path.is_file():
        return None
    if hashlib.sha256(path.read_bytes()).hexdigest() != read_json(folder / "unit.json")["weights_sha256"]:
        return None
    return Predictor(unit, path.resolve(), **how)


def measured(folder: Path, terms: Terms) -> Quality | None:
    """The record of a pool, None if it has none, or one that was made on other terms.

    A record that names a unit holds more than one that could be made without, and stays.
    """
    try:
        record = read_json(folder / QUALITY)
        made = record["terms"] if terms.predictor else record["terms"] | {"unit": ""}
        return Quality.read(record, str(folder / QUALITY)) if made == terms.key else None
    except (StoreError, InputError, KeyError, TypeError):  # missing, damaged, or of another version
        return None


def networks(quality: Quality) -> set[str]:
    """The names of the networks that distances in a record are over."""
    names = {name for pair in DISTANCES for name in pair}
    return {n.recipe.network.partition(":")[0] for n in quality.numbers if n.name in names and n.value is not None}


def shares(pool: Pool, terms: Terms) -> list[Share]:
    """What is to be looked at of a pool, in pieces that workers take."""
    files: dict[str, list[tuple[str, Path]]] = {}
    for sample in pool.samples:
        files.setdefault(pool.origins[sample.id].id, []).append((sample.domain, pool.folder.resolve() / sample.image))
    pieces = [terms.sources[start : start + CHUNK] for start in range(0, len(terms.sources), CHUNK)]
    return [
        Share(
            terms.dataset.only(row.sample for row in piece),
            tuple((row.sample, tuple(files[row.sample.id])) for row in piece),
            terms.short_side,
            terms.predictor,
        )
        for piece in pieces
    ]


def look(share: Share) -> Seen:
    """Compare the images of a share with their sources, with the oracle's where there is one, and with their labels.

    Raises:
        DataError: a source or a generated image cannot be read.
    """
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    counts: dict[str, Consistency] = {}
    perceptual, no_lpips = _perceptual(share.predictor.device if share.predictor else "cpu")
    absent = {"lpips": no_lpips, "oracle_lpips": no_lpips} if no_lpips else {}
    measures: dict[str, Perceptual] = {"psnr": psnr, "ssim": ssim} | ({"lpips": perceptual} if perceptual else {})
    for sample, files in share.items:
        source = resized(share.dataset.image(sample), share.short_side)
        label = resized_label(share.dataset.label(sample), share.short_side)
        for domain, image in [("", source), *((domain, decode_image(file)) for domain, file in files)]:
            if share.predictor and "consistency" not in absent:
                _count(counts, domain, image, label, share.predictor, absent)
            if not domain:
                continue
            references = {"": source}
            if "twin" in share.dataset.offers:
                references["oracle_"] = resized(_twin(share.dataset, sample, domain), share.short_side)
            for prefix, reference in references.items():
                for name, measure in measures.items():
                    try:
                        values[domain, prefix + name].append(measure(image, reference))
                    except InputError as error:  # an image smaller than the window of SSIM
                        absent[prefix + name] = f"{sample.id}: {error}"
    return Seen(dict(values), counts, absent)


def _twin(dataset: Dataset, sample: Sample, domain: str) -> np.ndarray:
    """The scene in another domain, in the weather that gen_oracle draws with pool seed 0."""
    seed = stable_hash(Oracle.card.name, sample.id, domain, 0)
    return dataset.twin(sample, domain, np.random.Generator(np.random.Philox(key=seed)))


def _count(
    counts: dict[str, Consistency], domain: str, image: np.ndarray, label: np.ndarray, predictor: Predictor,
    absent: dict[str, str],
) -> None:  # fmt: skip
    try:
        found = consistency([(image, label)], lambda image: classes(predictor, image), predictor.num_classes)
    except UnitStopped as stop:  # weights that predict nothing finite
        absent["consistency"] = stop.reason
        return
    counts[domain] = _sum([counts[domain], found]) if domain in counts else found


def _sum(found: Sequence[Consistency]) -> Consistency:
    matrix: np.ndarray = np.sum([one.matrix for one in found], axis=0)
    return Consistency(matrix, sum(one.images for one in found))


def classes(predictor: Predictor, image: np.ndarray) -> np.ndarray:
    """The classes (H, W) uint8 that a unit predicts for an image (H, W, 3) uint8 RGB, seen at its training size.

    Raises:
        UnitStopped: its scores are not finite.
    """
    import torch

    seen = resized(image, predictor.short_side)[None]
    size = image.shape[0], image.shape[1]
    with torch.inference_mode():
        (found,) = predict(_model(predictor), seen, [size], predictor.recipe, predictor.device)
    return found


@lru_cache(maxsize=1)
def _model(predictor: Predictor) -> "Segmenter":
    from safetensors.torch import load_file

    model = build(predictor.model, predictor.num_classes)
    as_module(model).load_state_dict(load_file(predictor.weights))
    as_module(model).to(predictor.device).eval()
    return model


@lru_cache(maxsize=1)
def _perceptual(device: str) -> tuple[Perceptual | None, str]:
    """LPIPS, or why there is none here."""
    try:
        return lpips(device), ""
    except MachineError as reason:
        return None, str(reason)


def reference(terms: Terms, targets: Sequence[str], tick: Callable[[], object] = lambda: None) -> Reference:
    """The real images of a data set as features: over Inception where it is at hand, else over a network trained on them.

    Args:
        targets: the domains that are asked for; tick: called after each real image that is read.
    """
    wanted = [domain for domain in targets if len(terms.real.get(domain, ())) >= MIN_ROWS]
    if not wanted:
        return Reference(None, absent=f"no target domain has {MIN_ROWS} real training images")
    small: dict[str, list[np.ndarray]] = defaultdict(list)

    def picture(row: Row) -> np.ndarray:
        tick()
        return resized(terms.dataset.image(row.sample), terms.short_side)

    def examples() -> Iterator[Example]:
        for domain, rows in terms.real.items():
            for row in rows:
                small[domain].append(shrunk(picture(row)))
                yield Example(small[domain][-1], terms.dataset.label(row.sample), domain)

    try:
        network, why = inception_or(lambda: study_network(examples(), terms.dataset.label_space.num_classes))
    except InputError as error:  # too few images to train it
        return Reference(None, absent=str(error))
    features = {
        domain: features_of(network, small[domain] if small else map(picture, terms.real[domain])) for domain in wanted
    }
    return Reference(network, why, features)


def quality_of(pool: Pool, id: str, terms: Terms, seen: Sequence[Seen], reference: Reference) -> Quality:
    """Everything measured on a pool.

    Args:
        pool: opened; id: of the pool.
        seen: what `look` found on each of its `shares`.
    """
    numbers: list[Number] = []
    for domain in in_order({sample.domain for sample in pool.samples}):
        numbers += _compared(domain, terms, seen)
        numbers += _apart(pool, domain, terms, reference)
        numbers += _consistent(domain, terms, seen)
    numbers += _consistent("", terms, seen)
    if terms.composite:
        domains = dict.fromkeys(number.domain for number in numbers if number.domain)
        numbers += [terms.composite.score(tuple(numbers), domain) for domain in domains]
    return Quality(id, tuple(numbers))


def write_quality(folder: Path, quality: Quality, terms: Terms) -> None:
    """Keep the record in the pool's folder, whole or not at all, with the terms it was made on."""
    write_json(folder / QUALITY, quality.record() | {"terms": terms.key})


def _compared(domain: str, terms: Terms, seen: Sequence[Seen]) -> Iterator[Number]:
    """PSNR, SSIM and LPIPS to the source and, where there are twins, to the oracle."""
    absent = {name: reason for one in seen for name, reason in one.absent.items()}

    def all_of(name: str) -> list[float]:
        return [value for one in seen for value in one.values.get((domain, name), ())]

    if not seen:
        names = ("psnr", "ssim", "lpips")
        yield from absent_numbers(names, "the pools of this data set were made from no common source", domain)
        return
    for against, prefix in (("source", ""), ("oracle", "oracle_")):
        if prefix and "twin" not in terms.dataset.offers:
            continue
        pair, network = (f"{prefix}psnr", f"{prefix}ssim"), f"{prefix}lpips"
        if reason := next((absent[name] for name in pair if name in absent), ""):
            yield from absent_numbers(pair, reason, domain)
        else:
            yield from pixel_numbers(all_of(pair[0]), all_of(pair[1]), domain, against)  # type: ignore[arg-type]
        missing = absent.get(network, "")
        yield perceptual_number(() if missing else all_of(network), domain, against, missing)  # type: ignore[arg-type]


def _apart(pool: Pool, domain: str, terms: Terms, reference: Reference) -> tuple[Number, ...]:
    """The distances to real images of the target domain, over as many of either."""
    network = reference.network
    names = DISTANCES[network is not None and network.inception]
    if network is None:
        return absent_numbers(names, reference.absent, domain)
    if domain not in reference.features:
        count = len(terms.real.get(domain, ()))
        return absent_numbers(names, f"{count} real training images of {domain}; {MIN_ROWS} are needed", domain)
    chosen = {row.sample.id for row in terms.sources}
    files = [pool.folder / s.image for s in pool.samples if s.domain == domain and pool.origins[s.id].id in chosen]
    if len(files) < MIN_ROWS:
        return absent_numbers(names, f"{len(files)} generated images; {MIN_ROWS} are needed", domain)
    made, real = features_of(network, map(decode_image, files)), reference.features[domain]
    of_made, of_real = common_rows(len(made), len(real))
    compared = f"generated {domain} images with real {domain} images of the training split, as many of either"
    return distance_numbers(
        made[of_made], real[of_real], network, compared, domain, why_not_inception=reference.why_not_inception
    )


def _consistent(domain: str, terms: Terms, seen: Sequence[Seen]) -> tuple[Number, ...]:
    """What the baseline unit makes of the images of a domain, or, without one, of the sources."""
    names = CONSISTENCY if domain else tuple(f"source_{name}" for name in CONSISTENCY)
    if terms.predictor is None:
        return absent_numbers(names, terms.no_unit, domain)
    found = [one.counts[domain] for one in seen if domain in one.counts]
    if reason := next((one.absent["consistency"] for one in seen if "consistency" in one.absent), ""):
        return absent_numbers(names, f"unit {terms.predictor.unit}: {reason}", domain)
    if not found:
        return absent_numbers(names, "the pools of this data set were made from no common source", domain)
    space = terms.dataset.label_space
    return consistency_numbers(_sum(found), space.classes, terms.predictor.unit, domain, on_sources=not domain)
