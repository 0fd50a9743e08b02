"""The parts of the toy twin: a patch convolution as encoder, two 3x3 convolutions as head; a few thousand parameters."""

from torch import Tensor, nn

from fairweather.models.networks.layers import classifier, convolution


class ToyEncoder(nn.Module):
    """Non-overlapping 4x4 patches to `channels` features, so that score cells are centred exactly where the seam says."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, channels, 4, stride=4, bias=False)
        self.normalise = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(inplace=True))

    def forward(self, images: Tensor) -> list[Tensor]:
        return [self.normalise(self.patches(images))]


class ToyHead(nn.Module):
    """Two 3x3 convolutions and a classifier, without dropout."""

    def __init__(self, channels: int, num_classes: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(convolution(channels, channels, 3), convolution(channels, channels, 3))
        self.classifier = classifier(channels, num_classes, dropout=0.0)

    def forward(self, features: list[Tensor]) -> Tensor:
        scores: Tensor = self.classifier(self.convolutions(features[0]))
        return scores
