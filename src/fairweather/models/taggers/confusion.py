"""What a tagger said of images whose domain is known, counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

from fairweather.vocabulary.domains import DOMAINS, UNDEFINED


@dataclass(frozen=True)
class Confusion:
    """Images by (known domain, said domain); what was said may be UNDEFINED."""

    counts: dict[tuple[str, str], int]

    @property
    def images(self) -> int:
        return sum(self.counts.values())

    @property
    def decided(self) -> int:
        return sum(n for (_, said), n in self.counts.items() if said != UNDEFINED)

    @property
    def right(self) -> int:
        return sum(n for (known, said), n in self.counts.items() if said == known)

    def record(self) -> dict[str, object]:
        """The counts, the coverage, and of each said domain the precision with its 95 % interval, as plain values."""
        precision = []
        for domain in DOMAINS:
            said = sum(n for (_, s), n in self.counts.items() if s == domain)
            if said:
                right = self.counts.get((domain, domain), 0)
                low, high = wilson(right, said)
                precision.append(
                    {
                        "domain": domain,
                        "said": said,
                        "right": right,
                        "precision": right / said,
                        "low": low,
                        "high": high,
                    }
                )
        return {
            "images": self.images,
            "decided": self.decided,
            "right": self.right,
            "coverage": self.decided / self.images if self.images else None,
            "counts": [{"domain": k, "said": s, "images": n} for (k, s), n in sorted(self.counts.items())],
            "precision": precision,
        }


def confusion(known: Sequence[str], said: Sequence[str]) -> Confusion:
    """Count pairs of known and said domains."""
    counts: dict[tuple[str, str], int] = {}
    for pair in zip(known, said, strict=True):
        counts[pair] = counts.get(pair, 0) + 1
    return Confusion(counts)


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); images of one sequence are not independent, so it is too narrow there."""
    found = binomtest(right, of).proportion_ci(0.95, method="wilson")
    return float(found.low), float(found.high)
