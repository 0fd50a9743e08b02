"""SegFormer-B5."""

from typing import ClassVar

from fairweather.models.model import Architecture, ModelCard, Segmenter


class SegFormerMiTB5(Architecture):
    """Mix Transformer B5 and an all-MLP decoder 768 wide."""

    card: ClassVar[ModelCard] = ModelCard(
        name="segformer_mit-b5",
        summary="SegFormer, MiT-B5 and an all-MLP decoder 768 wide",
        source="Xie et al., NeurIPS 2021, table 1: 84.7 M parameters on ADE20K (150 classes), decoder width 768",
        aliases=("segformer_mit_b5", "segformer_b5"),
        licence="Apache-2.0; the encoder's code in segmentation-models-pytorch: NVIDIA Source Code License (non-commercial)",
        needs=("torch",),
        encoder="mit_b5",
        parameters=84.7,
        published_classes=150,
        stride=32,
        differs="batch norm is not synchronised between devices, and encoder and decoder learn at one rate (the paper's decoder "
        "learns ten times as fast)",
        encoder_licence="NVIDIA Source Code License for SegFormer: research and evaluation only, no commercial use",
    )

    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        from fairweather.models.networks.encoder import make_encoder
        from fairweather.models.networks.mlp_head import MLPHead
        from fairweather.models.networks.network import Network

        return Network(
            make_encoder(self.card.encoder, weights="imagenet" if pretrained else None),
            MLPHead([64, 128, 320, 512], channels=768, num_classes=num_classes),
            None,
            num_classes=num_classes,
            stride=self.card.stride,
            score_stride=4,
            channels_last=False,
        )
