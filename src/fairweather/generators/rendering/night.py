"""Night: the day's picture taken for what its surfaces reflect, under little blue light and some lamps."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from fairweather.data.town.arithmetic import exp
from fairweather.generators.generator import Source
from fairweather.generators.rendering.classes import horizon, over_sky, sky, where
from fairweather.generators.weather.light import display, linear
from fairweather.generators.weather.picture import contiguous, read_only
from fairweather.kernels import kernel

AMBIENT = (0.03, 0.12)  # of the day's light
TINT = (0.8, 0.9, 1.2)
LIT = (0.2, 0.6)  # share of the vehicles and traffic lights that shine
NARROW, WIDE = 2.0, 25.0  # sigmas of the glow around a lamp, in pixels of a picture 720 rows high
_KNEE, _SLOPE = 0.5, 0.3  # what is brighter than any surface by day (glints, sky through leaves) is pressed down
_CELL = 8  # light that varies slowly is computed on a grid of this many pixels
_MOST = 60  # regions that are looked at, the largest first
_WARM, _WHITE, _RED = (1.0, 0.78, 0.48), (1.0, 0.95, 0.86), (1.0, 0.06, 0.03)
_GREEN = (0.03, 1.0, 0.5)


def night(source: Source, rng: np.random.Generator) -> np.ndarray:
    """The picture in linear light x .03-.12, bluer, with lamps, lit vehicles and traffic lights, and the noise of a sensor.

    The recipe is this project's: the classical renderers of the reference study have no night (Automold's darkening lowers the
    lightness and lights nothing). Beyond it: the sky is darker than what stands before it, street lamps light what is near them,
    and the camera's own vehicle lights the road. Parked cars without lamps stay as dark as they are.

    Returns:
        uint8 (H, W, 3).
    """
    picture = contiguous(source.image)
    height, width = picture.shape[:2]
    ambient, sky_left, beam = rng.uniform((AMBIENT[0], 0.05, 0.15), (AMBIENT[1], 0.3, 0.4))
    electrons, read = rng.uniform((3000, 4e-4), (8000, 1.2e-3))
    grain = _grain(rng, 3 * width)
    starts = rng.integers(0, 65536, height)
    region = sky(source)
    lamps = _street_lamps(source, rng)
    lights = np.concatenate([lamps, _lit_vehicles(source, rng), _traffic_lights(source, rng)])
    shine, glow = _fields(height, width, lamps, lights, ambient * np.array(TINT), beam, float(horizon(region)))
    out = np.empty_like(picture)
    _expose(
        picture.reshape(height, -1),
        read_only(over_sky(source, region, 1.0)),
        _reflectance(),
        shine,
        glow,
        grain,
        starts,
        np.array([sky_left, 1.0 / electrons, read * read], np.float32),
        read_only(display()),
        out.reshape(height, -1),
    )
    _spark(out, lights, NARROW * height / 720, read_only(linear()), read_only(display()))
    return out


def _reflectance() -> np.ndarray:
    """float32 (256,): linear light of a display value, 0..1, pressed down above the knee."""
    light = linear() / np.float64(65535)
    return np.minimum(light, _KNEE + (light - _KNEE) * _SLOPE).astype(np.float32)


def _grain(rng: np.random.Generator, row: int) -> np.ndarray:
    """float32 (65536 + row,): noise of mean 0 and variance 1, to be read from any start 0..65535 on.

    Sums of eight random bytes: near enough to Gaussian (kurtosis 2.85), and whole numbers until the last step.
    """
    sums = rng.integers(0, 256, (8, 65536), np.uint8).sum(axis=0, dtype=np.int32) - 1020
    grain: np.ndarray = np.resize((sums / np.sqrt(8 * 65535 / 12)).astype(np.float32), 65536 + row)
    return grain


def _street_lamps(source: Source, rng: np.random.Generator) -> np.ndarray:
    """Lamps in two rows that meet by the middle of the picture, none before a vehicle or a person.

    Returns:
        float64 (n, 6): x, y, radius in pixels, and light in R, G, B, 1 for white.
    """
    height, width = source.image.shape[:2]
    number = int(rng.integers(4, 11))
    near = rng.uniform(0.08, 1.0, number) ** 1.5
    side = rng.choice((-1.0, 1.0), number)
    jitter = rng.uniform(0.85, 1.15, (number, 2))
    vanishing = rng.uniform((0.4, 0.42), (0.6, 0.48))
    x = (vanishing[0] + side * 0.55 * near * jitter[:, 0]) * width
    y = (vanishing[1] - 0.42 * near * jitter[:, 1]) * height
    radius = (1.0 + 4.0 * near) * height / 720
    colour = np.array(_WARM) + (np.array(_WHITE) - np.array(_WARM)) * rng.uniform(0, 1)
    found = np.column_stack([x, y, radius, np.outer(rng.uniform(2.5, 5.0, number), colour)])
    found = found[(x >= 0) & (x < width) & (y >= 0) & (y < height)]
    front = where(source, "car", "truck", "bus", "train", "person", "rider", "bicycle", "motorcycle")
    shown: np.ndarray = found[~front[found[:, 1].astype(int), found[:, 0].astype(int)]]
    return shown


def _lit_vehicles(source: Source, rng: np.random.Generator) -> np.ndarray:
    """Two headlights or two tail lights on 20-60 % of the vehicles; as `_street_lamps`."""
    share = rng.uniform(*LIT)
    found = []
    for left, top, wide, high, rows in _regions(where(source, "car", "truck", "bus")):
        for part in np.array_split(np.arange(wide), max(1, round(wide / (2.2 * high)))):  # parked cars run together
            lit, ahead, down = rng.uniform((0, 0, 0.55), (1, 1, 0.7))
            row = int(down * high)
            columns = part[rows(row)[part]]
            if lit < share and columns.size:
                size = min(high, 0.6 * len(part))
                radius, light = (0.035, np.multiply(_WHITE, 5)) if ahead < 0.5 else (0.03, np.multiply(_RED, 2.5))
                for quantile in (0.14, 0.86):
                    x = columns[int(quantile * columns.size)]
                    found.append([left + x, top + row, max(radius * size, 0.7), *light])
    return np.array(found).reshape(-1, 6)


def _traffic_lights(source: Source, rng: np.random.Generator) -> np.ndarray:
    """A red disc in the upper third or a green one in the lower third of 20-60 % of the traffic lights; as `_street_lamps`."""
    share = rng.uniform(*LIT)
    found = []
    for left, top, wide, high, rows in _regions(where(source, "traffic light")):
        lit, stop = rng.uniform(0, 1, 2)
        row = int((0.2 if stop < 0.5 else 0.8) * high)
        columns = np.flatnonzero(rows(row))
        if lit < share and columns.size:
            colour = np.multiply(_RED if stop < 0.5 else _GREEN, 2.5)
            found.append([left + columns[columns.size // 2], top + row, max(0.25 * min(wide, high / 3), 0.7), *colour])
    return np.array(found).reshape(-1, 6)


def _regions(mask: np.ndarray) -> Iterator[tuple[int, int, int, int, Callable[[int], np.ndarray]]]:
    """The connected regions of a mask, the largest first, at most _MOST.

    Yields:
        left, top, width and height of its box, and a function from a row of the box to bool (width,), what is in the region.
        All are in pixels of the mask, though of a large one only every other row and column is looked at.
    """
    step = 2 if mask.shape[0] >= 360 else 1
    left, top, across, down = cv2.boundingRect(mask.view(np.uint8))
    if not across:
        return
    coarse = np.ascontiguousarray(mask[top : top + down : step, left : left + across : step]).view(np.uint8)
    _, parts, boxes, _ = cv2.connectedComponentsWithStats(coarse, connectivity=4)
    for part in np.argsort(-boxes[1:, cv2.CC_STAT_AREA], kind="stable")[:_MOST] + 1:
        x, y, wide, high = (int(v) for v in boxes[part, :4])
        columns = slice(x, x + wide)

        def rows(row: int, y: int = y, columns: slice = columns, part: int = part) -> np.ndarray:
            return np.repeat(parts[y + row // step, columns] == part, step)

        yield left + step * x, top + step * y, step * wide, step * high, rows


@kernel(nogil=True)
def _fields(
    height: int, width: int, lamps: np.ndarray, lights: np.ndarray, ambient: np.ndarray, beam: float, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Light that falls on surfaces, and light that glows in the air, on grid rows and all columns.

    Lamps light a wide region below them; the beam of the own vehicle lies on the lower middle. The glow is that of each disc
    blurred by a Gaussian of sigma WIDE, and a town's warm light over the row `level`, the horizon.

    Returns:
        both float32 (ceil(H / _CELL) + 1, 3 W): RGB interleaved, every row stands at a multiple of _CELL.
    """
    rows, columns = (height + _CELL - 1) // _CELL + 1, (width + _CELL - 1) // _CELL + 1
    shine, glow = np.empty((rows, columns, 3)), np.empty((rows, columns, 3))
    across, down = np.empty(columns), np.empty(rows)
    for j in range(rows):
        y = j * _CELL / height - level / height
        town = 0.004 * exp(-18.0 * y * y)
        low = 0.9 * max(0.0, 1.0 - abs(y - 0.3) / 0.3) if y < 0.3 else 0.9
        for i in range(columns):
            x = (i * _CELL / width - 0.5) / (0.22 + 0.25 * max(0.0, y))
            own = beam * low * exp(-0.5 * x * x)
            shine[j, i, 0], shine[j, i, 1], shine[j, i, 2] = (
                ambient[0] + own,
                ambient[1] + 0.93 * own,
                ambient[2] + 0.8 * own,
            )
            glow[j, i, 0], glow[j, i, 1], glow[j, i, 2] = town, 0.75 * town, 0.6 * town
    unit = height / 720.0
    for n in range(lamps.shape[0]):
        reach = 40.0 * lamps[n, 2]
        _bell(across, lamps[n, 0], 1.3 * reach)
        _bell(down, lamps[n, 1] + 0.8 * reach, reach)
        _add(shine, across, down, lamps[n], 0.06)
    for n in range(lights.shape[0]):
        sigma = WIDE * unit
        _bell(across, lights[n, 0], sigma)
        _bell(down, lights[n, 1], sigma)
        _add(glow, across, down, lights[n], 0.5 * lights[n, 2] * lights[n, 2] / (sigma * sigma))
    return _widened(shine, width), _widened(glow, width)


