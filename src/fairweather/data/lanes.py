"""The compiled half of `pixel_hash`: four running 64-bit sums over 8-byte words."""

import numpy as np

from fairweather.kernels import kernel

_P1, _P2 = np.uint64(0x9E3779B185EBCA87), np.uint64(0xC2B2AE3D27D4EB4F)
_LEFT, _RIGHT = np.uint64(31), np.uint64(33)


@kernel()
def stir(words, lanes):  # type: ignore[no-untyped-def]
    """The rounds of XXH64 (Collet, github.com/Cyan4973/xxHash, doc/xxhash_spec.md): `words` is uint64 of a length that 4
    divides, `lanes` uint64 (4,) and changed in place. Every round is a bijection of its lane."""
    a, b, c, d = lanes[0], lanes[1], lanes[2], lanes[3]
    for i in range(0, len(words), 4):
        a += words[i] * _P2
        a = ((a << _LEFT) | (a >> _RIGHT)) * _P1
        b += words[i + 1] * _P2
        b = ((b << _LEFT) | (b >> _RIGHT)) * _P1
        c += words[i + 2] * _P2
        c = ((c << _LEFT) | (c >> _RIGHT)) * _P1
        d += words[i + 3] * _P2
        d = ((d << _LEFT) | (d >> _RIGHT)) * _P1
    lanes[0], lanes[1], lanes[2], lanes[3] = a, b, c, d
