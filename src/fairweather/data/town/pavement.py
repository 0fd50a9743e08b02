"""Reflectance of the ground: asphalt, slabs, kerbs, grass, earth, ballast; dry, wet or under snow."""

from fairweather.data.town.markings import paint, pulses, rails, track
from fairweather.data.town.noise import cell, lot
from fairweather.data.town.plane import BALLAST, KERB, PLAZA, ROAD
from fairweather.kernels import kernel

WHITE_PAINT = 0.50
STEEL = 0.30


@kernel(forceinline=True)
def grain(foot_x, foot_z):  # type: ignore[no-untyped-def]
    """Cells per metre along x and z of white noise, and its weight: cells of 2 cm, or of the footprint where that is larger
    (then fainter, by the root of the number of cells it averages)."""
    wide, deep, weight = 0.02, 0.02, 1.0
    while wide < 0.8 * foot_x and wide < 1.0:
        wide *= 2.0
        weight *= 0.71
    while deep < 0.8 * foot_z and deep < 8.0:
        deep *= 2.0
        weight *= 0.71
    return 1.0 / wide, 1.0 / deep, weight


@kernel(forceinline=True)
def mended(ground, white, s, z):  # type: ignore[no-untyped-def]
    """Factor of mended places: rectangles in a grid of 2.6 m x 8 m, darker or lighter, with a seam of tar around them."""
    column, row = cell(s * (1.0 / 2.6)), cell(z * (1.0 / 8.0))
    seed = int(ground.seed) & 255
    if lot(white, column, row, seed) >= ground.patches:
        return 1.0
    left, right = 0.3 + 0.8 * lot(white, column, row, seed + 1), 1.5 + 1.0 * lot(white, column, row, seed + 2)
    near, far = 0.5 + 3.0 * lot(white, column, row, seed + 3), 4.5 + 3.0 * lot(white, column, row, seed + 4)
    x, y = s - 2.6 * column, z - 8.0 * row
    inside = min(min(x - left, right - x), min(y - near, far - y))
    if inside < -0.05:
        return 1.0
    if inside < 0.05:
        return 0.62
    return 0.72 if lot(white, column, row, seed + 5) < 0.65 else 1.22


@kernel(forceinline=True)
def asphalt(ground, white, s, x, z, foot_x, foot_z, large, middle, fine):  # type: ignore[no-untyped-def]
    """Reflectance of the bare carriageway: three scales of noise, oil and rubber, gutters, mended places, manholes."""
    tone = ground.asphalt * (0.86 + 0.28 * large) * (0.88 + 0.24 * middle) * (1.0 + 0.20 * fine)
    wheel = track(ground, s)
    if wheel < 0.55:
        tone *= 1.0 - 0.14 * (1.0 - wheel * (1.0 / 0.55))
    elif wheel < 1.2:
        tone *= 1.05
    if ground.patches > 0.0 and foot_z < 2.5:
        tone *= mended(ground, white, s, z)
    half = ground.road_right if s >= 0.0 else ground.road_left
    gutter = half - abs(s)
    if gutter < 0.45:
        tone *= 0.80 if gutter > 0.10 else 0.55  # dirt, and the kerb's upright face
    if foot_z < 0.6:
        column, row = cell(s * (1.0 / 3.1)), cell(z * (1.0 / 13.0))
        seed = (int(ground.seed) & 255) + 9
        if lot(white, column, row, seed) < 0.3:
            dx, dz = s - 3.1 * column - 1.2, z - 13.0 * row - 4.0 - 5.0 * lot(white, column, row, seed + 1)
            square = dx * dx + dz * dz
            if square < 0.1:
                tone *= 0.62 if square < 0.075 else 1.25
    return tone


@kernel(forceinline=True)
def slabs(ground, white, s, z, foot_x, foot_z, size, large, middle, fine):  # type: ignore[no-untyped-def]
    """Reflectance of paving: slabs of slightly different tone, dark joints, stains."""
    tone = ground.paved * (0.84 + 0.24 * large) * (0.88 + 0.24 * middle) * (1.0 + 0.10 * fine)
    if size > 0.05:
        per_size = 1.0 / size
        joints = pulses(s, 0.014, size, foot_x) + pulses(z, 0.014, size, foot_z)
        tone *= 1.0 - 0.5 * min(joints, 1.0)
        if foot_z < 2.0 * size:
            tone *= 0.93 + 0.14 * lot(white, cell(s * per_size), cell(z * per_size), int(ground.seed) & 255)
    return tone


@kernel(forceinline=True)
def green(ground, large, middle, fine):  # type: ignore[no-untyped-def]
    """Reflectance of grass and earth, red, green, blue: blades and bare places by noise."""
    bare = min(max((1.0 - ground.grass) * 1.6 + 0.9 * (middle - 0.5) + 0.5 * (large - 0.5), 0.0), 1.0)
    tone = (0.72 + 0.5 * middle) * (1.0 + 0.35 * fine)
    dry = 0.5 + 0.5 * large
    r = (0.050 + 0.035 * dry) + (0.150 - 0.050 - 0.035 * dry) * bare
    g = 0.090 + (0.118 - 0.090) * bare
    b = 0.030 + (0.080 - 0.030) * bare
    return r * tone, g * tone, b * tone


