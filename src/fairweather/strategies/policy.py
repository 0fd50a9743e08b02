"""The operations that AutoAugment and RandAugment draw from, on a Pillow image and its label together.

Magnitudes are those of torchvision, with which tests compare them; `prove_magnitude` are those of the PROVE study. A
geometric operation takes the same parameters for both planes: bilinear with the channel mean as fill for the image,
nearest with 255 (ignored) as fill for the label.
"""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from fairweather.vocabulary.labels import IGNORE

IMAGE_FILL = (124, 116, 104)  # the ImageNet channel means, which normalise to zero
GEOMETRIC = ("ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate")
ENHANCING = ("Brightness", "Color", "Contrast", "Sharpness")
PLAIN = ("Posterize", "Solarize", "AutoContrast", "Equalize", "Invert", "Identity")
OPERATIONS = (*GEOMETRIC, *ENHANCING, *PLAIN)

Planes = tuple[Image.Image, Image.Image]


def opened(image: np.ndarray, label: np.ndarray) -> Planes:
    """Pillow copies of an image (H, W, 3) uint8 and its label (H, W) uint8."""
    return Image.fromarray(image), Image.fromarray(label)


def closed(planes: Planes) -> tuple[np.ndarray, np.ndarray]:
    """New arrays of the two planes."""
    return np.array(planes[0]), np.array(planes[1])


def magnitude(operation: str, share: float, size: tuple[int, int]) -> float:
    """The magnitude torchvision gives an operation.

    Args:
        operation: one of OPERATIONS.
        share: level / (levels - 1), in [0, 1].
        size: (width, height) of the image.

    Returns:
        Shear factor; translation in pixels (by width for TranslateX, by height for TranslateY); degrees; factor - 1 for
        the enhancing operations; bits; threshold; 0 where there is none.
    """
    width, height = size
    if operation == "Posterize":
        return 8 - round(4 * share)
    if operation == "Solarize":
        return 255 * (1 - share)
    top = {"ShearX": 0.3, "ShearY": 0.3, "Rotate": 30.0} | dict.fromkeys(ENHANCING, 0.9)
    top |= {"TranslateX": 150 / 331 * width, "TranslateY": 150 / 331 * height}
    return top.get(operation, 0.0) * share


def prove_magnitude(operation: str, share: float, size: tuple[int, int]) -> float:
    """The magnitude PROVE's RandAugment gives an operation; arguments and units as in `magnitude`.

    Its enhancing factors are 0.1 + 1.8 * share and have no sign, it keeps more bits the higher the level, and it
    translates by 0.45 of the image.
    """
    width, height = size
    if operation in ENHANCING:
        return 0.1 + 1.8 * share - 1
    if operation == "Posterize":
        return int(4 + 4 * share)
    top = {"TranslateX": 0.45 * width, "TranslateY": 0.45 * height}
    return top[operation] * share if operation in top else magnitude(operation, share, size)


def apply(operation: str, value: float, planes: Planes) -> Planes:
    """The operation at a magnitude with its sign, on both planes; colour operations leave the label as it is.

    Raises:
        ValueError: `operation` is not one of OPERATIONS.
    """
    image, label = planes
    if operation == "Rotate":  # about the centre
        turned = image.rotate(value, Image.Resampling.BILINEAR, fillcolor=IMAGE_FILL)
        return turned, label.rotate(value, Image.Resampling.NEAREST, fillcolor=IGNORE)
    if operation in GEOMETRIC:
        return _affine(planes, _inverse(operation, value))
    if operation in ENHANCING:
        return getattr(ImageEnhance, operation)(image).enhance(1 + value), label
    if operation not in PLAIN:
        raise ValueError(f"unknown operation {operation!r} (known: {', '.join(OPERATIONS)})")
    return _PLAIN[operation](image, value), label


_PLAIN: dict[str, Callable[[Image.Image, float], Image.Image]] = {
    "Posterize": lambda image, bits: ImageOps.posterize(image, int(bits)),
    "Solarize": lambda image, threshold: ImageOps.solarize(image, math.ceil(threshold)),
    "AutoContrast": lambda image, _: ImageOps.autocontrast(image),
    "Equalize": lambda image, _: ImageOps.equalize(image),
    "Invert": lambda image, _: ImageOps.invert(image),
    "Identity": lambda image, _: image,
}


def _inverse(operation: str, value: float) -> tuple[float, ...]:
    """The six numbers that take an output pixel to its input pixel (Pillow's convention)."""
    # The shear keeps the upper left corner, as in the official code and in torchvision.
    pixels = int(value)
    return {
        "ShearX": (1, value, 0, 0, 1, 0),
        "ShearY": (1, 0, 0, value, 1, 0),
        "TranslateX": (1, 0, -pixels, 0, 1, 0),
        "TranslateY": (1, 0, 0, 0, 1, -pixels),
    }[operation]


def _affine(planes: Planes, matrix: tuple[float, ...]) -> Planes:
    image, label = planes
    affine, bilinear, nearest = Image.Transform.AFFINE, Image.Resampling.BILINEAR, Image.Resampling.NEAREST
    return (
        image.transform(image.size, affine, matrix, bilinear, fillcolor=IMAGE_FILL),
        label.transform(label.size, affine, matrix, nearest, fillcolor=IGNORE),
    )
