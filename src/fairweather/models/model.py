"""What a model is to the engine: a torch module with a loss and scores, built by a card.

torch is imported inside functions only, so that listing models needs no torch.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from fairweather.vocabulary.registry import Card

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch


@dataclass(frozen=True)
class ModelCard(Card):
    """A Card of an architecture.

    Args:
        encoder: the encoder's name in segmentation-models-pytorch.
        parameters: trainable parameters with `published_classes` outputs, in millions, as published (or as first measured by
            us where nothing is published; `source` says which).
        published_classes: number of classes of that figure.
        stride: the input is padded to a multiple of this.
        differs: what still differs from the publication, one sentence.
        encoder_licence: licence of the pretrained encoder weights.
    """

    encoder: str = ""
    parameters: float = 0.0
    published_classes: int = 19
    stride: int = 32
    differs: str = ""
    encoder_licence: str = ""


@dataclass(frozen=True)
class Targets:
    """Two targets and their weight: y, y_mix (N, H, W) int64 with 255 ignored, weight (N,) float32 of y."""

    y: "torch.Tensor"
    y_mix: "torch.Tensor"
    weight: "torch.Tensor"


class Segmenter(Protocol):
    """The contract between a model and the engine; also a torch.nn.Module."""

    def loss(self, images: "torch.Tensor", targets: Targets) -> "torch.Tensor":
        """Scalar training loss of normalised images (N, 3, H, W); every head, every target, inside."""

    def scores(self, images: "torch.Tensor") -> "torch.Tensor":
        """Class scores (N, C, h, w) float32 at the head's own resolution, where h = ceil(H / s), w = ceil(W / s) cover the
        image: score cell (i, j) is centred on input pixel ((i + 0.5) * s - 0.5, ...) with s = `score_stride`."""

    @property
    def score_stride(self) -> int:
        """Input pixels per score cell."""

    @property
    def num_classes(self) -> int:
        """Number of score channels."""

    def parameters(self) -> "Iterator[torch.nn.Parameter]": ...


class Architecture(ABC):
    """Builds a Segmenter. One final subclass per file of this room."""

    card: ClassVar[ModelCard]

    @abstractmethod
    def build(self, num_classes: int, pretrained: bool) -> Segmenter:
        """A new model with random weights from torch's current generator, or with the encoder's pretrained weights.

        Raises:
            MachineError: pretrained weights could not be had; never a silent random start.
        """
