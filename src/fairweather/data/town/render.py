"""Rendering: a scene, a domain and a severity become an image, a label map and a depth map."""

from dataclasses import dataclass

import numpy as np

from fairweather.data.town.arithmetic import mix
from fairweather.data.town.atlas import atlas
from fairweather.data.town.exposure import develop
from fairweather.data.town.form import form, outline
from fairweather.data.town.scene import Scene
from fairweather.data.town.size import size_problem
from fairweather.data.town.weather import draw_conditions, through_air
from fairweather.errors import InputError


@dataclass(frozen=True)
class Rendering:
    """What the camera took.

    Args:
        image: (H, W, 3) uint8 RGB, developed and through one JPEG round trip.
        label: (H, W) uint8 Cityscapes train ids, 255 on the ego bonnet.
        depth: (H, W) float32 z-depth in metres, inf for sky.
    """

    image: np.ndarray
    label: np.ndarray
    depth: np.ndarray


def render(scene: Scene, domain: str, severity: float | None, seed: np.uint64, height: int, width: int) -> Rendering:
    """The scene in a domain.

    Label and depth depend on scene and size alone. The passes follow the light: surfaces (form), the air between them and
    the lens (weather), then lens, sensor and development (exposure).

    Args:
        severity: how strong the weather is, 1 is typical; None draws it from the domain's distribution.
        seed: of the weather's streams; the frames of a sequence share it, and with it sun, fog and severity.
        height, width: in pixels, as `size_problem` allows.

    Raises:
        InputError: a size that is too small or no multiple, a severity that is negative or no number, an unknown domain.
    """
    if problem := size_problem(height, width):
        raise InputError(f"size {width}x{height} {problem}")
    conditions = draw_conditions(scene.town, domain, severity, seed)
    formed = form(scene, conditions, atlas(), height, width)
    moment = mix(seed ^ np.uint64(scene.index))  # the weather lasts through a sequence, its drops and the noise do not
    radiance = through_air(formed, scene, conditions, moment)
    return Rendering(develop(radiance, conditions, moment), formed.label, formed.depth)


def truth(scene: Scene, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Label and depth of a scene, as every rendering of it has them."""
    return outline(scene, atlas(), height, width)
