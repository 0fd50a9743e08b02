"""Compiled loops: numba, with a cache on disk that notices every change.

numba compiles a cached function anew when its own file changes, but not when a function it calls changes in another file: after
an update a kernel would go on with yesterday's arithmetic, in silence. So the cache folder is named after the contents of
all files with kernels.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a function to be compiled by numba in nopython mode and kept on disk.

    Arithmetic is that of IEEE 754 in the order written (no fastmath), so that the same input gives the same bytes. A division
    by zero gives an infinity or NaN as in NumPy: a check before every division costs a tenth of a picture's time.

    Args:
        options: of numba.njit, except `cache`, `fastmath` and `error_model`.
    """

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        from numba import config, njit

        own = config.CACHE_DIR
        config.CACHE_DIR = str(_folder(own))
        try:
            dispatcher: Callable[..., Any] = njit(cache=True, error_model="numpy", **options)(function)
        finally:
            config.CACHE_DIR = own
        return dispatcher

    return compiled


@cache
def _folder(own: str) -> Path:
    """Where compiled code of exactly these sources lies: below NUMBA_CACHE_DIR if that is set, else the user's cache."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        content = path.read_bytes()
        if b"@kernel(" in content:
            digest.update(path.relative_to(here).as_posix().encode() + content)
    return (Path(own) if own else user_cache()) / f"kernels-{digest.hexdigest()[:16]}"


def user_cache() -> Path:
    """The folder for what can be made again at any time; it may not exist yet."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fairweather"
