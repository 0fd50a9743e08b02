"""PSPNet's head: pooled context at four scales beside the features themselves."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fairweather.models.networks.layers import classifier, convolution, separable

BINS = (1, 2, 3, 6)


class PyramidPoolingHead(nn.Module):
    """Pyramid pooling and a 3x3 bottleneck on the last feature map (Zhao et al., CVPR 2017, section 3.2, figure 3).

    Args:
        inputs: channels of the last feature map.
        pooled: channels of each of the four pooled maps (512 with ResNet-50).
        channels: channels after the bottleneck.
        num_classes: number of classes.
        detail: channels of stage 3 (stride 8), for an encoder whose last map is coarser than that: it is added through a 3x3
            and a separable convolution, and the scores are at its stride. 0, as in the paper: the last map alone.
    """

    def __init__(self, inputs: int, pooled: int, channels: int, num_classes: int, detail: int = 0) -> None:
        super().__init__()
        self.levels = nn.ModuleList(convolution(inputs, pooled) for _ in BINS)
        self.bottleneck = convolution(inputs + len(BINS) * pooled, channels, 3)
        self.detail = convolution(detail, channels, 3) if detail else None
        self.fuse = separable(2 * channels, channels) if detail else None
        self.classifier = classifier(channels, num_classes)

    def forward(self, features: list[Tensor]) -> Tensor:
        last = features[-1]
        maps = [
            last,
            *(
                _resized(level(F.adaptive_avg_pool2d(last, n)), last)
                for n, level in zip(BINS, self.levels, strict=True)
            ),
        ]
        fused = self.bottleneck(torch.cat(maps, dim=1))
        if self.detail is not None and self.fuse is not None:
            detail = self.detail(features[3])
            fused = self.fuse(torch.cat([_resized(fused, detail), detail], dim=1))
        scores: Tensor = self.classifier(fused)
        return scores


def _resized(maps: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(maps, size=like.shape[-2:], mode="bilinear", align_corners=False)
