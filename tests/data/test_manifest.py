from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fairweather.data import READERS, fingerprint, index, pixel_hash
from fairweather.data.decode import value_counts
from fairweather.data.manifest import difference_hash


@pytest.fixture
def rows():  # type: ignore[no-untyped-def]
    return index(READERS["toy"].open("toy", None, ("test",), {"world": "nothing"})).rows


def test_the_fingerprint_knows_content_and_not_order_or_place(rows) -> None:  # type: ignore[no-untyped-def]
    whole = fingerprint(rows)
    assert fingerprint(rows[::-1]) == whole
    moved = replace(rows[0], sample=replace(rows[0].sample, image="elsewhere.png"))
    assert fingerprint((moved, *rows[1:])) == whole
    for changed in (
        replace(rows[0], image_sha256="0" * 64),
        replace(rows[0], label_sha256="0" * 64),
        replace(rows[0], sample=replace(rows[0].sample, domain="foggy")),
        replace(rows[0], sample=replace(rows[0].sample, group="other")),
    ):
        assert fingerprint((changed, *rows[1:])) != whole


def test_a_row_counts_labelled_pixels_alone(rows) -> None:  # type: ignore[no-untyped-def]
    height, width = rows[0].size
    assert sum(rows[0].histogram) == (height - 2) * width  # the bonnet's two rows are ignored


PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3)))


@given(PICTURES, st.data())
def test_a_pixel_hash_knows_every_pixel_and_the_shape(pixels: np.ndarray, data: st.DataObject) -> None:
    whole = pixel_hash(pixels)
    assert len(whole) == 32 and pixel_hash(np.asfortranarray(pixels)) == whole
    other = pixels.copy()
    at = data.draw(st.integers(0, pixels.size - 1))
    other.reshape(-1)[at] ^= data.draw(st.integers(1, 255))
    assert pixel_hash(other) != whole
    assert pixel_hash(pixels.reshape(-1)) != whole
    unaligned = np.frombuffer(b"x" + pixels.tobytes(), np.uint8)[1:].reshape(pixels.shape)
    assert pixel_hash(unaligned) == whole


def test_words_that_change_places_change_the_pixel_hash() -> None:
    pixels = np.arange(256, dtype=np.uint8)
    for step in (8, 32):  # a word of the same stripe, a word of the same lane
        other = pixels.copy()
        other[:8], other[step : step + 8] = pixels[step : step + 8], pixels[:8]
        assert pixel_hash(other) != pixel_hash(pixels)
    flipped = pixels.copy()
    flipped[[7, 15, 39]] ^= 128  # top bits alone, which sums of products would lose
    assert pixel_hash(flipped) != pixel_hash(pixels)


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.sampled_from([0, 1, 18, 255])))
def test_values_are_counted_exactly(values: np.ndarray) -> None:
    assert np.array_equal(value_counts(values), np.bincount(values.reshape(-1), minlength=256))
    assert np.array_equal(value_counts(np.repeat(values, 8, 1)), 8 * np.bincount(values.reshape(-1), minlength=256))


def test_the_difference_hash_is_that_of_the_mean_of_cells() -> None:
    rng = np.random.default_rng(0)
    image = cv2.resize(rng.integers(0, 256, (9, 10, 3), np.uint8), (90, 80), interpolation=cv2.INTER_CUBIC)
    small = image.reshape(8, 10, 9, 10, 3).mean((1, 3))
    grey = small @ [0.299, 0.587, 0.114]
    bits = "".join("1" if right > left else "0" for row in grey for left, right in pairwise(row))
    assert difference_hash(image) == int(bits, 2)
    larger = cv2.resize(image, (233, 171), interpolation=cv2.INTER_LINEAR)
    assert (difference_hash(larger) ^ difference_hash(image)).bit_count() <= 3
    assert (difference_hash(image[:, ::-1]) ^ difference_hash(image)).bit_count() > 16
    assert difference_hash(image[:3, :4]) >= 0  # smaller than the cells
