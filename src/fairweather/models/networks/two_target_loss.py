"""The training loss of one head: its scores upsampled to image size, and cross-entropy there against two weighted targets."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from fairweather.models.model import Targets
from fairweather.vocabulary.labels import IGNORE

# Elements of upsampled scores worked on at once. On a CPU a chunk should stay in the cache: 2^18 floats are 1 MB, and a step
# over 8 images of 128x160 with 11 classes takes under half the time of F.interpolate and F.cross_entropy on the whole batch.
_CHUNK = {"cpu": 2**18}
_CHUNK_ELSEWHERE = 2**26


def is_plain(targets: Targets) -> bool:
    """Whether every weight is 1, so that `y_mix` counts for nothing."""
    return bool((targets.weight == 1).all())


def two_target_loss(scores: Tensor, stride: int, targets: Targets, plain: bool) -> Tensor:
    """[sum_i w_i S_i(y)] / V(y) + [sum_i (1 - w_i) S_i(y_mix)] / V(y_mix), a scalar.

    S_i is the sum of the cross-entropy over the labelled pixels of sample i, V the number of labelled pixels of the batch
    (at least 1: a batch without any has loss 0 and gradient 0). With all weights 1 it is the mean over labelled pixels, as
    torch's cross_entropy gives it; mixing is that of Zhang et al. (mixup, ICLR 2018, section 2).

    The scores are upsampled bilinearly (align_corners=False). That is done by two matrix products, and the gradient is
    computed with the loss, chunk by chunk, so that no tensor of the whole batch at image size is ever made; on a cuda device
    the result is the same from run to run, which F.interpolate's gradient is not.

    Args:
        scores: (N, C, h, w), float32 (float64 in tests), with h * stride >= H and w * stride >= W.
        stride: pixels per cell.
        targets: labels (N, H, W), 255 ignored, and their weights.
        plain: what `is_plain` says of the targets: then `y_mix` is not looked at.
    """
    height, width = targets.y.shape[-2:]
    rows = _interpolation(scores, scores.shape[2], stride, height)
    columns = _interpolation(scores, scores.shape[3], stride, width)
    pairs = (
        [(targets.y, targets.weight)] if plain else [(targets.y, targets.weight), (targets.y_mix, 1 - targets.weight)]
    )
    flat = [tensor for pair in pairs for tensor in pair]
    loss: Tensor = _UpsampledCrossEntropy.apply(scores, rows, columns, *flat)
    return loss


def _interpolation(like: Tensor, cells: int, stride: int, size: int) -> Tensor:
    """The matrix (size, cells) that interpolates linearly along one axis."""
    identity = torch.eye(cells, dtype=like.dtype, device=like.device)
    if stride > 1:
        identity = F.interpolate(identity[None], scale_factor=stride, mode="linear", align_corners=False)[0].T
    return identity[:size].contiguous()


class _UpsampledCrossEntropy(torch.autograd.Function):
    """The loss and its gradient in one pass over chunks of samples; inside, the axes are (row, sample, class, column)."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, rows: Tensor, columns: Tensor, *flat: Tensor) -> Tensor:
        pairs = [(y, weight / _labelled(y)) for y, weight in zip(flat[::2], flat[1::2], strict=True)]
        with_gradient = ctx.needs_input_grad[0]
        gradient = torch.empty_like(scores) if with_gradient else None
        total = scores.new_zeros(())
        limit = _CHUNK.get(scores.device.type, _CHUNK_ELSEWHERE)
        step = max(1, limit // (scores.shape[1] * len(rows) * len(columns)))
        # One buffer for all chunks: fresh megabytes cost more in page faults than the arithmetic in them.
        buffer = scores.new_empty((len(rows), min(step, len(scores)) * scores.shape[1] * len(columns)))
        for start in range(0, len(scores), step):
            chunk = slice(start, start + step)
            fine = _upsampled(scores[chunk], rows, columns, buffer)
            total += _entropy(fine, [(y[chunk], weight[chunk]) for y, weight in pairs], with_gradient)
            if gradient is not None:
                gradient[chunk] = _downsampled(fine, rows, columns)
        ctx.save_for_backward(gradient)
        ctx.inputs = 3 + len(flat)
        return total

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        return (gradient * upstream, *(None for _ in range(ctx.inputs - 1)))


def _labelled(y: Tensor) -> Tensor:
    return torch.count_nonzero(y != IGNORE).clamp(min=1)


def _upsampled(scores: Tensor, rows: Tensor, columns: Tensor, buffer: Tensor) -> Tensor:
    samples, classes, height, width = scores.shape
    wide = scores.permute(2, 0, 1, 3).reshape(-1, width) @ columns.T
    size = samples * classes * len(columns)
    fine = buffer if size == buffer.shape[1] else buffer.view(-1)[: len(rows) * size].view(len(rows), size)
    return torch.mm(rows, wide.view(height, size), out=fine).view(len(rows), samples, classes, len(columns))


def _downsampled(fine: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The transpose of `_upsampled`, (sample, class, h, w)."""
    _, samples, classes, width = fine.shape
    wide = rows.T @ fine.view(len(rows), -1)
    return (wide.view(-1, width) @ columns).view(rows.shape[1], samples, classes, -1).permute(1, 2, 0, 3)


def _entropy(fine: Tensor, pairs: list[tuple[Tensor, Tensor]], with_gradient: bool) -> Tensor:
    """The weighted sum of the cross-entropies; `fine` is overwritten, by its gradient if that is wanted."""
    fine -= fine.amax(dim=2, keepdim=True)
    picked = []
    for y, weight in pairs:
        index = y.transpose(0, 1)[:, :, None]
        labelled = index != IGNORE
        index = index * labelled
        picked.append((index, labelled * weight[:, None, None], fine.gather(2, index)))
    exponentials = fine.exp_()
    norm = exponentials.sum(dim=2, keepdim=True)
    logs = norm.log()
    total = sum(((factor * (logs - score)).sum() for _, factor, score in picked), start=norm.new_zeros(()))
    if with_gradient:
        exponentials *= sum(factor for _, factor, _ in picked) / norm
        for index, factor, _ in picked:
            # Not scatter_add_: no cell is met twice, and this one is deterministic on a cuda device too.
            exponentials.scatter_(2, index, exponentials.gather(2, index) - factor)
    return total
