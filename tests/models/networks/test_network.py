"""A network of parts: which heads run when, what they weigh, and the smallest batch."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from fairweather.errors import InputError
from fairweather.models import Targets, build
from fairweather.models.networks.network import Network


class Pixels(nn.Module):
    """An encoder that hands on the image, averaged over 4x4 patches."""

    def forward(self, images):
        return [F.avg_pool2d(images, 4)]


class Linear(nn.Module):
    """A head without dropout or normalisation, so that a loss can be computed by hand."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 1)
        self.calls = 0

    def forward(self, features):
        self.calls += 1
        return self.layer(features[0])


def network(auxiliary=True):
    torch.manual_seed(0)
    return Network(
        Pixels(), Linear(), Linear() if auxiliary else None, num_classes=4, stride=4, score_stride=4, auxiliary_stride=4
    )


def batch(weight=None):
    draw = torch.Generator().manual_seed(2)
    y, y_mix = (torch.randint(0, 4, (2, 10, 13), generator=draw) for _ in range(2))
    y[0, :3], y_mix[1, 5:] = 255, 255
    return torch.randn(2, 3, 10, 13, generator=draw), Targets(y, y_mix, torch.ones(2) if weight is None else weight)


def by_hand(model, head, images, targets):
    up = F.interpolate(head(model.encoder(F.pad(images, (0, 3, 0, 2)))), scale_factor=4, mode="bilinear")[
        :, :, :10, :13
    ]
    total = torch.zeros(())
    for y, weight in ((targets.y, targets.weight), (targets.y_mix, 1 - targets.weight)):
        pixels = F.cross_entropy(up, y, ignore_index=255, reduction="none")
        total = total + (weight[:, None, None] * pixels).sum() / (y != 255).sum()
    return total


@pytest.mark.parametrize("weight", [torch.ones(2), torch.tensor([0.3, 0.8]), torch.zeros(2)])
def test_training_adds_four_tenths_of_the_auxiliary_loss(weight):
    model = network()
    images, targets = batch(weight)
    expected = by_hand(model, model.head, images, targets) + 0.4 * by_hand(model, model.auxiliary, images, targets)
    torch.testing.assert_close(model.loss(images, targets), expected)


def test_evaluation_leaves_the_auxiliary_head_alone():
    model = network().eval()
    images, targets = batch()
    torch.testing.assert_close(model.loss(images, targets), by_hand(model, model.head, images, targets))
    model.scores(images)
    assert model.auxiliary.calls == 0


def test_scores_never_run_the_auxiliary_head():
    model = network()
    model.scores(batch()[0])
    assert model.auxiliary.calls == 0


@pytest.mark.parametrize("name", ["pspnet_small", "deeplabv3plus_small", "pspnet_r50", "deeplabv3plus_r50"])
def test_published_auxiliary_heads_run_in_training_alone(name):
    model, calls = build(name, 4), []
    model.auxiliary.register_forward_hook(lambda *_: calls.append(1))
    images, targets = torch.randn(2, 3, 32, 32), Targets(*torch.zeros(2, 2, 32, 32).long(), torch.ones(2))
    model.loss(images, targets)
    assert len(calls) == 1
    model.eval()
    with torch.inference_mode():
        model.loss(images, targets)
        model.scores(images)
    assert len(calls) == 1


@pytest.mark.parametrize("name", ["pspnet_small", "deeplabv3plus_small"])
def test_a_batch_of_one_is_refused_where_pooled_features_are_normalised(name):
    model = build(name, 4)
    images, targets = torch.randn(1, 3, 32, 32), Targets(*torch.zeros(2, 1, 32, 32).long(), torch.ones(1))
    with pytest.raises(InputError, match=r"a batch of 1.*at least 2 images"):
        model.loss(images, targets)
    model.eval()
    assert model.loss(images, targets).isfinite()
    assert model.scores(images).isfinite().all()


@pytest.mark.parametrize("name", ["segformer_small", "toy_fcn"])
def test_a_batch_of_one_trains_where_nothing_is_pooled(name):
    targets = Targets(*torch.zeros(2, 1, 64, 64).long(), torch.ones(1))
    assert build(name, 4).loss(torch.randn(1, 3, 64, 64), targets).isfinite()


def test_dropout_is_drawn_from_the_generator_that_the_engine_seeds():
    model = build("pspnet_small", 4)
    images, targets = torch.randn(2, 3, 32, 32), Targets(*torch.zeros(2, 2, 32, 32).long(), torch.ones(2))
    losses = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        losses.append(model.loss(images, targets).item())
    assert losses[0] == losses[1] != losses[2]
