"""The sky: gradient, clouds, the glow around the sun."""

import numpy as np

from fairweather.data.town.fragments import CENTRES, MASK, PIXEL
from fairweather.data.town.noise import smooth
from fairweather.kernels import kernel

DISC = 0.99993  # cosine of the sun's radius, a little over its quarter of a degree so that it is seen in small pictures


@kernel(forceinline=True)
def gradient(rise, overcast):  # type: ignore[no-untyped-def]
    """How far the sky's radiance has gone from that of the horizon to that of the zenith.

    Args:
        rise: sine of the elevation.
        overcast: 0 clear: 1 - (1 - rise)^3, which is steep at the horizon as the air mass is. 1 overcast: linear, as the CIE
            standard overcast sky, L = L_zenith (1 + 2 rise) / 3 (Moon & Spencer 1942), whose ends the Conditions give.
    """
    left = 1.0 - max(rise, 0.0)
    clear = 1.0 - left * left * left
    return clear + (max(rise, 0.0) - clear) * overcast


@kernel()
def paint_sky(fragments, count, camera, air, drift, tile, radiance):  # type: ignore[no-untyped-def]
    """Write the radiance of sky fragments.

    Clouds are a tile of noise on a level sheet, seen at 1 / (rise + 0.12) so that they crowd towards the horizon without end
    there. The aureole is cos^4 + cos^8 of the angle to the sun and a narrow peak (shape chosen by eye).

    Args:
        fragments, count: as Fragments.
        camera, air: records of Camera and Conditions.
        drift: two offsets of the clouds, in texels.
        tile: float32, as noise.clouded().
        radiance: float32 (H, W, 3), added to.
    """
    camera, air = camera[0], air[0]
    height, width = radiance.shape[0], radiance.shape[1]
    per_focal = 1.0 / (camera.focal * width)
    bright_r = 0.50 * air.horizon_r + 0.10 * air.sun_r + 0.38 * air.sky_r
    bright_g = 0.50 * air.horizon_g + 0.10 * air.sun_g + 0.38 * air.sky_g
    bright_b = 0.50 * air.horizon_b + 0.10 * air.sun_b + 0.38 * air.sky_b
    glow_r = air.aureole * (0.3 * air.sun_r + 0.2 * air.horizon_r)
    glow_g = air.aureole * (0.3 * air.sun_g + 0.2 * air.horizon_g)
    glow_b = air.aureole * (0.3 * air.sun_b + 0.2 * air.horizon_b)
    veiled = 1.0 - 0.6 * air.overcast
    y, row_end = -1, 0
    for n in range(count):
        packed = fragments[n]
        pixel, mask = packed >> PIXEL, packed & MASK
        while pixel >= row_end:  # fragments come in order of pixels, and a division is dear
            y, row_end = y + 1, row_end + width
        x = pixel - row_end + width
        right = (x + CENTRES[mask, 0] - 0.5 * width) * per_focal
        up = (camera.horizon * height - y - CENTRES[mask, 1]) * per_focal
        per_length = 1.0 / np.sqrt(1.0 + right * right + up * up)
        east = (camera.sin_yaw + right * camera.cos_yaw) * per_length
        north = (camera.cos_yaw - right * camera.sin_yaw) * per_length
        rise = up * per_length
        part = gradient(rise, air.overcast)
        r = air.horizon_r + (air.zenith_r - air.horizon_r) * part
        g = air.horizon_g + (air.zenith_g - air.horizon_g) * part
        b = air.horizon_b + (air.zenith_b - air.horizon_b) * part
        facing = east * air.sun_x + rise * air.sun_y + north * air.sun_z
        halo = 0.0
        if facing > 0.0 and air.aureole > 0.0:
            square = facing * facing
            fourth = square * square
            eighth = fourth * fourth
            sixteenth = eighth * eighth
            peak = sixteenth * sixteenth
            peak = peak * peak * peak * peak
            halo = 0.10 * fourth + 0.16 * eighth + 0.5 * peak
        if air.cloud > 0.02:
            scale = 26.0 / (rise + 0.12)
            u, v = east * scale + drift[0], north * scale + drift[1]
            thick = 0.7 * smooth(tile, u, v) + 0.3 * smooth(tile, 3.1 * u, 3.1 * v)
            cover = min(max((thick - 1.0 + air.cloud) * 3.5 + 0.25, 0.0), 1.0) * min(1.0, 2.0 * air.cloud)
            cover *= 1.0 - 0.5 * air.overcast
            tone = 1.12 - 0.5 * (thick - 0.5) * (0.6 + 0.4 * air.overcast)
            tone *= 1.0 - 0.12 * air.overcast
            # an overcast sky keeps its gradient; the cloud only marbles it
            r += cover * (tone * (bright_r + (r - bright_r) * air.overcast) - r)
            g += cover * (tone * (bright_g + (g - bright_g) * air.overcast) - g)
            b += cover * (tone * (bright_b + (b - bright_b) * air.overcast) - b)
            halo *= 1.0 - 0.6 * cover
        halo *= veiled
        if facing > DISC:
            halo += 12.0
        share = CENTRES[mask, 2]
        radiance[y, x, 0] += share * (r + halo * glow_r)
        radiance[y, x, 1] += share * (g + halo * glow_g)
        radiance[y, x, 2] += share * (b + halo * glow_b)
