"""A unit: one (data set, context, arm, model, seed), and the hash of everything that determines its result."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

# Raised when the engine's numbers change for the same description; a golden test in tests/engine watches it.
ENGINE_REVISION = 1


@dataclass(frozen=True)
class Unit:
    """What is trained once.

    Args:
        id: hash of `identity`.
        identity: JSON-able; all that is meant to determine the weights. Names of data sets and contexts are labels, not in it.
        dataset, context, strategy, model, seed, generated_share: the labels findings group by.
        arm: name of the study's arm; `strategy` adds the share to it where the share is an axis.
        pool: id of the pool its generated share comes from, or None.
        evaluation: id of the evaluation the study asks for.
    """

    id: str
    identity: dict[str, Any]
    dataset: str
    context: str
    strategy: str
    arm: str
    family: str
    control: bool
    model: str
    seed: int
    generated_share: float
    pool: str | None
    evaluation: str

    @property
    def label(self) -> str:
        """For people: never parsed."""
        share = f" share {self.generated_share:g}" if self.pool else ""
        return f"{self.dataset} {self.context} {self.strategy}{share} {self.model} seed {self.seed}"


def digest(record: object, length: int = 16) -> str:
    """Hex digest of a JSON-able record, independent of key order."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:length]
