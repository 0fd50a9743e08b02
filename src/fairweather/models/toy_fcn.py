"""The toy twin of the models: three convolutions that train in milliseconds."""

from typing import ClassVar

from fairweather.errors import InputError
from fairweather.models.model import Architecture, ModelCard, Segmenter


class ToyFCN(Architecture):
    """4x4 patches and two 3x3 convolutions, 12 channels, scores at stride 4."""

    card: ClassVar[ModelCard] = ModelCard(
        name="toy_fcn",
        summary="toy twin of the models: three convolutions, for tests and the embedded study",
        source="ours; parameters as we measured them",
        needs=("torch",),
        parameters=0.003487,
        published_classes=19,
        stride=4,
        differs="nothing published to match",
    )

    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        if pretrained:
            raise InputError("model 'toy_fcn' has no encoder and so no pretrained weights; set pretrained to false")
        from fairweather.models.networks.network import Network
        from fairweather.models.networks.toy import ToyEncoder, ToyHead

        return Network(
            ToyEncoder(12),
            ToyHead(12, num_classes),
            None,
            num_classes=num_classes,
            stride=self.card.stride,
            score_stride=4,
        )
