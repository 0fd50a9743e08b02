"""SegFormer's head: every stage through a linear layer, upsampled, and fused by another."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fairweather.models.networks.layers import classifier


class MLPHead(nn.Module):
    """All-MLP decoder on stages 2 to 5, strides 4 to 32 (Xie et al., NeurIPS 2021, section 3.2, equation 4).

    The paper takes every stage through a linear layer, upsamples it to stride 4, concatenates, and fuses with a linear layer.
    Linear layers over channels commute with bilinear interpolation and compose, so here the two become one small matrix per
    stage, applied at the stage's own resolution, and the results are upsampled and summed: the same function of the same
    parameters without the wide map in between.

    Args:
        inputs: channels of stages 2 to 5.
        channels: width of the decoder (768 for B2 to B5).
        num_classes: number of classes.
    """

    def __init__(self, inputs: list[int], channels: int, num_classes: int) -> None:
        super().__init__()
        self.linear = nn.ModuleList(nn.Linear(stage, channels) for stage in inputs)
        self.fuse = nn.Linear(len(inputs) * channels, channels, bias=False)
        self.normalise = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(inplace=True))
        self.classifier = classifier(channels, num_classes)

    def forward(self, features: list[Tensor]) -> Tensor:
        stages = features[2:]
        parts = self.fuse.weight.chunk(len(stages), dim=1)
        size = stages[0].shape[-2:]
        fused = []
        for stage, linear, part in zip(stages, self.linear, parts, strict=True):
            assert isinstance(linear, nn.Linear)
            weight, bias = part @ linear.weight, part @ linear.bias
            narrow = F.conv2d(stage, weight[:, :, None, None], bias)
            fused.append(narrow if narrow.shape[-2:] == size else _resized(narrow, size))
        scores: Tensor = self.classifier(self.normalise(torch.stack(fused).sum(dim=0)))
        return scores


def _resized(maps: Tensor, size: torch.Size) -> Tensor:
    return F.interpolate(maps, size=size, mode="bilinear", align_corners=False)
