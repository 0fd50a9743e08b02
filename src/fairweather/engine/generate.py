"""Making a pool: one image per (source, target domain), each written whole before the next, so that a kill loses one image."""

import hashlib
import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image

from fairweather.data import Dataset, Row, Sample, pixel_hash
from fairweather.data.decode import decode_image
from fairweather.errors import UnitStopped
from fairweather.generators import Generator, Source
from fairweather.store.files import clear_parts, publish, write_bytes, write_table
from fairweather.store.pools import MANIFEST, item_id
from fairweather.study import PoolPlan
from fairweather.vocabulary.streams import stable_hash


def make_pool(
    plan: PoolPlan, source: Dataset, work: Path, final: Path, tick: Callable[[], object] = lambda: None
) -> None:
    """Fill `work` with the pool's images and manifest, then rename it to `final`; images already there are kept.

    Args:
        tick: called after each image.

    Raises:
        UnitStopped: the generator returned something that is not an image of the source's size.
        MachineError: the disk is full.
    """
    (work / "images").mkdir(parents=True, exist_ok=True)
    clear_parts(work)
    records = []
    for row, domain in plan.items:
        records.append(_item(plan, source, row, domain, work))
        tick()
    write_table(work / MANIFEST, pa.Table.from_pylist(records))
    publish(work, final)


def _item(plan: PoolPlan, source: Dataset, row: Row, domain: str, work: Path) -> dict[str, Any]:
    name = plan.generator.card.name
    seed = stable_hash(name, row.sample.id, domain, plan.identity["pool_seed"])
    suffix = "jpg" if plan.identity["codec"] == "jpeg" else "png"
    id = item_id(row.sample.id, domain)
    file = f"images/{stable_hash(id):016x}.{suffix}"
    if not (work / file).is_file():
        rng = np.random.Generator(np.random.Philox(key=seed))
        given = _given(plan.generator, source, row.sample)
        try:
            made = plan.generator.generate(given, domain, rng)
        except Exception as error:  # a generator may be anybody's code; its arm is stopped by name
            raise UnitStopped(
                "pool.generator_failed", f"{name} on {row.sample.id} to {domain}: {type(error).__name__}: {error}"
            ) from error
        if made.shape != given.image.shape or made.dtype != np.uint8:
            raise UnitStopped(
                "pool.wrong_size",
                f"{name} made {made.dtype} {made.shape} from {row.sample.id}, which is {given.image.shape}",
            )
        write_bytes(work / file, encode(made, plan.identity["codec"], plan.identity["quality"]))
    return {
        "id": id,
        "source": row.sample.id,
        "source_sha256": row.image_sha256,
        "target_domain": domain,
        "file": file,
        "seed": seed,
        "parameters": json.dumps(plan.identity["generator"], sort_keys=True),
        "codec": plan.identity["codec"],
        "quality": plan.identity["quality"],
        "pixels": pixel_hash(decode_image(work / file)),
        "sha256": hashlib.sha256((work / file).read_bytes()).hexdigest(),
    }


def _given(generator: Generator, dataset: Dataset, sample: Sample) -> Source:
    """What this generator takes of a sample, and no more."""
    card = generator.card
    taken = {*card.takes, *(set(card.may_take) & dataset.offers)}
    return Source(
        dataset.image(sample),
        dataset.label(sample),
        dataset.depth(sample) if "depth" in taken else None,
        partial(dataset.twin, sample) if "twin" in taken else None,
        dataset.label_space.classes,
    )


def encode(image: np.ndarray, codec: str, quality: int | None) -> bytes:
    """(H, W, 3) uint8 RGB as the bytes of a JPEG or PNG file."""
    buffer = io.BytesIO()
    picture = Image.fromarray(image)
    if codec == "jpeg":
        picture.save(buffer, "JPEG", quality=quality)
    else:
        picture.save(buffer, "PNG")
    return buffer.getvalue()
