"""PSPNet for a CPU."""

from typing import ClassVar

from fairweather.models.model import Architecture, ModelCard, Segmenter


class PSPNetSmall(Architecture):
    """MobileNetV3-small (half width) at output stride 16, narrow pyramid pooling, stage 3 added at stride 8, auxiliary head."""

    card: ClassVar[ModelCard] = ModelCard(
        name="pspnet_small",
        summary="PSPNet for a CPU, MobileNetV3-small x0.5 at output stride 16, auxiliary head",
        source="ours, after Zhao et al., CVPR 2017; encoder Howard et al., ICCV 2019; parameters as we measured them",
        needs=("torch",),
        encoder="tu-mobilenetv3_small_050",
        parameters=0.46431,
        published_classes=19,
        stride=16,
        differs="nothing published to match: widths are ours; stage 5 keeps stride 16 without dilated kernels (a dilated "
        "depthwise convolution takes 4 to 10 times as long on a CPU) and the detail of stage 3 is added at stride 8",
        encoder_licence="Apache-2.0 (timm); trained on ImageNet, whose images are for non-commercial research",
    )

    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        from fairweather.models.networks.encoder import make_encoder
        from fairweather.models.networks.fcn_head import FCNHead
        from fairweather.models.networks.network import Network
        from fairweather.models.networks.pyramid_pooling_head import PyramidPoolingHead

        weights = "imagenet" if pretrained else None
        return Network(
            make_encoder(self.card.encoder, output_stride=16, weights=weights, dilate=False),
            PyramidPoolingHead(288, pooled=16, channels=48, num_classes=num_classes, detail=16),
            FCNHead(24, 32, num_classes),
            num_classes=num_classes,
            stride=self.card.stride,
            score_stride=8,
            auxiliary_stride=16,
            smallest_batch=2,
        )
