"""The verdict: which rules a picture breaks, and whether a pool is delivered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from fairweather.generators.gate.checks import ImageChecks
from fairweather.generators.gate.domains import Distance
from fairweather.generators.gate.limits import Limits, limits
from fairweather.generators.gate.objects import Contrast, kept

RULES = ("constant", "copy", "edges", "shift", "objects")
FEWEST = 10  # pictures that must show a class before its loss speaks against a pool
MOST = 0.05  # of a pool's pictures may break a rule: five times what the oracle may


@dataclass(frozen=True)
class PoolVerdict:
    """Of the pictures of one pool and target domain.

    Args:
        images: how many; broken: how many of them break each rule, in order of RULES.
        vanished: small classes whose outlines are lost in the pool as a whole.
        distance: to both domains, None where it is not measurable, which is no pass.
        failures: why it is not delivered: rules that too many pictures break, "objects: <class>", "domain"; "empty".
    """

    domain: str
    images: int
    broken: tuple[tuple[str, int], ...]
    vanished: tuple[str, ...]
    distance: Distance | None
    failures: tuple[str, ...]

    @property
    def delivered(self) -> bool:
        """Whether nothing speaks against the pool."""
        return not self.failures


def failures(checks: ImageChecks, domain: str) -> tuple[str, ...]:
    """The rules that a picture breaks, of RULES; () is a pass.

    A rule that stands on a broken one is not judged: of a near-constant picture nothing else can be said, and where a
    picture shows another scene than its source, it has no place or objects to compare. What cannot be measured (NaN) does
    not pass, save small objects where the source shows none.

    Raises:
        UnknownName: no target domain of that name.
    """
    limit = limits(domain)
    if not checks.spread >= limit.spread:
        return ("constant",)
    found = ["copy"] if _copied(checks, limit) else []
    if not checks.agreement >= limit.agreement:
        return (*found, "edges")
    if not checks.shift < limit.shift:
        found.append("shift")
    if kept(checks.objects) < limit.objects:
        found.append("objects")
    return tuple(found)


def judge(checks: Sequence[ImageChecks], domain: str, distance: Distance | None) -> PoolVerdict:
    """The verdict on the pictures that a generator made for one domain.

    Raises:
        UnknownName: no target domain of that name.
    """
    broken = [failures(one, domain) for one in checks]
    counts = tuple((rule, sum(rule in one for one in broken)) for rule in RULES)
    vanished = _vanished([one for one, rules in zip(checks, broken, strict=True) if not _astray(rules)], domain)
    reasons = [rule for rule, count in counts if count > MOST * len(checks)]
    reasons += [f"objects: {name}" for name in vanished]
    if distance is not None and distance.nearness < limits(domain).nearness:
        reasons.append("domain")
    return PoolVerdict(domain, len(checks), counts, vanished, distance, tuple(reasons if checks else ["empty"]))


def worst_first(checks: Sequence[ImageChecks], domain: str) -> tuple[int, ...]:
    """Places of the pictures, those that break most rules first, then those that agree least with their source."""
    return tuple(
        sorted(range(len(checks)), key=lambda k: (-len(failures(checks[k], domain)), _agreement(checks[k]), k))
    )


def _copied(checks: ImageChecks, limit: Limits) -> bool:
    return checks.difference < limit.difference and not checks.structure >= limit.structure


def _astray(rules: tuple[str, ...]) -> bool:
    return "constant" in rules or "edges" in rules


def _agreement(checks: ImageChecks) -> float:
    return checks.agreement if checks.agreement == checks.agreement else -1.0


def _vanished(checks: Sequence[ImageChecks], domain: str) -> tuple[str, ...]:
    """Classes whose contrast, over all pictures, is lost."""
    found: dict[str, list[Contrast]] = defaultdict(list)
    for one in checks:
        for contrast in one.objects:
            found[contrast.name].append(contrast)
    often = [name for name in sorted(found) if len(found[name]) >= FEWEST]
    return tuple(name for name in often if kept(found[name]) < limits(domain).objects)
