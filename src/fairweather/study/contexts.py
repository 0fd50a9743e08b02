"""A context: what real data training sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairweather.data import Row, Sample
from fairweather.vocabulary.streams import stable_share


@dataclass(frozen=True)
class Context:
    """A filter over domains, and a share of the images it lets through.

    Args:
        name: as the study calls it, for example "stage1".
        domains: canonical domains that are admitted.
        share: part of the images taken, in (0, 1]; shares nest, because an image is in or out by the hash of its id.
    """

    name: str
    domains: tuple[str, ...]
    share: float = 1.0

    def admits(self, sample: Sample) -> bool:
        """Whether training in this context may see the sample."""
        return sample.domain in self.domains and stable_share(sample.id) < self.share


def admitted(context: Context, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows a context lets through."""
    return tuple(row for row in rows if context.admits(row.sample))
