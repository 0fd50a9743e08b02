"""The contract of every strategy, run over the whole registry: ours, each profile, and what other distributions add."""

import hashlib
import sys
import types
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from typing import ClassVar

import numpy as np
import pytest

from fairweather import strategies
from fairweather.errors import InputError
from fairweather.strategies import STRATEGIES, MixedBatch, OnBatch, OnSample, Strategy, StrategyCard
from fairweather.strategies.strategy import configured
from fairweather.vocabulary.labels import IGNORE
from fairweather.vocabulary.registry import Registry
from fairweather.vocabulary.streams import stream

STREAMS = 60  # enough that every sub-policy and pair of geometric operations is met with room to spare
COLOURS = np.array(
    [(250, 40, 40), (40, 200, 60), (50, 60, 240), (240, 230, 60), (20, 20, 20), (235, 235, 235)], np.uint8
)


def encoded():
    """An image whose colours say its label: six classes in blocks and stripes, 72 x 112."""
    label = np.full((72, 112), 4, np.uint8)
    label[:30, :50] = 0
    label[:30, 50:] = 5
    label[30:56, 12:40] = 1
    label[30:72, 60:84] = 2
    label[50:72, 84:] = 3
    return COLOURS[label], label


def batch():
    """Five samples of noise, so that every pixel says which sample it came from; labels with ignored pixels."""
    rng = np.random.default_rng(5)
    y = rng.integers(0, 7, (5, 18, 26)).astype(np.uint8)
    y[y == 6] = IGNORE
    return MixedBatch.plain(rng.standard_normal((5, 3, 18, 26), dtype=np.float32), y)


def interior(label, border):
    """Where everything within `border` pixels has the same label."""
    padded = np.pad(label, border, mode="edge")
    height, width = label.shape
    same = np.ones(label.shape, bool)
    for down in range(2 * border + 1):
        for right in range(2 * border + 1):
            same &= padded[down : down + height, right : right + width] == label
    return same


def misaligned(image, label, border):
    """How many inner pixels have the colour of another class: the label read from the image is not the label given."""
    inside = interior(label, border)
    seen = [c for c in np.unique(label) if (inside & (label == c)).sum() >= 5]
    typical = np.array([np.median(image[inside & (label == c)], axis=0) for c in seen])
    away = np.abs(image[..., None, :].astype(float) - typical).sum(-1)
    own = np.select([label == c for c in seen], [away[..., k] for k in range(len(seen))])
    # Colour operations may give two classes one colour; a pixel counts only if another class fits it clearly better.
    return int((inside & np.isin(label, seen) & (own > away.min(-1) + 40)).sum())


def planes(out):
    return (out.images, out.y, out.y_mix, out.weight) if isinstance(out, MixedBatch) else out


def digest(out):
    return hashlib.sha256(b"".join(np.ascontiguousarray(plane).tobytes() for plane in planes(out))).hexdigest()


def check_sample_act(act):
    image, label = encoded()
    before = digest((image, label))
    results = []
    for step in range(STREAMS):
        new = act.on_sample(image, label, stream(0, "strategy", step))
        assert digest((image, label)) == before, "the input was written to"
        assert [(p.shape, p.dtype) for p in new] == [(p.shape, p.dtype) for p in (image, label)]
        assert set(np.unique(new[1])) <= {*np.unique(label), IGNORE}, "a label from outside the space"
        # two: each of two geometric operations in a row blurs one pixel
        assert misaligned(*new, border=2) == 0, f"image and label moved apart (stream {step})"
        results.append(digest(new))
    again = [digest(act.on_sample(image, label, stream(0, "strategy", step))) for step in range(STREAMS)]
    assert again == results, "the same stream gave another output"
    assert act.card.control or set(results) != {before}, "changes nothing"
    assert act.card.control or len(set(results)) > 1, "the stream is not used"
    flipped = image[:, ::-1], label[:, ::-1]
    for plane in flipped:
        plane.flags.writeable = False
    for step in range(4):
        view = act.on_sample(*flipped, stream(1, "strategy", step))
        copy = act.on_sample(flipped[0].copy(), flipped[1].copy(), stream(1, "strategy", step))
        assert digest(view) == digest(copy), "a view is not treated as its copy"


