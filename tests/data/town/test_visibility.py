from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairweather.data.town.atlas import Atlas
from fairweather.data.town.camera import Camera
from fairweather.data.town.form import form, outline
from fairweather.data.town.quads import CUTOUT, FOLIAGE
from fairweather.data.town.scene import Scene

Make = Callable[..., Scene]
H, W = 64, 128


def test_the_depth_of_a_wall_is_its_distance(make_scene: Make, plain_atlas: Atlas, wall: Callable) -> None:
    label, depth = outline(make_scene([wall(-8, 8, 5, 20)]), plain_atlas, H, W)
    assert (label == 2).sum() > 1000
    assert depth[label == 2] == pytest.approx(20.0, rel=1e-6)
    rows, columns = np.nonzero(label == 2)
    # F = W pixels: 5 m at 20 m are 32 pixels, of which 1.5 m (9.6) lie below the horizon
    assert (rows.min(), rows.max() + 1) == pytest.approx((32 - 3.5 / 20 * W, 32 + 1.5 / 20 * W), abs=0.75)
    assert (columns.min(), columns.max() + 1) == pytest.approx((64 - 8 / 20 * W, 64 + 8 / 20 * W), abs=0.75)


def test_the_depth_of_a_slanted_wall_follows_its_plane(make_scene: Make, plain_atlas: Atlas) -> None:
    slanted = ((-6.0, 0.0, 10.0, 12.0, 0.0, 20.0, 0.0, 6.0, 0.0), (0.5, 0.5, 0.5), 2, "plain", 0)
    label, depth = outline(make_scene([slanted]), plain_atlas, H, W)
    columns = (np.arange(W) + 0.5 - W / 2) / W
    expected = np.broadcast_to(20.0 / (1.0 - columns * 20.0 / 12.0), (H, W))  # z = 20 + x 20 / 12 and x = z column
    inside = label == 2
    assert (
        np.abs(depth[inside] / expected[inside] - 1.0).max() < 0.02
    )  # the samples lie up to half a pixel off the centre


def test_the_depth_of_the_ground_is_that_of_its_row(make_scene: Make, plain_atlas: Atlas) -> None:
    label, depth = outline(make_scene(), plain_atlas, H, W)
    nearest = 1.5 * W / (np.arange(32, H) + 0.75 - 32)
    assert depth[32:, 64] == pytest.approx(nearest, rel=1e-5)
    assert np.isinf(depth[:32]).all()
    assert (label[:32] == 10).all()


def test_the_nearer_hides_the_farther_in_either_order(make_scene: Make, plain_atlas: Atlas, wall: Callable) -> None:
    near, far = wall(-2, 2, 3, 10, label=13), wall(-9, 9, 6, 20)
    first, second = (outline(make_scene(quads), plain_atlas, H, W) for quads in ([near, far], [far, near]))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
    assert first[0][30, 64] == 13
    assert first[1][30, 64] == pytest.approx(10.0)


def test_a_quad_through_the_camera_plane_is_drawn(make_scene: Make, plain_atlas: Atlas) -> None:
    along = ((-3.0, 0.0, -20.0, 0.0, 0.0, 70.0, 0.0, 8.0, 0.0), (0.5, 0.5, 0.5), 2, "plain", 0)
    label, depth = outline(make_scene([along]), plain_atlas, H, W)
    assert (label[:32, :40] == 2).any(axis=0).all()
    column = 5
    assert depth[31, column] == pytest.approx(3.0 / ((64 - column - 0.5) / W), rel=0.01)
    assert (label[:, 70:] != 2).all()


def test_what_lies_behind_is_not_drawn(make_scene: Make, plain_atlas: Atlas, wall: Callable) -> None:
    label, _ = outline(make_scene([wall(-8, 8, 5, -20)]), plain_atlas, H, W)
    assert not (label == 2).any()


def test_half_an_alpha_covers_half_the_samples(make_scene: Make, plain_atlas: Atlas, air: Callable) -> None:
    def face(flags: int, tile: str) -> Scene:
        return make_scene([((-8.0, 1.5, 20.0, 16.0, 0.0, 0.0, 0.0, 5.0, 0.0), (0.0, 0.0, 0.0), 4, tile, flags)])

    sky = air(horizon_g=1.0, zenith_g=1.0)
    whole, half = (
        form(face(f, t), sky, plain_atlas, H, W).radiance[20, 64, 1] for f, t in ((0, "plain"), (CUTOUT, "tree_0"))
    )
    assert whole == pytest.approx(0.0, abs=1e-6)
    assert half == pytest.approx(0.5, abs=1e-3)


def test_thin_foliage_is_labelled_where_most_of_the_sky_shows(
    make_scene: Make, plain_atlas: Atlas, air: Callable
) -> None:
    shape = (-8.0, 1.5, 20.0, 16.0, 0.0, 0.0, 0.0, 5.0, 0.0)
    crown = make_scene([(shape, (0.0, 0.0, 0.0), 8, "bush_0", CUTOUT | FOLIAGE)])
    formed = form(crown, air(horizon_g=1.0, zenith_g=1.0), plain_atlas, H, W)
    assert formed.label[20, 64] == 8
    assert formed.depth[20, 64] == pytest.approx(20.0)
    assert formed.radiance[20, 64, 1] == pytest.approx(0.75, abs=1e-3)
    fence = make_scene([(shape, (0.0, 0.0, 0.0), 4, "bush_0", CUTOUT)])
    assert outline(fence, plain_atlas, H, W)[0][20, 64] == 10


def test_the_bonnet_is_ignored(make_scene: Make, plain_atlas: Atlas) -> None:
    camera = Camera(0.0, 1.5, 0.0, 0.0, 1.0, 1.0, 0.5, 0.1)
    label, depth = outline(make_scene(camera=camera), plain_atlas, H, W)
    assert (label[-1] == 255).all()
    assert np.isfinite(depth[-1]).all()
    assert 0.05 < (label == 255).mean() < 0.12


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.tuples(*[st.floats(-30.0, 30.0)] * 9), st.integers(0, 18), st.sampled_from([0, CUTOUT, CUTOUT | FOLIAGE])
        ),
        max_size=6,
    )
)
def test_any_quads_give_labels_and_depths(make_scene: Make, plain_atlas: Atlas, quads: list) -> None:
    scene = make_scene([(shape, (0.5, 0.5, 0.5), label, "tree_0", flags) for shape, label, flags in quads])
    label, depth = outline(scene, plain_atlas, 32, 64)
    assert set(np.unique(label).tolist()) <= {*range(19), 255}
    assert (depth > 0).all()
    assert not np.isnan(depth).any()
    assert np.isinf(depth).any() <= (label == 10).any()
