"""The auxiliary head: one 3x3 convolution on stage 4."""

from torch import Tensor, nn

from fairweather.models.networks.layers import classifier, convolution


class FCNHead(nn.Module):
    """3x3 convolution and classifier on one feature map (Zhao et al., CVPR 2017, section 3.3; Long et al., CVPR 2015).

    Args:
        inputs, channels: channels of the feature map, and of the convolution.
        num_classes: number of classes.
        level: which feature map, counted from the image (0).
    """

    def __init__(self, inputs: int, channels: int, num_classes: int, level: int = 4) -> None:
        super().__init__()
        self.level = level
        self.convolution = convolution(inputs, channels, 3)
        self.classifier = classifier(channels, num_classes)

    def forward(self, features: list[Tensor]) -> Tensor:
        scores: Tensor = self.classifier(self.convolution(features[self.level]))
        return scores
