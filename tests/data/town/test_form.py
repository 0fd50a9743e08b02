import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fairweather.data.town.atlas import Atlas, atlas
from fairweather.data.town.form import form, outline
from fairweather.data.town.quads import CUTOUT, FACADE, FOLIAGE, PAINT, STANDING
from fairweather.data.town.scene import Scene
from fairweather.data.town.street import draw_scene
from fairweather.data.town.weather import draw_conditions
from fairweather.vocabulary.domains import DOMAINS

H, W = 64, 128


@pytest.mark.parametrize(("town", "index"), [("north", 0), ("north", 35), ("south", 12), ("east", 3), ("west", 20)])
def test_label_and_depth_are_those_of_the_outline_in_every_domain(town: str, index: int) -> None:
    scene = draw_scene(town, "train", index)
    label, depth = outline(scene, atlas(), H, W)
    for domain in DOMAINS:
        formed = form(scene, draw_conditions(town, domain, None, index), atlas(), H, W)
        assert np.array_equal(formed.label, label)
        assert np.array_equal(formed.depth, depth)
        assert formed.radiance.dtype == formed.film.dtype == np.float32
        assert np.isfinite(formed.radiance).all()
        assert (formed.radiance >= 0).all()
        assert ((formed.film >= 0) & (formed.film <= 1)).all()


def test_every_pixel_receives_light(make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable) -> None:
    white = {f"{name}_{c}": 1.0 for name in ("sky", "horizon", "zenith") for c in "rgb"}
    formed = form(make_scene(), air(**white), plain_atlas, H, W)
    assert formed.radiance.min() > 0.01


def test_threads_do_not_share_their_buffers() -> None:
    scenes = [draw_scene("north", "train", index) for index in range(6)]

    def digest(scene: Scene) -> str:
        formed = form(scene, draw_conditions("north", "clear_day", 1.0, 3), atlas(), H, W)
        return hashlib.sha256(formed.radiance.tobytes()).hexdigest()

    alone = [digest(scene) for scene in scenes]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(digest, scenes * 3)) == alone * 3


CHILD = """
import hashlib, json
from fairweather.data.town import floor, form as forming, fragments, lamplight, shadow, sky, surface, visibility
from fairweather.data.town.atlas import atlas
from fairweather.data.town.street import draw_scene
from fairweather.data.town.weather import draw_conditions
scene = draw_scene("south", "train", 7)
digests = {}
for domain in ("clear_day", "cloudy", "dawn_dusk", "night", "rainy", "snowy"):
    formed = forming.form(scene, draw_conditions("south", domain, 1.0, 3), atlas(), 64, 128)
    digests[domain] = hashlib.sha256(formed.radiance.tobytes() + formed.film.tobytes()).hexdigest()
kernels = {
    value for module in (floor, fragments, lamplight, shadow, sky, surface, visibility)
    for value in vars(module).values() if hasattr(value, "stats")
}
print(json.dumps([digests, sum(sum(kernel.stats.cache_misses.values()) for kernel in kernels)]))
"""


def test_another_process_makes_the_same_bytes_and_compiles_nothing() -> None:
    scene = draw_scene("south", "train", 7)
    here = {}
    for domain in ("clear_day", "cloudy", "dawn_dusk", "night", "rainy", "snowy"):
        formed = form(scene, draw_conditions("south", domain, 1.0, 3), atlas(), H, W)
        here[domain] = hashlib.sha256(formed.radiance.tobytes() + formed.film.tobytes()).hexdigest()
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    digests, compiled = json.loads(done.stdout)
    assert digests == here
    assert compiled == 0


# SHA-256 of the pictures of one scene made by hand: neither streets nor textures enter, they change with the kernels alone.
GOLDEN = {
    "sun": "96fed12cc32def00",
    "overcast": "b59cf96c8437d002",
    "lamps": "dbb13c481ae47dc2",
    "wet": "bfbf26f8a93db7ac",
    "snow": "6b0433156cd9ffdf",
}


@pytest.mark.parametrize("light", GOLDEN)
def test_a_picture_is_golden(
    light: str, make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable, box: Callable
) -> None:
    tree = ((1.0, 0.0, 14.0, 4.0, 0.0, 0.0, 0.0, 5.0, 0.0), (0.1, 0.2, 0.05), 8, "tree_0", CUTOUT | STANDING | FOLIAGE)
    house = ((-6.0, 0.0, 40.0, 0.0, 0.0, -35.0, 0.0, 9.0, 0.0), (0.4, 0.3, 0.2), 2, "facade_0", FACADE)
    car = [(*quad[:4], PAINT) for quad in box(-3, -1, 1.5, 10, 14, (0.3, 0.05, 0.05))]
    scene = make_scene(
        [tree, house, *car], lamps=[(4.0, 8.0, 12.0, 1.0, 0.7, 0.4, 1.0)], zebra_1=8.0, patches=0.3, wear=0.3
    )
    night = {f"{name}_{c}": 0.01 for name in ("sky", "horizon", "zenith") for c in "rgb"}
    lights = {
        "sun": air(
            sun_x=0.48, sun_y=0.6, sun_z=0.64, sun_r=4.0, sun_g=3.9, sun_b=3.5, overcast=0.0, cloud=0.4, aureole=0.8
        ),
        "overcast": air(cloud=1.0),
        "lamps": air(**night, lamps=1.0, windows=0.3, drive=5.0, beam=1.0),
        "wet": air(wet=0.7, puddles=0.2, porous=0.7),
        "snow": air(snow=0.8, road_snow=0.5, snow_albedo=0.8),
    }
    formed = form(scene, lights[light], plain_atlas, 32, 64)
    parts = (formed.radiance, formed.film, formed.depth, formed.label)
    assert hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:16] == GOLDEN[light]