@kernel()
def _bell(out: np.ndarray, centre: float, sigma: float) -> None:
    """A Gaussian along the grid, 0 beyond 3.5 sigma."""
    for i in range(out.size):
        d = (i * _CELL - centre) / sigma
        out[i] = exp(-0.5 * d * d) if abs(d) < 3.5 else 0.0


@kernel()
def _add(field: np.ndarray, across: np.ndarray, down: np.ndarray, lamp: np.ndarray, share: float) -> None:
    for j in range(down.size):
        if down[j] > 0.0:
            for i in range(across.size):
                for c in range(3):
                    field[j, i, c] += share * lamp[3 + c] * down[j] * across[i]


@kernel()
def _widened(field: np.ndarray, width: int) -> np.ndarray:
    """Interpolated along its rows to all columns, channels interleaved: the long loop over pixels then runs straight."""
    out = np.empty((field.shape[0], 3 * width), np.float32)
    for j in range(field.shape[0]):
        for x in range(width):
            i, part = x // _CELL, (x % _CELL) / _CELL
            for c in range(3):
                out[j, 3 * x + c] = field[j, i, c] + (field[j, i + 1, c] - field[j, i, c]) * part
    return out


@kernel(nogil=True)
def _expose(
    image: np.ndarray,
    region: np.ndarray,
    reflectance: np.ndarray,
    shine: np.ndarray,
    glow: np.ndarray,
    grain: np.ndarray,
    starts: np.ndarray,
    numbers: np.ndarray,
    display: np.ndarray,
    out: np.ndarray,
) -> None:
    """reflectance x shine + glow, with Poisson noise (Gaussian of the same variance) and read noise, developed.

    Args:
        image, out: uint8 (H, 3 W); region: uint8 (H, W), 255 in the sky, where only numbers[0] of the light is left.
        numbers: float32, share left in the sky, variance per light (1 / electrons at white), variance of reading.
    """
    one, lost = np.float32(1), (np.float32(1) - numbers[0]) * np.float32(1.0 / 255.0)
    light = np.empty(image.shape[1], np.float32)
    index = np.empty(image.shape[1], np.uint16)
    for row in range(image.shape[0]):
        for x in range(region.shape[1]):
            kept = one - lost * np.float32(region[row, x])
            for c in range(3):
                light[3 * x + c] = reflectance[image[row, 3 * x + c]] * kept
        j, part = row // _CELL, np.float32((row % _CELL) / _CELL)
        noise = grain[starts[row] : starts[row] + image.shape[1]]
        _sense(light, shine[j], shine[j + 1], glow[j], glow[j + 1], part, noise, numbers[1], numbers[2], index)
        for i in range(image.shape[1]):
            out[row, i] = display[index[i]]


