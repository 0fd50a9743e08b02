"""gen_automold: the fog, rain and snow of Automold, and recipes for the domains it does not have."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from fairweather.errors import InputError, UnknownName
from fairweather.generators.generator import Generator, GeneratorCard, Source
from fairweather.generators.rendering.cloudy import cloudy
from fairweather.generators.rendering.discs import fogged, unit
from fairweather.generators.rendering.dusk import dawn_dusk
from fairweather.generators.rendering.lines import rained
from fairweather.generators.rendering.night import night
from fairweather.generators.rendering.tone import curve, lightness, through
from fairweather.vocabulary.domains import DOMAINS

FOGS = {"light": (0.5, 0.65), "any": (0.3, 1.0), "heavy": (0.8, 1.0)}  # ranges of c
RAINS = {
    "drizzle": (770, 10),
    "medium": (600, 20),
    "heavy": (600, 30),
    "torrential": (500, 60),
}  # pixels a drop, its length
SNOWS = {"any": (0.0, 1.0), "heavy": (0.7, 0.9)}  # ranges of c
ALPHA = 0.08  # opacity of a disc of fog at c = 1
DIMMED = 0.7  # lightness left in rain
USUAL = (1280, 720)  # size of picture from which on fog and rain are Automold's to the pixel
OWN = {"cloudy": cloudy, "dawn_dusk": dawn_dusk, "night": night}


@dataclass(frozen=True)
class Automold(Generator):
    """Fog of white discs and a box blur; lines of rain, a box blur and less light; dark pixels whitened to snow.

    The formulas are Automold's, the code is not. Three of its faults are left out: a slant that is drawn and then not used,
    sizes at which it breaks or hangs (a disc is at least 10 pixels wide, a drop at most a quarter of the height long), and its
    use of global random state. In rain, all channels are dimmed alike: that is the same lightness in HLS as Automold's, and the
    same colour below mid-grey, but HLS calls an almost white sky fully saturated and would dim it to cyan.

    Args:
        fogs, rains, snows: the variants of each, one of which is drawn for every image with equal chance.
        fog_layers: how often the discs of fog are laid, 1-20. Once, as Automold does, they whiten an average pixel by 2 %
            (c = 0.3) to 37 % (c = 1), and most of what is seen is the blur; from 3 on it is thick.
    """

    card: ClassVar = GeneratorCard(
        name="gen_automold",
        summary="Automold's fog discs, rain lines and whitened snow; recipes of this project for cloudy, dusk and night",
        source="U. Saxena, Automold (github.com/UjjwalSaxena/Automold--Road-Augmentation-Library, MIT, 2022): own code",
        aliases=("automold",),
        family="gen",
        takes=("label",),
        domains_reference=("foggy", "rainy", "snowy"),
        domains_supported=tuple(domain for domain in DOMAINS if domain != "clear_day"),
    )

    fogs: tuple[str, ...] = tuple(FOGS)
    rains: tuple[str, ...] = tuple(RAINS)
    snows: tuple[str, ...] = tuple(SNOWS)
    fog_layers: int = 1

    def __post_init__(self) -> None:
        for name, known in (("fogs", FOGS), ("rains", RAINS), ("snows", SNOWS)):
            chosen = getattr(self, name)
            if not isinstance(chosen, tuple | list) or not chosen:
                raise InputError(
                    f"Automold: {name} is {chosen!r}, allowed is a list of one or more of {', '.join(known)}"
                )
            for variant in chosen:
                if variant not in known:
                    raise UnknownName(f"variant in {name} of Automold", variant, known)
            object.__setattr__(self, name, tuple(chosen))  # a list is what a file holds; the value must be hashable
        if not isinstance(self.fog_layers, int) or not 1 <= self.fog_layers <= 20:
            raise InputError(f"Automold: fog_layers is {self.fog_layers!r}, allowed is a whole number from 1 to 20")

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        match domain:
            case "foggy":
                return _foggy(source.image, FOGS[rng.choice(self.fogs)], self.fog_layers, rng)
            case "rainy":
                return _rainy(source.image, *RAINS[rng.choice(self.rains)], rng)
            case "snowy":
                return _snowy(source.image, SNOWS[rng.choice(self.snows)], rng)
        return OWN[domain](source, rng)


def _foggy(image: np.ndarray, amounts: tuple[float, float], layers: int, rng: np.random.Generator) -> np.ndarray:
    c, width = rng.uniform(*amounts), image.shape[1]
    # Automold's number of discs grows with the width: a small picture would hardly be foggy. It gets its discs several times.
    for _ in range(layers * max(1, round(USUAL[0] / width))):
        image = fogged(image, c, rng, alpha=ALPHA, blur=0)
    side = unit(width, c) // 10
    foggy: np.ndarray = cv2.blur(image, (side, side))
    return foggy


def _rainy(image: np.ndarray, pixels: int, length: int, rng: np.random.Generator) -> np.ndarray:
    height, width = image.shape[:2]
    slant = int(rng.integers(-10, 11))
    wet = rained(image, slant, min(length, height // 4), 1, height * width // pixels, (200, 200, 200), rng)
    side = min(7, max(3, 7 * height // USUAL[1] | 1))  # 7 would wipe out a small picture, and the rain with it
    return through(cv2.blur(wet, (side, side)), curve(DIMMED, 1.0, 0.0, 1.0))


def _snowy(image: np.ndarray, amounts: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    return lightness(image, 2.5, below=rng.uniform(*amounts) * 127.5 + 85)