def check_batch_act(act):
    given = batch()
    before = digest(given)
    results = []
    for step in range(STREAMS):
        new = act.on_batch(given, stream(0, "strategy", step))
        assert digest(given) == before, "the input was written to"
        assert [(p.shape, p.dtype) for p in planes(new)] == [(p.shape, p.dtype) for p in planes(given)]
        for sample in range(len(given.images)):
            assert explained(given, new, sample), f"a target is not the label of what is in the pixels (stream {step})"
        results.append(digest(new))
    again = [digest(act.on_batch(given, stream(0, "strategy", step))) for step in range(STREAMS)]
    assert again == results, "the same stream gave another output"
    assert act.card.control or set(results) != {before}, "changes nothing"
    assert act.card.control or len(set(results)) > 1, "the stream is not used"
    mixed = replace(given, weight=np.full(len(given.images), 0.5, np.float32))
    with pytest.raises(ValueError, match="already mixed by weight"):
        act.on_batch(mixed, stream(0, "strategy"))


def explained(given, new, sample):
    """Whether the targets of one mixed sample are the labels of images in its pixels, each with its weight."""
    pixels, y, y_mix, weight = (plane[sample] for plane in planes(new))
    if weight == 1 and pasted(given, pixels, y):
        return True
    n = len(given.images)
    for i, j in ((i, j) for i in range(n) for j in range(n) if i != j):
        first, second = given.images[i], given.images[j]
        share = ((pixels - second) * (first - second)).sum() / ((first - second) ** 2).sum()
        if np.abs(share * first + (1 - share) * second - pixels).max() > 1e-5:
            continue
        # A weight of 1 is a hard target: the label of the stronger image alone.
        targets = share > 0.5 if weight == 1 else abs(share - weight) < 1e-5 and np.array_equal(y_mix, given.y[j])
        if targets and np.array_equal(y, given.y[i]):
            return True
    return False


def pasted(given, pixels, y):
    """Whether every pixel and its label come from one and the same sample."""
    return ((given.images == pixels).all(1) & (given.y == y)).any(0).all()


def check(strategy):
    """The whole contract, for any strategy."""
    if isinstance(strategy, OnSample):
        check_sample_act(strategy)
    if isinstance(strategy, OnBatch):
        check_batch_act(strategy)
    if not isinstance(strategy, OnSample | OnBatch):
        assert strategy.card.control, "no act, and not a control"


BUILT = [
    pytest.param(configured(entry, entry.card, profile), id=f"{name}-{profile or 'default'}")
    for name, entry in STRATEGIES.items()
    for profile in (None, *entry.card.profiles)
]
CHANCES = [param for param in BUILT if hasattr(param.values[0], "probability")]


@pytest.mark.parametrize("strategy", BUILT)
def test_every_strategy_keeps_the_contract(strategy):
    check(strategy)


@pytest.mark.parametrize("strategy", CHANCES)
def test_probability_zero_is_the_identity(strategy):
    idle = replace(strategy, probability=0.0)
    for step in range(5):
        if isinstance(idle, OnSample):
            given = encoded()
            new = idle.on_sample(*given, stream(0, "strategy", step))
        else:
            given = batch()
            new = idle.on_batch(given, stream(0, "strategy", step))
        assert digest(new) == digest(given)


@pytest.mark.parametrize("strategy", CHANCES)
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), "half", None, True])
def test_a_probability_outside_0_to_1_is_refused(strategy, value):
    with pytest.raises(InputError, match="probability"):
        replace(strategy, probability=value)


@dataclass(frozen=True)
class Outsider(OnSample):
    """What another distribution might add: a shift to the right, with ignored pixels where nothing is known."""

    card: ClassVar = StrategyCard("std_outsider", "shifts to the right", aliases=("outsider",))

    def on_sample(self, image, label, rng):
        by = int(rng.integers(1, 20))
        moved, labels = np.roll(image, by, axis=1), np.roll(label, by, axis=1)
        moved[:, :by], labels[:, :by] = (124, 116, 104), IGNORE
        return moved, labels


