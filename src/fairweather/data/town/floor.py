"""Light on the ground and on the ego bonnet: the radiance of every fragment of the plane, and its film of water."""

import numpy as np

from fairweather.data.town.fragments import BIAS, CENTRES, MASK, PIXEL, SURFACE
from fairweather.data.town.lamplight import BEAM_HEIGHT, lamplight, low_beam
from fairweather.data.town.noise import nearest, smooth
from fairweather.data.town.pavement import bare, grain, snow_cover
from fairweather.data.town.plane import BONNET, ROAD
from fairweather.data.town.shadow import LOWEST
from fairweather.kernels import kernel

OPEN = 0.88  # share of the sky that a street between houses sees
BOUNCE = 0.05  # share of the sun's light that reaches shadows by way of walls
HIDDEN = 0.80  # how dark it gets where nothing of the sky is seen
GROUND = (0, 1, 9)  # train ids
RETRO_PAINT = 2.5  # gain of the glass beads in paint


@kernel(forceinline=True)
def schlick(cosine, base):  # type: ignore[no-untyped-def]
    """Fresnel reflectance, base + (1 - base) (1 - cos)^5 (Schlick 1994)."""
    left = 1.0 - min(max(cosine, 0.0), 1.0)
    square = left * left
    return base + (1.0 - base) * square * square * left


