"""Light by night: street lamps, and the low beam of the ego car."""

import numpy as np

from fairweather.kernels import kernel

REACH = 40.0  # metres at which a lamp's light has faded to nothing
LAMP = 9.0  # irradiance times square metres straight below a lamp of power 1 under Conditions.lamps = 1
LISTED = 5  # lamps that light a place at most
SLICE = 6.0  # metres of street that share a list of lamps
FIRST, SLICES = -24.0, 26  # where the slices begin (before the camera), and how many
BEAM = 24.0  # irradiance times square metres in the middle of a low beam of strength 1
BEAM_HEIGHT = 0.65  # metres


@kernel()
def lists(lamps, camera_z):  # type: ignore[no-untyped-def]
    """Which lamps light each slice of the street.

    Args:
        lamps: float32 (M, 7), as Lamps.table.

    Returns:
        int32 (SLICES, LISTED): the numbers of the nearest lamps along the street, nearest first, -1 where there is none in reach.
    """
    found = np.full((SLICES, LISTED), -1, np.int32)
    away = np.empty(LISTED)
    for n in range(SLICES):
        middle = camera_z + FIRST + SLICE * (n + 0.5)
        away[:] = REACH
        for m in range(lamps.shape[0]):
            distance, number = abs(lamps[m, 2] - middle), m
            for k in range(LISTED):
                if distance < away[k]:
                    away[k], distance = distance, away[k]
                    found[n, k], number = number, found[n, k]
    return found


@kernel(forceinline=True)
def lamplight(lamps, listed, camera_z, x, y, z, nx, ny, nz, round_body, out):  # type: ignore[no-untyped-def]
    """Irradiance of the street lamps at a point with a normal: I cos / d^2 with I ~ cos(theta), cut off at 80 degrees.

    Args:
        round_body: 1 for stand-ins of round bodies, which no lamp meets edge-on.
        out: float64 (3,), written: red, green, blue for Conditions.lamps = 1.
    """
    out[0] = out[1] = out[2] = 0.0
    number = int((z - camera_z - FIRST) / SLICE)
    if number < 0 or number >= SLICES:
        return
    for k in range(LISTED):
        m = listed[number, k]
        if m < 0:
            break
        dx, dy, dz = lamps[m, 0] - x, lamps[m, 1] - y, lamps[m, 2] - z
        if dy <= 0.0:
            continue
        square = dx * dx + dy * dy + dz * dz
        if square >= REACH * REACH:
            continue
        towards = nx * dx + ny * dy + nz * dz
        if towards <= 0.0 and not round_body:
            continue
        per_distance = 1.0 / np.sqrt(square)
        down = dy * per_distance
        if down < 0.17:
            continue
        facing = towards * per_distance
        if round_body:
            facing = 0.55 + 0.25 * facing
        if facing <= 0.0:
            continue
        fade = 1.0 - square * (1.0 / (REACH * REACH))
        beam = down * min(1.0, (down - 0.17) * 8.0)
        power = lamps[m, 6] * LAMP * beam * facing * min(per_distance * per_distance, 1.0) * fade * fade
        out[0] += power * lamps[m, 3]
        out[1] += power * lamps[m, 4]
        out[2] += power * lamps[m, 5]


@kernel(forceinline=True)
def low_beam(kerbward, up, ahead, facing):  # type: ignore[no-untyped-def]
    """Irradiance of the ego's low beam (strength 1) at a point, without regard to what stands between.

    Sideways 1 / (1 + 14 th^2 + 300 th^4); brightest at a cut-off 1 % under the horizontal and falling off below it by
    1 / (1 + 400 lift^2), so that the road is lit evenly; 4 % above it; the cut-off rises by 15 degrees on the kerb side
    (the shape that UN Regulations 112 and 149 ask for; the numbers are a fit by eye).

    Args:
        kerbward, up, ahead: position against the camera's foot turned to its heading, metres: towards the kerb on the ego's
            side of the road, over the ground, and ahead.
        facing: cosine between the surface's normal and the light.
    """
    if ahead <= 0.8 or facing <= 0.0:
        return 0.0
    per_ahead = 1.0 / ahead
    side = kerbward * per_ahead
    lift = (up - BEAM_HEIGHT) * per_ahead + 0.01
    if side > 0.0:
        lift -= min(0.27 * side, 0.03)
    below = min(max(0.5 - lift * 120.0, 0.0), 1.0)
    square = side * side
    spread = 1.0 + 14.0 * square + 300.0 * square * square
    steep = 1.0 + 400.0 * lift * lift if lift < 0.0 else 1.0
    return BEAM * facing * (0.04 + 0.96 * below) / ((kerbward * kerbward + ahead * ahead + 1.0) * spread * steep)
