"""The compiled halves of `pixel_hash` and `value_counts`: loops over pixels, eight bytes at a time."""

import numpy as np

from fairweather.kernels import kernel

_P1, _P2 = np.uint64(0x9E3779B185EBCA87), np.uint64(0xC2B2AE3D27D4EB4F)
_LEFT, _RIGHT = np.uint64(31), np.uint64(33)
_ONES, _BYTE, _EIGHT = np.uint64(0x0101010101010101), np.uint64(255), np.uint64(8)


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


@kernel()
def tally(words, counts):  # type: ignore[no-untyped-def]
    """Adds to `counts`, int64 (256,), how many bytes of the uint64 `words` hold each value; a word of eight equal bytes, as most
    are in labels, is counted at once."""
    for word in words:
        first = word & _BYTE
        if word == first * _ONES:
            counts[first] += 8
        else:
            for _ in range(8):
                counts[word & _BYTE] += 1
                word >>= _EIGHT
