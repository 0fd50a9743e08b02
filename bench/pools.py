"""Writing a pool of 1280x736 JPEG images, gate included, against making and encoding the same images and nothing else.

Ours reads its sources from files, checks that they are what was indexed, makes, encodes, writes, decodes what it wrote, hashes
it, lets the gate look, writes the manifest. Peer has its sources in memory. Both make what each of the four rendering
strategies makes of four sources in six domains, of one strategy after the other. In wall time, for what follows the making is
done by a second thread meanwhile.
"""

import shutil
import time
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.frame import Arms, Row, cost

SOURCES = 4
STRATEGIES = ("gen_automold", "gen_albumentations_weather", "gen_augmenters", "gen_Weather_Effect_Generator")


def rows() -> list[Row]:
    return [Row("pools/writing", _arms, cost(1 / 0.85), period=len(STRATEGIES), clock=time.perf_counter)]


def _arms() -> Arms:
    from fairweather.data import READERS, index
    from fairweather.data.encode import encode
    from fairweather.data.folder import write_folder
    from fairweather.engine.generate import Making, fill_pool, finish_pool, given, make_batch
    from fairweather.study import Material, PoolSpec, pool_plans, reader_identity, resolve

    room = _kept.enter_context(TemporaryDirectory(prefix="fairweather-bench-"))
    town = READERS["fairtown"]
    options = town.card.resolved({"town": "north", "size": "1280x736"}, "bench")
    rendered = town.open("bench", None, ("train",), options)
    clear = [sample for sample in rendered.samples if sample.domain == "clear_day"][:SOURCES]
    write_folder(rendered.only(clear), Path(room) / "data", lambda: None)
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
        fill_pool(making)
        finish_pool(making)

    def peer() -> None:
        plan = next(others).plan
        for item in plan.items:
            made = make_batch(plan, plan.generator, [item], [taken[item[0].sample.id]])
            encode(made[0], plan.identity["codec"], plan.identity["quality"])

    return Arms(ours, peer)


_kept = ExitStack()  # the folder of the pool, until the process ends
