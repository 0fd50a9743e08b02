"""Gradient noise against Perlin's own code."""

import numpy as np
import pytest

from fairweather.generators.rendering import perlin
from fairweather.vocabulary.streams import stream

# The permutation of Perlin's reference implementation (mrl.cs.nyu.edu/~perlin/noise), two hexadecimal digits a number.
PERLIN = (
    "97a0895b5a0f830dc95f6035c2e907e18c24671e458e086325f0150a17be0694f778ea4b001ac53e5efcdbcb75230b2039b12158"
    "ed953857ae147d88aba844af4aa547868b301ba64d929ee7536fe57a3cd385e6dc695c29372ef528f4668f3641193fa101d85049"
    "d14c84bbd05912a9c8c4878274bc9f56a4646dc6adba034034d9e2fa7c7b05ca2693767eff5255d4cfce3be32f103a11b6bd1c2a"
    "dfb7aad577f898022c9aa346dd99659ba72bac09811627fd13626c6e4f71e0e8b2b97068daf661e4fb22f2c1eed2900cbfb3a2f1"
    "513391ebf90eef6b31c0d61fb5c76a9db854ccb07379322d7f0496fe8aeccd5dde72431d1848f38d80c34e42d73d9cb4"
)


@pytest.fixture(scope="module")
def original() -> np.ndarray:
    numbers = np.frombuffer(bytes.fromhex(PERLIN), np.uint8)
    assert sorted(numbers) == list(range(256))
    table = np.tile(numbers, 2)
    table.flags.writeable = False
    return table


def plainly(table: np.ndarray, x: float, y: float, z: float) -> float:
    """Perlin's formula as he wrote it: eight gradients, each times the way from its corner, faded together."""

    def grad(h: int, x: float, y: float, z: float) -> float:
        u = x if h < 8 else y
        v = y if h < 4 else x if h in (12, 14) else z
        return (u if h & 1 == 0 else -u) + (v if h & 2 == 0 else -v)

    def lerp(t: float, a: float, b: float) -> float:
        return a + t * (b - a)

    low = [int(np.floor(v)) for v in (x, y, z)]
    f = [v - w for v, w in zip((x, y, z), low, strict=True)]
    u, v, w = (t**3 * (t * (t * 6 - 15) + 10) for t in f)
    corner = {}
    for i, j, k in np.ndindex(2, 2, 2):
        a = int(table[(low[0] + i) & 255]) + (low[1] & 255)
        b = int(table[a + j]) + (low[2] & 255)
        corner[i, j, k] = grad(int(table[b + k]) & 15, f[0] - i, f[1] - j, f[2] - k)
    flat = [lerp(v, *(lerp(u, corner[0, j, k], corner[1, j, k]) for j in (0, 1))) for k in (0, 1)]
    return lerp(w, *flat)


def test_the_value_known_of_perlins_permutation(original: np.ndarray) -> None:
    # rosettacode.org/wiki/Perlin_noise asks every language for this one
    assert perlin.noise(original, 3.14, 42.0, 7.0) == pytest.approx(0.13691995878400012, abs=1e-15)


def test_everywhere_as_perlin_wrote_it(original: np.ndarray) -> None:
    for x, y, z in np.random.default_rng(0).uniform(-300, 300, (300, 3)):
        assert perlin.noise(original, x, y, z) == pytest.approx(plainly(original, x, y, z), abs=1e-12)


def test_zero_at_whole_numbers_smooth_between_and_of_mean_zero(original: np.ndarray) -> None:
    assert perlin.noise(original, 5.0, 9.0, -3.0) == 0
    line = np.array([perlin.noise(original, x, 0.3, 0.7) for x in np.linspace(0, 40, 8001)])
    assert np.abs(np.diff(line)).max() < 0.02
    cloud = np.array([perlin.noise(original, *p) for p in np.random.default_rng(1).uniform(0, 256, (4000, 3))])
    assert abs(cloud.mean()) < 0.02 and 0.2 < cloud.std() < 0.35 and np.abs(cloud).max() <= 1.01


def test_a_segment_is_the_field_along_a_row(original: np.ndarray) -> None:
    line = perlin.segment(original, 17, 4.2, 9.9)
    for f in (0.0, 0.25, 0.9):
        assert perlin.along(*line, f) == pytest.approx(perlin.noise(original, 17 + f, 4.2, 9.9), abs=1e-12)


def test_a_table_holds_every_number_twice_over_and_streams_differ() -> None:
    table = perlin.shuffled(stream(0, "pool"))
    assert sorted(table[:256]) == list(range(256)) and (table[256:] == table[:256]).all()
    assert not table.flags.writeable
    assert (table == perlin.shuffled(stream(0, "pool"))).all()
    assert (table != perlin.shuffled(stream(1, "pool"))).any()