def test_an_outsider_comes_in_through_the_entry_point_and_meets_the_same_contract(monkeypatch):
    module = types.ModuleType("an_outsider")
    module.Outsider = Outsider
    monkeypatch.setitem(sys.modules, "an_outsider", module)
    point = EntryPoint("outsider", "an_outsider:Outsider", "fairweather.strategies")
    monkeypatch.setattr(
        "fairweather.vocabulary.registry.entry_points", lambda group: [point] if group == point.group else []
    )
    registry = Registry(STRATEGIES.kind, STRATEGIES.group, [*STRATEGIES.values()])
    monkeypatch.setattr(strategies, "STRATEGIES", registry)
    assert [*registry] == [*STRATEGIES, "std_outsider"]
    for name in registry:
        strategy = strategies.build(name)
        if name == "std_outsider":
            check(strategy)
    assert strategies.build("outsider") == Outsider()


# The contract must be able to fail: each of these breaks one clause of it.


def broken(body, base=OnSample, control=False):
    method = "on_sample" if base is OnSample else "on_batch"
    card = StrategyCard("broken", "breaks the contract", control=control)
    return type("Broken", (base,), {"card": card, method: body})()


def writes_to_its_input(self, image, label, rng):
    image[0, 0] = 255 - image[0, 0]
    return image + rng.integers(0, 2, dtype=np.uint8), label


def moves_the_image_alone(self, image, label, rng):
    return np.roll(image, int(rng.integers(3, 9)), axis=1), label


def moves_the_label_alone(self, image, label, rng):
    return image // 2, np.roll(label, int(rng.integers(3, 9)), axis=0)


def invents_a_class(self, image, label, rng):
    new = label.copy()
    new[: rng.integers(1, 9)] = 99
    return image, new


def fills_with_road(self, image, label, rng):
    by = int(rng.integers(5, 9))
    moved, labels = np.roll(image, by, axis=1), np.roll(label, by, axis=1)
    moved[:, :by], labels[:, :by] = (124, 116, 104), 0
    return moved, labels


def draws_from_a_shared_generator(self, image, label, rng, shared=np.random.default_rng(0)):  # noqa: B008
    return image // 2 + shared.integers(0, 9, dtype=np.uint8), label


def changes_nothing(self, image, label, rng):
    return image, label


def ignores_its_stream(self, image, label, rng):
    return image // 2, label


def returns_floats(self, image, label, rng):
    return image * np.float32(rng.random()), label


SAMPLE_FAULTS = [
    writes_to_its_input,
    moves_the_image_alone,
    moves_the_label_alone,
    invents_a_class,
    fills_with_road,
    draws_from_a_shared_generator,
    changes_nothing,
    ignores_its_stream,
    returns_floats,
]


def pastes_pixels_without_labels(self, given, rng):
    images = given.images.copy()
    images[:, :, :6] = np.roll(images, 1, axis=0)[:, :, :6]
    return replace(given, images=images)


def blended(given, share, **planes):
    partner = np.roll(given.images, -1, axis=0)
    return replace(given, images=given.images * share + partner * (1 - share), **planes)


def keeps_weight_1_for_the_weaker_image(self, given, rng):
    return blended(given, np.float32(rng.uniform(0.1, 0.4)))


def swaps_the_weights(self, given, rng):
    share = np.float32(rng.uniform(0.6, 0.9))
    weight = np.full(len(given.images), 1 - share)
    return blended(given, share, y_mix=np.roll(given.y, -1, axis=0), weight=weight)


def names_a_label_that_is_not_in_the_pixels(self, given, rng):
    share = np.float32(rng.uniform(0.6, 0.9))
    weight = np.full(len(given.images), share)
    return blended(given, share, y_mix=np.roll(given.y, -2, axis=0), weight=weight)


BATCH_FAULTS = [
    pastes_pixels_without_labels,
    keeps_weight_1_for_the_weaker_image,
    swaps_the_weights,
    names_a_label_that_is_not_in_the_pixels,
]


@pytest.mark.parametrize("body", SAMPLE_FAULTS, ids=lambda body: body.__name__)
def test_the_contract_catches_a_sample_act_that(body):
    with pytest.raises(AssertionError):
        check(broken(body))


@pytest.mark.parametrize("body", BATCH_FAULTS, ids=lambda body: body.__name__)
def test_the_contract_catches_a_batch_act_that(body):
    with pytest.raises(AssertionError):
        check(broken(body, OnBatch))


def test_the_contract_catches_a_strategy_without_an_act():
    class Nothing(Strategy):
        card = StrategyCard("nothing", "no act")

    with pytest.raises(AssertionError, match="no act"):
        check(Nothing())
    check(broken(changes_nothing, control=True))
