"""The contract of a model, over the whole registry, with what plug-ins add."""

from functools import cache

import pytest
import torch
from torch.nn import functional as F

from fairweather.models import MODELS, Targets, build

torch.set_num_threads(1)
NAMES = tuple(MODELS)
LOCAL = ("deeplabv3plus_small", "pspnet_small", "segformer_small", "toy_fcn")


def make(name, num_classes=5, seed=0):
    torch.manual_seed(seed)
    return build(name, num_classes)


@cache
def evaluated(name):
    """A model in evaluation mode, shared by the tests that leave it as it is."""
    return make(name).eval()


def batch(images=3, height=64, width=64, num_classes=5, weight=1.0):
    draw = torch.Generator().manual_seed(1)
    y, y_mix = (torch.randint(0, num_classes, (images, height, width), generator=draw) for _ in range(2))
    pixels = torch.randn(images, 3, height, width, generator=draw)
    return pixels, Targets(y, y_mix, torch.full((images,), weight))


@cache
def after_one_step(name):
    """A model of the published number of classes after one backward pass from a mixed batch, and that loss."""
    model = make(name, MODELS[name].card.published_classes)
    images, targets = batch(weight=0.3)
    loss = model.loss(images, targets)
    loss.backward()
    return model, loss.detach()


def check_gradients(model):
    trainable = {key: value for key, value in model.named_parameters() if value.requires_grad}
    without = [key for key, value in trainable.items() if value.grad is None or not value.grad.any()]
    broken = [key for key, value in trainable.items() if value.grad is not None and not value.grad.isfinite().all()]
    assert trainable
    assert without == []
    assert broken == []


@pytest.mark.parametrize("name", NAMES)
def test_after_one_step_every_trainable_parameter_has_a_gradient(name):
    model, loss = after_one_step(name)
    assert loss.dtype == torch.float32
    assert loss.ndim == 0
    check_gradients(model)


@pytest.mark.parametrize("name", LOCAL)
def test_so_it_has_from_a_plain_batch(name):
    model = make(name)
    model.loss(*batch(weight=1.0)).backward()
    check_gradients(model)


