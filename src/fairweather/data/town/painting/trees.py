"""Trees and bushes: branches grown by forking, clumps of leaves on their ends; cutouts that fill the tile's height."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fairweather.data.town.arithmetic import cosine, sine
from fairweather.data.town.painting.canvas import (
    WAYS,
    Canvas,
    Colour,
    between,
    blank,
    dim,
    numbers,
    petals,
    shape,
    stream,
    stroke,
)

Rgb = tuple[float, float, float]


class Species(NamedTuple):
    """How a tree grows; lengths as shares of its height.

    Args:
        trunk: height of the first fork, and radius at the foot.
        reach: length of the first branches, what a child keeps of it, and how far forks open (radians).
        forks: how often a branch forks before it ends.
        bark, leaf: colours; leaf darker inside, lighter on top.
        clump: radius of a clump and its number of leaves; 0 leaves: bare.
        width: of the crown over its height.
    """

    trunk: tuple[float, float]
    reach: tuple[float, float, float]
    forks: int
    bark: Rgb
    leaf: Rgb
    clump: tuple[float, int]
    width: float


class Twig(NamedTuple):
    """A piece of branch from a to b, its radius, and how many forks lie below it."""

    ax: float
    ay: float
    bx: float
    by: float
    radius: float
    fork: int
    tip: bool


_SPECIES = (
    Species((0.2, 0.026), (0.2, 0.8, 0.6), 5, (0.12, 0.105, 0.09), (0.157, 0.199, 0.095), (0.07, 190), 0.96),
    Species((0.24, 0.03), (0.22, 0.8, 0.66), 5, (0.2, 0.19, 0.16), (0.185, 0.21, 0.112), (0.058, 130), 1.02),
    Species((0.1, 0.022), (0.19, 0.84, 0.34), 5, (0.13, 0.12, 0.1), (0.134, 0.179, 0.098), (0.052, 120), 0.5),
    Species((0.3, 0.02), (0.17, 0.8, 0.62), 4, (0.11, 0.095, 0.08), (0.21, 0.213, 0.106), (0.08, 260), 0.76),
    Species((0.0, 0.0), (0.0, 0.0, 0.0), 0, (0.1, 0.075, 0.06), (0.081, 0.115, 0.084), (0.0, 0), 0.58),
    Species((0.2, 0.016), (0.19, 0.82, 0.44), 5, (0.44, 0.43, 0.4), (0.189, 0.221, 0.12), (0.048, 85), 0.62),
    Species((0.22, 0.028), (0.21, 0.8, 0.5), 7, (0.234, 0.207, 0.18), (0.0, 0.0, 0.0), (0.0, 0), 0.98),
    Species((0.17, 0.022), (0.2, 0.82, 0.38), 7, (0.279, 0.252, 0.216), (0.0, 0.0, 0.0), (0.0, 0), 0.72),
)


def tree(number: int) -> Canvas:
    """Tree `number` of 8, the last two bare, 4 a spruce; the tile is as wide as high, the trunk stands in its middle."""
    species, draws = _SPECIES[number], stream("tree", number)
    canvas = blank((256, 256), (1.0, 1.0), None, 3)
    if species.forks == 0:
        _spruce(canvas, draws, species)
        return canvas
    twigs = _fitted(_grown(draws, species), species)
    leafy = species.clump[1] > 0
    tips = np.array(_spaced(draws, [(twig.bx, twig.by) for twig in twigs if twig.tip], species.clump[0] * 0.62))
    if leafy:  # the far side of the crown, in its own shadow
        _foliage(canvas, ("far", number), species, tips[::2] * (0.92, 0.95) + (0.04, 0.02), 0.45)
    _wood(canvas, draws, species, twigs)
    _bark(canvas, draws, species, number)
    if leafy:
        _foliage(canvas, ("near", number), species, tips[np.argsort(tips[:, 1], kind="stable")], 1.0)
    return canvas


def _wood(canvas: Canvas, draws: Iterator[float], species: Species, twigs: list[Twig]) -> None:
    """Branches from the twigs inwards, each order darker at its right and lit at its left; then the trunk."""
    for fork in range(species.forks, 0, -1):
        order = [(twig, max(2.0 * twig.radius, 0.0014)) for twig in twigs if twig.fork == fork]
        tone = between(draws, 0.9, 1.1)
        for shift, share, light in ((0.0, 1.0, 0.6), (0.12, 0.7, 0.92), (0.24, 0.28, 1.2)):
            for twig, width in order:
                if share == 1.0 or width > 0.005:
                    ends = [(twig.ax - shift * width, twig.ay), (twig.bx - shift * width, twig.by)]
                    stroke(canvas, ends, share * width, dim(species.bark, light * tone))
    high, radius = species.trunk
    steps = (0.0, 0.03, 0.08, 0.2, 0.5, 1.0)
    girth = (1.75, 1.4, 1.2, 1.08, 1.0, 0.94)
    for left, right, light in ((-1.0, 1.0, 0.6), (-1.0, 0.55, 0.92), (-0.85, -0.2, 1.2)):
        side = [(0.5 + left * radius * g, high * y) for y, g in zip(steps, girth, strict=True)]
        other = [(0.5 + right * radius * g, high * y) for y, g in zip(steps, girth, strict=True)]
        shape(canvas, side + other[::-1], dim(species.bark, light))


def _spaced(draws: Iterator[float], tips: list[tuple[float, float]], apart: float) -> list[tuple[float, float]]:
    """Tips thinned so that clumps stay clumps, with a few gaps through which the sky shows."""
    gaps = [tips[int(next(draws) * len(tips))] for _ in range(7)]
    kept = [max(tips, key=lambda tip: tip[1])]  # the tree reaches its height
    for x, y in tips:
        near = any((x - p) * (x - p) + (y - q) * (y - q) < apart * apart for p, q in kept)
        open_sky = any((x - p) * (x - p) + (y - q) * (y - q) < 1.2 * apart * apart for p, q in gaps)
        if not near and not open_sky:
            kept.append((x, y))
    return kept


def bush(number: int) -> Canvas:
    """Bush `number`: 0 round and dense, 1 loose with stems; the tile is as wide as high; cutout."""
    draws = stream("bush", number)
    canvas = blank((128, 128), (1.0, 1.0), None, 4)
    leaf = ((0.105, 0.135, 0.066), (0.130, 0.140, 0.075))[number]
    species = Species((0, 0), (0, 0, 0), 0, (0.1, 0.085, 0.07), leaf, ((0.115, 170), (0.085, 90))[number], 1.0)
    spots: list[tuple[float, float]] = []
    while len(spots) < (70, 52)[number]:
        x, y = between(draws, -1, 1), between(draws, 0.06, 1)
        if x * x + y * y * (0.9 + 0.1 * number) < between(draws, 0.55, 1.0):
            spots.append((0.5 + 0.38 * x, 0.02 + (0.88 - 0.02 * number) * y))
    places = np.array(sorted(spots, key=lambda spot: spot[1]))
    places[:, 1] += 0.91 - places[-1, 1] + 0.02 * number
    places[:, 1] = np.maximum(places[:, 1], 0.07)
    _foliage(canvas, ("bush far", number), species, places[::2] * (0.94, 0.95) + (0.03, 0.0), 0.4)
    for x, y in places[:: 3 + number]:
        middle = (0.5 + (x - 0.5) * 0.55, y * 0.5)
        stroke(
            canvas, [(0.5 + (x - 0.5) * 0.4, 0.0), middle, (x, y)], 0.010, dim(species.bark, between(draws, 0.4, 1.0))
        )
    _foliage(canvas, ("bush near", number), species, places, 1.0)
    return canvas


def _foliage(canvas: Canvas, name: object, species: Species, places: np.ndarray, light: float) -> None:
    """Clumps of leaves around places, in their order: dark below and inside, light on their upper side."""
    radius, count = species.clump
    total = count * len(places)
    a, b, c, d, e, f = (numbers(total, "leaves", name, k).reshape(len(places), count) for k in range(6))
    reach = radius * (0.7 + 0.5 * numbers(len(places), "clump", name))[:, None]
    far = 1.0 - (1.0 - a) * (1.0 - a) * 0.85
    way = (b * 64).astype(np.int64)
    dx, dy = reach * far * WAYS[way, 0], reach * far * WAYS[way, 1] * 0.75
    layer = np.arange(count)[None, :] / count  # the first leaves of a clump lie deepest
    shrink = 1.0 - 0.35 * layer
    dx, dy = dx * shrink + 0.12 * reach * (0.5 - layer), dy * shrink + 0.6 * reach * (layer - 0.5)
    low, high = places[:, 1].min(), places[:, 1].max()
    crown = 0.72 + 0.38 * (places[:, 1] - low) / max(high - low, 1e-9) - 0.12 * (places[:, 0] - 0.5)
    turned = 0.20 + 1.0 * layer + 0.30 * dy / reach - 0.12 * dx / reach + 0.4 * (c - 0.5)
    own = 0.8 + 0.4 * numbers(len(places), "own light", name)
    tone = light * (crown * own)[:, None] * np.maximum(0.24, turned)
    warm = 0.16 * (d - 0.4)
    leaf = np.stack([species.leaf[0] * (1 + warm), species.leaf[1] + 0 * warm, species.leaf[2] * (1 - warm)], axis=2)
    size = (0.0042 + 0.0048 * e) * (canvas.scale / 3)
    x, y = places[:, :1] + dx, np.maximum(places[:, 1:] + dy, 0.004)
    petals(canvas, x.ravel(), y.ravel(), size.ravel(), f.ravel(), (leaf * tone[..., None]).reshape(-1, 3))


def _grown(draws: Iterator[float], species: Species) -> list[Twig]:
    """All pieces from the foot upwards; the widths follow Leonardo's rule (the children's areas add up to the parent's)."""
    high, radius = species.trunk
    twigs: list[Twig] = []
    x, y = 0.5, high
    ends = [(x, y, between(draws, -0.1, 0.1), species.reach[0], radius)]
    for fork in range(1, species.forks + 1):
        grown = []
        for x, y, lean, length, thick in ends:
            count = 3 if fork == 1 or next(draws) < 0.35 else 2
            for k in range(count):
                spread = species.reach[2] * ((k / (count - 1)) * 2 - 1) if count > 1 else 0.0
                angle = lean + spread * between(draws, 0.75, 1.3) + between(draws, -0.16, 0.16)
                angle *= 0.96 if species.clump[1] else 0.93  # branches turn up to the light
                part = length * between(draws, 0.75, 1.2)
                small = thick * (0.62 if count == 3 else 0.72) * between(draws, 0.85, 1.1)
                bx, by, bend = x, y, angle
                for step in range(3):
                    nx, ny = bx + part / 3 * sine(bend), by + part / 3 * cosine(bend)
                    last = fork == species.forks and step == 2
                    twigs.append(
                        Twig(bx, by, nx, ny, small * (1.0 - 0.1 * step), fork, last or (fork >= 2 and step == 1))
                    )
                    bx, by, bend = nx, ny, bend + between(draws, -0.16, 0.16)
                grown.append((bx, by, bend, length * species.reach[1], small * 0.8))
        ends = grown
    return twigs


