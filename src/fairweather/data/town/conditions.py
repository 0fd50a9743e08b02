"""The light and the air of one picture: everything in which two renderings of one scene differ."""

from typing import NamedTuple


class Conditions(NamedTuple):
    """Numbers in linear light: a white surface under irradiance E has radiance E; a white surface under the overcast noon sky
    has about 1. Lengths in metres.

    Args:
        sun_x, sun_y, sun_z: unit vector towards the sun (street frame); sun_r, sun_g, sun_b: irradiance on a surface facing it,
            0 without cast shadows.
        sky_r, sky_g, sky_b: irradiance of the sky on a level surface.
        horizon_*, zenith_*: radiance of the sky there; overcast: 0 clear gradient .. 1 CIE overcast sky; cloud: cover 0 .. 1;
            aureole: strength of the glow around the sun.
        lamps: radiance scale of street lamps, 0 off; windows: share of windows lit; drive: emission of vehicle lamps, 0 off;
            beam: strength of the ego's low beam, 0 off.
        wet: film on level surfaces 0 .. 1; puddles: share of the road under water; porous: factor on the albedo of wet ground.
        snow: cover of upward faces 0 .. 1; road_snow: cover of the road between tracks 0 .. 1; snow_albedo.
        beta: extinction at the ground, 1/m; scale_height: of the extinction, metres (1e9: none);
            air_r, air_g, air_b: airlight radiance.
        rain, snowfall: mm of water per hour; shutter: exposure time in s; speed: of the ego in m/s; drops: on the lens.
        meter: mean linear value that the exposure aims at (over the lower half of the picture).
        gain: of the sensor; glow: weight of the bloom; blur: sigma of lens and resampling in pixels;
            vignette: loss at the corner; quality: of the JPEG.
    """

    sun_x: float
    sun_y: float
    sun_z: float
    sun_r: float
    sun_g: float
    sun_b: float
    sky_r: float
    sky_g: float
    sky_b: float
    horizon_r: float
    horizon_g: float
    horizon_b: float
    zenith_r: float
    zenith_g: float
    zenith_b: float
    overcast: float
    cloud: float
    aureole: float
    lamps: float
    windows: float
    drive: float
    beam: float
    wet: float
    puddles: float
    porous: float
    snow: float
    road_snow: float
    snow_albedo: float
    beta: float
    scale_height: float
    air_r: float
    air_g: float
    air_b: float
    rain: float
    snowfall: float
    shutter: float
    speed: float
    drops: float
    meter: float
    gain: float
    glow: float
    blur: float
    vignette: float
    quality: float
