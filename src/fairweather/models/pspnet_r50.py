"""PSPNet on a dilated ResNet-50, as published."""

from typing import ClassVar

from fairweather.models.model import Architecture, ModelCard, Segmenter


class PSPNetR50(Architecture):
    """Output stride 8, pyramid pooling with four times 512 channels, auxiliary head on stage 4 weighted 0.4."""

    card: ClassVar[ModelCard] = ModelCard(
        name="pspnet_r50",
        summary="PSPNet, ResNet-50 at output stride 8, auxiliary head",
        source="Zhao et al., CVPR 2017; sizes from mmsegmentation pspnet_r50-d8, 48.98 M parameters counted from it",
        aliases=("pspnet_resnet50",),
        needs=("torch",),
        encoder="resnet50",
        parameters=48.98,
        published_classes=19,
        stride=8,
        differs="torchvision's ResNet-50 (one 7x7 convolution first, where the publications have three 3x3; the first block of a "
        "dilated stage is dilated too), and batch norm is not synchronised between devices",
        encoder_licence="BSD-3-Clause (torchvision); trained on ImageNet, whose images are for non-commercial research",
    )

    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        from fairweather.models.networks.encoder import make_encoder
        from fairweather.models.networks.fcn_head import FCNHead
        from fairweather.models.networks.network import Network
        from fairweather.models.networks.pyramid_pooling_head import PyramidPoolingHead

        return Network(
            make_encoder(self.card.encoder, output_stride=8, weights="imagenet" if pretrained else None),
            PyramidPoolingHead(2048, pooled=512, channels=512, num_classes=num_classes),
            FCNHead(1024, 256, num_classes),
            num_classes=num_classes,
            stride=self.card.stride,
            score_stride=8,
            auxiliary_stride=8,
            smallest_batch=2,
        )
