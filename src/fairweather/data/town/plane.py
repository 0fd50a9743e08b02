"""What the plane y = 0 is at a point: which of its regions, and so which Cityscapes class."""

import numpy as np

from fairweather.data.town.ground import Ground
from fairweather.kernels import kernel

# Surface numbers below zero, where quads have their index: what a sample of the picture shows when it shows no quad.
# Those of paved ground are odd.
ROAD, BALLAST, KERB, VERGE, WALK, BEYOND, PLAZA, SKY, BONNET = -1, -2, -3, -4, -5, -6, -7, -8, -9
CLASSES = (10, 0, 9, 1, 9, 1, 9, 1, 10, 255)  # Cityscapes train id of surface -k at place k
_ACROSS = np.array([BEYOND, WALK, VERGE, KERB, ROAD, KERB, VERGE, WALK], np.int32)  # regions from left to right
BALLAST_HALF = 1.5  # metres: a ballasted track is 3 m wide


@kernel()
def fill_row(surface, depth, first, step, camera, ground, edges):  # type: ignore[no-untyped-def]
    """Write the surface number of every sample of a row of the ground.

    The lateral coordinate grows along a row, so each border is looked for by halving.

    Args:
        surface: int32 (columns,), written.
        depth: z-depth of the row in metres.
        first, step: lateral camera coordinate (metres to the right) of the first sample, and from one to the next.
        camera, ground: records.
        edges: from `borders`.
    """
    x0 = camera.x + depth * camera.sin_yaw + first * camera.cos_yaw
    z0 = camera.z + depth * camera.cos_yaw - first * camera.sin_yaw
    dx, dz = step * camera.cos_yaw, -step * camera.sin_yaw
    curve = ground.curve
    beyond = PLAZA if ground.paved_terrain > 0.5 else BEYOND
    begin = 0
    for k in range(8):
        end = _first_beyond(edges[k], x0, dx, z0, dz, curve, begin, surface.size)
        surface[begin:end] = beyond if k == 0 else _ACROSS[k]
        begin = end
    surface[begin:] = beyond
    if ground.rails_bed > 0.5:
        begin = _first_beyond(ground.rails - BALLAST_HALF, x0, dx, z0, dz, curve, 0, surface.size)
        surface[begin : _first_beyond(ground.rails + BALLAST_HALF, x0, dx, z0, dz, curve, begin, surface.size)] = (
            BALLAST
        )
    last = z0 + (surface.size - 1) * dz
    for near in (ground.cross_1, ground.cross_2):
        far = near + ground.cross_width
        if max(z0, last) < near or min(z0, last) > far:
            continue
        for i in range(surface.size):
            z = z0 + i * dz
            if z >= near and z <= far:
                surface[i] = ROAD


@kernel()
def _first_beyond(border, x0, dx, z0, dz, curve, low, high):  # type: ignore[no-untyped-def]
    """The first sample from `low` on whose lateral coordinate exceeds the border; `high` if there is none."""
    while low < high:
        i = (low + high) // 2
        z = z0 + i * dz
        if x0 + i * dx - curve * z * z > border:
            high = i
        else:
            low = i + 1
    return low


def borders(ground: Ground) -> np.ndarray:
    """Lateral coordinates of a street's borders, from left to right.

    Returns:
        float64 (8,): on the left the outer border of sidewalk, verge, kerb, carriageway; on the right of carriageway,
        kerb, verge, sidewalk.
    """
    left, right = -ground.road_left, ground.road_right
    walk_left, walk_right = left - ground.kerb - ground.verge_left, right + ground.kerb + ground.verge_right
    return np.array(
        [
            walk_left - ground.walk_left, walk_left, left - ground.kerb, left,
            right, right + ground.kerb, walk_right, walk_right + ground.walk_right,
        ]
    )  # fmt: skip
