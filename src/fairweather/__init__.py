"""fairweather: which data augmentation helps a segmentation model when the weather turns, and how sure one can be.

The door defines nothing and imports nothing heavy: `import fairweather` costs no NumPy, no pydantic and no torch.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("fairweather")
except PackageNotFoundError:  # read from a source tree that was never installed
    __version__ = "0+source"

__all__ = ["__version__"]
