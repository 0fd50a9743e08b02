"""Numbers with their recipes: names that do not claim too much, sample counts, reasons for what is missing."""

import math

import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.quality.features import FeatureNetwork
from fairweather.generators.quality.numbers import (
    absent_numbers,
    consistency_numbers,
    distance_numbers,
    perceptual_number,
    pixel_numbers,
)
from fairweather.generators.quality.segmentation import Consistency


def network(inception: bool) -> FeatureNetwork:
    name = "Inception v3" if inception else "study network 0123abcd"
    return FeatureNetwork(name, "4 convolutions: and so on", inception, lambda i: i, lambda b: b)


def rows(seed: int, count: int = 12, width: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (count, width))


def test_pixel_numbers_are_means_with_standard_errors() -> None:
    psnr, ssim = pixel_numbers([20.0, 24.0], [0.5, 0.7], "foggy")
    assert (psnr.name, psnr.value, psnr.samples, psnr.unit, psnr.domain) == ("psnr", 22, 2, "dB", "foggy")
    assert psnr.standard_error == pytest.approx(2)
    assert ssim.value == pytest.approx(0.6)
    assert "luma" in ssim.recipe.colour_space and "RGB" in psnr.recipe.colour_space
    assert "sigma 1.5, K1 0.01, K2 0.03" in ssim.recipe.formula
    assert [n.name for n in pixel_numbers([20.0], [0.5], reference="oracle")] == ["oracle_psnr", "oracle_ssim"]
    assert pixel_numbers([20.0], [0.5])[0].standard_error is None


def test_images_equal_to_their_source_are_counted_not_averaged() -> None:
    psnr, ssim = pixel_numbers([20.0, math.inf, math.inf], [0.5, 1.0, 1.0])
    assert (psnr.value, psnr.samples) == (20, 1)
    assert psnr.note.startswith("2 of 3 images equal their source")
    assert ssim.samples == 3
    all_equal, _ = pixel_numbers([math.inf], [1.0])
    assert all_equal.value is None and all_equal.note.startswith("1 of 1 images")
    for psnrs, ssims in ([], []), ([20.0], []):
        with pytest.raises(InputError, match="one of each for every image"):
            pixel_numbers(psnrs, ssims)


def test_only_inception_gives_kid_and_fid() -> None:
    first = distance_numbers(rows(0), rows(1), network(True), "generated with real", "night")
    assert [n.label for n in first] == ["KID", "FID"]
    other = distance_numbers(rows(0), rows(1), network(False), "generated with real", why_not_inception="no weights")
    assert [n.label for n in other] == [
        "Kernel distance over study network 0123abcd",
        "Frechet distance over study network 0123abcd",
    ]
    for number in other:
        text = f"{number.name} {number.label} {number.note} {number.recipe}"
        assert "FID" not in text and "KID" not in text
        assert "no weights" in number.note
        assert "4 convolutions" in number.recipe.network
        assert number.samples == 12
    assert other[0].standard_error is not None and other[1].standard_error is None
    assert [n.value for n in first] == [n.value for n in other]


def test_too_few_images_for_the_features_are_noted_and_unequal_counts_refused() -> None:
    few = distance_numbers(rows(0, 4), rows(1, 4), network(True), "generated with real")
    assert "biased upwards" in few[1].note and not few[0].note
    with pytest.raises(InputError, match="equal counts only"):
        distance_numbers(rows(0, 4), rows(1, 5), network(True), "generated with real")


def test_lpips_or_why_there_is_none() -> None:
    assert perceptual_number([0.2, 0.4]).value == pytest.approx(0.3)
    absent = perceptual_number([], absent="LPIPS needs the package lpips")
    assert absent.value is None and absent.samples == 0 and "package" in absent.note
    with pytest.raises(InputError, match="no images"):
        perceptual_number([])


def test_consistency_names_its_unit_and_every_class() -> None:
    found = Consistency(np.array([[1, 1, 0], [0, 3, 0], [0, 0, 0]]), 7)
    accuracy, mean, weighted = consistency_numbers(found, ["sky", "road", "car"], "unit-1", "rainy")
    assert (accuracy.value, mean.value, weighted.value) == (80, 62.5, 65)
    assert mean.parts == (("sky", 50), ("road", 75), ("car", None))
    assert {n.recipe.needs_unit for n in (accuracy, mean, weighted)} == {"unit-1"}
    assert {n.samples for n in (accuracy, mean, weighted)} == {7}
    assert consistency_numbers(found, ["a", "b", "c"], "u", on_sources=True)[1].name == "source_mean_iou"
    nothing = consistency_numbers(Consistency(np.zeros((1, 1), np.int64), 2), ["sky"], "u")
    assert all(n.value is None and n.note == "no pixel is labelled" for n in nothing)
    for classes, unit in (["sky"], "u"), (["a", "b", "c"], ""):
        with pytest.raises(InputError, match="one for each, and a unit that is named"):
            consistency_numbers(found, classes, unit)


def test_numbers_that_are_not_there_say_why_and_over_what_they_would_have_been() -> None:
    psnr, kernel = absent_numbers(("psnr", "kernel_distance"), "no image", "foggy")
    assert (psnr.value, psnr.samples, psnr.note, psnr.domain) == (None, 0, "no image", "foggy")
    assert kernel.label == "Kernel distance over study network"
    with pytest.raises(InputError, match="says why"):
        absent_numbers(("psnr",), "")
