"""DeepLabV3+ on a dilated ResNet-50, in the form most published numbers with this encoder use."""

from typing import ClassVar

from fairweather.models.model import Architecture, ModelCard, Segmenter


class DeepLabV3PlusR50(Architecture):
    """Output stride 8, separable ASPP of 512 channels, 48 channels of stage 2, auxiliary head on stage 4 weighted 0.4."""

    card: ClassVar[ModelCard] = ModelCard(
        name="deeplabv3plus_r50",
        summary="DeepLabV3+, ResNet-50 at output stride 8, auxiliary head",
        source="Chen et al., ECCV 2018; sizes from mmsegmentation deeplabv3plus_r50-d8, 43.6 M parameters counted from it",
        aliases=("deeplabv3plus_resnet50", "deeplabv3+_r50"),
        needs=("torch",),
        encoder="resnet50",
        parameters=43.6,
        published_classes=19,
        stride=8,
        differs="torchvision's ResNet-50 (one 7x7 convolution first, where mmsegmentation has three 3x3; the first block of a "
        "dilated stage is dilated too), batch norm is not synchronised between devices, and the paper itself has 256 channels "
        "and no auxiliary head",
        encoder_licence="BSD-3-Clause (torchvision); trained on ImageNet, whose images are for non-commercial research",
    )

    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        from fairweather.models.networks.encoder import make_encoder
        from fairweather.models.networks.fcn_head import FCNHead
        from fairweather.models.networks.network import Network
        from fairweather.models.networks.separable_aspp_head import SeparableASPPHead

        return Network(
            make_encoder(self.card.encoder, output_stride=8, weights="imagenet" if pretrained else None),
            SeparableASPPHead(2048, 256, channels=512, reduced=48, rates=(12, 24, 36), num_classes=num_classes),
            FCNHead(1024, 256, num_classes),
            num_classes=num_classes,
            stride=self.card.stride,
            score_stride=4,
            auxiliary_stride=8,
            smallest_batch=2,
        )
