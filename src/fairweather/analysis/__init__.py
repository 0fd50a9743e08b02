"""Tables, gains, intervals and findings. No torch."""

from fairweather.analysis.analyse import Analysis, analyse
from fairweather.analysis.finding import Estimate, Finding, Scope, Test, Verdict
from fairweather.analysis.frame import Settings
from fairweather.analysis.power import planned_detectable
from fairweather.analysis.rules import RULES, rule_of

__all__ = [
    "RULES",
    "Analysis",
    "Estimate",
    "Finding",
    "Scope",
    "Settings",
    "Test",
    "Verdict",
    "analyse",
    "planned_detectable",
    "rule_of",
]
