"""Arithmetic that gives the same bytes on every machine: +, -, *, / and sqrt, and integers; no libm, no SIMD variants.

The library functions of sine, exponential and logarithm differ in the last bit from one processor to the next, and a
rendered image would differ with them. Kernels and everything drawn for a scene use these instead.
"""

import numpy as np

from fairweather.kernels import kernel
from fairweather.vocabulary.streams import stable_hash

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_LN2 = 0.6931471805599453
_HALF_PI = 1.5707963267948966


def seed_of(*parts: object) -> np.uint64:
    """The seed of a stream named by its parts, for `uniform`."""
    return np.uint64(stable_hash(*parts))


@kernel()
def mix(value: np.uint64) -> np.uint64:
    """SplitMix64's finaliser (Steele, Lea & Flood, OOPSLA 2014): 64 well-mixed bits of a 64-bit counter."""
    z = np.uint64(value) + _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * _M1
    z = (z ^ (z >> np.uint64(27))) * _M2
    return z ^ (z >> np.uint64(31))


@kernel()
def uniform(seed: np.uint64, counter: int) -> float:
    """Draw number `counter` of the stream `seed`, uniform in [0, 1)."""
    bits = mix(np.uint64(seed) ^ mix(np.uint64(counter)))
    return float(bits >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel()
def exp(x: float) -> float:
    """e**x to about 1e-15 (relative) for |x| <= 700, 0 below: 2**k times a Taylor series in |r| <= ln 2 / 2."""
    if x < -700.0:
        return 0.0
    k = int(x / _LN2 + (0.5 if x >= 0 else -0.5))
    r = x - k * _LN2
    term, total = 1.0, 1.0
    for n in range(1, 15):
        term = term * r / n
        total += term
    scale, base = 1.0, 2.0 if k >= 0 else 0.5
    for _ in range(abs(k)):
        scale *= base
    return total * scale


@kernel()
def log(x: float) -> float:
    """Natural logarithm of x > 0, to about 1e-15: x = m 2**k with m in [0.7, 1.42), then 2 atanh((m - 1) / (m + 1))."""
    k = 0
    while x >= 1.4142135623730951:
        x *= 0.5
        k += 1
    while x < 0.7071067811865476:
        x *= 2.0
        k -= 1
    y = (x - 1.0) / (x + 1.0)
    square, power, total = y * y, y, 0.0
    for n in range(1, 25, 2):
        total += power / n
        power *= square
    return 2.0 * total + k * _LN2


@kernel()
def sine(x: float) -> float:
    """sin(x), x in radians, |x| up to a few turns: reduced to a quarter turn, then a Taylor series (error below 1e-14)."""
    turns = x / (4.0 * _HALF_PI)
    whole = float(int(turns + (0.5 if turns >= 0 else -0.5)))
    x = (turns - whole) * (4.0 * _HALF_PI)
    if x > _HALF_PI:
        x = 2.0 * _HALF_PI - x
    elif x < -_HALF_PI:
        x = -2.0 * _HALF_PI - x
    square, term, total = x * x, x, x
    for n in range(1, 11):
        term = -term * square / (2 * n * (2 * n + 1))
        total += term
    return total


@kernel()
def cosine(x: float) -> float:
    """cos(x), as `sine`."""
    return float(sine(x + _HALF_PI))
