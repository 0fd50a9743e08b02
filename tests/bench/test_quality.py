"""The quality rows: their limits and what they are measured on. Nothing is timed."""

import sys

import pytest
from bench.frame import Skip

from bench import quality


def test_the_row_carries_its_limit() -> None:
    limits = {row.name: row.required and str(row.required) for row in quality.rows()}
    assert limits == {"quality/psnr+ssim": "<= 0.01 s", "quality/gate+psnr+ssim": "<= 0.025 s", "quality/ssim": None}


def test_what_is_timed_are_the_two_numbers_of_a_pair() -> None:
    noise, likeness = quality.rows()[0].arms().ours()  # type: ignore[misc]
    assert quality.pair()[0].shape == quality.pair()[1].shape == (720, 1280, 3)
    assert 20 < noise < 30
    assert 0.3 < likeness < 0.95


def test_without_the_peer_the_row_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchmetrics", None)
    monkeypatch.setitem(sys.modules, "torchmetrics.functional.image", None)
    with pytest.raises(Skip, match="pip install torchmetrics"):
        quality.rows()[2].arms()
