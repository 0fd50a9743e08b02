"""LPIPS, the learned perceptual distance of two images, through its authors' package where it and its weights are at hand."""

import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from fairweather.errors import InputError, MachineError

BACKBONE = "alexnet-owt-7be5be79.pth"
BACKBONE_URL = f"https://download.pytorch.org/models/{BACKBONE}"

Perceptual = Callable[[np.ndarray, np.ndarray], float]


def lpips(device: str = "cpu") -> Perceptual:
    """LPIPS 0.1 over AlexNet (Zhang et al., CVPR 2018): a function of image and reference, uint8 (H, W, 3) RGB of one size.

    The package carries its linear weights; AlexNet's are looked for where torch.hub keeps downloads. Nothing is downloaded.

    Raises:
        MachineError: torch, the package or the weights are not there; in one line, with what to do. The function it returns
            raises InputError for images that are no such arrays.
    """
    try:
        import torch

        package: Any = import_module("lpips")
    except ImportError as error:
        raise MachineError(
            f"LPIPS needs the package {error.name or error}; install it with: pip install lpips"
        ) from error
    path = Path(torch.hub.get_dir()) / "checkpoints" / BACKBONE
    if not path.is_file():
        raise MachineError(f"LPIPS: AlexNet's weights are not at {path}; put the file {BACKBONE_URL} there")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package asks torchvision for weights in a way that is deprecated
        try:
            network = package.LPIPS(net="alex", version="0.1", verbose=False).to(device)
        except (RuntimeError, OSError) as error:
            raise MachineError(f"LPIPS cannot be loaded: {str(error).splitlines()[0]}") from error

    def distance(image: np.ndarray, reference: np.ndarray) -> float:
        for picture in (image, reference):
            if picture.dtype != np.uint8 or picture.shape != image.shape or picture.ndim != 3:
                raise InputError(
                    f"LPIPS of {image.dtype} {image.shape} and {reference.dtype} {reference.shape}; "
                    "allowed are two uint8 (H, W, 3) of one size"
                )
        pair = [
            torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None].to(device).float() / 127.5 - 1
            for picture in (image, reference)
        ]
        with torch.no_grad():
            return float(network(*pair))

    return distance
