"""Segmentation architectures behind one contract; torch is imported by `build` alone.

The room offers the registry MODELS, `build`, and the seam to the engine in `model.py`. It does not train, and it knows
nothing of data sets, strategies or metrics. An entry's card lists what the architecture is, what still differs from the
publication, and the licence of its pretrained encoder. Other distributions add entries through the entry-point group
"fairweather.models".
"""

from importlib.util import find_spec

from fairweather.errors import InputError, MachineError
from fairweather.models.deeplabv3plus_r50 import DeepLabV3PlusR50
from fairweather.models.deeplabv3plus_small import DeepLabV3PlusSmall
from fairweather.models.model import Architecture, ModelCard, Segmenter, Targets
from fairweather.models.pspnet_r50 import PSPNetR50
from fairweather.models.pspnet_small import PSPNetSmall
from fairweather.models.segformer_mit_b5 import SegFormerMiTB5
from fairweather.models.segformer_small import SegFormerSmall
from fairweather.models.toy_fcn import ToyFCN
from fairweather.vocabulary.labels import IGNORE
from fairweather.vocabulary.registry import Registry

__all__ = ["MODELS", "Architecture", "ModelCard", "Segmenter", "Targets", "build"]

MODELS: Registry[type[Architecture]] = Registry(
    "model",
    "fairweather.models",
    (DeepLabV3PlusR50, PSPNetR50, SegFormerMiTB5, DeepLabV3PlusSmall, PSPNetSmall, SegFormerSmall, ToyFCN),
)


def build(name: str, num_classes: int, pretrained: bool = False) -> Segmenter:
    """A new model, in training mode: the same weights whenever torch's generator is in the same state.

    Args:
        name: of an entry of MODELS, or an alias.
        num_classes: number of score channels, 2 to 255.
        pretrained: start the encoder from its ImageNet weights; the heads start at random either way.

    Raises:
        UnknownName: nobody registered the name.
        InputError: a number of classes that labels cannot have; no pretrained weights exist for the encoder.
        MachineError: torch is not installed, or the weights could not be had. A model that was asked for pretrained weights
            never starts without them.
    """
    architecture = MODELS[name]()
    if not 2 <= num_classes <= IGNORE:
        raise InputError(
            f"model {name!r}: {num_classes} classes; allowed are 2 to {IGNORE} (a label is a byte, {IGNORE} is ignored)"
        )
    for package in ("torch", "segmentation_models_pytorch"):
        if find_spec(package) is None:
            raise MachineError(
                f"model {name!r} needs the package {package}; install it with: pip install 'fairweather[train]'"
            )
    return architecture.build(num_classes, pretrained)
