"""The study file, contexts, arms, units and the plan. Touches no result."""

from fairweather.study.arms import Arm, resolve
from fairweather.study.contexts import Context, admitted
from fairweather.study.plan import CachePlan, Material, Plan, PoolPlan, plan
from fairweather.study.study import Study, StudyFile, parse, read
from fairweather.study.units import Unit, digest

__all__ = [
    "Arm",
    "CachePlan",
    "Context",
    "Material",
    "Plan",
    "PoolPlan",
    "Study",
    "StudyFile",
    "Unit",
    "admitted",
    "digest",
    "parse",
    "plan",
    "read",
    "resolve",
]
