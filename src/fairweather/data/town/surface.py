"""Light on solids: the radiance of every fragment of a quad."""

import numpy as np

from fairweather.data.town.floor import BOUNCE, schlick
from fairweather.data.town.fragments import BIAS, CENTRES, MASK, PIXEL, SURFACE
from fairweather.data.town.lamplight import BEAM_HEIGHT, lamplight, low_beam
from fairweather.data.town.noise import cell, chance, smooth
from fairweather.data.town.quads import (
    BACKDROP,
    CUTOUT,
    FACADE,
    FLAGS,
    FOLIAGE,
    HEADLIGHT,
    LABEL,
    LUMINAIRE,
    PAINT,
    REPEAT_U,
    REPEAT_V,
    RETRO,
    SALT,
    SCREEN,
    SHOP,
    SIGNAL,
    STANDING,
    TAILLIGHT,
    TILE,
)  # fmt: skip
from fairweather.data.town.sky import gradient
from fairweather.data.town.texture import read
from fairweather.data.town.tiles import NUMBER
from fairweather.kernels import kernel

UPWARD = 0.6  # snow lies where the normal's y is larger
MASKED = FACADE | SHOP | HEADLIGHT | TAILLIGHT | SIGNAL | LUMINAIRE  # fourth channel is no alpha and the tint spares it
GLASS = FACADE | SHOP | SCREEN
REFLECTED = 0.29  # sine of the elevation (17 degrees) below which a mirror shows the street and not the sky
RETRO_GAIN = 15.0  # of a sign's sheeting against a white surface
FIRST_SHOP, LAST_SHOP = NUMBER["shop_0"], NUMBER["shop_5"]
BUILDING, WALL = 2, 3
NX, NY, NZ, SUN, ROUND, SKYWARD, RIGHT_X, RIGHT_Z = range(8)  # columns of a facet


@kernel()
def facets(shape, kind, seen, camera, air):  # type: ignore[no-untyped-def]
    """What does not change over a quad.

    Returns:
        float64 (N, 8), filled where `seen`: the normal turned to the camera; its cosine with the sun, and how that grows from the
        middle to the right edge of a round body; the share of the sky it faces; the direction of U on the ground.
    """
    camera, air = camera[0], air[0]
    out = np.empty((shape.shape[0], 8))
    for q in range(shape.shape[0]):
        if not seen[q]:
            continue
        ux, uy, uz, vx, vy, vz = shape[q, 3], shape[q, 4], shape[q, 5], shape[q, 6], shape[q, 7], shape[q, 8]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        length = np.sqrt(nx * nx + ny * ny + nz * nz)
        away = nx * (shape[q, 0] - camera.x) + ny * (shape[q, 1] - camera.y) + nz * (shape[q, 2] - camera.z)
        length = -length if away > 0.0 else length
        nx, ny, nz = nx / length, ny / length, nz / length
        wide = np.sqrt(ux * ux + uz * uz) + 1e-9
        facet = out[q]
        facet[NX], facet[NY], facet[NZ] = nx, ny, nz
        facet[RIGHT_X], facet[RIGHT_Z] = ux / wide, uz / wide
        cosine = nx * air.sun_x + ny * air.sun_y + nz * air.sun_z
        facet[SUN], facet[ROUND], facet[SKYWARD] = cosine, 0.0, 0.5 + 0.5 * ny
        if kind[q, FLAGS] & STANDING:
            # half a cylinder with something of a ball: normal = 0.65 towards the viewer, up to 0.7 to the sides, 0.3 up
            facet[SUN] = 0.65 * cosine + 0.30 * air.sun_y
            facet[ROUND] = 0.7 * (ux * air.sun_x + uz * air.sun_z) / wide
            facet[SKYWARD] = 0.62
    return out


