"""DeepLabV3+'s head: atrous spatial pyramid pooling, and a decoder that adds the detail of stage 2."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fairweather.models.networks.layers import classifier, convolution, separable


class SeparableASPPHead(nn.Module):
    """Separable ASPP and decoder (Chen et al., ECCV 2018, section 3; sizes as in mmsegmentation's r50-d8).

    Args:
        inputs, detail: channels of the last feature map, and of stage 2 (stride 4).
        channels: channels of each branch, of the bottleneck and of the decoder (512 in mmsegmentation).
        reduced: channels the detail is reduced to before it is added (48 in the paper).
        rates: dilations of the three atrous branches: (12, 24, 36) at output stride 8, (6, 12, 18) at 16.
        num_classes: number of classes.
    """

    def __init__(
        self, inputs: int, detail: int, channels: int, reduced: int, rates: tuple[int, int, int], num_classes: int
    ) -> None:
        super().__init__()
        self.pooling = convolution(inputs, channels)
        self.branches = nn.ModuleList([convolution(inputs, channels), *(separable(inputs, channels, r) for r in rates)])
        self.bottleneck = convolution((len(rates) + 2) * channels, channels, 3)
        self.detail = convolution(detail, reduced)
        self.decoder = nn.Sequential(separable(channels + reduced, channels), separable(channels, channels))
        self.classifier = classifier(channels, num_classes)

    def forward(self, features: list[Tensor]) -> Tensor:
        fine, last = features[2], features[-1]
        context = self.pooling(F.adaptive_avg_pool2d(last, 1)).expand(-1, -1, *last.shape[-2:])
        maps = self.bottleneck(torch.cat([context, *(branch(last) for branch in self.branches)], dim=1))
        maps = F.interpolate(maps, size=fine.shape[-2:], mode="bilinear", align_corners=False)
        scores: Tensor = self.classifier(self.decoder(torch.cat([maps, self.detail(fine)], dim=1)))
        return scores
