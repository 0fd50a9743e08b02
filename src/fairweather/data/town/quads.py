"""A scene's solids as one flat table of parallelograms, and the street lamps beside it."""

from dataclasses import dataclass

import numpy as np

# Bits of Quads.kind[:, FLAGS]. "Channel 4" is the fourth channel of the tile.
CUTOUT = 1  # channel 4 is alpha: where it is low there is nothing
STANDING = 2  # a flat stand-in for something round (tree, person): lit as a round body, not by its own normal
FOLIAGE = 4  # a crown: labelled where alpha > 26 of 255, as annotators draw crowns; catches snow
FACADE = 8  # channel 4 is window glass; by night some windows are lit
SHOP = 16  # channel 4 is shop glass; by night most are lit
HEADLIGHT = 32  # channel 4 is a lamp, white, lit when vehicles drive with light
TAILLIGHT = 64  # channel 4 is a lamp, red, likewise
SIGNAL = 128  # channel 4 is a lamp that is always lit, in the tile's own colour
LUMINAIRE = 256  # channel 4 is a street lamp's glass, lit by night
RETRO = 512  # retro-reflective: shines back into the ego's headlights
PAINT = 1024  # lacquer: mirrors the sky a little
SCREEN = 2048  # vehicle glass all over (channel 4 unused)
BACKDROP = 4096  # far scenery: throws no shadow

LABEL, TILE, FLAGS, SALT = range(4)  # columns of Quads.kind
RED, GREEN, BLUE, REPEAT_U, REPEAT_V = range(5)  # columns of Quads.look


@dataclass(frozen=True)
class Quads:
    """N parallelograms P + u U + v V, u and v in [0, 1]; u runs to the right as seen from the front, v upwards.

    Args:
        shape: float64 (N, 9), metres in the street frame: P (3), U (3), V (3). The front normal is U x V in a frame
            with x right, y up and z ahead (left-handed), that is (Uy Vz - Uz Vy, ...) points away from the viewer:
            kernels turn the normal towards the camera, so both sides show.
        look: float32 (N, 5): linear reflectance multiplied into the tile (red, green, blue), and how often the tile
            repeats along U and V.
        kind: int32 (N, 4): Cityscapes train id, tile number (tiles.TILES), flags, and a salt: quads of one object share it,
            and what differs between objects of one tile (which windows are lit) is drawn from it.
    """

    shape: np.ndarray
    look: np.ndarray
    kind: np.ndarray


@dataclass(frozen=True)
class Lamps:
    """M street lamps, float32 (M, 7): position x, y, z in metres, colour r, g, b (1 at most), and power (about 1)."""

    table: np.ndarray
