"""PSPNet's head: pooled context at four scales beside the features themselves."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fairweather.models.networks.layers import classifier, convolution

BINS = (1, 2, 3, 6)


class PyramidPoolingHead(nn.Module):
    """Pyramid pooling and a 3x3 bottleneck on the last feature map (Zhao et al., CVPR 2017, section 3.2, figure 3).

    Args:
        inputs: channels of the last feature map.
        pooled: channels of each of the four pooled maps (512 with ResNet-50).
        channels: channels after the bottleneck.
        num_classes: number of classes.
    """

    def __init__(self, inputs: int, pooled: int, channels: int, num_classes: int) -> None:
        super().__init__()
        self.levels = nn.ModuleList(convolution(inputs, pooled) for _ in BINS)
        self.bottleneck = convolution(inputs + len(BINS) * pooled, channels, 3)
        self.classifier = classifier(channels, num_classes)

    def forward(self, features: list[Tensor]) -> Tensor:
        last = features[-1]
        maps = [last]
        for bins, level in zip(BINS, self.levels, strict=True):
            context = level(F.adaptive_avg_pool2d(last, bins))
            maps.append(F.interpolate(context, size=last.shape[-2:], mode="bilinear", align_corners=False))
        scores: Tensor = self.classifier(self.bottleneck(torch.cat(maps, dim=1)))
        return scores