def _fitted(twigs: list[Twig], species: Species) -> list[Twig]:
    """Stretched so that the crown with its leaves reaches the top and has the species' width."""
    margin = species.clump[0]
    top, fork = max(t.by for t in twigs), species.trunk[0]
    wide = max(abs(t.bx - 0.5) for t in twigs)
    stretch_y = (1.0 - margin * 0.55 - 0.003 - fork) / (top - fork)
    stretch_x = min(0.5 - margin - 0.005, (species.width * (1.0 - fork * 0.6)) / 2 - margin) / wide

    def place(x: float, y: float) -> tuple[float, float]:
        return 0.5 + (x - 0.5) * stretch_x, y if y <= fork else fork + (y - fork) * stretch_y

    return [Twig(*place(t.ax, t.ay), *place(t.bx, t.by), t.radius, t.fork, t.tip) for t in twigs]


def _bark(canvas: Canvas, draws: Iterator[float], species: Species, number: int) -> None:
    """Cracks, or the dark bands of a birch."""
    high, radius = species.trunk
    for _ in range(70):
        x, y = 0.5 + between(draws, -1.0, 1.0) * radius, between(draws, 0.0, high)
        if number == 5:
            stroke(canvas, [(x, y), (x + between(draws, 0.004, 0.012), y)], 0.003, 0.08, _held(canvas, x, y))
        else:
            mark = dim(species.bark, between(draws, 0.4, 1.6))
            stroke(canvas, [(x, y), (x + between(draws, -0.002, 0.002), y + 0.02)], 0.002, mark, _held(canvas, x, y))


