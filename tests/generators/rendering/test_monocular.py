"""Depth by a network: a tiny one with random weights, and what is done with what it says."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.rendering import monocular

needs_transformers = pytest.mark.skipif(
    importlib.util.find_spec("transformers") is None, reason="transformers is not installed"
)
IMAGE = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monocular._loaded.cache_clear()


def pretend(monkeypatch: pytest.MonkeyPatch, told: list[list[float]], kind: str | None = None) -> None:
    """A transformers whose only model tells this for every picture."""
    torch = pytest.importorskip("torch")

    class Network:
        config = SimpleNamespace(**({"depth_estimation_type": kind} if kind else {}))

        def eval(self) -> "Network":
            return self

        def __call__(self, pixels: np.ndarray) -> SimpleNamespace:
            assert pixels.shape == IMAGE.shape
            return SimpleNamespace(predicted_depth=torch.tensor([told]))

    def processor(images: np.ndarray, return_tensors: str) -> dict[str, np.ndarray]:
        assert return_tensors == "pt" and images.flags.c_contiguous
        return {"pixels": images}

    fake = ModuleType("transformers")
    fake.AutoImageProcessor = SimpleNamespace(from_pretrained=lambda name: processor)  # type: ignore[attr-defined]
    fake.AutoModelForDepthEstimation = SimpleNamespace(from_pretrained=lambda name: Network())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "transformers", fake)


def test_disparity_becomes_depth_as_published(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [[10.0, 10.0], [10.0, 10.0]])
    depth = monocular.monocular_depth(IMAGE[:, ::-1], "any/model")
    assert depth.shape == (48, 64) and depth.dtype == np.float32
    assert depth == pytest.approx(0.54 * 721.09 / 10.001, rel=1e-5)


def test_negative_disparity_is_far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [[-3.0]])
    assert monocular.monocular_depth(IMAGE, "any/model") == pytest.approx(389388.6, rel=1e-4)


def test_a_metric_model_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [[7.0]], "metric")
    assert monocular.monocular_depth(IMAGE, "any/model") == pytest.approx(7, rel=1e-5)


def test_without_transformers_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(InputError, match="pip install transformers") as caught:
        monocular.monocular_depth(IMAGE, "any/model")
    assert "\n" not in str(caught.value)


@needs_transformers
def test_a_tiny_model_with_random_weights_gives_depth(tmp_path: Path) -> None:
    import torch
    from transformers import DPTConfig, DPTForDepthEstimation, DPTImageProcessor

    torch.manual_seed(0)
    config = DPTConfig(
        image_size=32, patch_size=16, hidden_size=32, num_hidden_layers=4, num_attention_heads=4, intermediate_size=64,
        backbone_out_indices=[0, 1, 2, 3], neck_hidden_sizes=[16, 16, 32, 32], fusion_hidden_size=16, is_hybrid=False,
    )  # fmt: skip
    DPTForDepthEstimation(config).save_pretrained(tmp_path)
    DPTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(tmp_path)
    depth = monocular.monocular_depth(IMAGE, str(tmp_path))
    assert depth.shape == (48, 64) and np.isfinite(depth).all() and (depth > 0).all()
    assert (depth == monocular.monocular_depth(IMAGE, str(tmp_path))).all()


@needs_transformers
def test_a_folder_without_a_model_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no depth model") as caught:
        monocular.monocular_depth(IMAGE, str(tmp_path))
    assert "\n" not in str(caught.value)
