"""Random streams: every draw of the system has its own counter-based stream (Philox; Salmon et al., SC 2011).

A stream is keyed by what it is for, never by when it is asked for, so that a unit can be resumed in the middle and no
strategy shifts another's draws.
"""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PURPOSES = ("source", "geometry", "strategy", "dropout", "init", "pool")


def stream(seed: int, purpose: str, step: int = 0, slot: int = 0, act: int = 0) -> "np.random.Generator":
    """The generator for one draw: (seed, purpose) is the Philox key, (step, slot, act) its counter.

    Raises:
        ValueError: `purpose` is not one of PURPOSES.
    """
    import numpy as np

    if purpose not in PURPOSES:
        raise ValueError(f"a stream for {purpose!r}; purposes are {', '.join(PURPOSES)}")
    key = np.array([seed, PURPOSES.index(purpose)], dtype=np.uint64)
    counter = np.array([0, act, slot, step], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def stable_hash(*parts: object) -> int:
    """A non-negative 63-bit integer from the parts; the same in every process and on every machine."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def stable_share(name: str) -> float:
    """A number in [0, 1) from a name: an image is inside a share of 5 % if its number is below 0.05, so shares nest."""
    return stable_hash("share", name) / 2**63
