"""Samples, readers, manifests, the prepared cache, and the toy twin. Knows nothing of models or metrics."""

from fairweather.data.camvid import CamVidReader
from fairweather.data.dataset import SPLITS, Dataset, Reader, ReaderCard, Sample
from fairweather.data.manifest import Manifest, Row, fingerprint, index, pixel_hash
from fairweather.data.toy import ToyReader
from fairweather.vocabulary.registry import Registry

READERS: Registry[Reader] = Registry("reader", "fairweather.readers", (ToyReader(), CamVidReader()))

__all__ = [
    "READERS",
    "SPLITS",
    "Dataset",
    "Manifest",
    "Reader",
    "ReaderCard",
    "Row",
    "Sample",
    "fingerprint",
    "index",
    "pixel_hash",
]
