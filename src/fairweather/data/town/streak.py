"""Streaks: what a falling drop or flake leaves on a picture while the shutter is open, and how it is blended in."""

import numpy as np

from fairweather.kernels import kernel

X0, Y0, X1, Y1, RADIUS, ALPHA, DEPTH = range(7)  # columns: ends and half width in pixels, opacity, distance in metres

_HALF, _ONE, _ZERO = np.float32(0.5), np.float32(1.0), np.float32(0.0)
_TINY = np.float32(1.0e-3)


@kernel()
def blend(picture: np.ndarray, depth: np.ndarray, streaks: np.ndarray, light: np.ndarray) -> None:
    """Blend streaks into a picture, each only where the surface behind it is farther away than itself.

    I = (1 - a) I + a L, with the streak's opacity a, falling to 0 towards its edge over a pixel or, where it is
    wider, over its half width, and its radiance L.

    Args:
        picture: float32 (H, W, 3), changed in place.
        depth: float32 (H, W), metres.
        streaks: float32 (N, 7), columns as named above.
        light: float32 (3), radiance of the streaks.
    """
    height, width = depth.shape
    red, green, blue = light[0], light[1], light[2]
    for k in range(streaks.shape[0]):
        x0, y0, x1, y1 = streaks[k, X0], streaks[k, Y0], streaks[k, X1], streaks[k, Y1]
        radius, alpha, near = streaks[k, RADIUS], streaks[k, ALPHA], streaks[k, DEPTH]
        steep = abs(y1 - y0) >= abs(x1 - x0)
        # Steps run along the longer side (a), spans across it (b).
        a0, a1, b0, b1 = (y0, y1, x0, x1) if steep else (x0, x1, y0, y1)
        if a1 < a0:
            a0, a1, b0, b1 = a1, a0, b1, b0
        if a1 - a0 < _TINY:
            a1 = a0 + _TINY
        lean = (b1 - b0) / (a1 - a0)
        half = radius * np.sqrt(_ONE + lean * lean)
        edge, most = max(half, _ONE), min(half + half, _ONE)
        reach, soft = half + edge * _HALF, _ONE / edge
        limit_a, limit_b = (height, width) if steep else (width, height)
        for a in range(max(0, int(a0 - radius)), min(limit_a, int(a1 + radius) + 1)):
            centre = np.float32(a) + _HALF
            past = max(max(a0 - centre, centre - a1), _ZERO) / radius
            round_off = _ONE - past * past if radius > _ONE else _ONE
            along = min(centre + _HALF, a1 + radius) - max(centre - _HALF, a0 - radius)
            if along <= _ZERO or round_off <= _ZERO:
                continue
            here = reach - half * (_ONE - np.sqrt(round_off))
            middle = b0 + (min(max(centre, a0), a1) - a0) * lean
            for b in range(max(0, int(middle - here)), min(limit_b, int(middle + here) + 1)):
                cover = min((here - abs(np.float32(b) + _HALF - middle)) * soft, most)
                y, x = (a, b) if steep else (b, a)
                if cover > _ZERO and depth[y, x] > near:
                    weight = alpha * cover * along
                    keep = _ONE - weight
                    picture[y, x, 0] = picture[y, x, 0] * keep + red * weight
                    picture[y, x, 1] = picture[y, x, 1] * keep + green * weight
                    picture[y, x, 2] = picture[y, x, 2] * keep + blue * weight
