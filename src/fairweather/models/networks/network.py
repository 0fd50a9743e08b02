"""An encoder, a head and perhaps an auxiliary head, as one Segmenter."""

from typing import Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fairweather.errors import InputError
from fairweather.models.model import Targets
from fairweather.models.networks.layers import initialise
from fairweather.models.networks.two_target_loss import is_plain, two_target_loss

AUXILIARY_WEIGHT = 0.4  # Zhao et al., CVPR 2017, section 3.3


class Features(Protocol):
    """An encoder's call: images to feature maps, the finest first."""

    def __call__(self, images: Tensor) -> list[Tensor]: ...


class Head(Protocol):
    """A head's call: feature maps to class scores."""

    def __call__(self, features: list[Tensor]) -> Tensor: ...


class Network(nn.Module):
    """A Segmenter of parts.

    Args:
        encoder: images (N, 3, H, W) to a list of feature maps.
        head: those to class scores (N, num_classes, H / score_stride, W / score_stride); initialised here.
        auxiliary: likewise, at `auxiliary_stride`; runs in training mode alone, its loss weighted 0.4.
        num_classes: number of classes.
        stride: images are padded at the right and the bottom to a multiple of it, with zeros, which is the mean colour.
        score_stride: input pixels per cell of the head.
        smallest_batch: 2 where a head normalises one value per image and channel over the batch (a 1x1 pooled map): a batch
            of one has no variance. Refused in training mode, with InputError.
        channels_last: the memory format convolutional networks are faster in. On a CPU step of pspnet_small it takes
            about two thirds of the time of the other.
    """

    def __init__(
        self,
        encoder: nn.Module,
        head: nn.Module,
        auxiliary: nn.Module | None,
        *,
        num_classes: int,
        stride: int,
        score_stride: int,
        auxiliary_stride: int = 0,
        smallest_batch: int = 1,
        channels_last: bool = True,
    ) -> None:
        super().__init__()
        self.encoder, self.head, self.auxiliary = encoder, head, auxiliary
        self.num_classes, self.stride, self.score_stride = num_classes, stride, score_stride
        self.auxiliary_stride, self.smallest_batch = auxiliary_stride, smallest_batch
        self.memory_format = torch.channels_last if channels_last else torch.contiguous_format
        initialise(head)
        if auxiliary is not None:
            initialise(auxiliary)

    def loss(self, images: Tensor, targets: Targets) -> Tensor:
        """The head's two-target cross-entropy at image size, and in training mode 0.4 of the auxiliary head's; float32.

        Raises:
            InputError: the batch is smaller than this network can normalise.
        """
        if self.training and len(images) < self.smallest_batch:
            raise InputError(
                f"a batch of {len(images)}: this network normalises globally pooled features over the batch and trains on "
                f"at least {self.smallest_batch} images"
            )
        features = self._features(images)
        plain = is_plain(targets)
        loss = self._head_loss(self.head, self.score_stride, features, targets, plain)
        if self.training and self.auxiliary is not None:
            auxiliary = self._head_loss(self.auxiliary, self.auxiliary_stride, features, targets, plain)
            loss = loss + AUXILIARY_WEIGHT * auxiliary
        return loss

    def scores(self, images: Tensor) -> Tensor:
        """Class scores (N, C, ceil(H / s), ceil(W / s)) float32 of the head alone, with s = `score_stride`."""
        cells = (-(-size // self.score_stride) for size in images.shape[-2:])
        return _cropped(cast(Head, self.head)(self._features(images)), *cells).float()

    def _features(self, images: Tensor) -> list[Tensor]:
        down, right = (-size % self.stride for size in images.shape[-2:])
        if down or right:
            images = F.pad(images, (0, right, 0, down))
        return cast(Features, self.encoder)(images.contiguous(memory_format=self.memory_format))

    def _head_loss(self, head: nn.Module, stride: int, features: list[Tensor], targets: Targets, plain: bool) -> Tensor:
        height, width = targets.y.shape[-2:]
        scores = _cropped(cast(Head, head)(features), -(-height // stride), -(-width // stride))
        with torch.autocast(scores.device.type, enabled=False):
            return two_target_loss(scores.float(), stride, targets, plain)


def _cropped(scores: Tensor, rows: int, columns: int) -> Tensor:
    return scores[:, :, :rows, :columns]
