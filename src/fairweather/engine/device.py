"""What units run on, asked without importing torch at the caller's."""

import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

LIBRARIES = (
    "torch", "torchvision", "numpy", "opencv-python-headless", "pillow", "numba", "segmentation-models-pytorch", "timm",
)  # fmt: skip


def cuda_name() -> str | None:
    """The name of the CUDA device; None where there is none, or no torch."""
    if find_spec("torch") is None:
        return None
    import torch

    return str(torch.cuda.get_device_name()) if torch.cuda.is_available() else None


def set_threads(count: int) -> None:
    """Fix torch's and OpenCV's threads; OpenCV's own would spin beside the unit's."""
    import torch

    torch.set_num_threads(count)
    quiet_opencv()


def quiet_opencv() -> None:
    """Let OpenCV run in the thread that calls it."""
    import cv2

    cv2.setNumThreads(0)


def environment(device: str, commit: str) -> dict[str, Any]:
    """Device, library versions and commit: recorded, compared by the audit, never hashed."""
    import fairweather

    return {
        "device": device,
        "device_name": cuda_name() if device == "cuda" else platform.machine(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES} | {"fairweather": fairweather.__version__},
        "commit": commit,
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # installed under another name, such as opencv-python
        return "unknown"
