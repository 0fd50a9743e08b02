"""The contract of every generator, run over the whole registry: ours and what other distributions add."""

import sys
import types
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from typing import ClassVar

import numpy as np
import pytest

from fairweather import generators
from fairweather.generators import GENERATORS, Generator, GeneratorCard, Source
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.registry import Registry
from fairweather.vocabulary.streams import stream


def planes():
    rng = np.random.default_rng(2)
    image = np.kron(rng.integers(0, 256, (6, 9, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8))
    return image, rng.integers(0, 19, (48, 72), dtype=np.uint8)


def twin(domain, rng):
    return rng.integers(0, 256, (48, 72, 3), dtype=np.uint8)


def whole(generator, image, label, domain):
    """A source with what the generator's card takes, and no more."""
    takes = generator.card.takes
    labelled = (label, label_space("cityscapes19").classes) if "label" in takes else (None, ())
    depth = np.full(label.shape, 20, np.float32) if "depth" in takes else None
    text = generator.prompt(domain) if "text" in takes else None
    return Source(image, labelled[0], depth, twin if "twin" in takes else None, labelled[1], text)


def check(generator):
    """The whole contract, for any generator."""
    card = generator.card
    assert card.family in ("gen", "placebo")
    assert set(card.domains_supported) | set(card.domains_reference) <= set(DOMAINS)
    assert set(card.takes) <= {"label", "depth", "twin", "text"} and set(card.may_take) <= {"depth"} - set(card.takes)
    assert card.keeps_domain or card.domains_supported, "no domain to translate to"
    image, label = planes()
    before = image.tobytes() + label.tobytes()
    for domain in ("clear_day",) if card.keeps_domain else card.domains_supported:
        source = whole(generator, image, label, domain)
        made = generator.generate(source, domain, stream(0, "pool", 1))
        assert image.tobytes() + label.tobytes() == before, "the input was written to"
        assert (made.shape, made.dtype) == (image.shape, image.dtype)
        assert not np.shares_memory(made, image), "the source itself was handed back"
        again = generator.generate(source, domain, stream(0, "pool", 1))
        assert np.array_equal(made, again), "the same stream gave another image"
        difference = np.abs(made.astype(float) - image).mean()
        assert card.control or difference > 1, "changes nothing"
    for name in card.may_take:
        other = replace(source, **{name: np.hypot(*np.indices(label.shape)).astype(np.float32) + 3})
        for domain in card.domains_supported:
            made = generator.generate(other, domain, stream(0, "pool", 1))
            assert (made.shape, made.dtype) == (image.shape, image.dtype)
    for plane in (image, label):
        plane.flags.writeable = False
    generator.generate(whole(generator, image[:, ::-1], label[:, ::-1], domain), domain, stream(0, "pool", 2))


@pytest.mark.parametrize("name", GENERATORS)
def test_every_generator_keeps_the_contract(name):
    check(generators.build(name))


@dataclass(frozen=True)
class Outsider(Generator):
    """What another distribution might add."""

    card: ClassVar = GeneratorCard("gen_outsider", "halves the light", family="gen", domains_supported=("night",))

    def generate(self, source, domain, rng):
        return source.image // 2


@dataclass(frozen=True)
class Prompted(Generator):
    """As a generator with a text encoder might: the light of its prompt, on the road alone."""

    card: ClassVar = GeneratorCard(
        "gen_prompted", "by words", family="gen", takes=("label", "text"), domains_supported=("night", "snowy")
    )
    words: tuple[str, ...] = ("a street at night", "a street in snow")

    def prompt(self, domain):
        return dict(zip(self.card.domains_supported, self.words, strict=True))[domain]

    def generate(self, source, domain, rng):
        made = source.image // 2
        made[source.labelled == 0] = len(source.text)
        return made


def test_a_generator_may_take_the_label_and_a_prompt_of_its_own():
    check(Prompted())


@pytest.mark.parametrize("takes", [(), ("label",), ("text",)], ids=str)
def test_the_contract_catches_a_generator_that_uses_what_its_card_does_not_take(takes):
    broken = type("Broken", (Prompted,), {"card": replace(Prompted.card, takes=takes)})()
    with pytest.raises((ValueError, TypeError)):
        check(broken)


def test_an_outsider_comes_in_through_the_entry_point_and_meets_the_same_contract(monkeypatch):
    module = types.ModuleType("an_outsider")
    module.Outsider = Outsider
    monkeypatch.setitem(sys.modules, "an_outsider", module)
    point = EntryPoint("outsider", "an_outsider:Outsider", "fairweather.generators")
    monkeypatch.setattr(
        "fairweather.vocabulary.registry.entry_points", lambda group: [point] if group == point.group else []
    )
    registry = Registry(GENERATORS.kind, GENERATORS.group, [*GENERATORS.values()])
    monkeypatch.setattr(generators, "GENERATORS", registry)
    assert [*registry] == [*GENERATORS, "gen_outsider"]
    check(generators.build("gen_outsider"))


def writes_to_its_source(self, source, domain, rng):
    source.image[0] = 0
    return source.image.copy()


def hands_back_the_source(self, source, domain, rng):
    return source.image


def changes_nothing(self, source, domain, rng):
    return source.image.copy()


def returns_another_size(self, source, domain, rng):
    return source.image[::2] // 2


def draws_from_a_shared_generator(self, source, domain, rng, shared=np.random.default_rng(0)):  # noqa: B008
    return shared.integers(0, 256, source.image.shape, dtype=np.uint8)


FAULTS = [
    writes_to_its_source,
    hands_back_the_source,
    changes_nothing,
    returns_another_size,
    draws_from_a_shared_generator,
]


@pytest.mark.parametrize("body", FAULTS, ids=lambda body: body.__name__)
def test_the_contract_catches_a_generator_that(body):
    broken = type("Broken", (Generator,), {"card": Outsider.card, "generate": body})()
    with pytest.raises(AssertionError):
        check(broken)


def test_the_contract_catches_a_generator_without_a_domain():
    card = GeneratorCard("gen_lost", "nowhere", family="gen")
    lost = type("Lost", (Generator,), {"card": card, "generate": Outsider.generate})()
    with pytest.raises(AssertionError, match="no domain"):
        check(lost)
