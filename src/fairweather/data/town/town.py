"""The four towns: what their streets look like, as numbers from which every street is drawn."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from fairweather.data.town.tiles import NUMBER


class Habits(NamedTuple):
    """What is usual in a town. Pairs `_low`, `_high` are the ends of a uniform draw, one per street; metres where not said.

    Args:
        right: probability that traffic keeps right.
        curve: greatest curvature term, 1/m (x = curve z^2).
        own_*, other_*: lanes on the ego's side and on the other; lane_*: their width.
        park: probability of a parking strip, per side; walk_*: width of the sidewalk; verge: probability of a grass verge.
        set_*: how far buildings stand back from the sidewalk; storeys_*, bays_*: of a building (3 m each).
        pitched, shop, gap: probability of a pitched roof, of a shop on the ground floor, of an open lot.
        wall, fence, hedge: weights of what bounds a garden; bounded: probability that anything does.
        paved, asphalt_*, slab, grass_*, wear_*, patches_*, yellow: the ground, as in Ground.
        plain: probability that sidewalks are of the same asphalt as the road; winter: that a street's trees are bare.
        trees, poles, signs: probability per 2.5 m of kerb; tree_*: height of street trees, one draw per
            tree; bollards: that a sidewalk has a row of them.
        camera_*, focal_*, horizon_*, bonnet_*: as in Camera; seen: probability that the bonnet shows.
        sodium: share of sodium lamps; the rest are LED.
        full: share of parking spaces taken; queue: mean distance of moving vehicles; people: walkers per metre of sidewalk.
        van, truck, bus, motorcycle, bicycle: shares of moving vehicles; the rest are cars.
        tram: probability that a train is a tram in the road; otherwise it runs on ballast beside it.
        with_*: share of the sequences that certainly have such a thing within sight, whatever chance brings.
    """

    right: float = 1.0
    curve: float = 0.0002
    own_low: float = 1.0
    own_high: float = 1.0
    other_low: float = 1.0
    other_high: float = 1.0
    lane_low: float = 3.0
    lane_high: float = 3.4
    park: float = 0.2
    walk_low: float = 2.2
    walk_high: float = 4.5
    verge: float = 0.1
    set_low: float = 0.0
    set_high: float = 0.0
    storeys_low: float = 2.0
    storeys_high: float = 4.0
    bays_low: float = 2.0
    bays_high: float = 5.0
    pitched: float = 0.8
    shop: float = 0.5
    gap: float = 0.16
    wall: float = 1.0
    fence: float = 1.0
    hedge: float = 1.0
    bounded: float = 0.6
    paved: float = 0.3
    asphalt_low: float = 0.07
    asphalt_high: float = 0.11
    paved_low: float = 0.1
    paved_high: float = 0.15
    slab: float = 0.6
    grass_low: float = 0.6
    grass_high: float = 1.0
    wear_low: float = 0.1
    wear_high: float = 0.7
    patches_low: float = 0.0
    patches_high: float = 0.3
    yellow: float = 0.0
    plain: float = 0.5
    winter: float = 0.45
    trees: float = 0.26
    tree_low: float = 4.5
    tree_high: float = 9.0
    poles: float = 0.05
    signs: float = 0.05
    bollards: float = 0.2
    camera_low: float = 1.3
    camera_high: float = 1.5
    focal_low: float = 0.7
    focal_high: float = 0.95
    horizon_low: float = 0.44
    horizon_high: float = 0.55
    bonnet_low: float = 0.05
    bonnet_high: float = 0.1
    seen: float = 0.0
    sodium: float = 0.5
    full: float = 0.5
    queue: float = 16.0
    people: float = 0.08
    van: float = 0.12
    truck: float = 0.03
    bus: float = 0.03
    motorcycle: float = 0.04
    bicycle: float = 0.05
    tram: float = 0.0
    with_train: float = 0.34
    with_bus: float = 0.3
    with_truck: float = 0.3
    with_motorcycle: float = 0.6
    with_bicycle: float = 0.65
    with_signals: float = 0.75
    with_board: float = 0.35
    with_wall: float = 0.8
    with_fence: float = 0.5
    with_park: float = 0.35
    with_group: float = 0.6
    with_parked: float = 0.9


@dataclass(frozen=True)
class Town:
    """A town as a value.

    Args:
        name: as in TOWNS.
        summary: one line.
        habits: what is usual there.
        facades: numbers of the facade tiles in use, a tile as often as it is usual.
        tints: linear reflectances multiplied into facades, walls and roofs, (n, 3).
        paints: linear reflectances of vehicles, (n, 3).
    """

    name: str
    summary: str
    habits: Habits
    facades: tuple[int, ...]
    tints: tuple[tuple[float, float, float], ...]
    paints: tuple[tuple[float, float, float], ...]


def _facades(*numbers: int) -> tuple[int, ...]:
    return tuple(NUMBER[f"facade_{k}"] for k in numbers)


_GREY_PAINTS = (
    (0.62, 0.63, 0.64), (0.30, 0.31, 0.33), (0.11, 0.115, 0.12), (0.025, 0.026, 0.03), (0.02, 0.02, 0.022), (0.42, 0.43, 0.45),
)  # fmt: skip
_COLOURED_PAINTS = (
    (0.17, 0.03, 0.03), (0.05, 0.08, 0.17), (0.025, 0.04, 0.08), (0.04, 0.065, 0.05), (0.24, 0.20, 0.14), (0.12, 0.15, 0.19),
)  # fmt: skip

TOWNS: dict[str, Town] = {
    town.name: town
    for town in (
        Town(
            "north",
            "dense brick terraces along straight two-lane streets, parked cars, shops; traffic keeps right",
            Habits(),
            _facades(0, 0, 0, 0, 1, 1, 1, 9, 7, 2),
            ((0.72, 0.72, 0.72), (0.61, 0.58, 0.55), (0.52, 0.50, 0.49), (0.76, 0.71, 0.65), (0.45, 0.42, 0.40)),
            _GREY_PAINTS + _GREY_PAINTS + _COLOURED_PAINTS,
        ),
        Town(
            "east",
            "a wide dusty arterial with walls, earth verges, motorcycles and trucks; traffic keeps left",
            Habits(
                right=0.0, curve=0.0004, own_low=1, own_high=2, other_low=1, other_high=2, lane_low=3.2, lane_high=3.6,
                park=0.09, walk_low=2.6, walk_high=5.1, verge=0.3, set_low=0.0, set_high=2.0, storeys_low=2, storeys_high=5,
                bays_low=2, bays_high=6, pitched=0.1, shop=0.6, gap=0.22, wall=4.0, fence=1.0, hedge=0.5, bounded=0.75,
                paved=0.0, asphalt_low=0.09, asphalt_high=0.15, paved_low=0.07, paved_high=0.18, grass_low=0.0, grass_high=0.35,
                wear_low=0.4, wear_high=1.0, patches_low=0.1, patches_high=0.5, yellow=0.5, trees=0.24,
                tree_low=4.5, tree_high=10.0, poles=0.10, signs=0.03,
                camera_low=1.3, camera_high=1.6, focal_low=0.6, focal_high=0.8, horizon_low=0.40, horizon_high=0.52,
                bonnet_low=0.05, bonnet_high=0.11, seen=0.85, sodium=0.7, full=0.35, queue=13.0, people=0.09, van=0.10,
                truck=0.14, bus=0.07, motorcycle=0.30, bicycle=0.06, with_truck=0.4, with_motorcycle=0.85, with_wall=0.75,
                with_signals=0.85, with_fence=0.6, with_bicycle=0.7,
            ),
            _facades(10, 10, 10, 3, 3, 4, 4, 11, 5, 2),
            ((0.68, 0.63, 0.55), (0.72, 0.68, 0.60), (0.58, 0.48, 0.37), (0.62, 0.60, 0.58), (0.53, 0.58, 0.59),
             (0.66, 0.56, 0.50)),
            ((0.66, 0.66, 0.64), (0.60, 0.60, 0.58), *_GREY_PAINTS, *_COLOURED_PAINTS, (0.34, 0.25, 0.08), (0.07, 0.12, 0.07)),
        ),
        Town(
            "south",
            "boulevards and suburbs from everywhere: curves, trees, houses with gardens, wide-angle cameras",
            Habits(
                right=0.7, curve=0.0013, own_low=1, own_high=2, other_low=1, other_high=2, lane_low=3.1, lane_high=3.6,
                park=0.18, walk_low=2.4, walk_high=5.0, verge=0.3, set_low=0.0, set_high=4.0, storeys_low=2, storeys_high=3,
                bays_low=3, bays_high=5, pitched=0.75, shop=0.2, gap=0.3, wall=1.0, fence=2.0, hedge=2.0, bounded=0.8,
                paved=0.1, asphalt_low=0.08, asphalt_high=0.16, paved_low=0.07, paved_high=0.20, grass_low=0.5, grass_high=1.0,
                wear_low=0.0, wear_high=0.8, patches_low=0.0, patches_high=0.35, yellow=0.4, trees=0.34,
                tree_low=5.5, tree_high=11.0, poles=0.08, signs=0.05,
                camera_low=1.2, camera_high=2.0, focal_low=0.5, focal_high=0.85, horizon_low=0.42, horizon_high=0.56,
                seen=0.2, sodium=0.4, full=0.45, queue=18.0, people=0.05, van=0.14, truck=0.08, bus=0.06, motorcycle=0.08,
                bicycle=0.08, with_fence=0.55, with_motorcycle=0.75, with_bicycle=0.75,
            ),
            _facades(8, 8, 8, 2, 2, 3, 13, 0, 7, 11, 4),
            ((0.72, 0.72, 0.72), (0.66, 0.63, 0.58), (0.76, 0.72, 0.68), (0.56, 0.58, 0.59), (0.63, 0.55, 0.48),
             (0.52, 0.48, 0.43)),
            _GREY_PAINTS + _COLOURED_PAINTS,
        ),
        Town(
            "west",
            "a modern town with tram, towers, glass offices and parks; wide sidewalks, LED lamps",
            Habits(
                curve=0.0006, own_low=1, own_high=2, other_low=1, other_high=2, lane_low=3.2, lane_high=3.5, park=0.15,
                walk_low=3.0, walk_high=6.0, verge=0.15, set_low=0.0, set_high=1.5, storeys_low=5, storeys_high=14, bays_low=5,
                bays_high=10, pitched=0.05, shop=0.6, gap=0.25, wall=1.0, fence=1.5, hedge=2.0, bounded=0.5, paved=0.6,
                asphalt_low=0.06, asphalt_high=0.10, paved_low=0.08, paved_high=0.22, grass_low=0.8, grass_high=1.0,
                wear_low=0.0, wear_high=0.4, patches_low=0.0, patches_high=0.12, trees=0.26,
                tree_low=5.0, tree_high=10.0, poles=0.04, signs=0.06,
                bollards=0.4, camera_low=1.4, camera_high=2.2, focal_low=0.65, focal_high=1.0, horizon_low=0.44,
                horizon_high=0.56, sodium=0.1, full=0.5, queue=15.0, people=0.10, van=0.10, truck=0.05, bus=0.08,
                motorcycle=0.04, bicycle=0.12, tram=1.0, with_train=0.5, with_park=0.5, with_signals=0.75,
            ),
            _facades(6, 6, 6, 6, 12, 12, 12, 5, 5, 4, 7),
            ((0.72, 0.72, 0.72), (0.62, 0.65, 0.68), (0.76, 0.76, 0.73), (0.50, 0.52, 0.53), (0.68, 0.65, 0.60)),
            _GREY_PAINTS + _GREY_PAINTS + _COLOURED_PAINTS,
        ),
    )
}  # fmt: skip


class Palette(NamedTuple):
    """A town in the form kernels read.

    Args:
        habits: a record array (1,) with the fields of Habits.
        facades: int64 (n,); tints, paints: float64 (n, 3), as in Town.
    """

    habits: np.ndarray
    facades: np.ndarray
    tints: np.ndarray
    paints: np.ndarray


@cache
def palette(name: str) -> Palette:
    """The town of that name for kernels; nobody writes into its arrays."""
    town = TOWNS[name]
    record = np.array([tuple(town.habits)], np.dtype([(field, np.float64) for field in Habits._fields]))
    return Palette(record, np.array(town.facades, np.int64), np.array(town.tints), np.array(town.paints))
