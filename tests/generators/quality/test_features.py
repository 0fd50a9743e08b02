"""The study network on a world of two domains, and how Inception is loaded, with a stand-in of the package's one class."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from fairweather.errors import InputError, MachineError
from fairweather.generators.quality import features as room
from fairweather.generators.quality.distances import frechet, kid
from fairweather.generators.quality.features import (
    Example,
    FeatureNetwork,
    features_of,
    inception,
    inception_or,
    study_network,
)


def scene(domain: str, seed: int) -> Example:
    """Ground (1) below sky (0), some of it ignored; at night all is darker and bluer."""
    rng = np.random.default_rng(seed)
    horizon = int(rng.integers(20, 50))
    label = np.zeros((72, 96), np.uint8)
    label[horizon:] = 1
    label[-4:] = 255
    tone = np.where(label[..., None] == 0, (170.0, 190, 220), (90.0, 90, 85))
    tone = tone * ((0.3, 0.3, 0.45) if domain == "night" else (1, 1, 1))
    return Example(np.clip(tone + rng.normal(0, 12, (*label.shape, 3)), 0, 255).astype(np.uint8), label, domain)


def examples(count: int = 30, start: int = 0) -> list[Example]:
    return [scene("night" if i % 2 else "clear_day", start + i) for i in range(count)]


def images(domain: str, start: int, count: int = 24) -> Iterator[np.ndarray]:
    return (scene(domain, start + i).image for i in range(count))


@pytest.fixture(scope="module")
def network() -> FeatureNetwork:
    pytest.importorskip("torch")
    return study_network(examples(), 2, steps=40)


def test_the_same_images_and_seed_give_the_same_network_and_leave_torch_alone(network: FeatureNetwork) -> None:
    import torch

    torch.manual_seed(5)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    first, second = study_network(examples(12), 2, steps=3), study_network(examples(12), 2, steps=3)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads
    assert first.name == second.name
    shown = list(images("night", 500, 3))
    assert features_of(first, shown).tobytes() == features_of(second, shown).tobytes()
    assert study_network(examples(12), 2, seed=1, steps=3).name != first.name
    assert study_network(examples(12, start=1), 2, steps=3).name != first.name


def test_it_tells_what_it_is_and_never_calls_itself_inception(network: FeatureNetwork) -> None:
    assert network.name.startswith("study network ")
    assert not network.inception
    for words in ("2 domains (clear_day, night)", "2 classes", "24 real images", "of 6 images held out"):
        assert words in network.recipe


def test_distances_over_it_separate_domains_and_not_halves_of_one(network: FeatureNetwork) -> None:
    day, other_day = features_of(network, images("clear_day", 100)), features_of(network, images("clear_day", 200))
    night = features_of(network, images("night", 300))
    assert day.shape == (24, room.WIDTH)
    assert day.dtype == np.float32
    assert frechet(day, night) > 10 * frechet(day, other_day)
    apart, alike = kid(day, night), kid(day, other_day)
    assert apart.value > 5 * apart.standard_error
    assert alike.value < apart.value / 10


def test_features_follow_the_order_of_the_images_whatever_their_sizes(network: FeatureNetwork) -> None:
    shown = [*images("night", 0, 3), *(image[:50, :60] for image in images("clear_day", 0, 19))]
    rows = features_of(network, shown)
    single = np.concatenate([features_of(network, [image]) for image in shown])
    np.testing.assert_allclose(rows, single, rtol=1e-4, atol=1e-5)
    view = shown[0][:, ::-1]
    view.flags.writeable = False
    assert features_of(network, [view]).shape == (1, room.WIDTH)


def test_what_cannot_be_learnt_from_is_refused_in_one_line() -> None:
    pytest.importorskip("torch")
    wrong = [*examples(10), Example(examples(1)[0].image, np.full((72, 96), 7, np.uint8), "night")]
    for given, classes, seed, words in [
        (examples(9), 2, 0, "9 real images; at least 10"),
        (wrong, 2, 0, r"label of real image 10: value 7; allowed are 0\.\.1 and 255"),
        (examples(), 0, 0, "0 classes"),
        (examples(), 256, 0, "256 classes"),
        (examples(), 2, -1, "seed -1"),
        ([Example(np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8), "night")], 2, 0, "image is uint8 of shape"),
    ]:
        with pytest.raises(InputError, match=words) as caught:
            study_network(given, classes, seed)
        assert "\n" not in str(caught.value)


def test_one_domain_and_labels_of_nothing_still_make_a_network() -> None:
    pytest.importorskip("torch")
    blank = [Example(scene("foggy", i).image, np.full((72, 96), 255, np.uint8), "foggy") for i in range(10)]
    made = study_network(blank, 3, steps=2)
    assert np.isfinite(features_of(made, [blank[0].image])).all()
    assert "1 domains (foggy)" in made.recipe


def test_features_of_nothing_are_refused(network: FeatureNetwork) -> None:
    with pytest.raises(InputError, match="features of no images"):
        features_of(network, [])


def _stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """torch_fidelity with the class and the call that are used; returns where torch.hub would keep the weights."""
    torch = pytest.importorskip("torch")

    class FeatureExtractorInceptionV3(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, name: str, features_list: list[str], feature_extractor_weights_path: str) -> None:
            super().__init__()
            assert features_list == ["2048"]
            torch.load(feature_extractor_weights_path)

        def forward(self, batch: object) -> tuple[object]:
            assert batch.dtype == torch.uint8 and batch.shape[1] == 3  # type: ignore[attr-defined]
            return (batch.double().mean((2, 3)),)  # type: ignore[attr-defined]

    module = ModuleType("torch_fidelity.feature_extractor_inceptionv3")
    module.FeatureExtractorInceptionV3 = FeatureExtractorInceptionV3  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch_fidelity", ModuleType("torch_fidelity"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(folder))
    (folder / "checkpoints").mkdir()
    return folder / "checkpoints" / room.INCEPTION_WEIGHTS


def test_inception_is_loaded_from_where_torch_keeps_weights_or_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = _stand_in(monkeypatch, tmp_path)
    import torch

    with pytest.raises(MachineError, match=f"not at {path}; put the file https://"):
        inception()
    torch.save({}, path)
    torch.save({}, tmp_path / "mine.pth")
    for made in (inception(), inception(tmp_path / "mine.pth"), inception_or(pytest.fail)[0]):
        assert made.inception
        assert made.name == "Inception v3"
        image = np.zeros((6, 9, 3), np.uint8)
        image[..., 2] = 7
        np.testing.assert_array_equal(features_of(made, [image]), np.array([[0, 0, 7]], np.float32))


def test_weights_that_are_none_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = _stand_in(monkeypatch, tmp_path)
    monkeypatch.setattr("torch.load", _refuse)
    path.write_bytes(b"no weights")
    with pytest.raises(MachineError, match=f"{path}: no Inception weights: first line") as caught:
        inception()
    assert "\n" not in str(caught.value)


def _refuse(*_: object) -> None:
    raise RuntimeError("first line\nsecond line")


def test_without_the_package_the_other_network_is_used_and_the_reason_kept(
    monkeypatch: pytest.MonkeyPatch, network: FeatureNetwork
) -> None:
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    chosen, reason = inception_or(lambda: network)
    assert chosen is network
    assert "torch_fidelity" in reason and "pip install torch-fidelity" in reason
