"""Paint and steel on the road: lane lines, zebra crossings, stop lines, rails; how much of a pixel's footprint they cover."""

from fairweather.data.town.noise import cell
from fairweather.kernels import kernel

LINE = 0.07  # metres, half the width of a line
DASH, PERIOD = 3.0, 9.0  # metres: length of a dash, and of dash and gap
BAR, BARS = 0.5, 1.0  # metres: width of a zebra's bar, and of bar and gap
ZEBRA, STOP, STOP_WIDTH = 3.0, 1.2, 0.4  # metres: depth of a zebra, distance and depth of its stop line
GAUGE, RAIL = 0.7175, 0.035  # metres: half the standard gauge, half a rail's head


@kernel(forceinline=True)
def band(away, half, foot):  # type: ignore[no-untyped-def]
    """Share of a footprint `foot` wide, centred `away` from the middle of a band, that the band of half width `half` covers."""
    covered = min(away + half, 0.5 * foot) - max(away - half, -0.5 * foot)
    return max(covered, 0.0) / foot


@kernel(forceinline=True)
def pulses(at, on, period, foot):  # type: ignore[no-untyped-def]
    """Share of a footprint centred on `at` covered by bands [k period, k period + on] for all whole k."""
    low, high, per_period = at - 0.5 * foot, at + 0.5 * foot, 1.0 / period
    a, b = cell(low * per_period), cell(high * per_period)
    return ((b - a) * on + min(high - b * period, on) - min(low - a * period, on)) / foot


@kernel(forceinline=True)
def line(s, z, place, kind, foot_s, foot_z):  # type: ignore[no-untyped-def]
    """Cover by one line along the road; kinds as in Ground."""
    away = abs(s - place)
    if kind < 0.5 or away > 0.3 + foot_s:
        return 0.0
    if kind > 2.5:
        return band(away - 0.13, LINE, foot_s) + band(away + 0.13, LINE, foot_s)
    cover = band(away, LINE, foot_s)
    return cover * pulses(z, DASH, PERIOD, foot_z) if kind < 1.5 else cover


@kernel(forceinline=True)
def lines(ground, s, z, foot_s, foot_z):  # type: ignore[no-untyped-def]
    """Cover by the five lines."""
    cover = line(s, z, ground.line_1, ground.kind_1, foot_s, foot_z)
    cover += line(s, z, ground.line_2, ground.kind_2, foot_s, foot_z)
    cover += line(s, z, ground.line_3, ground.kind_3, foot_s, foot_z)
    cover += line(s, z, ground.line_4, ground.kind_4, foot_s, foot_z)
    cover += line(s, z, ground.line_5, ground.kind_5, foot_s, foot_z)
    return min(cover, 1.0)


@kernel(forceinline=True)
def crossing(ground, near, s, z, foot_s, foot_z, own_side):  # type: ignore[no-untyped-def]
    """Cover by a zebra whose near edge is at z = `near`, and by the stop line on each side's approach.

    Args:
        own_side: 1 if the ego drives where s > 0, else -1.
    """
    if abs(z - near - 0.5 * ZEBRA) > 0.5 * ZEBRA + STOP + 1.0 + foot_z:
        return 0.0
    if s < 0.15 - ground.road_left or s > ground.road_right - 0.15:
        return 0.0
    cover = band(z - near - 0.5 * ZEBRA, 0.5 * ZEBRA, foot_z) * pulses(s, BAR, BARS, foot_s)
    place = near - STOP if s * own_side > 0.1 else near + ZEBRA + STOP
    return min(cover + band(z - place, 0.5 * STOP_WIDTH, foot_z), 1.0)


@kernel(forceinline=True)
def between(z, near, width):  # type: ignore[no-untyped-def]
    """Whether z lies within a side street."""
    return z >= near and z <= near + width


@kernel(forceinline=True)
def paint(ground, s, z, foot_s, foot_z, own_side):  # type: ignore[no-untyped-def]
    """Cover by all paint at a point of the carriageway.

    Args:
        s, z: street coordinates in metres; foot_s, foot_z: size of the pixel's footprint on the ground.
    """
    if between(z, ground.cross_1, ground.cross_width) or between(z, ground.cross_2, ground.cross_width):
        return 0.0
    zebra = crossing(ground, ground.zebra_1, s, z, foot_s, foot_z, own_side)
    zebra = max(zebra, crossing(ground, ground.zebra_2, s, z, foot_s, foot_z, own_side))
    inside_1 = z > ground.zebra_1 - STOP and z < ground.zebra_1 + ZEBRA + STOP
    inside_2 = z > ground.zebra_2 - STOP and z < ground.zebra_2 + ZEBRA + STOP
    return zebra if inside_1 or inside_2 else max(zebra, lines(ground, s, z, foot_s, foot_z))


@kernel(forceinline=True)
def rails(ground, s, foot_s):  # type: ignore[no-untyped-def]
    """Cover by the heads of two rails, and by the groove beside each."""
    away = abs(abs(s - ground.rails) - GAUGE)
    if away > 0.2 + foot_s:
        return 0.0, 0.0
    return band(away, RAIL, foot_s), band(away - 0.07, 0.03, foot_s) if ground.rails_bed < 0.5 else 0.0


@kernel(forceinline=True)
def track(ground, s):  # type: ignore[no-untyped-def]
    """Distance in metres to the nearest wheel line; large where nobody drives (parking strips)."""
    half = ground.road_right if s >= 0.0 else ground.road_left
    per_lane = 1.0 / ground.lane
    number = cell(abs(s) * per_lane)
    if number + 1 > half * per_lane + 0.15:
        return 10.0
    return abs(abs(abs(s) - (number + 0.5) * ground.lane) - 0.75)
