"""Encoders of segmentation-models-pytorch, whole (all five stages), with random or pretrained weights and nothing between."""

import segmentation_models_pytorch as smp
import timm
import torch
from safetensors import SafetensorError
from torch import nn

from fairweather.errors import InputError, MachineError

# What huggingface_hub, timm, safetensors and torch raise when weights cannot be had or do not fit: no network and no cache
# (OSError), a broken file (SafetensorError, EOFError), weights of another network (RuntimeError, KeyError, ValueError).
_LOAD_FAILURES = (OSError, SafetensorError, EOFError, RuntimeError, KeyError, ValueError)


def make_encoder(name: str, output_stride: int = 32, weights: str | None = None, dilate: bool = True) -> nn.Module:
    """An encoder whose call gives six feature maps: the image, then stages 1 to 5; `out_channels` are their channels.

    Args:
        name: of an smp encoder, or "tu-" and the name of a timm network.
        output_stride: 8, 16 or 32: the later stages keep their resolution from there on.
        weights: name of pretrained weights ("imagenet"), or None for random ones from torch's current generator.
        dilate: a stage that keeps its resolution dilates its kernels instead (as published), or does not.

    Raises:
        InputError: there are no such weights for this encoder.
        MachineError: they could not be downloaded or loaded. The encoder never starts from random weights then.
    """
    if weights is None:
        encoder = _get(name, output_stride, None)
    else:
        _check_weights(name, weights)
        encoder = _pretrained(name, output_stride, weights)
    return encoder if dilate else _without_dilation(encoder)


def _get(name: str, output_stride: int, weights: str | bool | None) -> nn.Module:
    encoder = smp.encoders.get_encoder(name, in_channels=3, depth=5, weights=weights, output_stride=output_stride)
    assert isinstance(encoder, nn.Module)
    return encoder


def _check_weights(name: str, weights: str) -> None:
    if name.startswith("tu-"):
        known = ["imagenet"] if timm.models.is_model_pretrained(name[3:]) else []
    else:
        known = sorted(smp.encoders.encoders[name]["pretrained_settings"])
    if weights not in known:
        raise InputError(f"encoder {name!r} has no weights {weights!r} (known: {', '.join(known) or 'none'})")


def _pretrained(name: str, output_stride: int, weights: str) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        untrained = _get(name, output_stride, None)
    try:
        encoder = _get(name, output_stride, True if name.startswith("tu-") else weights)
    except _LOAD_FAILURES as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise MachineError(
            f"the {weights!r} weights of encoder {name!r} could not be loaded ({type(error).__name__}: {reason}); connect to "
            "huggingface.co once, or copy the Hugging Face cache of a machine that has them, or set pretrained to false"
        ) from error
    # timm loads the weights of feature networks with strict=False: what did not fit stays random and nobody is told.
    random = dict(untrained.named_parameters())
    left = [key for key, value in encoder.named_parameters() if value.ndim > 1 and torch.equal(value, random[key])]
    if left:
        raise MachineError(
            f"the {weights!r} weights of encoder {name!r} left {len(left)} tensors at their random start (first: {left[0]}); "
            "clear the Hugging Face cache and load them again, or set pretrained to false"
        )
    return encoder


def _without_dilation(encoder: nn.Module) -> nn.Module:
    for module in encoder.modules():
        if isinstance(module, nn.Conv2d) and module.dilation != (1, 1):
            module.dilation = (1, 1)
            module.padding = tuple(k // 2 for k in module.kernel_size)
    return encoder
