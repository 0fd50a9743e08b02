"""Depth from a network that sees one picture, through transformers (an optional install)."""

from functools import cache
from typing import Any

import cv2
import numpy as np

from fairweather.errors import InputError

BASELINE, FOCAL = 0.54, 721.09  # metres, pixels: of KITTI's stereo pair, as the published code has them
_LEAST = 1e-3  # disparity


def monocular_depth(image: np.ndarray, model: str) -> np.ndarray:
    """Depth by a model such as "Intel/dpt-large" or "depth-anything/Depth-Anything-V2-Small-hf", or a folder with one.

    What these networks tell is relative disparity d; as in Weather_Effect_Generator, negative d counts as 0 and depth is
    0.54 * 721.09 / (d + 0.001). A model that says it is metric is taken at its word.

    Args:
        image: uint8 (H, W, 3) RGB.
        model: hub id or folder; loaded once per process.

    Returns:
        float32 (H, W), metres.

    Raises:
        InputError: transformers or torch is not installed, or there is no such model.
    """
    processor, network = _loaded(model)
    import torch  # after what says in one line that it is missing

    inputs = processor(images=np.ascontiguousarray(image), return_tensors="pt")
    with torch.inference_mode():
        told = network(**inputs).predicted_depth[0].float().numpy()
    told = cv2.resize(told, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    if getattr(network.config, "depth_estimation_type", "relative") == "metric":
        depth: np.ndarray = np.maximum(told, np.float32(_LEAST))
    else:
        depth = np.float32(BASELINE * FOCAL) / (np.maximum(told, np.float32(0)) + np.float32(_LEAST))
    return depth


@cache
def _loaded(model: str) -> tuple[Any, Any]:
    """The model's processor and the model, for inference on the CPU."""
    try:
        import torch  # noqa: F401  (transformers itself can be imported without)
        from transformers import AutoImageProcessor, AutoModelForDepthEstimation
    except ImportError as error:
        raise InputError(
            f"depth {model!r} needs a model: pip install transformers torch (depth: pseudo needs none)"
        ) from error
    try:
        return AutoImageProcessor.from_pretrained(model), AutoModelForDepthEstimation.from_pretrained(model).eval()
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(f"depth {model!r}: no depth model of that name or in that folder: {reason}") from error