@kernel(forceinline=True)
def sunlight(x, y, z, nx, nz, standing, along_x, along_z, plan, heights):  # type: ignore[no-untyped-def]
    """Share of the sun that a point sees, from the four cells around its ray in a map of heights (percentage-closer
    filtering, Reeves et al. 1987); 1 outside the map."""
    bias = 0.12
    if standing:
        bias = 0.5  # a stand-in's own cells are its own height
    else:
        x, z = x + 0.35 * nx, z + 0.35 * nz
    gx, gz = x - along_x * y - plan.x, z - along_z * y - plan.z
    right, deep = gx * plan.cos_yaw - gz * plan.sin_yaw, gx * plan.sin_yaw + gz * plan.cos_yaw
    if deep < 1.0:
        return 1.0
    scale = plan.focal * heights.shape[1] / deep
    column = 0.5 * heights.shape[1] + scale * right - 0.5
    row = plan.horizon * heights.shape[0] + scale * plan.y - 0.5
    if column < 0.0 or row < 0.0 or column >= heights.shape[1] - 1 or row >= heights.shape[0] - 1:
        return 1.0
    i, j = int(column), int(row)
    fx, fy = column - i, row - j
    limit = y + bias
    upper = (1.0 - fx) * (heights[j, i] <= limit) + fx * (heights[j, i + 1] <= limit)
    lower = (1.0 - fx) * (heights[j + 1, i] <= limit) + fx * (heights[j + 1, i + 1] <= limit)
    return upper + (lower - upper) * fy


@kernel(forceinline=True)
def mirrored(rise, air):  # type: ignore[no-untyped-def]
    """Radiance that a mirror shows in a direction: the sky where that rises above the roofs, else a dark street."""
    part = gradient(rise, air.overcast)
    r, g, b = (
        0.09 * air.sky_r + 0.02 * air.sun_r,
        0.09 * air.sky_g + 0.02 * air.sun_g,
        0.09 * air.sky_b + 0.02 * air.sun_b,
    )
    sky = min(max((rise - REFLECTED) * 12.0 + 0.5, 0.0), 1.0)
    r += sky * (air.horizon_r + (air.zenith_r - air.horizon_r) * part - r)
    g += sky * (air.horizon_g + (air.zenith_g - air.horizon_g) * part - g)
    b += sky * (air.horizon_b + (air.zenith_b - air.horizon_b) * part - b)
    return r, g, b


@kernel(forceinline=True)
def window(tile, salt, shop, u, v, share, grey):  # type: ignore[no-untyped-def]
    """Emission of a lit window: red, green, blue, 0 where nobody is at home.

    Args:
        u, v: place in repeats of the tile; a facade has 2 x 2 windows, a ground floor one row, a shop is one window.
        share: of windows lit; shops are lit 2.5 times as often. grey: reflectance of what hangs behind the pane.
    """
    column, floor = cell(u) if shop else cell(2.0 * u), cell(2.0 * v) if tile < FIRST_SHOP else -1
    lit = chance(salt, column, floor)
    wanted = min(2.5 * share, 0.9) if shop else share
    if lit >= wanted:
        return 0.0, 0.0, 0.0
    bright, warm = chance(salt + 7919, column, floor), chance(salt + 104729, column, floor)
    power = (0.03 + 0.20 * bright * bright) * (0.55 + 2.5 * min(grey, 0.3))
    if tile > LAST_SHOP and shop:  # a bus or a train: dimmer than a shop window, and all of it at once
        power *= 0.4
    # 2,700 K to 5,000 K
    return power, power * (0.94 - 0.28 * warm), power * (0.86 - 0.55 * warm)


@kernel(forceinline=True)
def snow_on(flags, ny, x, y, z, u, v, snow, clouded):  # type: ignore[no-untyped-def]
    """Share of a place under snow: what faces up, and the upper parts of crowns; nothing else."""
    if ny > UPWARD and not flags & STANDING:
        return min(max((1.15 * snow - smooth(clouded, 9.0 * x + 3.0 * y, 9.0 * z)) * 3.0 + 0.5, 0.0), 1.0)
    if flags & FOLIAGE:
        return 0.7 * snow * min(max((smooth(clouded, 40.0 * u, 40.0 * v) + 0.6 * v - 0.6) * 2.0, 0.0), 1.0)
    return 0.0


@kernel(forceinline=True)
def unhidden(flags, label, y):  # type: ignore[no-untyped-def]
    """Share of its sky that a place `y` metres above the ground sees: less below, between houses or under a body."""
    if flags & BACKDROP:
        return 1.0
    if BUILDING <= label <= WALL:
        return 0.68 + 0.32 * min(y * 0.125, 1.0)
    return 0.62 + 0.38 * min(y * 0.8, 1.0)


