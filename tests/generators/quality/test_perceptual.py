"""LPIPS: what is said where it is not there, and what the package is given, with a stand-in of its one class."""

import sys
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from fairweather.errors import InputError, MachineError
from fairweather.generators.quality import perceptual
from fairweather.generators.quality.perceptual import lpips


def _stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    torch = pytest.importorskip("torch")

    class LPIPS(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, net: str, version: str, verbose: bool) -> None:
            warnings.warn("the way it asks is deprecated", UserWarning, stacklevel=1)
            assert (net, version, verbose) == ("alex", "0.1", False)
            super().__init__()

        def forward(self, first: object, second: object) -> object:
            assert first.shape[:2] == (1, 3) and first.min() >= -1 and first.max() <= 1  # type: ignore[attr-defined]
            return (first - second).abs().mean((1, 2, 3), keepdim=True)  # type: ignore[operator]

    module = ModuleType("lpips")
    module.LPIPS = LPIPS  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lpips", module)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(folder))
    (folder / "checkpoints").mkdir()
    return folder / "checkpoints" / perceptual.BACKBONE


def test_absence_of_the_package_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lpips", None)
    with pytest.raises(MachineError, match="pip install lpips") as caught:
        lpips()
    assert "\n" not in str(caught.value)


def test_absence_of_the_weights_is_stated_and_nothing_is_downloaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = _stand_in(monkeypatch, tmp_path)
    with pytest.raises(MachineError, match=f"not at {path}; put the file https://"):
        lpips()


def test_the_package_is_given_images_from_minus_one_to_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _stand_in(monkeypatch, tmp_path).write_bytes(b"")
    distance = lpips()
    dark, light = np.zeros((5, 8, 3), np.uint8), np.full((5, 8, 3), 255, np.uint8)
    assert distance(dark, light) == 2
    assert distance(dark[:, ::-1], dark) == 0
    with pytest.raises(InputError, match="two uint8"):
        distance(dark, light[:4])
    with pytest.raises(InputError, match="two uint8"):
        distance(dark, light.astype(np.float32))
