"""DeepLabV3+ for a CPU."""

from typing import ClassVar

from fairweather.models.model import Architecture, ModelCard, Segmenter


class DeepLabV3PlusSmall(Architecture):
    """MobileNetV3-small (half width) at output stride 16, narrow separable ASPP and decoder, auxiliary head."""

    card: ClassVar[ModelCard] = ModelCard(
        name="deeplabv3plus_small",
        summary="DeepLabV3+ for a CPU, MobileNetV3-small x0.5 at output stride 16, auxiliary head",
        source="ours, after Chen et al., ECCV 2018; encoder Howard et al., ICCV 2019; parameters as we measured them",
        needs=("torch",),
        encoder="tu-mobilenetv3_small_050",
        parameters=0.470662,
        published_classes=19,
        stride=16,
        differs="nothing published to match: widths are ours; stage 5 keeps stride 16 without dilated kernels (a dilated "
        "depthwise convolution takes 4 to 10 times as long on a CPU)",
        encoder_licence="Apache-2.0 (timm); trained on ImageNet, whose images are for non-commercial research",
    )

    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        from fairweather.models.networks.encoder import make_encoder
        from fairweather.models.networks.fcn_head import FCNHead
        from fairweather.models.networks.network import Network
        from fairweather.models.networks.separable_aspp_head import SeparableASPPHead

        weights = "imagenet" if pretrained else None
        return Network(
            make_encoder(self.card.encoder, output_stride=16, weights=weights, dilate=False),
            SeparableASPPHead(288, 8, channels=48, reduced=16, rates=(6, 12, 18), num_classes=num_classes),
            FCNHead(24, 32, num_classes),
            num_classes=num_classes,
            stride=self.card.stride,
            score_stride=4,
            auxiliary_stride=16,
            smallest_batch=2,
        )
