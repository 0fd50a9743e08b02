"""The loss of one head against torch's own interpolation and cross-entropy, and against its own definition."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from fairweather.models.model import Targets
from fairweather.models.networks import two_target_loss as module
from fairweather.models.networks.two_target_loss import is_plain, two_target_loss


def by_torch(scores, stride, targets):
    """The same definition written with torch's functions."""
    height, width = targets.y.shape[-2:]
    up = F.interpolate(scores, scale_factor=stride, mode="bilinear", align_corners=False)[:, :, :height, :width]
    total = scores.new_zeros(())
    for y, weight in ((targets.y, targets.weight), (targets.y_mix, 1 - targets.weight)):
        sums = F.cross_entropy(up, y, ignore_index=255, reduction="none").sum(dim=(1, 2))
        total = total + (weight * sums).sum() / (y != 255).sum().clamp(min=1)
    return total


def example(samples, classes, height, width, stride, seed, scale=1.0, ignored=0.3):
    draw = torch.Generator().manual_seed(seed)
    cells = (-(-height // stride), -(-width // stride))
    scores = scale * torch.randn(samples, classes, *cells, generator=draw, dtype=torch.double)
    y, y_mix = (torch.randint(0, classes, (samples, height, width), generator=draw) for _ in range(2))
    for target in (y, y_mix):
        target[torch.rand(target.shape, generator=draw) < ignored] = 255
    return scores.requires_grad_(), Targets(y, y_mix, torch.rand(samples, generator=draw, dtype=torch.double))


@given(
    st.integers(1, 5), st.integers(2, 7), st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 2, 4, 8]),
    st.integers(0, 99), st.sampled_from([0.0, 0.3, 1.0]), st.sampled_from([1, 300, 2**20]), st.booleans(),
)  # fmt: skip
def test_loss_and_gradient_are_those_of_torch(samples, classes, height, width, stride, seed, ignored, chunk, plain):
    scores, targets = example(samples, classes, height, width, stride, seed, ignored=ignored)
    if plain:
        targets = Targets(targets.y, targets.y_mix, torch.ones_like(targets.weight))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(module._CHUNK, "cpu", chunk)
        ours = two_target_loss(scores, stride, targets, is_plain(targets))
        (mine,) = torch.autograd.grad(ours, scores)
    theirs = by_torch(scores, stride, targets)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(mine, torch.autograd.grad(theirs, scores)[0])


def test_the_gradient_agrees_with_finite_differences():
    scores, targets = example(2, 3, 7, 5, 2, seed=1)
    assert torch.autograd.gradcheck(lambda s: two_target_loss(s, 2, targets, False), (scores,))


def test_a_mixed_loss_computed_by_hand():
    scores = torch.tensor([[[[0.0]], [[1.0]]], [[[2.0]], [[0.0]]]])
    y, y_mix = torch.tensor([[[0]], [[0]]]), torch.tensor([[[1]], [[255]]])
    log = torch.log1p(torch.exp(torch.tensor([1.0, -1.0, -2.0])))  # -log p of (0: class 0), (0: class 1), (1: class 0)
    expected = (0.25 * log[0] + 0.5 * log[2]) / 2 + 0.75 * log[1] / 1
    found = two_target_loss(scores, 1, Targets(y, y_mix, torch.tensor([0.25, 0.5])), False)
    torch.testing.assert_close(found, expected)


def test_with_all_weights_one_it_is_the_mean_over_labelled_pixels():
    scores, targets = example(3, 4, 9, 7, 4, seed=5)
    ones = Targets(targets.y, targets.y_mix, torch.ones(3))
    up = F.interpolate(scores, scale_factor=4, mode="bilinear", align_corners=False)[:, :, :9, :7]
    mean = F.cross_entropy(up, targets.y, ignore_index=255)
    torch.testing.assert_close(two_target_loss(scores, 4, ones, True), mean)
    torch.testing.assert_close(two_target_loss(scores, 4, ones, False), mean)


def test_a_plain_loss_does_not_touch_the_second_target():
    scores, targets = example(2, 3, 6, 6, 2, seed=3)
    unreadable = Targets(targets.y, None, torch.ones(2))
    assert two_target_loss(scores, 2, unreadable, True).isfinite()


def test_ignored_pixels_have_no_influence_and_no_gradient():
    scores, targets = example(2, 3, 8, 8, 1, seed=4, ignored=0.0)
    targets.y[:, :, 4:], targets.y_mix[:, :, 4:] = 255, 255
    loss = two_target_loss(scores, 1, targets, False)
    (gradient,) = torch.autograd.grad(loss, scores)
    assert not gradient[..., 4:].any()
    assert gradient[..., :4].any()
    other = scores.detach().clone()
    other[..., 4:] = 50
    assert two_target_loss(other, 1, targets, False) == loss


def test_large_scores_neither_overflow_nor_underflow():
    scores, targets = example(2, 3, 6, 6, 2, seed=3, scale=1e4, ignored=0.0)
    scores = scores.detach().float().requires_grad_()
    targets = Targets(targets.y, targets.y_mix, targets.weight.float())
    loss = two_target_loss(scores, 2, targets, False)
    loss.backward()
    assert loss.isfinite()
    assert scores.grad.isfinite().all()


def test_plain_means_every_weight_is_one():
    y = torch.zeros(2, 1, 1).long()
    assert is_plain(Targets(y, y, torch.tensor([1.0, 1.0])))
    assert not is_plain(Targets(y, y, torch.tensor([1.0, 0.999])))