@kernel(nogil=True)
def _sense(
    light: np.ndarray, shine: np.ndarray, next_shine: np.ndarray, glow: np.ndarray, next_glow: np.ndarray,
    part: float, noise: np.ndarray, shot: float, read: float, index: np.ndarray,
) -> None:  # fmt: skip
    """What the sensor makes of one row, 0..65535; float32 throughout and without a look-up, so that it becomes vectors."""
    zero, one, full = np.float32(0), np.float32(1), np.float32(65535)
    for i in range(light.size):
        falling = shine[i] + (next_shine[i] - shine[i]) * part
        seen = light[i] * falling + (glow[i] + (next_glow[i] - glow[i]) * part)
        seen = seen + noise[i] * np.sqrt(seen * shot + read)
        index[i] = np.uint16(np.int32(min(max(seen, zero), one) * full))


@kernel(nogil=True)
def _spark(out: np.ndarray, lights: np.ndarray, sigma: float, linear: np.ndarray, display: np.ndarray) -> None:
    """Adds the discs themselves, blurred by a narrow Gaussian, in place.

    A disc of radius r after a Gaussian has the height 1 - exp(-r^2 / 2 sigma^2) in its middle; its edge is taken for a logistic.
    """
    sigma = max(sigma, 0.6)
    for n in range(lights.shape[0]):
        x, y, radius = lights[n, 0], lights[n, 1], lights[n, 2]
        height = 1.0 - exp(-0.5 * radius * radius / (sigma * sigma))
        reach = int(radius + 4.0 * sigma) + 1
        for j in range(max(int(y) - reach, 0), min(int(y) + reach + 1, out.shape[0])):
            for i in range(max(int(x) - reach, 0), min(int(x) + reach + 1, out.shape[1])):
                distance = np.sqrt((i - x) * (i - x) + (j - y) * (j - y))
                part = height / (1.0 + exp((distance - radius) / (0.6 * sigma)))
                for c in range(3):
                    light = linear[out[j, i, c]] + part * lights[n, 3 + c] * 65535.0
                    out[j, i, c] = display[int(min(light, 65535.0))]
