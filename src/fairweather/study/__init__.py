"""The study file, contexts, arms, units and the plan. Touches no result."""

from fairweather.study.arms import Arm, resolve
from fairweather.study.contexts import Context, admitted
from fairweather.study.plan import (
    CachePlan,
    FitPlan,
    Material,
    Plan,
    PoolPlan,
    by_reason,
    plan,
    pool_plans,
    reader_identity,
)
from fairweather.study.study import PoolSpec, Study, StudyFile, parse, read
from fairweather.study.units import Unit, digest

__all__ = [
    "Arm",
    "CachePlan",
    "Context",
    "FitPlan",
    "Material",
    "Plan",
    "PoolPlan",
    "PoolSpec",
    "Study",
    "StudyFile",
    "Unit",
    "admitted",
    "by_reason",
    "digest",
    "parse",
    "plan",
    "pool_plans",
    "read",
    "reader_identity",
    "resolve",
]
