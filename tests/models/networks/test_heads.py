"""The heads' sizes, as the publications give them."""

import pytest
import torch

from fairweather.models.networks.fcn_head import FCNHead
from fairweather.models.networks.pyramid_pooling_head import PyramidPoolingHead
from fairweather.models.networks.separable_aspp_head import SeparableASPPHead


def features(height=12, width=18):
    channels, strides = (3, 4, 5, 6, 7, 8), (1, 2, 4, 8, 16, 16)
    return [torch.randn(2, c, height * 16 // s, width * 16 // s) for c, s in zip(channels, strides, strict=True)]


def test_the_pyramid_has_four_pooled_maps_and_a_3x3_bottleneck_over_all():
    head = PyramidPoolingHead(8, pooled=2, channels=6, num_classes=5)
    assert len(head.levels) == 4
    assert head.bottleneck[0].weight.shape == (6, 8 + 4 * 2, 3, 3)
    assert head(features()).shape == (2, 5, 12, 18)


def test_the_first_level_of_the_pyramid_sees_the_whole_map():
    torch.manual_seed(0)
    head = PyramidPoolingHead(8, pooled=2, channels=6, num_classes=5).eval()
    maps = features()
    before = head(maps)
    maps[-1][:, :, -1, -1] += 100
    assert not torch.isclose(head(maps)[:, :, 0, 0], before[:, :, 0, 0], atol=1e-3).all()


def test_detail_brings_the_pyramid_to_stride_8():
    head = PyramidPoolingHead(8, pooled=2, channels=6, num_classes=5, detail=6)
    assert head(features()).shape == (2, 5, 24, 36)


def test_aspp_has_pooling_a_1x1_and_three_atrous_branches():
    head = SeparableASPPHead(8, 5, channels=6, reduced=2, rates=(6, 12, 18), num_classes=4)
    assert [branch[0].dilation for branch in head.branches] == [(1, 1), (6, 6), (12, 12), (18, 18)]
    assert head.bottleneck[0].weight.shape == (6, 5 * 6, 3, 3)
    assert head.detail[0].weight.shape == (2, 5, 1, 1)
    assert head(features()).shape == (2, 4, 48, 72)


@pytest.mark.parametrize(("level", "channels", "shape"), [(4, 7, (12, 18)), (3, 6, (24, 36))])
def test_the_auxiliary_head_reads_its_level(level, channels, shape):
    assert FCNHead(channels, 6, 5, level)(features()).shape == (2, 5, *shape)