@kernel()
def paint_floor(  # type: ignore[no-untyped-def]
    fragments, count, camera, ground, air, lamps, listed, sunlit, heights, dark, dark_view, label,
    clouded, grainy, drift, radiance, film,
):  # fmt: skip
    """Write the radiance of fragments of the plane.

    Args:
        fragments, count: as Fragments. listed: from lamplight.lists.
        sunlit: 1 if the sun casts shadows; heights: the shadow map in the picture's own perspective.
        dark: uint8, from shadow.darkness; dark_view: its camera.
        label: uint8 (H, W): of the picture; only pixels labelled ground get a film.
        clouded, grainy: the tiles of `noise`; drift: offsets that move them from scene to scene, in texels.
        radiance: float32 (H, W, 3), added to; film: float32 (H, W), added to.
    """
    camera, ground, air, dark_view = camera[0], ground[0], air[0], dark_view[0]
    height, width = radiance.shape[0], radiance.shape[1]
    focal = camera.focal * width
    night = (air.lamps > 0.0 and lamps.shape[0] > 0) or air.beam > 0.0
    own_side = 1.0 if camera.x >= 0.0 else -1.0
    lamp = np.zeros(3)
    plan_focal = dark_view.focal * dark.shape[1]
    plan_row = dark_view.focal * dark.shape[1] * dark_view.y
    plan_horizon = dark_view.horizon * dark.shape[0]
    back = (camera.x - dark_view.x) * camera.sin_yaw + (camera.z - dark_view.z) * camera.cos_yaw
    row_y, depth, foot_x, foot_z, per_x, per_z, weight, fine_z = -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0
    across, row = 1.0, 1.0
    y, row_end = -1, 0
    for n in range(count):
        packed = fragments[n]
        pixel, mask, surface = packed >> PIXEL, packed & MASK, ((packed >> SURFACE) & 0xFFFFF) - BIAS
        while pixel >= row_end:  # fragments come in order of pixels, and a division is dear
            y, row_end = y + 1, row_end + width
        x = pixel - row_end + width
        share = CENTRES[mask, 2]
        py = y + CENTRES[mask, 1]
        if surface == BONNET:
            _bonnet(y, x, share, py / height, camera, air, radiance)
            continue
        if py != row_y:  # most of this is the same along a row
            row_y = py
            depth = camera.y * focal / max(py - camera.horizon * height, 0.02)
            foot_x = depth / focal
            foot_z = foot_x * depth / camera.y
            per_x, per_z, weight = grain(foot_x, foot_z)
            fine_z = 15.0 if foot_z < 0.6 else 4.0
            per_deep = 1.0 / (depth + back)
            across, row = plan_focal * per_deep, plan_horizon + plan_row * per_deep
        right = (x + CENTRES[mask, 0] - 0.5 * width) * foot_x
        px = camera.x + depth * camera.sin_yaw + right * camera.cos_yaw
        pz = camera.z + depth * camera.cos_yaw - right * camera.sin_yaw
        s = px - ground.curve * pz * pz
        large = smooth(clouded, 2.3 * px + drift[0], 2.3 * pz + drift[1])
        middle = smooth(clouded, 15.0 * px + drift[1], fine_z * pz + drift[0])
        fine = (2.0 * nearest(grainy, px * per_x, pz * per_z) - 1.0) * weight
        r, g, b, painted = bare(ground, grainy, surface, s, px, pz, foot_x, foot_z, large, middle, fine, own_side)

        if air.wet > 0.0:
            porous = air.porous + (1.0 - air.porous) * 0.6 * painted
            r, g, b = r * porous, g * porous, b * porous
            cosine = camera.y / np.sqrt(depth * depth + right * right + camera.y * camera.y)
            cover = 0.0
            if surface & 1:  # paved
                low = smooth(clouded, 5.0 * px + drift[0], 1.6 * pz + drift[1])
                full = min(max((air.puddles - low) * 9.0 + 0.5, 0.0), 1.0) if air.puddles > 0.0 else 0.0
                cover = air.wet * (0.30 + 0.12 * middle) * (1.0 if surface == ROAD else 0.6)
                cover += (1.0 - cover) * full * (1.0 if surface == ROAD else 0.5)
                still = 1.0 - 0.35 * full
                r, g, b = r * still, g * still, b * still
            if label[y, x] in GROUND:  # what the mirror pass takes the depth of
                film[y, x] += share * cover * schlick(cosine, 0.02)

        if air.snow > 0.0 or air.road_snow > 0.0:
            cover, slush = snow_cover(ground, surface, s, pz, air.snow, air.road_snow, large, middle, fine)
            wetted = 1.0 - 0.30 * min(1.0, 2.0 * air.road_snow)
            white = air.snow_albedo * (0.94 + 0.08 * middle + 0.03 * fine) * (1.0 - 0.45 * slush)
            r, g, b = r * wetted, g * wetted, b * wetted
            r, g, b = r + cover * (white - r), g + cover * (1.01 * white - g), b + cover * (1.03 * white - b)
            painted *= 1.0 - cover

        # light of the sky, less where something hides it
        column = dark.shape[1] * 0.5 + across * right
        i, j = int(column), int(row)
        hidden = 0.0
        if column >= 0.0 and row >= 0.0 and i < dark.shape[1] and j < dark.shape[0]:
            hidden = dark[j, i] * (HIDDEN / 255.0)
        sky = OPEN * (1.0 - hidden)
        er, eg, eb = sky * air.sky_r, sky * air.sky_g, sky * air.sky_b
        if sunlit:
            lit = 0.0
            for k in range(4):
                if mask >> k & 1 and heights[2 * y + (k >> 1), 2 * x + (k & 1)] < LOWEST:
                    lit += 0.25
            sun = air.sun_y * (BOUNCE + (1.0 - BOUNCE) * lit / share)
            er, eg, eb = er + sun * air.sun_r, eg + sun * air.sun_g, eb + sun * air.sun_b
        if night:
            lamplight(lamps, listed, camera.z, px, 0.0, pz, 0.0, 1.0, 0.0, 0, lamp)
            factor = air.lamps * (1.0 - 0.7 * hidden)
            er, eg, eb = er + factor * lamp[0], eg + factor * lamp[1], eb + factor * lamp[2]
            facing = BEAM_HEIGHT / np.sqrt(depth * depth + right * right + 0.4)
            beam = air.beam * low_beam(own_side * right, 0.0, depth, facing) * (1.0 + (RETRO_PAINT - 1.0) * painted)
            er, eg, eb = er + beam, eg + 0.96 * beam, eb + 0.88 * beam
        radiance[y, x, 0] += share * r * er
        radiance[y, x, 1] += share * g * eg
        radiance[y, x, 2] += share * b * eb


@kernel()
def _bonnet(y, x, share, place, camera, air, radiance):  # type: ignore[no-untyped-def]
    """Dark lacquer that mirrors more of the sky the flatter it is seen, which is towards its far edge."""
    flat = min(max((1.0 - place) / max(camera.bonnet, 1e-3), 0.0), 1.0)
    mirror = 0.04 + 0.22 * flat * flat
    sun = 0.25 * max(air.sun_y, 0.0)
    radiance[y, x, 0] += share * (0.03 * (air.sky_r + sun * air.sun_r) + mirror * 0.5 * (air.horizon_r + air.zenith_r))
    radiance[y, x, 1] += share * (0.03 * (air.sky_g + sun * air.sun_g) + mirror * 0.5 * (air.horizon_g + air.zenith_g))
    radiance[y, x, 2] += share * (0.03 * (air.sky_b + sun * air.sun_b) + mirror * 0.5 * (air.horizon_b + air.zenith_b))