@kernel(forceinline=True)
def emission(flags, air, r, g, b, tile, salt, u, v):  # type: ignore[no-untyped-def]
    """Light that a window, a lamp of a vehicle, a signal or a street lamp sends out; r, g, b: colour of its glass."""
    if flags & (FACADE | SHOP):
        if air.windows > 0.0:
            return window(tile, salt, flags & SHOP, u, v, air.windows, (r + g + b) * (1.0 / 3.0))
        return 0.0, 0.0, 0.0
    if flags & HEADLIGHT:
        return air.drive, 0.96 * air.drive, 0.87 * air.drive
    if flags & TAILLIGHT:
        power = 0.16 * air.drive
        return power, 0.04 * power, 0.02 * power
    power = 0.35 + 1.2 * min(1.0, air.sky_g) if flags & SIGNAL else 5.0 * air.lamps
    return power * r, power * g, power * b


@kernel()
def paint_surfaces(  # type: ignore[no-untyped-def]
    fragments, count, look, kind, planes, facet_of, camera, air, lamps, listed, sunlit, along_x, along_z, plan, heights,
    texels, table, clouded, radiance,
):  # fmt: skip
    """Write the radiance of fragments of quads.

    Args:
        fragments, count: as Fragments; planes: as Samples; facet_of: from `facets`; listed: from lamplight.lists.
        sunlit: 1 if the sun casts shadows, then along_x, along_z, plan, heights: the shadow map of shadow.cast.
        radiance: float32 (H, W, 3), added to.
    """
    camera, air, plan = camera[0], air[0], plan[0]
    height, width = radiance.shape[0], radiance.shape[1]
    per_focal = 1.0 / (camera.focal * width)
    night = (air.lamps > 0.0 and lamps.shape[0] > 0) or air.beam > 0.0
    own_side = 1.0 if camera.x >= 0.0 else -1.0
    snowy = air.snow > 0.0
    lamp = np.zeros(3)
    white = 0.10 + 0.55 * air.snow * air.snow_albedo
    thrown = BOUNCE + 0.5 * air.sun_y
    up_r = white * (0.7 * air.sky_r + thrown * air.sun_r)
    up_g = white * (0.7 * air.sky_g + thrown * air.sun_g)
    up_b = white * (0.7 * air.sky_b + thrown * air.sun_b)
    y, row_end = -1, 0
    for n in range(count):
        packed = fragments[n]
        pixel, mask, q = packed >> PIXEL, packed & MASK, ((packed >> SURFACE) & 0xFFFFF) - BIAS
        while pixel >= row_end:  # fragments come in order of pixels, and a division is dear
            y, row_end = y + 1, row_end + width
        x = pixel - row_end + width
        share = CENTRES[mask, 2]
        at_x, at_y = x + CENTRES[mask, 0], y + CENTRES[mask, 1]
        flags, tile = kind[q, FLAGS], kind[q, TILE]

        near = max(planes[q, 6] * at_x + planes[q, 7] * at_y + planes[q, 8], 1e-5)
        t = 1.0 / near
        u = min(max((planes[q, 0] * at_x + planes[q, 1] * at_y + planes[q, 2]) * t, 0.0), 0.99999)
        v = min(max((planes[q, 3] * at_x + planes[q, 4] * at_y + planes[q, 5]) * t, 0.0), 0.99999)
        times_u, times_v = look[q, REPEAT_U], look[q, REPEAT_V]
        red, green, blue, fourth = read(
            texels, table, tile, u * times_u, v * times_v,
            (planes[q, 0] - u * planes[q, 6]) * t * times_u, (planes[q, 3] - v * planes[q, 6]) * t * times_v,
            (planes[q, 1] - u * planes[q, 7]) * t * times_u, (planes[q, 4] - v * planes[q, 7]) * t * times_v, flags & CUTOUT,
        )  # fmt: skip
        glass = fourth if flags & MASKED else 0.0
        if flags & SCREEN:
            glass = 1.0
        kept = glass if flags & MASKED else 0.0
        r = red * (kept + (1.0 - kept) * look[q, 0])
        g = green * (kept + (1.0 - kept) * look[q, 1])
        b = blue * (kept + (1.0 - kept) * look[q, 2])

        right, up = (at_x - 0.5 * width) * per_focal, (camera.horizon * height - at_y) * per_focal
        px = camera.x + t * (camera.sin_yaw + right * camera.cos_yaw)
        py = camera.y + t * up
        pz = camera.z + t * (camera.cos_yaw - right * camera.sin_yaw)
        nx, ny, nz = facet_of[q, NX], facet_of[q, NY], facet_of[q, NZ]

        if air.wet > 0.0:
            darker = 1.0 - 0.16 * air.wet * (1.0 - glass)
            r, g, b = r * darker, g * darker, b * darker
        if snowy:
            cover = snow_on(flags, ny, px, py, pz, u * times_u + 0.4 * (kind[q, SALT] & 15), v, air.snow, clouded)
            r += cover * (air.snow_albedo - r)
            g += cover * (1.01 * air.snow_albedo - g)
            b += cover * (1.03 * air.snow_albedo - b)
            glass *= 1.0 - cover

        # sky and ground, less near the ground
        open_sky = facet_of[q, SKYWARD] * unhidden(flags, kind[q, LABEL], max(py, 0.0))
        below = 1.0 - facet_of[q, SKYWARD]
        er, eg, eb = (
            open_sky * air.sky_r + below * up_r,
            open_sky * air.sky_g + below * up_g,
            open_sky * air.sky_b + below * up_b,
        )
        if sunlit:
            facing = facet_of[q, SUN] + facet_of[q, ROUND] * (2.0 * u - 1.0)
            if facing > 0.0:
                lit = facing * sunlight(
                    px, py, pz, nx, nz, flags & STANDING, along_x, along_z, plan, heights
                )  # fmt: skip
                er, eg, eb = er + lit * air.sun_r, eg + lit * air.sun_g, eb + lit * air.sun_b
            er, eg, eb = er + BOUNCE * air.sun_r, eg + BOUNCE * air.sun_g, eb + BOUNCE * air.sun_b
        if night:
            lamplight(lamps, listed, camera.z, px, py, pz, nx, ny, nz, flags & STANDING, lamp)
            away = nx * (px - camera.x) + ny * (py - BEAM_HEIGHT) + nz * (pz - camera.z)
            facing = (
                RETRO_GAIN
                if flags & RETRO
                else 0.75
                if flags & STANDING
                else -away * near / np.sqrt(1.0 + right * right)
            )
            beam = air.beam * low_beam(own_side * t * right, py, t, facing)
            er, eg, eb = er + air.lamps * lamp[0], eg + air.lamps * lamp[1], eb + air.lamps * lamp[2]
            er, eg, eb = er + beam, eg + 0.96 * beam, eb + 0.88 * beam
        out_r, out_g, out_b = r * er, g * eg, b * eb

        if flags & PAINT or (flags & GLASS and glass > 0.0):
            per_length = 1.0 / np.sqrt(1.0 + right * right + up * up)
            cosine = -(nx * (px - camera.x) + ny * (py - camera.y) + nz * (pz - camera.z)) * near * per_length
            mr, mg, mb = mirrored(up * per_length + 2.0 * cosine * ny, air)
            # lacquer mirrors over its colour; behind a pane it is darker than in front
            snowed = air.snow if ny > UPWARD else 0.0
            power = (1.0 - snowed) * schlick(cosine, 0.04) if flags & PAINT else glass * schlick(cosine, 0.08)
            dim = 1.0 if flags & PAINT else 1.0 - (0.6 if flags & SCREEN else 0.35) * glass
            out_r, out_g, out_b = dim * out_r + power * mr, dim * out_g + power * mg, dim * out_b + power * mb
        if glass > 0.0 and flags & MASKED:
            wr, wg, wb = emission(flags, air, r, g, b, tile, kind[q, SALT], u * times_u, v * times_v)
            out_r, out_g, out_b = out_r + glass * wr, out_g + glass * wg, out_b + glass * wb
        radiance[y, x, 0] += share * out_r
        radiance[y, x, 1] += share * out_g
        radiance[y, x, 2] += share * out_b
