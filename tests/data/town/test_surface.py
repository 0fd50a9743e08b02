from collections.abc import Callable

import numpy as np
import pytest

from fairweather.data.town.atlas import Atlas
from fairweather.data.town.camera import Camera
from fairweather.data.town.conditions import Conditions
from fairweather.data.town.form import Formed, form
from fairweather.data.town.quads import FACADE, HEADLIGHT, LUMINAIRE, PAINT, RETRO, SCREEN, SIGNAL, STANDING, TAILLIGHT
from fairweather.data.town.scene import Scene

H, W = 64, 128
RED = (0.6, 0.06, 0.06)
ABOVE = Camera(0.0, 4.0, 0.0, 0.0, 1.0, 1.0, 0.4, 0.0)
DARK = {f"{name}_{c}": 0.0 for name in ("sky", "horizon", "zenith", "sun") for c in "rgb"}


@pytest.fixture
def face(make_scene: Callable[..., Scene], plain_atlas: Atlas) -> Callable[..., np.ndarray]:
    """Radiance in the middle of a quad 12 m ahead, turned to the camera."""

    def radiance(
        air: Conditions, flags: int = 0, tint: tuple[float, float, float] = (0.5, 0.5, 0.5), lean: float = 0.0
    ) -> np.ndarray:
        shape = (-3.0, 0.0, 12.0, 6.0, 0.0, 0.0, 0.0, 3.0, lean)
        formed = form(make_scene([(shape, tint, 2, "plain", flags)]), air, plain_atlas, H, W)
        return np.asarray(formed.radiance[30, 64])

    return radiance


def test_lying_snow_is_on_upward_faces_only(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, box: Callable, air: Callable
) -> None:
    scene = make_scene(box(-2, 2, 2, 12, 18, RED), camera=ABOVE)
    bare, snowy = (form(scene, air(snow=s, snow_albedo=0.8), plain_atlas, 128, 256) for s in (0.0, 1.0))
    car = bare.label == 13
    rows, columns = np.nonzero(car)
    depth = bare.depth[car]
    front = depth < 12.01
    top, inner = (
        depth > 12.5,
        (rows > rows[front].min() + 1) & (rows < rows[front].max() - 1) & (abs(columns - 128) < 30),
    )
    side = front & inner  # without the pixels that the side shares with the top or the road

    def hue(made: Formed, part: np.ndarray) -> np.ndarray:
        return made.radiance[rows[part], columns[part], 1] / made.radiance[rows[part], columns[part], 0]

    assert top.sum() > 200
    assert side.sum() > 200
    assert np.median(hue(bare, top)) == pytest.approx(0.1 * 0.98 / 0.93, rel=0.02)
    assert np.median(hue(snowy, top)) > 0.95
    assert hue(snowy, side) == pytest.approx(hue(bare, side), rel=1e-3)
    # the sides gain only the light that the white ground throws up
    gain = snowy.radiance[rows[side], columns[side], 0] / bare.radiance[rows[side], columns[side], 0]
    assert gain.min() > 1.0
    assert gain.max() < 2.0


def test_a_face_turned_to_the_sun_is_brighter(face: Callable, air: Callable) -> None:
    def sun(x: float, y: float, z: float) -> Conditions:
        return air(sun_x=x, sun_y=y, sun_z=z, sun_r=4.0, sun_g=4.0, sun_b=4.0)

    towards, along, behind = face(sun(0.0, 0.6, -0.8)), face(sun(0.8, 0.6, 0.0)), face(sun(0.0, 0.6, 0.8))
    assert towards[1] - along[1] == pytest.approx(0.5 * 4.0 * 0.8, rel=0.02)
    assert along == pytest.approx(behind, rel=1e-5)


def test_a_round_body_is_lit_from_the_side(make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable) -> None:
    figure = ((-2.0, 0.0, 12.0, 4.0, 0.0, 0.0, 0.0, 3.0, 0.0), (0.5,) * 3, 11, "plain", STANDING)
    sun = air(sun_x=0.9, sun_y=0.4359, sun_z=0.0, sun_r=4.0, sun_g=4.0, sun_b=4.0)
    row = form(make_scene([figure]), sun, plain_atlas, H, W).radiance[30, 64 - 18 : 64 + 18, 1]
    assert row[-1] > 3 * row[0]
    assert (np.diff(row) > -1e-6).all()


def test_glass_mirrors_the_sky_only_where_its_reflection_rises(face: Callable, air: Callable) -> None:
    bright = air(horizon_g=9.0, zenith_g=9.0)
    upright, leaning = (face(bright, SCREEN, (0.02,) * 3, lean)[1] for lean in (0.0, 2.0))
    assert upright < 0.1
    assert leaning > 5 * upright
    assert face(bright, PAINT, (0.02,) * 3, 2.0)[1] > face(bright, 0, (0.02,) * 3, 2.0)[1] + 0.2


def test_lamps_shine_when_they_are_on_and_signals_always(face: Callable, air: Callable) -> None:
    off, on = air(**DARK), air(**DARK, drive=5.0, lamps=1.0)
    for flags in (HEADLIGHT, TAILLIGHT, LUMINAIRE):
        assert not face(off, flags).any()
        assert face(on, flags)[0] > 0.5
    white, red = face(on, HEADLIGHT), face(on, TAILLIGHT)
    assert white[1] > 0.9 * white[0]
    assert red[1] < 0.1 * red[0]
    assert face(off, SIGNAL)[0] > 0.3


def test_some_windows_are_lit_and_the_same_ones_every_time(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable
) -> None:
    facade = ((-10.0, 0.0, 20.0, 20.0, 0.0, 0.0, 0.0, 10.0, 0.0), (0.5,) * 3, 2, "facade_0", FACADE)
    scene = make_scene([facade])
    scene.quads.look[:, 3:] = 12, 6  # 24 x 12 windows
    night = air(**DARK, windows=0.3)
    once, again = (form(scene, night, plain_atlas, 128, 256) for _ in range(2))
    lit = once.radiance[..., 0][once.label == 2] > 0.0
    assert lit.mean() == pytest.approx(0.3, abs=0.12)
    assert np.array_equal(once.radiance, again.radiance)
    colours = once.radiance[(once.label == 2) & (once.radiance[..., 0] > 0.0)]
    assert len(np.unique(np.round(colours[:, 2] / colours[:, 0], 3))) > 10
    assert not form(scene, air(**DARK), plain_atlas, 128, 256).radiance[once.label == 2].any()


def test_signs_shine_back_into_the_beam(face: Callable, air: Callable) -> None:
    beam = air(**DARK, beam=1.0)
    assert face(beam, RETRO)[1] > 8 * face(beam)[1] > 0.0


def test_walls_are_darker_below_and_when_wet(
    make_scene: Callable[..., Scene], plain_atlas: Atlas, air: Callable, wall: Callable
) -> None:
    scene = make_scene([wall(-8, 8, 12, 20)])
    dry, wet = (form(scene, air(wet=w), plain_atlas, H, W).radiance[..., 1] for w in (0.0, 1.0))
    assert dry[5, 64] > 1.15 * dry[38, 64]
    assert 0.8 < wet[20, 64] / dry[20, 64] < 0.95
