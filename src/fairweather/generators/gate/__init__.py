"""The fidelity gate: does a made picture show its source, in its place, in other weather? And does the pool?

`look` measures a picture, `failures` names the rules it breaks, `judge` sums up a pool. The limits are those of
thresholds.csv, by target domain; docs/generators/gate.csv has the rates at which they tell whole pictures from broken ones.
"""

from fairweather.generators.gate.checks import ImageChecks, Known, known, look
from fairweather.generators.gate.domains import Distance, distance, tone
from fairweather.generators.gate.limits import Limits, limits
from fairweather.generators.gate.objects import Contrast, kept
from fairweather.generators.gate.verdict import RULES, PoolVerdict, failures, judge, worst_first

__all__ = [
    "RULES",
    "Contrast",
    "Distance",
    "ImageChecks",
    "Known",
    "Limits",
    "PoolVerdict",
    "distance",
    "failures",
    "judge",
    "kept",
    "known",
    "limits",
    "look",
    "tone",
    "worst_first",
]
