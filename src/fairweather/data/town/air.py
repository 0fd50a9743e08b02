"""The air between the surfaces and the lens: fog in the foggy domain, haze in every other, and spray over a wet road."""

import numpy as np

from fairweather.data.town.arithmetic import exp
from fairweather.data.town.camera import Camera
from fairweather.kernels import kernel

_SPRAY_HEIGHT = 1.5  # m, scale height of what wheels throw up
_FAR = np.float32(1.0e6)  # m; where a ray that meets nothing is taken to end
_ZERO, _HALF, _ONE = np.float32(0.0), np.float32(0.5), np.float32(1.0)
_SMALL, _SIXTH, _24TH, _120TH = np.float32(0.15), np.float32(1 / 6), np.float32(1 / 24), np.float32(1 / 120)
_256TH, _OPAQUE = np.float32(1 / 256), np.float32(60.0)


@kernel()
def decay(x: np.float32) -> np.float32:
    """e**-x for -8 <= x, to 1e-4 (relative) up to x = 3: (1 + y + y^2 / 2)^-256, y = x / 256; loops over it vectorise."""
    y = min(x, _OPAQUE) * _256TH
    base = _ONE / (_ONE + y + _HALF * y * y)
    base = base * base
    base = base * base
    base = base * base
    base = base * base
    base = base * base
    base = base * base
    base = base * base
    return base * base


@kernel()
def mean_density(q: np.float32) -> np.float32:
    """Mean of exp(-y / H) along a straight path that rises by q H, against its start: (1 - e**-q) / q."""
    near = _ONE - q * (_HALF - q * (_SIXTH - q * (_24TH - q * _120TH)))
    far = (_ONE - decay(q)) / q
    return near if abs(q) < _SMALL else far


@kernel()
def _add_depth(
    tau: np.ndarray,
    depth: np.ndarray,
    length: np.ndarray,
    slope: np.float32,
    density: np.float32,
    per_height: np.float32,
) -> None:
    """Add a layer's optical depth to a row of pixels; `slope` is how far the ray rises per metre of z-depth."""
    for x in range(tau.size):
        z = min(depth[x], _FAR)
        q = max(z * slope * per_height, -_ONE)
        tau[x] += density * z * length[x] * mean_density(q)


@kernel()
def _veil(
    radiance: np.ndarray, depth: np.ndarray, view: np.ndarray, layers: np.ndarray, light: np.ndarray, out: np.ndarray
) -> None:
    height, width = depth.shape
    focal, horizon = view[0], view[1]
    across, length, tau = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    for x in range(width):
        side = (np.float32(x) + _HALF - np.float32(width) * _HALF) / focal
        across[x] = _ONE + side * side
    r, g, b = light[0], light[1], light[2]
    for y in range(height):
        slope = (horizon - np.float32(y) - _HALF) / focal
        for x in range(width):
            length[x] = np.sqrt(across[x] + slope * slope)
            tau[x] = _ZERO
        for k in range(layers.shape[0]):
            if layers[k, 0] > _ZERO:
                _add_depth(tau, depth[y], length, slope, layers[k, 0], layers[k, 1])
        for x in range(width):
            tau[x] = decay(tau[x])
        for x in range(width):
            through = tau[x]
            veil = _ONE - through
            out[y, x, 0] = radiance[y, x, 0] * through + r * veil
            out[y, x, 1] = radiance[y, x, 1] * through + g * veil
            out[y, x, 2] = radiance[y, x, 2] * through + b * veil


def veil(
    radiance: np.ndarray,
    depth: np.ndarray,
    camera: Camera,
    beta: float,
    scale_height: float,
    spray: float,
    light: tuple[float, float, float],
) -> np.ndarray:
    """What is seen through hazy air: I = J t + A (1 - t), t = exp(-tau) (Koschmieder 1924; McCartney 1976, Optics of the
    Atmosphere).

    The optical depth tau is taken along the ray, whose length is z-depth over the cosine to the axis. The extinction
    falls with height, beta(y) = beta exp(-y / H), and a straight ray from height y0 to y1 over a distance d has tau =
    beta exp(-y0 / H) d (1 - e**-q) / q with q = (y1 - y0) / H. The sky is a ray to infinity. Fog is grey (its
    droplets are much larger than the wavelength), so one tau serves red, green and blue. Spray is a second such
    layer, with a scale height of 1.5 m and the same light.

    Args:
        radiance: float32 (H, W, 3), linear.
        depth: float32 (H, W), z-depth in metres, inf for sky.
        beta, spray: extinction of the two layers at the ground, 1/m; an extinction is 3.912 / V2 = 2.996 / V5 for a visibility
            V at which a contrast falls to 2 % and 5 %.
        scale_height: H in metres; 1e9 for none.
        light: airlight A, the radiance of the horizon.

    Returns:
        float32 (H, W, 3), a new array.
    """
    height, width = depth.shape
    view = np.array([camera.focal * width, camera.horizon * height], np.float32)
    layers = np.array(
        [[b * exp(-camera.y / h), 1.0 / h] for b, h in ((beta, scale_height), (spray, _SPRAY_HEIGHT))], np.float32
    )
    out = np.empty_like(radiance)
    _veil(radiance, depth, view, layers, np.array(light, np.float32), out)
    return out
