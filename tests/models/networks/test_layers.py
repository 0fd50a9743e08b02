"""The convolution blocks of the heads and how they start."""

import pytest
import torch
from torch import nn

from fairweather.models.networks.layers import classifier, convolution, initialise, separable


@pytest.mark.parametrize(("kernel", "dilation"), [(1, 1), (3, 1), (3, 6)])
def test_a_convolution_keeps_the_size(kernel, dilation):
    assert convolution(4, 6, kernel, dilation)(torch.zeros(2, 4, 9, 7)).shape == (2, 6, 9, 7)


def test_a_separable_convolution_has_the_parameters_of_its_two_halves():
    block = separable(8, 5, dilation=2)
    assert block(torch.zeros(2, 8, 9, 7)).shape == (2, 5, 9, 7)
    assert sum(p.numel() for p in block.parameters()) == 8 * 9 + 2 * 8 + 8 * 5 + 2 * 5


def test_heads_start_he_normal_and_classifiers_near_zero():
    torch.manual_seed(0)
    head = nn.Sequential(convolution(64, 128, 3), classifier(128, 19))
    initialise(head)
    assert head[0][0].weight.std().item() == pytest.approx((2 / (128 * 9)) ** 0.5, rel=0.02)
    assert head[1][1].weight.std().item() == pytest.approx(0.01, rel=0.05)
    assert not head[1][1].bias.any()
