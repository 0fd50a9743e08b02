"""SegFormer's decoder for a CPU."""

from typing import ClassVar

from fairweather.models.model import Architecture, ModelCard, Segmenter


class SegFormerSmall(Architecture):
    """MobileNetV3-small (half width) and an all-MLP decoder 64 wide."""

    card: ClassVar[ModelCard] = ModelCard(
        name="segformer_small",
        summary="SegFormer's all-MLP decoder for a CPU, 64 wide, on MobileNetV3-small x0.5",
        source="ours, after Xie et al., NeurIPS 2021; encoder Howard et al., ICCV 2019; parameters as we measured them",
        needs=("torch",),
        encoder="tu-mobilenetv3_small_050",
        parameters=0.311795,
        published_classes=19,
        stride=32,
        differs="nothing published to match: a convolutional encoder instead of a transformer, widths are ours",
        encoder_licence="Apache-2.0 (timm); trained on ImageNet, whose images are for non-commercial research",
    )

    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        from fairweather.models.networks.encoder import make_encoder
        from fairweather.models.networks.mlp_head import MLPHead
        from fairweather.models.networks.network import Network

        return Network(
            make_encoder(self.card.encoder, weights="imagenet" if pretrained else None),
            MLPHead([8, 16, 24, 288], channels=64, num_classes=num_classes),
            None,
            num_classes=num_classes,
            stride=self.card.stride,
            score_stride=4,
        )
