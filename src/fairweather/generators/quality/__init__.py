"""How good the images of a pool are: measures that are recorded and never stop anything (that is the gate's).

Measures are functions of arrays; `numbers` puts the recipe beside each, `record` holds them as quality.json. torch is imported
inside functions of `features` and `perceptual` alone. Nothing here touches a pool or a path of one.
"""

from fairweather.generators.quality.distances import Estimate, common_rows, frechet, kid
from fairweather.generators.quality.features import (
    Example,
    FeatureNetwork,
    features_of,
    inception,
    inception_or,
    shrunk,
    study_network,
)
from fairweather.generators.quality.numbers import (
    absent_numbers,
    consistency_numbers,
    distance_numbers,
    perceptual_number,
    pixel_numbers,
)
from fairweather.generators.quality.perceptual import lpips
from fairweather.generators.quality.pixels import mean_squared_error, psnr, ssim
from fairweather.generators.quality.record import MEASURES, Anchor, Composite, Number, Quality, Recipe
from fairweather.generators.quality.segmentation import Consistency, consistency

__all__ = [
    "MEASURES",
    "Anchor",
    "Composite",
    "Consistency",
    "Estimate",
    "Example",
    "FeatureNetwork",
    "Number",
    "Quality",
    "Recipe",
    "absent_numbers",
    "common_rows",
    "consistency",
    "consistency_numbers",
    "distance_numbers",
    "features_of",
    "frechet",
    "inception",
    "inception_or",
    "kid",
    "lpips",
    "mean_squared_error",
    "perceptual_number",
    "pixel_numbers",
    "psnr",
    "shrunk",
    "ssim",
    "study_network",
]
