"""Fairtown: a picture from nothing (scene, label, depth, weather, camera, JPEG), warm; starting cold; memory of a worker.

The mean over the seven domains is over calls: every period goes once through all domains of every scene.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import cycle, product
from pathlib import Path

import cv2

from bench.compare import Peak
from bench.frame import Arms, Row, children_cpu, gigabytes, seconds
from fairweather.vocabulary.domains import DOMAINS

TOWNS = ("north", "east", "south", "west")
SCENES = [(town, index) for town in TOWNS for index in (2, 101)]
PERIOD = len(SCENES) * len(DOMAINS)
SIZES = {"256x128": (128, 256), "1024x512": (512, 1024)}
QUALITY = 90

# A process that renders one picture of each domain: all kernels, and the atlas.
ONE_OF_EACH = """
from fairweather.data.town.arithmetic import seed_of
from fairweather.data.town.render import render
from fairweather.data.town.street import draw_scene
from fairweather.vocabulary.domains import DOMAINS
for domain in DOMAINS:
    render(draw_scene("north", "train", 2), domain, None, seed_of("bench"), 128, 256)
"""
# The same, saying how much private memory it needs beyond what its imports take, in kB. The atlas is mapped, not counted.
MEMORY = (
    """
def private():
    fields = dict(line.split(":") for line in open("/proc/self/smaps_rollup").read().splitlines()[1:])
    return sum(int(fields[name].split()[0]) for name in ("Private_Clean", "Private_Dirty"))
import fairweather.data.town.render, fairweather.data.town.street
before = private()
"""
    + ONE_OF_EACH
    + "print(private() - before)"
)


def rows() -> list[Row]:
    memory = Peak()
    return [
        Row("town/256x128", lambda: Arms(_pictures("256x128")), seconds(1 / 150), period=PERIOD),
        Row("town/1024x512", lambda: Arms(_pictures("1024x512")), seconds(1 / 10), period=PERIOD),
        *(Row(f"town/{size} to JPEG", lambda size=size: _beside_jpeg(size), period=PERIOD) for size in SIZES),  # type: ignore[misc]
        Row("town/cold", lambda: Arms(_cold), seconds(60), clock=children_cpu),
        Row("town/second process", _warm, seconds(3), clock=children_cpu),
        Row("town/worker memory", lambda: Arms(lambda: _memory(memory)), gigabytes(0.06), clock=memory.total),
    ]


def _pictures(size: str) -> Callable[[], object]:
    """Renders the next (scene, domain) at each call, the scene drawn anew."""
    from fairweather.data.town.arithmetic import seed_of
    from fairweather.data.town.render import render
    from fairweather.data.town.street import draw_scene

    turns = cycle(product(SCENES, DOMAINS))

    def call() -> object:
        (town, index), domain = next(turns)
        return render(draw_scene(town, "train", index), domain, None, seed_of("bench", index), *SIZES[size])

    for _ in range(PERIOD):
        call()
    return call


def _beside_jpeg(size: str) -> Arms:
    """Against encoding and decoding the same pictures."""
    from fairweather.data.town.arithmetic import seed_of
    from fairweather.data.town.render import render
    from fairweather.data.town.street import draw_scene

    made = [
        render(draw_scene(town, "train", index), domain, None, seed_of("bench", index), *SIZES[size]).image
        for (town, index), domain in product(SCENES, DOMAINS)
    ]
    pictures = cycle(made)

    def jpeg() -> object:
        _, data = cv2.imencode(".jpg", next(pictures), (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
        return cv2.imdecode(data, cv2.IMREAD_COLOR)

    return Arms(_pictures(size), jpeg)


def _cold() -> None:
    """No compiled kernel and no atlas on disk."""
    with tempfile.TemporaryDirectory() as folder:
        _process(ONE_OF_EACH, NUMBA_CACHE_DIR=str(Path(folder) / "numba"), XDG_CACHE_HOME=folder)


def _warm() -> Arms:
    _process(ONE_OF_EACH)
    return Arms(lambda: _process(ONE_OF_EACH))


def _memory(peak: Peak) -> None:
    peak.add(int(_process(MEMORY)))


def _process(program: str, **environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    return ran.stdout