def _held(canvas: Canvas, x: float, y: float) -> int:
    """Alpha as it is at a place, so that marks do not grow the outline."""
    rows, columns = canvas.fourth.shape
    return int(canvas.fourth[min(rows - 1, int(y * rows)), min(columns - 1, max(0, int(x * columns)))])


def _spruce(canvas: Canvas, draws: Iterator[float], species: Species) -> None:
    stroke(canvas, [(0.5, 0.0), (0.5, 0.55)], 0.034, dim(species.bark, 0.9))
    stroke(canvas, [(0.492, 0.0), (0.494, 0.5)], 0.012, dim(species.bark, 1.4))
    stroke(canvas, [(0.5, 0.5), (0.5, 0.992)], 0.01, dim(species.bark, 0.8))
    tiers = 30
    for tier in range(tiers):
        y = 0.10 + 0.87 * tier / tiers
        reach = 0.285 * (1.0 - (y - 0.1) / 0.9) * between(draws, 0.82, 1.12) + 0.012
        for side in (-1.0, 1.0, -0.6, 0.6, -0.25, 0.2):
            far = reach * side * between(draws, 0.8, 1.1)
            drop = abs(far) * between(draws, 0.2, 0.45)
            light = between(draws, 0.55, 1.25) * (0.65 + 0.45 * y) * (1.15 if side < 0 else 0.9)
            tone = dim(species.leaf, light)
            _bough(canvas, draws, (0.5, y + 0.02), (0.5 + far, y + 0.02 - drop), tone)
    shape(canvas, [(0.493, 0.93), (0.507, 0.93), (0.5, 1.0)], species.leaf)


def _bough(
    canvas: Canvas, draws: Iterator[float], root: tuple[float, float], end: tuple[float, float], colour: Colour
) -> None:
    """A bough of a conifer: needles hang from it in short strokes."""
    count = max(3, int(abs(end[0] - root[0]) * 150))
    for k in range(count):
        share = (k + between(draws, 0.0, 1.0)) / count
        x, y = root[0] + (end[0] - root[0]) * share, root[1] + (end[1] - root[1]) * share
        tone = dim(colour, between(draws, 0.55, 1.35))
        out = 0.010 if end[0] > root[0] else -0.010
        stroke(canvas, [(x, y), (x + out, y - between(draws, 0.006, 0.022))], 0.0045, tone)
        if k % 2:
            stroke(canvas, [(x, y), (x + out * 1.3, y + between(draws, 0.0, 0.006))], 0.004, dim(tone, 1.2))
