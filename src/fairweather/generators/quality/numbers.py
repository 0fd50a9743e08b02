"""From what was measured to numbers with their recipes: one function for each kind of measure."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from fairweather.errors import InputError
from fairweather.generators.quality.distances import BLOCK, Estimate, frechet, kid
from fairweather.generators.quality.features import FeatureNetwork
from fairweather.generators.quality.record import Number, Recipe
from fairweather.generators.quality.segmentation import Consistency

Reference = Literal["source", "oracle"]

_COMPARED = {
    "source": "each generated image with its source",
    "oracle": "each generated image with its source's scene rendered in the target domain",
}
_PSNR = "mean over images of 10 log10(255^2 / mean squared error)"
_SSIM = "mean over images of the mean SSIM, 11x11 Gaussian window of sigma 1.5, K1 0.01, K2 0.03, L 255, whole windows, full size"
_KID = (
    "unbiased squared MMD, kernel (x.y / d + 1)^3, mean over disjoint blocks of at most {block} images, standard error by "
    "jackknife over images taken as independent"
)
_FRECHET = "|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)), covariances over N - 1"


def pixel_numbers(
    psnrs: Sequence[float], ssims: Sequence[float], domain: str = "", reference: Reference = "source"
) -> tuple[Number, Number]:
    """PSNR and SSIM of a pool from those of its images.

    A generated image equal to its reference has an infinite PSNR: it is left out of the mean and counted in the note.

    Raises:
        InputError: no image, or not one of each for every image.
    """
    if not psnrs or len(psnrs) != len(ssims):
        raise InputError(
            f"{len(psnrs)} PSNR and {len(ssims)} SSIM; allowed is one of each for every image, at least one"
        )
    prefix = "" if reference == "source" else "oracle_"
    finite = [value for value in psnrs if value != math.inf]
    equal = len(psnrs) - len(finite)
    note = f"{equal} of {len(psnrs)} images equal their {reference} (infinite, not in the mean)" if equal else ""
    compared = _COMPARED[reference]
    value, error = _mean(finite)
    first = Recipe(_PSNR, "mean squared error over pixels and channels", compared, "RGB, 0 to 255")
    value_ssim, error_ssim = _mean(ssims)
    second = Recipe(_SSIM, "Wang et al. 2004, eq. 13 and 17", compared, "luma of ITU-R BT.601, 0 to 255")
    return (
        Number(f"{prefix}psnr", value, len(finite), first, domain, error, note=note),
        Number(f"{prefix}ssim", value_ssim, len(ssims), second, domain, error_ssim),
    )


def perceptual_number(
    values: Sequence[float], domain: str = "", reference: Reference = "source", absent: str = ""
) -> Number:
    """LPIPS of a pool from that of its images, or, with a reason for its absence, the statement that there is none."""
    network = "AlexNet: features of 5 layers with the authors' linear weights, version 0.1"
    recipe = Recipe("mean over images of LPIPS", "Zhang et al. 2018", _COMPARED[reference], network=network)
    value, error = _mean(values)
    if value is None and not absent:
        raise InputError("LPIPS of no images; at least one is needed, or a reason why there is none")
    name = "lpips" if reference == "source" else "oracle_lpips"
    return Number(name, value, len(values), recipe, domain, error, note=absent)


def distance_numbers(
    generated: np.ndarray, real: np.ndarray, network: FeatureNetwork, compared: str, domain: str = "", seed: int = 0,
    why_not_inception: str = "",
) -> tuple[Number, Number]:  # fmt: skip
    """KID and FID of a pool; over another network than Inception they are called kernel and Frechet distance.

    Args:
        generated, real: features (N, D), equally many.
        compared: which images with which, for example "generated foggy images with real foggy images of the training split".
        seed: of the blocks.
        why_not_inception: kept with the number where the network is another.

    Raises:
        InputError: as `kid`.
    """
    close: Estimate = kid(generated, real, seed)
    apart = frechet(generated, real)
    count, width = generated.shape
    named = f"{network.name}: {network.recipe}"
    kernel = Recipe(_KID.format(block=BLOCK), "Binkowski et al. 2018, section 3", compared, network=named)
    gaussian = Recipe(_FRECHET, "Heusel et al. 2017, eq. 6", compared, network=named)
    biased = f"{count} images for {width} features: compare at this number of images only, it is biased upwards"
    notes = [part for part in (biased if count <= width else "", why_not_inception) if part]
    names = ("kid", "fid") if network.inception else ("kernel_distance", "frechet_distance")
    return (
        Number(names[0], close.value, count, kernel, domain, close.standard_error, note=why_not_inception),
        Number(names[1], apart, count, gaussian, domain, note="; ".join(notes)),
    )


def consistency_numbers(
    found: Consistency, classes: Sequence[str], unit: str, domain: str = "", on_sources: bool = False
) -> tuple[Number, Number, Number]:
    """Pixel accuracy, mIoU with each class's IoU, and frequency-weighted IoU of a trained unit's predictions.

    Args:
        found: counts over the images.
        classes: names, one for each row of the counts.
        unit: id of the unit that predicted.
        on_sources: the images were the sources themselves: what the unit can find at all.

    Raises:
        InputError: not as many names as classes; no unit.
    """
    if len(classes) != len(found.matrix) or not unit:
        raise InputError(
            f"segmentation consistency of unit {unit!r}: {len(classes)} names for {len(found.matrix)} classes; "
            "allowed are one for each, and a unit that is named"
        )
    compared = f"predictions on {'the sources' if on_sources else 'generated images'} with the labels of the sources"
    prefix = "source_" if on_sources else ""
    labelled = bool(found.matrix.sum())
    note = "" if labelled else "no pixel is labelled"

    def number(name: str, formula: str, value: float, parts: tuple[tuple[str, float | None], ...] = ()) -> Number:
        recipe = Recipe(
            formula, "Long et al. 2015, section 5; Cordts et al. 2016, section 4.1", compared, needs_unit=unit
        )
        return Number(prefix + name, value if labelled else None, found.images, recipe, domain, parts=parts, note=note)

    ious = tuple((n, None if math.isnan(v) else float(v)) for n, v in zip(classes, found.class_iou, strict=True))
    summed = "from int64 counts summed over images"
    return (
        number("pixel_accuracy", f"share of labelled pixels predicted right, {summed}", found.pixel_accuracy),
        number("mean_iou", f"mean over labelled classes of I / (P + L - I), {summed}", found.mean_iou, ious),
        number("frequency_weighted_iou", f"IoU weighted by labelled pixels, {summed}", found.frequency_weighted_iou),
    )


def absent_numbers(names: Sequence[str], reason: str, domain: str = "") -> tuple[Number, ...]:
    """The statement, for each measure, that there is no number, and why.

    Raises:
        InputError: no reason, or a name that is no measure.
    """
    # a distance that is not over Inception says over what it would have been
    networks = dict.fromkeys(("kernel_distance", "frechet_distance"), "study network")
    return tuple(
        Number(name, None, 0, Recipe("not measured", "", "", network=networks.get(name, "")), domain, note=reason)
        for name in names
    )


def _mean(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Mean and its standard error; None where there are too few values."""
    if not values:
        return None, None
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else None
    return math.fsum(values) / len(values), error
