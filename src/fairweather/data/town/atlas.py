"""The atlas: every texture with its mip levels as one flat table, built once and memory-mapped from a cache file."""

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from fairweather.data.town.painting.painted import painted
from fairweather.data.town.tiles import TILES

LEVELS = 9  # of a tile 256 texels wide; a smaller tile's last level serves for the rest
REVISION = 4  # raise with every change of a painter: the file of another revision is not read
_DIGEST = 32
_ROW = 4 * (2 + LEVELS)
_TABLE = len(TILES) * _ROW
_NAMES = "\n".join(TILES).encode()  # part of the digest: a file with other tiles is not read


@dataclass(frozen=True)
class Atlas:
    """All tiles of `tiles.TILES`, row 0 of each at its bottom (v = 0), column 0 at its left (u = 0).

    Args:
        texels: uint8 (T, 4): 255 times the square root of the linear reflectance in red, green, blue, so that the
            reflectance is (value / 255)^2; the fourth channel is alpha, or a mask of glass or lamps, as `quads` says.
        table: int32 (len(TILES), 2 + LEVELS): log2 of width and height, then the first texel of each mip level. Level l has
            max(1, width >> l) x max(1, height >> l) texels, row by row; each averages reflectance and fourth channel of the
            four below it, and a cutout's colours are weighted by alpha (Williams 1983, "Pyramidal parametrics").
    """

    texels: np.ndarray
    table: np.ndarray


@cache
def atlas() -> Atlas:
    """The atlas, memory-mapped and read-only where a cache folder can be written, else built in memory.

    The file lies in $XDG_CACHE_HOME/fairweather, ~/.cache/fairweather, or fairweather-<user> in the folder for temporary
    files. It is checked by length and SHA-256 whenever it is opened; one that fails is built again. Processes that
    build at the same time each write a file of their own and rename it: any of them is right.
    """
    for folder in _folders():
        path = folder / f"fairtown-atlas-{REVISION}.bin"
        with contextlib.suppress(OSError):
            if (found := read_atlas(path)) is not None:
                return found
            folder.mkdir(parents=True, exist_ok=True)
            write_atlas(path, build_atlas())
            if (found := read_atlas(path)) is not None:
                return found
    return build_atlas()


def build_atlas() -> Atlas:
    """Paint every tile and its mip levels."""
    table = np.zeros((len(TILES), 2 + LEVELS), np.int32)
    parts: list[np.ndarray] = []
    first = 0
    for number, name in enumerate(TILES):
        colour, fourth, cutout = painted(name)
        height, width = fourth.shape
        table[number, :2] = width.bit_length() - 1, height.bit_length() - 1
        for level, texels in enumerate(mip_levels(colour, fourth, cutout)):
            table[number, 2 + level :] = first
            first += len(texels)
            parts.append(texels)
    texels = np.concatenate(parts)
    texels.flags.writeable = table.flags.writeable = False
    return Atlas(texels, table)


def mip_levels(colour: np.ndarray, fourth: np.ndarray, cutout: bool) -> list[np.ndarray]:
    """The levels of one tile.

    Args:
        colour: uint16 (h, w, 3), linear reflectance, 65535 = 1; h and w powers of two.
        fourth: uint8 (h, w).
        cutout: whether `fourth` is alpha and weighs the colours.

    Returns:
        uint8 (texels, 4) for each level, encoded as in `Atlas`, down to one texel.
    """
    light, mask = colour.astype(np.uint64), fourth.astype(np.uint64) << np.uint64(8)
    levels = [_encoded(light, mask)]
    while mask.size > 1:
        weight = mask if cutout else np.ones_like(mask)
        total = _quartered(light * weight[..., None])
        count = _quartered(weight)[..., None]
        plain = _quartered(light) // np.uint64(4 if min(mask.shape) > 1 else 2)
        light = np.where(count > 0, (total + count // np.uint64(2)) // np.maximum(count, np.uint64(1)), plain)
        mask = _quartered(mask) // np.uint64(4 if min(mask.shape) > 1 else 2)
        levels.append(_encoded(light, mask))
    return levels


def read_atlas(path: Path) -> Atlas | None:
    """The atlas in a file, mapped; None if there is none, or it is not whole.

    Raises:
        OSError: the file is there but cannot be read.
    """
    if not path.is_file() or path.stat().st_size < _DIGEST + _TABLE:
        return None
    content = np.asarray(np.memmap(path, np.uint8, "r"))
    if _digest(content[_DIGEST:].data) != content[:_DIGEST].tobytes():
        return None
    table = content[_DIGEST : _DIGEST + _TABLE].view(np.int32).reshape(len(TILES), 2 + LEVELS)
    return Atlas(content[_DIGEST + _TABLE :].reshape(-1, 4), table)


def write_atlas(path: Path, value: Atlas) -> None:
    """Write the file under a name of its own, then rename it: a reader sees a whole file or none.

    Raises:
        OSError: the folder cannot be written.
    """
    parts = (np.ascontiguousarray(value.table).data, np.ascontiguousarray(value.texels).data)
    handle, temporary = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(*parts))
            for part in parts:
                file.write(part)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _digest(*parts: memoryview) -> bytes:
    digest = hashlib.sha256(_NAMES)
    for part in parts:
        digest.update(part)
    return digest.digest()


def _folders() -> list[Path]:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return [home / "fairweather", Path(tempfile.gettempdir()) / f"fairweather-{os.getuid()}"]


def _quartered(plane: np.ndarray) -> np.ndarray:
    """Sums of blocks of 2 x 2 (2 x 1 or 1 x 2 where only one row or column is left)."""
    if plane.shape[0] > 1:
        plane = plane[0::2] + plane[1::2]
    if plane.shape[1] > 1:
        plane = plane[:, 0::2] + plane[:, 1::2]
    return plane


def _encoded(light: np.ndarray, mask: np.ndarray) -> np.ndarray:
    # IEEE 754 asks for the correctly rounded square root: the same bits on every processor.
    root = np.floor(np.sqrt(light.astype(np.float64) / 65535.0) * 255.0 + 0.5).astype(np.uint8)
    fourth = np.minimum((mask + np.uint64(128)) >> np.uint64(8), np.uint64(255)).astype(np.uint8)
    return np.concatenate([root, fourth[..., None]], axis=2).reshape(-1, 4)
