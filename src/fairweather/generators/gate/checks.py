"""One look at one picture: everything the gate judges an image by."""

from dataclasses import dataclass

import numpy as np

from fairweather.errors import InputError
from fairweather.generators.gate.copies import difference, spread
from fairweather.generators.gate.edges import along
from fairweather.generators.gate.objects import Contrast, contrasts
from fairweather.generators.gate.shift import Points, match, strongest
from fairweather.generators.gate.structure import (
    Structure,
    factor,
    grey,
    reduced,
    sampled,
    structure_of_label,
    structure_of_light,
)
from fairweather.generators.generator import Source


@dataclass(frozen=True)
class ImageChecks:
    """What was measured on a made picture; NaN is what could not be measured.

    Args:
        dx, dy: pixels by which it lies to the right of and below its source and label; they are true only where `agreement`
            shows that it shows the same scene.
        agreement: how much better the structures of source and label, together, fit it at that place than anywhere else, over
            how much better they fit the source itself: 1 for a copy, near 0 for another scene. So a data set whose labels
            follow its pictures loosely is held to the same limit.
        edges_before, edges_after: agreement of the label's boundaries with the source, and with the made picture.
        difference: mean absolute difference to the source in display values; structure: 0 its structure in place is that
            of the source, 1 unrelated.
        spread: standard deviation of luma in display values.
        objects: outlines of small objects, by class.
    """

    dx: float
    dy: float
    agreement: float
    edges_before: float
    edges_after: float
    difference: float
    structure: float
    spread: float
    objects: tuple[Contrast, ...]

    @property
    def shift(self) -> float:
        """Pixels between the made picture and its source."""
        return float(np.hypot(self.dx, self.dy))

    @property
    def edges_kept(self) -> float:
        """The label's boundaries: agreement after over before."""
        return self.edges_after / self.edges_before if self.edges_before > 0.0 else float("nan")


@dataclass(frozen=True, eq=False)
class Known:
    """What does not depend on the made picture; worth keeping where several are made from one source.

    Args:
        image: the source, reduced; before: its structure; outline: that of the label; label: at the size of both.
        points: where the structure of both is strongest; own: agreement of the source itself there.
    """

    image: np.ndarray
    before: Structure
    outline: Structure
    label: np.ndarray
    points: Points
    own: float


def known(source: Source) -> Known:
    """What `look` needs of a source."""
    image = reduced(source.image)
    before, outline = structure_of_light(grey(image)), structure_of_label(source.labelled)
    points = strongest((before, outline))
    return Known(image, before, outline, sampled(source.labelled), points, match(points, before).agreement)


def look(source: Source, made: np.ndarray, small: frozenset[str] = frozenset(), of: Known | None = None) -> ImageChecks:
    """Measure a made picture against its source. Neither is written to; the same input gives the same numbers.

    Args:
        made: uint8 (H, W, 3) RGB of the source's size.
        small: names of the classes that count as small objects.
        of: `known(source)`, if it is at hand.

    Raises:
        InputError: another size, shape or dtype than the source's.
    """
    if made.dtype != np.uint8 or made.shape != source.image.shape:
        raise InputError(f"a made picture is {made.dtype} {made.shape}; allowed is uint8 {source.image.shape}")
    of = of or known(source)
    picture, by = reduced(made), factor(made.shape[1])
    luma = grey(picture)
    after = structure_of_light(luma)
    place = match(of.points, after)
    steps = (0, 0) if np.isnan(place.agreement) else (round(place.dx), round(place.dy))
    apart = difference(of.image, picture, of.before, after)
    return ImageChecks(
        dx=by * place.dx,
        dy=by * place.dy,
        agreement=place.agreement / of.own if of.own > 0.0 else float("nan"),
        edges_before=along(of.outline, of.before, 0, 0),
        edges_after=along(of.outline, after, *steps),
        difference=apart.levels,
        structure=apart.structure,
        spread=spread(luma),
        objects=contrasts(of.label, source.classes, small, of.outline, of.before, after, *steps),
    )
