"""Samples, readers, manifests, the prepared cache, Fairtown and the toy twin. Knows nothing of models or metrics."""

from fairweather.data.acdc import AcdcReader
from fairweather.data.bdd10k import Bdd10kReader
from fairweather.data.camvid import CamVidReader
from fairweather.data.cityscapes import CityscapesReader
from fairweather.data.darkzurich import DarkZurichReader
from fairweather.data.dataset import SPLITS, Dataset, Option, Reader, ReaderCard, Sample
from fairweather.data.foggy_cityscapes import FoggyCityscapesReader
from fairweather.data.folder import FolderReader
from fairweather.data.idd import IddReader
from fairweather.data.iddaw import IddAwReader
from fairweather.data.manifest import Manifest, Row, fingerprint, index, pixel_hash
from fairweather.data.mapillary import MapillaryReader
from fairweather.data.opening import open_dataset
from fairweather.data.outside15k import Outside15kReader
from fairweather.data.overlap import Overlap, overlap
from fairweather.data.splits import DIVIDED, divided, reached
from fairweather.data.town.reader import FairtownReader
from fairweather.data.toy import ToyReader
from fairweather.vocabulary.registry import Registry

READERS: Registry[Reader] = Registry(
    "reader",
    "fairweather.readers",
    (
        FairtownReader(),
        ToyReader(),
        FolderReader(),
        AcdcReader(),
        Bdd10kReader(),
        CamVidReader(),
        CityscapesReader(),
        DarkZurichReader(),
        FoggyCityscapesReader(),
        IddReader(),
        IddAwReader(),
        MapillaryReader(),
        Outside15kReader(),
    ),
)

__all__ = [
    "DIVIDED",
    "READERS",
    "SPLITS",
    "Dataset",
    "Manifest",
    "Option",
    "Overlap",
    "Reader",
    "ReaderCard",
    "Row",
    "Sample",
    "divided",
    "fingerprint",
    "index",
    "open_dataset",
    "overlap",
    "pixel_hash",
    "reached",
]
