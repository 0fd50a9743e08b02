"""A look: what it takes, what it leaves alone, and the same numbers in every process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.gate import ImageChecks, look
from fairweather.generators.generator import Source

Street = Callable[[int, str], tuple[Source, np.ndarray]]


def numbers() -> list[float]:
    """Of a picture made of integers."""
    y, x = np.mgrid[:90, :131]
    image = np.stack([(3 * x + y) % 256, (x * y) % 251, (7 * y) % 200], axis=2).astype(np.uint8)
    label = ((x // 20 + y // 30) % 5).astype(np.uint8)
    checks = look(Source(image, label, classes=("a", "b", "c", "d", "e")), image[:, ::-1] // 2, frozenset("bd"))
    plain = [getattr(checks, f.name) for f in fields(checks) if f.name != "objects"]
    return [round(v, 6) for v in (*plain, *(v for c in checks.objects for v in (c.points, c.before, c.after)))]


def test_another_process_compiling_for_another_processor_finds_the_same(tmp_path: Path) -> None:
    script = f"import runpy; print(runpy.run_path({__file__!r})['numbers']())"
    own = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**os.environ, **own}
    )
    assert found.stdout.strip() == str(numbers())


def test_inputs_are_left_alone_and_views_are_read_as_their_copies(street: Street, small: frozenset[str]) -> None:
    source, oracle = street(3, "rainy")
    view = Source(source.image[::2, ::-1], source.label[::2, ::-1], classes=source.classes)
    for array in (source.image, source.label, oracle):
        array.flags.writeable = False
    whole = Source(view.image.copy(), view.label.copy(), classes=source.classes)
    assert look(view, oracle[::2, ::-1], small) == look(whole, oracle[::2, ::-1].copy(), small)


@pytest.mark.parametrize("shape", [(32, 32), (33, 47), (96, 1300), (1024, 2048)])
def test_any_size(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    same = look(Source(image, np.full(shape, 255, np.uint8)), image, frozenset({"person"}))
    assert same.shift < 0.2
    assert (same.difference, same.objects) == (0.0, ())
    assert same.structure == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(same.edges_before)
    assert np.isnan(same.edges_kept)


def test_a_shift_is_in_pixels_of_the_whole_picture(street: Street) -> None:
    source, _ = street(127, "foggy")
    wide = Source(np.repeat(np.repeat(source.image, 6, 0), 6, 1), np.repeat(np.repeat(source.label, 6, 0), 6, 1))
    made = np.roll(wide.image, (0, 6), (0, 1))
    found = look(wide, made)
    assert (found.dx, found.dy) == pytest.approx((6, 0), abs=0.6)


@pytest.mark.parametrize("by", [0, 2])
def test_a_label_that_lies_loosely_over_its_picture_is_not_held_against_the_made_one(street: Street, by: int) -> None:
    source, oracle = street(127, "rainy")
    loose = Source(source.image, np.roll(source.label, by, axis=1), classes=source.classes)
    assert look(loose, source.image).agreement == 1
    assert look(loose, oracle).agreement > 0.7 * look(source, oracle).agreement
    assert look(loose, np.ascontiguousarray(oracle[:, ::-1])).agreement < 0.1


@pytest.mark.parametrize(
    "made", [np.zeros((128, 255, 3), np.uint8), np.zeros((128, 256, 3)), np.zeros((128, 256), np.uint8)]
)
def test_another_size_or_kind_is_refused_in_one_line(street: Street, made: np.ndarray) -> None:
    source, _ = street(3, "foggy")
    with pytest.raises(InputError, match=r"a made picture is .*; allowed is uint8 \(128, 256, 3\)") as caught:
        look(source, made)
    assert "\n" not in str(caught.value)


def test_edges_are_those_of_the_label(street: Street) -> None:
    source, oracle = street(127, "foggy")
    whole = look(source, oracle)
    assert 0.8 < whole.edges_kept < 2.0
    assert look(source, np.ascontiguousarray(oracle[:, ::-1])).edges_kept < 0.4
    assert isinstance(whole, ImageChecks)


def test_a_look_is_quick(street: Street, small: frozenset[str]) -> None:
    """40 ms here, so that a busy machine passes; measured are 13 ms."""
    source, oracle = street(3, "night")
    wide = Source(np.tile(source.image, (6, 5, 1))[:720], np.tile(source.label, (6, 5))[:720], classes=source.classes)
    made = np.tile(oracle, (6, 5, 1))[:720]
    times = []
    for _ in range(6):
        begin = time.process_time()
        look(wide, made, small)
        times.append(time.process_time() - begin)
    assert min(times) < 0.04
