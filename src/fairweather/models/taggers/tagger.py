"""What a tagger sees in an image, and the rule by which that becomes one domain."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from fairweather.errors import InputError
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED

# Night first, then what falls and what hides, by the precedence of datasets.md 2; the others by what is most likely.
FIRST = ("night", "snowy", "rainy", "foggy")
REST = ("dawn_dusk", "cloudy", "clear_day")
NEVER = 2.0  # a threshold that no probability reaches
UNCALIBRATED = 0.5


@dataclass(frozen=True)
class Evidence:
    """What a tagger sees in one image.

    Args:
        scores: of each of DOMAINS, a logarithm of how well it fits; -inf for one the tagger never says.
        outdoor: whether it shows a road or street at all.
        fog: how much better fog fits than what looks like it, for taggers that compare them; None otherwise.
    """

    scores: tuple[float, ...]
    outdoor: bool = True
    fog: float | None = None


@dataclass(frozen=True)
class Rule:
    """How evidence is turned into one domain.

    Args:
        temperature: scores are divided by it.
        thresholds: the probability at which each of DOMAINS is said; NEVER or above: it is not.
        fog: the margin at which foggy is said, where there is one; None: by its probability.
        lead: by how much the probability of what is said must exceed the next.
        second: the probability from which the next is kept as the second condition.
    """

    temperature: float = 1.0
    thresholds: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(DOMAINS, UNCALIBRATED))
    fog: float | None = 0.02
    lead: float = 0.1
    second: float = 0.2

    def record(self) -> dict[str, object]:
        """The rule as plain values, for a sheet."""
        return {
            "temperature": self.temperature,
            "thresholds": {domain: self.thresholds[domain] for domain in DOMAINS},
            "fog": self.fog,
            "lead": self.lead,
            "second": self.second,
        }


@dataclass(frozen=True)
class Said:
    """What is said of one image: a canonical domain or UNDEFINED, a second condition or "", and the probability of the domain
    (of the most likely one where nothing is said)."""

    domain: str
    secondary: str
    confidence: float


@dataclass(frozen=True, eq=False)
class Tagger:
    """A named way from images to domains.

    Args:
        origin: one of ORIGINS.
        revision: of the code; settings: all else that determines what it says, but the rule.
        look: images (H, W, 3) uint8 RGB, of any sizes, to the evidence in each.
        rule: what it decides by, unless it is calibrated anew.
        never: the domains it never says.
    """

    name: str
    origin: str
    revision: int
    settings: Mapping[str, object]
    look: Callable[[Sequence[np.ndarray]], list[Evidence]]
    rule: Rule
    never: tuple[str, ...] = ()

    def evidence(self, images: Sequence[np.ndarray]) -> list[Evidence]:
        """The evidence in each image; InputError if one is not (H, W, 3) uint8."""
        for number, image in enumerate(images):
            if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
                raise InputError(f"image {number} is {image.dtype} of shape {image.shape}; allowed is uint8 (H, W, 3)")
        return self.look(images) if len(images) else []

    def tag(self, images: Sequence[np.ndarray], rule: Rule | None = None) -> list[Said]:
        """What it says of each image, by its own rule or another."""
        return [decide(seen, rule or self.rule) for seen in self.evidence(images)]


def probabilities(scores: Sequence[float] | np.ndarray, temperature: float) -> np.ndarray:
    """softmax(scores / temperature) along the last axis, float64; -inf has probability 0."""
    scaled = np.asarray(scores, np.float64) / temperature
    odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    found: np.ndarray = odds / odds.sum(axis=-1, keepdims=True)
    return found


def decide(seen: Evidence, rule: Rule) -> Said:
    """One domain, or UNDEFINED: not outdoors, nothing passes its threshold, or the lead over the next is too small."""
    likely = dict(zip(DOMAINS, probabilities(seen.scores, rule.temperature).tolist(), strict=True))
    order = sorted(DOMAINS, key=lambda domain: -likely[domain])
    nothing = Said(UNDEFINED, "", likely[order[0]])
    if not seen.outdoor:
        return nothing
    by_margin = rule.fog is not None and seen.fog is not None
    for domain in (*FIRST, max(REST, key=lambda domain: likely[domain])):
        if domain == "foggy" and by_margin:
            # fog is unsure among the classes by nature, so the margin alone decides
            if seen.fog >= rule.fog and rule.thresholds[domain] < NEVER:  # type: ignore[operator]  # both are numbers here
                return _said(domain, likely, order, rule)
        elif likely[domain] >= rule.thresholds[domain]:
            following = next(other for other in order if other != domain)
            return _said(domain, likely, order, rule) if likely[domain] - likely[following] >= rule.lead else nothing
    return nothing


def _said(domain: str, likely: Mapping[str, float], order: Sequence[str], rule: Rule) -> Said:
    following = next(other for other in order if other != domain)
    return Said(domain, following if likely[following] >= rule.second else "", likely[domain])