@pytest.mark.parametrize("name", NAMES)
def test_the_parameters_are_within_5_percent_of_the_card_s(name):
    card = MODELS[name].card
    counted = sum(value.numel() for value in after_one_step(name)[0].parameters() if value.requires_grad) / 1e6
    assert counted == pytest.approx(card.parameters, rel=0.05)
    if "as we measured them" in card.source:
        assert counted == pytest.approx(card.parameters, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_what_is_published_what_differs_and_under_which_licence(name):
    card = MODELS[name].card
    assert card.source
    assert card.differs
    assert "torch" in card.needs
    assert not card.encoder or card.encoder_licence


@pytest.mark.parametrize("name", NAMES)
def test_the_number_of_classes_is_the_number_of_score_channels(name):
    for model, num_classes in ((after_one_step(name)[0], MODELS[name].card.published_classes), (evaluated(name), 5)):
        assert model.num_classes == num_classes
        with torch.inference_mode():
            assert model.scores(torch.zeros(2, 3, 64, 64)).shape[1] == num_classes


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(64, 64), (70, 90), (33, 41)])
def test_scores_cover_the_image_at_the_score_stride(name, size):
    model = evaluated(name)
    with torch.inference_mode():
        scores = model.scores(batch(2, *size)[0])
    s = model.score_stride
    assert scores.shape == (2, 5, -(-size[0] // s), -(-size[1] // s))
    assert scores.dtype == torch.float32
    assert scores.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
def test_an_image_is_padded_with_the_mean_at_the_right_and_the_bottom(name):
    model, stride = evaluated(name), MODELS[name].card.stride
    images, _ = batch(1, 70, 90)
    padded = F.pad(images, (0, -90 % stride, 0, -70 % stride))
    with torch.inference_mode():
        scores, whole = model.scores(images), model.scores(padded)
    torch.testing.assert_close(scores, whole[:, :, : scores.shape[2], : scores.shape[3]])


def centre_of_influence(model, images, row, column):
    """The centroid, in pixels, of the squared gradient of one score cell with respect to the image."""
    images = images.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(model.scores(images)[0, :, row, column].sum(), images)
    mass = gradient[0].abs().sum(dim=0) ** 2
    pixels = torch.arange(128.0)
    return (mass.sum(dim=1) @ pixels / mass.sum()).item(), (mass.sum(dim=0) @ pixels / mass.sum()).item()


@pytest.mark.parametrize("name", NAMES)
def test_a_score_cell_looks_at_the_pixels_it_is_centred_on(name):
    model = evaluated(name)
    images, s = batch(1, 128, 128)[0], model.score_stride
    cells = ((40 // s, 88 // s), (72 // s, 24 // s))
    (top, right), (bottom, left) = (centre_of_influence(model, images, *cell) for cell in cells)
    # With random weights a dilated ResNet sees nearly everything alike; where it looks still moves with the cell.
    assert top + 5 < bottom
    assert left + 10 < right
    if name in LOCAL:
        for found, cell in zip((top, right, bottom, left), (*cells[0], *cells[1]), strict=True):
            assert found == pytest.approx((cell + 0.5) * s - 0.5, abs=6)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_weights(name):
    first, again = evaluated(name).state_dict(), make(name).state_dict()
    assert first.keys() == again.keys()
    assert all(torch.equal(value, again[key]) for key, value in first.items())


@pytest.mark.parametrize("name", LOCAL)
def test_another_seed_gives_other_weights_to_every_convolution(name):
    first, other = evaluated(name), make(name, seed=4)
    for mine, theirs in zip(first.parameters(), other.parameters(), strict=True):
        assert mine.ndim == 1 or not torch.equal(mine, theirs)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_images_changes_neither_the_loss_nor_the_scores(name):
    model = evaluated(name)
    images, targets = batch(3, 64, 64, weight=0.3)
    targets = Targets(targets.y, targets.y_mix, torch.tensor([0.1, 0.6, 1.0]))
    order = torch.tensor([2, 0, 1])
    moved = Targets(targets.y[order], targets.y_mix[order], targets.weight[order])
    with torch.inference_mode():
        torch.testing.assert_close(model.loss(images[order], moved), model.loss(images, targets), rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(model.scores(images[order]), model.scores(images)[order], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_batch_does_not_look_at_the_second_target(name):
    model = evaluated(name)
    images, targets = batch(2, 70, 90)
    other = Targets(targets.y, (targets.y_mix + 1) % 5, targets.weight)
    with torch.inference_mode():
        assert torch.equal(model.loss(images, targets), model.loss(images, other))


@pytest.mark.parametrize("name", NAMES)
def test_the_evaluation_loss_is_the_cross_entropy_of_the_upsampled_scores(name):
    model = evaluated(name)
    images, targets = batch(2, 70, 90)
    targets.y[0, :40] = 255
    with torch.inference_mode():
        up = F.interpolate(model.scores(images), scale_factor=model.score_stride, mode="bilinear")[:, :, :70, :90]
        torch.testing.assert_close(model.loss(images, targets), F.cross_entropy(up, targets.y, ignore_index=255))


@pytest.mark.parametrize("name", LOCAL)
def test_a_batch_without_a_labelled_pixel_has_loss_and_gradient_zero(name):
    model = make(name)
    images, targets = batch(weight=0.3)
    loss = model.loss(images, Targets(torch.full_like(targets.y, 255), torch.full_like(targets.y, 255), targets.weight))
    loss.backward()
    assert loss.item() == 0
    assert all(value.grad is not None and not value.grad.any() for value in model.parameters())


@pytest.mark.parametrize("name", LOCAL)
def test_a_few_steps_fit_a_batch(name):
    model = make(name)
    images, targets = batch(4, num_classes=3)
    painted = (images[:, :1, ::16, ::16] > 0).repeat_interleave(16, 2).repeat_interleave(16, 3)
    images, targets = painted * 2.0 - 1 + 0.1 * images, Targets(painted[:, 0].long(), targets.y_mix, targets.weight)
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    losses = []
    for _ in range(25):
        optimiser.zero_grad()
        loss = model.loss(images, targets)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_is_float32_under_bfloat16_autocast(name):
    model = evaluated(name)
    images, targets = batch(2)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        loss, scores = model.loss(images, targets), model.scores(images)
    assert loss.dtype == scores.dtype == torch.float32
    with torch.inference_mode():
        assert loss.item() == pytest.approx(model.loss(images, targets).item(), rel=0.05)
