"""Drawing in metres, averaging in light, noise that wraps."""

import numpy as np

from fairweather.data.town.arithmetic import mix, seed_of, uniform
from fairweather.data.town.painting.canvas import averaged, blank, box, courses, grain, numbers, scramble, shade, stream


def test_numbers_are_those_of_arithmetic() -> None:
    seed = seed_of("a", 1)
    draws = stream("a", 1)
    expected = [uniform(seed, k) for k in range(300)]
    assert [next(draws) for _ in range(300)] == expected
    assert numbers(300, "a", 1).tolist() == expected
    assert int(scramble(int(seed), np.arange(3))[2]) == int(mix(np.uint64(int(seed) ^ int(mix(np.uint64(2))))))


def test_half_a_texel_is_half_its_light() -> None:
    canvas = blank((4, 4), (4.0, 4.0), 0.0, 4)
    box(canvas, 0, 0, 0.5, 1, 1.0, 255)
    colour, fourth = averaged(canvas)
    assert abs(int(colour[0, 0, 0]) - 32768) < 2 and abs(int(fourth[0, 0]) - 128) < 2
    assert colour[1:].max() == 0 and colour[:, 1:].max() == 0


def test_cutout_takes_the_colour_of_its_opaque_part() -> None:
    canvas = blank((4, 4), (4.0, 4.0), None, 4)
    box(canvas, 0, 0, 0.5, 1, (0.5, 0.25, 0.0))
    colour, fourth = averaged(canvas)
    assert np.abs(colour[0, 0].astype(int) - (32768, 16384, 0)).max() < 2
    assert abs(int(fourth[0, 0]) - 128) < 2 and fourth[1:].max() == 0


def test_noise_and_bricks_wrap() -> None:
    canvas = blank((64, 64), (4.0, 4.0), 0.5, 2)
    grain(canvas, "n", (0.5, 0.5), 0.3)
    value = canvas.colour[..., 0].astype(int)
    assert 0.3 * 65535 < value.min() < 0.45 * 65535 < 0.55 * 65535 < value.max() < 0.7 * 65535
    steps = np.abs(np.diff(value, axis=0)).max()
    assert np.abs(value[0] - value[-1]).max() <= 1.5 * steps
    courses(canvas, "c", (0.5, 0.25), ((0.2, 0.2, 0.2),), (0.05, 0.9))
    joints = canvas.colour[..., 0] > 0.8 * 65535
    assert 0.2 < joints.mean() < 0.45
    assert joints[0].all() and not joints[-1].all()


def test_shade_runs_from_bottom_to_top() -> None:
    canvas = blank((8, 8), (1.0, 1.0), 0.4, 2)
    shade(canvas, 0, 0, 1, 1, 0.5, 1.0)
    column = canvas.colour[:, 0, 0].astype(int)
    assert (np.diff(column) > 0).all() and abs(column.mean() - 0.3 * 65535) < 400
