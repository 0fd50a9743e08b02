import numpy as np
import pytest

from fairweather.data.town.camera import Camera
from fairweather.data.town.mirror import reflect

HEIGHT, WIDTH = 128, 256
CAMERA = Camera(0.0, 1.4, 0.0, 0.0, 1.0, 0.8, 0.45, 0.0)
FOCAL, HORIZON = CAMERA.focal * WIDTH, CAMERA.horizon * HEIGHT
SEED = np.uint64(3)


def street(film: float, wall: float = 40.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Black wet ground up to a wall of height 12 m, and above it a dark sky; picture, depth, film."""
    row = np.arange(HEIGHT) + 0.5
    ground = np.where(row > HORIZON, FOCAL * CAMERA.y / np.maximum(row - HORIZON, 1e-6), np.inf)
    height_at_wall = CAMERA.y + wall * (HORIZON - row) / FOCAL
    depth = np.where(ground < wall, ground, np.where(height_at_wall < 12, wall, np.inf))
    depth = np.repeat(depth[:, None], WIDTH, 1).astype(np.float32)
    wet = np.where(ground < wall, film, 0)
    return np.zeros((HEIGHT, WIDTH, 3), np.float32), depth, np.repeat(wet[:, None], WIDTH, 1).astype(np.float32)


def image_row(height: float, z: float) -> float:
    return HORIZON + FOCAL * (CAMERA.y - height) / z


@pytest.mark.parametrize(("height", "z"), [(8.0, 30.0), (3.0, 15.0), (6.0, 40.0), (3.0, 22.0)])
def test_a_lamp_on_a_post_is_mirrored_where_geometry_puts_it(height: float, z: float) -> None:
    """The mirror image lies as far below the ground as the lamp above it, in the same column."""
    picture, depth, film = street(0.5)
    row, column = int(image_row(height, z)), 77
    picture[row - 1 : row + 2, column - 1 : column + 2] = 20.0
    depth[row - 1 : row + 2, column - 1 : column + 2] = z
    reflect(picture, depth, film, CAMERA, SEED)
    below = picture[..., 1] * (film > 0)
    expected = image_row(-height, z)
    assert expected < HEIGHT
    rows, columns = np.nonzero(below > 0.5)
    centre = (below.sum(1) * (np.arange(HEIGHT) + 0.5)).sum() / below.sum()
    assert centre == pytest.approx(expected, abs=2.5)
    assert set(columns) <= {column - 1, column, column + 1}
    assert np.ptp(rows) < 16
    # a mirror that took every surface for infinitely far would put it elsewhere
    assert abs(2 * HORIZON - row - expected) > 5


def test_wall_and_sky_are_mirrored_in_order() -> None:
    picture, depth, film = street(0.4)
    picture[np.isinf(depth)] = 1.0
    picture[depth == 40.0] = 0.2
    reflect(picture, depth, film, CAMERA, SEED)
    edge = HORIZON + FOCAL * (CAMERA.y + 12) / 40.0  # where the top of the wall is mirrored
    rows = np.arange(HEIGHT) + 0.5
    wall = (film[:, 0] > 0) & (rows < edge - 7)
    sky = (film[:, 0] > 0) & (rows > edge + 7)
    assert wall.sum() > 20
    assert np.allclose(picture[wall], 0.4 * 0.2, atol=1e-6)
    assert not sky.any() or np.allclose(picture[sky], 0.4, atol=1e-6)


def test_the_nearer_of_two_things_hides_the_farther_in_the_mirror() -> None:
    picture, depth, film = street(0.5)
    picture[depth == 40.0] = 0.1
    box = slice(int(image_row(2.0, 10.0)), int(image_row(0.0, 10.0)) + 1)
    picture[box, 100:150], depth[box, 100:150], film[box, 100:150] = 0.9, 10.0, 0.0
    reflect(picture, depth, film, CAMERA, SEED)
    just_before = int(image_row(0.0, 10.0)) + 8
    assert np.allclose(picture[just_before, 105:145], 0.45, atol=1e-6)
    assert np.allclose(picture[just_before, 20:80], 0.05, atol=1e-6)


def test_only_the_film_mirrors_and_by_its_weight() -> None:
    picture, depth, film = street(1.0)
    film *= np.linspace(0, 1, WIDTH, dtype=np.float32)
    picture[:] = 0.3
    picture[film > 0] = 0.1
    before = picture.copy()
    reflect(picture, depth, film, CAMERA, SEED)
    assert np.array_equal(picture[film == 0], before[film == 0])
    wet = film > 0
    assert np.allclose(picture[wet], (0.1 + film * 0.2)[wet][:, None], atol=1e-5)


def test_equal_seeds_give_equal_bytes() -> None:
    pictures = []
    for seed in (1, 1, 2):
        picture, depth, film = street(0.5)
        picture[film == 0] = np.random.default_rng(0).random(((film == 0).sum(), 3), np.float32)
        reflect(picture, depth, film, CAMERA, np.uint64(seed))
        pictures.append(picture.tobytes())
    assert pictures[0] == pictures[1] != pictures[2]
