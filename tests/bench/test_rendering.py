"""The rendering rows: their limits, and what they say where the peer is missing. Nothing is timed."""

import sys

import pytest
from bench.frame import Skip

from bench import rendering


def test_the_rows_carry_the_limits_of_the_issue() -> None:
    limits = {row.name: str(row.required) for row in rendering.rows()}
    assert limits == {
        "rendering/fog": ">= 20x faster",
        "rendering/rain": ">= 3x faster",
        "rendering/snow bleach": ">= 3x faster",
        "rendering/snow texture": ">= 3x faster",
        "rendering/heaviest foggy": "<= 0.06 s",
        "rendering/heaviest rainy": "<= 0.06 s",
        "rendering/heaviest snowy": "<= 0.06 s",
    }


def test_without_the_peer_a_row_is_skipped_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "albumentations", None)
    with pytest.raises(Skip, match=r"pip install albumentations==2\.0\.8"):
        rendering.rows()[0].arms()
