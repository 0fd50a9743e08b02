"""Where the ego camera stands and how it projects."""

from typing import NamedTuple


class Camera(NamedTuple):
    """A pinhole without pitch or roll whose picture is shifted up or down (so verticals stay vertical).

    Pixel centre (x, y) of a W x H picture, z-depth t: point = position + t (ahead + right (x - W/2) / F + up (h H - y) / F),
    with F = focal W, h = horizon, ahead = (sin yaw, 0, cos yaw), right = (cos yaw, 0, -sin yaw), up = (0, 1, 0).

    Args:
        x, y, z: position in metres; y is the height over the ground, z runs along the street.
        sin_yaw, cos_yaw: heading against the street's axis at z = 0.
        focal: focal length over picture width.
        horizon: row of the horizon over picture height, from the top.
        bonnet: height of the ego bonnet over picture height, 0 if the camera does not see it; labelled ignore (255).
    """

    x: float
    y: float
    z: float
    sin_yaw: float
    cos_yaw: float
    focal: float
    horizon: float
    bonnet: float
