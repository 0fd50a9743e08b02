"""Which painter paints which tile."""

from collections.abc import Callable

import numpy as np

from fairweather.data.town.painting.canvas import Canvas, averaged
from fairweather.data.town.painting.cars import car_front, car_paint, car_rear, car_screen, car_side
from fairweather.data.town.painting.cycles import bicycle_end, bicycle_side, motorcycle_end, motorcycle_side
from fairweather.data.town.painting.enclosures import fence, hedge, wall
from fairweather.data.town.painting.facades import facade
from fairweather.data.town.painting.persons import person
from fairweather.data.town.painting.riders import (
    rider_bicycle_end,
    rider_bicycle_side,
    rider_motorcycle_end,
    rider_motorcycle_side,
)
from fairweather.data.town.painting.roofs import gable, plain, pole, roof
from fairweather.data.town.painting.shopfronts import entrance, shop
from fairweather.data.town.painting.skyline import skyline
from fairweather.data.town.painting.street_signs import (
    lamp_head,
    sign,
    sign_back,
    signal_back,
    signal_green,
    signal_red,
)
from fairweather.data.town.painting.transport import (
    bus_front,
    bus_rear,
    bus_side,
    train_front,
    train_side,
    truck_front,
    truck_rear,
    truck_side,
)
from fairweather.data.town.painting.trees import bush, tree

PAINTERS: dict[str, Callable[[int], Canvas]] = {
    "facade": facade, "shop": shop, "entrance": entrance, "gable": gable, "roof": roof, "wall": wall, "fence": fence,
    "hedge": hedge, "tree": tree, "bush": bush, "person": person, "plain": plain, "pole": pole,
    "car_side": car_side, "car_front": car_front, "car_rear": car_rear, "car_screen": car_screen, "car_paint": car_paint,
    "bicycle_side": bicycle_side, "bicycle_end": bicycle_end, "motorcycle_side": motorcycle_side,
    "motorcycle_end": motorcycle_end, "rider_bicycle_side": rider_bicycle_side, "rider_bicycle_end": rider_bicycle_end,
    "rider_motorcycle_side": rider_motorcycle_side, "rider_motorcycle_end": rider_motorcycle_end,
    "sign": sign, "skyline": skyline, "truck_side": truck_side, "truck_front": truck_front, "truck_rear": truck_rear,
    "bus_side": bus_side, "bus_front": bus_front, "bus_rear": bus_rear, "train_side": train_side, "train_front": train_front,
    "signal_red": signal_red, "signal_green": signal_green, "signal_back": signal_back, "lamp_head": lamp_head,
    "sign_back": sign_back,
}  # fmt: skip


def painted(tile: str) -> tuple[np.ndarray, np.ndarray, bool]:
    """Paint a tile.

    Returns:
        uint16 (h, w, 3) linear reflectance (65535 = 1), uint8 (h, w) fourth channel, and whether that is alpha.
    """
    family, _, number = tile.rpartition("_")
    canvas = PAINTERS[family](int(number)) if number.isdigit() else PAINTERS[tile](0)
    return *averaged(canvas), canvas.cutout
