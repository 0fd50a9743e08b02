"""How numbers are written: signed gains, intervals, counts. One place, so that every column aligns."""

import math
import re

MINUS = "\N{MINUS SIGN}"
ABSENT = "\N{EN DASH}"

_HASH = re.compile(r"[0-9a-f]{24,}")


def finite(value: object) -> float | None:
    """The value as a float; None where it is null, NaN, infinite or not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def signed(value: float | None) -> str:
    """A gain in points with its sign and two decimals, "+1.35"; zero has no sign, and an absent one is a dash."""
    if value is None:
        return ABSENT
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", MINUS)


def interval(low: float | None, high: float | None) -> str:
    """A confidence interval, "[+0.52, +2.18]"; nothing where a side is missing."""
    return "" if low is None or high is None else f"[{signed(low)}, {signed(high)}]"


def rank(value: float | None) -> str:
    """A rank: whole where it is whole, one decimal where ranks are shared."""
    if value is None:
        return ABSENT
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def plain(value: object) -> str:
    """Any cell of a record as text: counts with thin grouping, floats with four digits, yes and no for booleans."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace("-", MINUS) if abs(value) >= 10_000 else str(value).replace("-", MINUS)
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", MINUS) if math.isfinite(value) else ABSENT
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(v) for v in value)
    return str(value)


def short(text: str) -> str:
    """A digest cut to its first ten characters; any other text as it is."""
    return f"{text[:10]}…" if _HASH.fullmatch(text) else text
