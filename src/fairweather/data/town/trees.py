"""Trees, bushes and hedges."""

from fairweather.data.town.constant import fixed, number
from fairweather.data.town.dice import Dice, between, pick, roll
from fairweather.data.town.quads import CUTOUT, FOLIAGE, STANDING
from fairweather.data.town.sheet import Sheet, across, add, along, begin, brush, place, repeat, upright
from fairweather.kernels import kernel

VEGETATION = fixed(8)
_TREE, _BUSH, _HEDGE = number("tree_0"), number("bush_0"), number("hedge_0")
_SPRUCE = number("tree_4")
_IN_LEAF, _BARE = 6.0, 2.0


@kernel()
def plant_tree(sheet: Sheet, look: Dice, o: float, z: float, height: float, bare: bool, kerb: bool) -> None:
    """A tree as two crossed quads; no spruce on a `kerb`, where its boughs would lie on the road."""
    begin(sheet, roll(look))
    shade = between(look, 0.75, 1.1)
    warm = between(look, 0.9, 1.15)
    tile = _TREE + (int(_IN_LEAF) + pick(look, _BARE) if bare else pick(look, _IN_LEAF))
    if kerb and tile == _SPRUCE:
        tile = _TREE
    brush(sheet, VEGETATION, tile, CUTOUT | STANDING | FOLIAGE, shade * warm, shade, shade * 0.95)
    upright(sheet, o, z, height, 0.0, height)
    add(sheet, place(sheet, o, z), 0.0, z - 0.5 * height, 0.0, 0.0, height, 0.0, height, 0.0)


@kernel()
def plant_bush(sheet: Sheet, look: Dice, o: float, z: float, height: float) -> None:
    """A bush, somewhat wider than high."""
    begin(sheet, roll(look))
    shade = between(look, 0.7, 1.1)
    flags = CUTOUT | STANDING | FOLIAGE
    brush(sheet, VEGETATION, _BUSH + pick(look, 2.0), flags, shade, shade, shade * 0.9)
    upright(sheet, o, z, height * 1.5, 0.0, height)


@kernel()
def plant_hedge(sheet: Sheet, look: Dice, o: float, near: float, far: float, height: float) -> None:
    """A hedge along the street, 0.7 m thick, its face at `o`."""
    begin(sheet, roll(look))
    shade = between(look, 0.75, 1.1)
    brush(sheet, VEGETATION, _HEDGE + pick(look, 2.0), CUTOUT | FOLIAGE, shade, shade, shade * 0.9)
    repeat(sheet, max(0.5, (far - near) / (2.0 * height)), 1.0)
    along(sheet, o, near, far, 0.0, height, 0.0)
    repeat(sheet, 0.4, 1.0)
    across(sheet, o, o + (0.7 if o > 0.0 else -0.7), near, 0.0, height)
