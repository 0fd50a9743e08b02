"""Writing a pool of 1280x736 JPEG images against making and encoding the same images and nothing else.

Ours reads its sources from files, checks that they are what was indexed, makes, encodes, writes and hashes each file, and writes
the manifest. Peer has its sources in memory. Both make what each of the four rendering strategies makes of eight sources in six
domains, of one strategy after the other. In wall time, for a second thread reads sources ahead and does what follows the making.

The required row leaves out that each file is then decoded again and looked at by the gate, which has a row of its own
(quality/gate); the noted row has all of it.
"""

import re
import shutil
import time
from contextlib import ExitStack, nullcontext
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from PIL import Image

from bench.frame import Arms, Row, cost

SOURCES = 8
STRATEGIES = ("gen_automold", "gen_albumentations_weather", "gen_augmenters", "gen_Weather_Effect_Generator")


def rows() -> list[Row]:
    return [
        Row("pools/writing", partial(_arms, False), cost(1 / 0.85), period=len(STRATEGIES), clock=time.perf_counter),
        Row("pools/writing and looking", partial(_arms, True), period=len(STRATEGIES), clock=time.perf_counter),
    ]


def _arms(gate: bool) -> Arms:
    from fairweather.data import READERS, index
    from fairweather.data.encode import encode
    from fairweather.data.folder import write_folder
    from fairweather.engine import generate as engine
    from fairweather.engine.generate import Making, fill_pool, finish_pool, given, make_batch
    from fairweather.study import Material, PoolSpec, pool_plans, reader_identity, resolve

    room = _kept.enter_context(TemporaryDirectory(prefix="fairweather-bench-"))
    town = READERS["fairtown"]
    options = town.card.resolved({"town": "north", "size": "1280x736"}, "bench")
    rendered = town.open("bench", None, ("train",), options)
    clear = [sample for sample in rendered.samples if sample.domain == "clear_day"][:SOURCES]
    write_folder(rendered.only(clear), Path(room) / "data", lambda: None)
    _as_photographs(Path(room) / "data")
    folder = READERS["folder"]
    dataset = folder.open("bench", Path(room) / "data", ("train",), folder.card.resolved({}, "bench"))
    manifest = index(dataset)
    material, identity = Material(dataset, manifest, manifest.rows, ()), reader_identity("folder")
    makings = []
    for name in STRATEGIES:
        arm = resolve(name, None, "bench")
        plan = pool_plans(arm, "bench", material, manifest.rows, PoolSpec(), None, identity, "bench", "bench")[0]
        makings.append(Making(plan, dataset, Path(room) / f"{name}.work", Path(room) / name))
    taken = {row.sample.id: given(makings[-1].plan, dataset, row) for row in manifest.rows}
    turns, others = cycle(makings), cycle(makings)

    def ours() -> None:
        making = next(turns)
        shutil.rmtree(making.final, ignore_errors=True)
        unseen = {"pixels": "", "checks": None}
        with nullcontext() if gate else patch.object(engine, "inspected", lambda *_: unseen):
            fill_pool(making)
        finish_pool(making)

    def peer() -> None:
        plan = next(others).plan
        for item in plan.items:
            made = make_batch(plan, plan.generator, [item], [taken[item[0].sample.id]])
            encode(made[0], plan.identity["codec"], plan.identity["quality"])

    return Arms(ours, peer)


def _as_photographs(folder: Path) -> None:
    """Images as JPEG, which is what cameras and most data sets give."""
    for path in folder.glob("images/**/*.png"):
        Image.open(path).save(path.with_suffix(".jpg"), quality=95)
        path.unlink()
    table = folder / "frames.csv"
    table.write_text(re.sub(r"^(images/[^,]*)\.png", r"\1.jpg", table.read_text(), flags=re.MULTILINE))


_kept = ExitStack()  # the folder of the pool, until the process ends