@kernel(forceinline=True)
def ballast(ground, s, z, foot_x, foot_z, large, fine):  # type: ignore[no-untyped-def]
    """Reflectance of stones and sleepers."""
    tone = 0.15 * (0.8 + 0.4 * large) * (1.0 + 0.5 * fine)
    if abs(s - ground.rails) < 1.3:
        sleeper = pulses(z, 0.24, 0.65, foot_z)
        tone += sleeper * (0.20 * (0.8 + 0.4 * large) - tone)
    return tone


@kernel(forceinline=True)
def bare(ground, white, surface, s, x, z, foot_x, foot_z, large, middle, fine, own_side):  # type: ignore[no-untyped-def]
    """Dry reflectance: red, green, blue, and how much of it is paint (which shines back into headlights)."""
    if surface == ROAD:
        tone = asphalt(ground, white, s, x, z, foot_x, foot_z, large, middle, fine)
        r, g, b = tone * 0.985, tone, tone * 1.03
        cover = paint(ground, s, z, foot_x, foot_z, own_side)
        if cover > 0.0:
            worn = min(max((middle * 0.7 + 0.3 * large - 1.0 + ground.wear) * 4.0 + 0.4, 0.0), 1.0)
            cover *= 1.0 - (0.25 + 0.65 * worn) * min(1.0, 0.15 + ground.wear)
            yellow = ground.yellow
            r += cover * (WHITE_PAINT - r)
            g += cover * (WHITE_PAINT * (1.0 - 0.28 * yellow) - g)
            b += cover * (WHITE_PAINT * (0.98 - 0.82 * yellow) - b)
        if ground.rails > -1000.0:
            head, groove = rails(ground, s, foot_x)
            r, g, b = r + head * (STEEL - r), g + head * (STEEL - g), b + head * (STEEL - b)
            dark = 1.0 - 0.8 * groove
            r, g, b = r * dark, g * dark, b * dark
        return r, g, b, cover
    if surface == BALLAST:
        tone = ballast(ground, s, z, foot_x, foot_z, large, fine)
        head, _ = rails(ground, s, foot_x)
        tone += head * (STEEL - tone)
        return tone * 1.06, tone, tone * 0.92, 0.0
    if not surface & 1:
        r, g, b = green(ground, large, middle, fine)
        return r, g, b, 0.0
    if surface == KERB:
        tone = min(1.15 * ground.paved + 0.03, 0.5) * (0.85 + 0.3 * middle) * (1.0 + 0.08 * fine)
        tone *= 1.0 - 0.5 * min(pulses(z, 0.015, 1.0, foot_z), 1.0)
        return tone, tone, tone * 0.98, 0.0
    tone = slabs(
        ground, white, s, z, foot_x, foot_z, 1.5 * ground.slab if surface == PLAZA else ground.slab, large, middle, fine
    )
    return tone * 1.01, tone, tone * 0.97, 0.0


@kernel(forceinline=True)
def snow_cover(ground, surface, s, z, snow, road_snow, large, middle, fine):  # type: ignore[no-untyped-def]
    """Share of the ground under snow at a point, and how far it is slush.

    Off the road nearly all is white; on it the wheels have left tracks and the plough banks along the kerb. The cover
    decides by noise that is uniform in [0, 1], so that a mean cover p shows snow on the share p.
    """
    noise = min(max(0.45 * middle + 0.40 * large + 0.15 * (0.5 + 0.5 * fine), 0.0), 1.0)
    noise = min(max(0.5 + (noise - 0.5) * 1.45, 0.0), 1.0)
    if surface != ROAD and surface != BALLAST:
        wanted = min(1.12 * snow, 1.2) if surface != KERB else snow
        return min(max((wanted - noise) * 5.0 + 0.5, 0.0), 1.0), 0.0
    half = ground.road_right if s >= 0.0 else ground.road_left
    wheel = track(ground, s + 0.5 * (large - 0.5))
    driven = min(max((0.55 - wheel) * (1.0 / 0.30), 0.0), 1.0)
    wanted = 1.1 * road_snow * (1.0 - 0.92 * driven)
    bank = min(max((1.1 - (half - abs(s))) * (1.0 / 0.7), 0.0), 1.0)
    wanted = max(wanted, bank * min(1.0, 1.3 * road_snow + 0.2 * snow))
    cover = min(max((wanted - noise) * 3.5 + 0.5 * min(1.0, 4.0 * wanted), 0.0), 1.0)
    return cover, driven * 0.5 + 0.25 * (1.0 - abs(2.0 * cover - 1.0))
