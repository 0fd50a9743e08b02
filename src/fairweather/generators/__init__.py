"""What makes images offline, one generator per file. A generator never touches paths.

Others add generators through the entry-point group "fairweather.generators"; an entry is a final subclass of Generator:
a frozen dataclass with a `card`, whose fields all have defaults.
"""

from fairweather.generators.duplicate import Duplicate
from fairweather.generators.generator import Generator, GeneratorCard, Source
from fairweather.generators.noise import Noise
from fairweather.generators.oracle import Oracle
from fairweather.generators.rendering.albumentations_weather import AlbumentationsWeather
from fairweather.generators.rendering.augmenters import Augmenters
from fairweather.generators.rendering.automold import Automold
from fairweather.generators.rendering.weather_effect import WeatherEffect
from fairweather.strategies.strategy import configured, parameters
from fairweather.vocabulary.registry import Registry

__all__ = ["GENERATORS", "Generator", "GeneratorCard", "Source", "build", "parameters"]

GENERATORS: Registry[type[Generator]] = Registry(
    "generator",
    "fairweather.generators",
    [Duplicate, Noise, Oracle, Automold, AlbumentationsWeather, Augmenters, WeatherEffect],
)


def build(name: str, profile: str | None = None, where: str = "") -> Generator:
    """The generator of that name or alias with its default parameters, or with those of a profile of its card.

    Raises:
        UnknownName: no such generator, or it has no such profile.
    """
    entry = GENERATORS[GENERATORS.canonical(name, where)]
    return configured(entry, entry.card, profile)
