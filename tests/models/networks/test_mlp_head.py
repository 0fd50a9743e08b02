"""SegFormer's decoder computes the paper's function, in another order."""

import torch
from torch.nn import functional as F

from fairweather.models.networks.mlp_head import MLPHead


def as_published(head, features):
    """Every stage through its linear layer, upsampled, concatenated, fused: equation 4 of the paper."""
    maps = []
    for stage, linear in zip(features[2:], head.linear, strict=True):
        wide = linear(stage.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        maps.append(F.interpolate(wide, size=features[2].shape[-2:], mode="bilinear", align_corners=False))
    fused = head.fuse(torch.cat(maps, dim=1).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    return head.classifier(head.normalise(fused))


def test_fusing_before_upsampling_is_the_published_function_with_its_gradient():
    torch.manual_seed(0)
    head = MLPHead([3, 4, 5, 6], channels=8, num_classes=5).double().eval()
    for buffer in head.buffers():
        if buffer.is_floating_point():
            buffer.uniform_(0.5, 2.0)
    features = [
        torch.randn(2, c, 32 // s, 48 // s, dtype=torch.double)
        for c, s in ((3, 1), (0, 2), (3, 2), (4, 4), (5, 8), (6, 16))
    ]
    ours, paper = head(features), as_published(head, features)
    torch.testing.assert_close(ours, paper)
    weights = torch.randn_like(ours)
    for mine, theirs in zip(
        torch.autograd.grad((ours * weights).sum(), list(head.parameters())),
        torch.autograd.grad((paper * weights).sum(), list(head.parameters())),
        strict=True,
    ):
        torch.testing.assert_close(mine, theirs)
