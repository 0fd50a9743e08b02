"""Toy generators that each do one thing wrong, over scenes of town south: the gate names that rule, and no other.

Town south is one that no limit was set on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators import Generator, GeneratorCard, Source
from fairweather.generators.gate import RULES, Distance, PoolVerdict, distance, judge, look, tone
from fairweather.vocabulary.domains import DOMAINS

Street = Callable[[int, str], tuple[Source, np.ndarray]]
TARGETS = tuple(domain for domain in DOMAINS if domain != "clear_day")
SCENES = range(3, 500, 50)  # ten, of ten streets: as few as a distance is measured by
SMALL = frozenset({"pole", "traffic light", "traffic sign", "person", "rider", "motorcycle", "bicycle"})
CARD = GeneratorCard("gen_toy", "one thing wrong", family="gen", takes=("twin",), domains_supported=TARGETS)


@dataclass(frozen=True)
class Whole(Generator):
    """The oracle: nothing wrong."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        assert source.twin is not None
        return source.twin(domain, rng)


@dataclass(frozen=True)
class Copies(Generator):
    """Does nothing."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return source.image.copy()


@dataclass(frozen=True)
class Greys(Generator):
    """Destroys the picture: one colour."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return np.full_like(source.image, 117)


@dataclass(frozen=True)
class Mirrors(Generator):
    """Shows another scene: left is right."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return np.ascontiguousarray(Whole().generate(source, domain, rng)[:, ::-1])


@dataclass(frozen=True)
class Grain(Generator):
    """Shows nothing but noise."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, 256, source.image.shape, np.uint8)


@dataclass(frozen=True)
class Shifts(Generator):
    """Moves everything 3 px to the right."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return np.pad(Whole().generate(source, domain, rng), ((0, 0), (3, 0), (0, 0)), mode="edge")[:, :-3]


@dataclass(frozen=True)
class Erases(Generator):
    """Paints small objects over from their surround."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        small = [k for k, name in enumerate(source.classes) if name in SMALL]
        there = cv2.dilate(np.isin(source.label, small).astype(np.uint8), np.ones((5, 5), np.uint8))
        return np.asarray(cv2.inpaint(Whole().generate(source, domain, rng), there, 3, cv2.INPAINT_TELEA))


@dataclass(frozen=True)
class Repeats(Generator):
    """Shows another scene: the same picture whatever the source."""

    picture: np.ndarray
    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return self.picture.copy()


@dataclass(frozen=True)
class Stretches(Generator):
    """Changes the picture, its scene in place, but not the weather: more contrast."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return np.clip(128 + 1.18 * (source.image.astype(float) - 128), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Halves(Generator):
    """Hands back another size."""

    card: ClassVar = CARD

    def generate(self, source: Source, domain: str, rng: np.random.Generator) -> np.ndarray:
        return source.image[::2, ::2]


Pair = tuple[Source, np.ndarray]


@pytest.fixture(scope="module")
def pairs(street: Street) -> dict[str, list[Pair]]:
    """By domain, of every scene: its source, whose twin is the oracle, and the oracle."""
    found: dict[str, list[Pair]] = {}
    for domain in TARGETS:
        found[domain] = []
        for index in SCENES:
            source, oracle = street(index, domain)
            twin = Source(source.image, source.label, twin=lambda _, __, made=oracle: made, classes=source.classes)
            found[domain].append((twin, oracle))
    return found


def pool(generator: Generator, pairs: list[Pair], domain: str, apart: Distance | None = None) -> PoolVerdict:
    """The verdict on what a generator makes of all sources."""
    return judge([look(source, made(generator, source, domain), SMALL) for source, _ in pairs], domain, apart)


def made(generator: Generator, source: Source, domain: str) -> np.ndarray:
    return generator.generate(source, domain, np.random.Generator(np.random.Philox(7)))


@pytest.mark.parametrize("domain", TARGETS)
@pytest.mark.parametrize(
    ("generator", "rule"),
    [(Copies(), "copy"), (Greys(), "constant"), (Mirrors(), "edges"), (Grain(), "edges"), (Shifts(), "shift")],
    ids=lambda value: type(value).__name__ if isinstance(value, Generator) else None,
)
def test_a_toy_is_named_by_the_rule_it_breaks(
    pairs: dict[str, list[Pair]], domain: str, generator: Generator, rule: str
) -> None:
    """By every picture and by the pool."""
    found = pool(generator, pairs[domain], domain)
    assert dict(found.broken) == {name: len(SCENES) * (name == rule) for name in RULES}
    assert found.failures == (rule,)


@pytest.mark.parametrize("domain", TARGETS)
def test_one_picture_for_all_shows_another_scene(street: Street, pairs: dict[str, list[Pair]], domain: str) -> None:
    found = pool(Repeats(street(20, domain)[1]), pairs[domain], domain)
    assert found.failures == ("edges",)
    assert dict(found.broken) == {name: len(SCENES) * (name == "edges") for name in RULES}


@pytest.mark.parametrize("domain", TARGETS)
def test_objects_that_are_painted_over_are_named_by_the_pool_and_by_most_pictures(
    pairs: dict[str, list[Pair]], domain: str
) -> None:
    """At night by fewer: there the oracle leaves some in the dark, and it must pass; lamps painted over are half the scene."""
    found = pool(Erases(), pairs[domain], domain)
    broken = dict(found.broken)
    assert broken.pop("objects") >= (0.6 if domain == "night" else 0.9) * len(SCENES)
    edges = broken.pop("edges")
    assert edges <= (2 if domain == "night" else 0)
    assert not any(broken.values())
    reasons = {reason.split(":")[0] for reason in found.failures}
    assert reasons - ({"edges"} if domain == "night" else set()) == {"objects"}


@pytest.mark.parametrize("domain", TARGETS)
def test_what_keeps_the_scene_and_the_weather_of_its_source_is_named_by_the_pool_alone(
    pairs: dict[str, list[Pair]], domain: str
) -> None:
    apart = toned(Stretches(), pairs[domain], domain)
    assert pool(Stretches(), pairs[domain], domain, apart).failures == ("domain",)


@pytest.mark.parametrize("domain", TARGETS)
def test_the_oracle_is_delivered(pairs: dict[str, list[Pair]], domain: str) -> None:
    apart = toned(Whole(), pairs[domain], domain)
    assert pool(Whole(), pairs[domain], domain, apart).failures == ()


def toned(generator: Generator, pairs: list[Pair], domain: str) -> Distance | None:
    """Of what it makes of every scene, to all sources and to all oracles."""
    tones = np.stack([tone(made(generator, source, domain)) for source, _ in pairs])
    target, clear = (np.stack([tone(pair[k] if k else pair[0].image) for pair in pairs]) for k in (1, 0))
    return distance(tones, target, clear)


def test_another_size_is_refused(pairs: dict[str, list[Pair]]) -> None:
    source, _ = pairs["foggy"][0]
    with pytest.raises(InputError, match=r"a made picture is uint8 \(64, 128, 3\); allowed is uint8 \(128, 256, 3\)"):
        look(source, made(Halves(), source, "foggy"), SMALL)
