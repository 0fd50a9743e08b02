"""Percent or fraction: by declaration, by what every value of a file says, or not at all."""

import numpy as np

from fairweather.analysis.imports.sheet import path_shown
from fairweather.analysis.imports.spellings import Unit
from fairweather.errors import InputError

TINY = 0.01  # a file whose largest value is no more than this says nothing about its unit
CLOSE = 0.30  # of the median of the percentages it is compared with: how near a hundredfold fraction lies
DECLARE = "--columns unit=percent or unit=fraction declares it for the whole file"


def judge(
    file: str, lines: np.ndarray, values: np.ndarray, groups: np.ndarray, cells: np.ndarray, arms: np.ndarray
) -> Unit:
    """The unit of the values of one file that declares none.

    All in [0, 1] and some above TINY: fractions. Else percentages, and a value in (0, 1] among them is a collapsed one
    (which the audit names), unless it may just as well be a fraction: its hundredfold lies within CLOSE of the median of
    its group's percentages, or the values of all strategies of its cell lie in [0, 1].

    Args:
        values: float64 (rows,), NaN where missing; groups: int64 (rows,), equal for rows of one data set, model, domain
            and class; cells: likewise of one data set and model; arms: likewise of one strategy.

    Raises:
        InputError: percentages and fractions are mixed, or the values do not tell.
    """
    there = np.isfinite(values)
    lines, values, groups, cells, arms = lines[there], values[there], groups[there], cells[there], arms[there]
    low = (values > 0) & (values <= 1)
    high = (values > 1) | (values < 0)
    if not high.any():
        if values.size and values.max() <= TINY:
            raise InputError(
                f"{path_shown(file)}: no value is above {TINY:g}, so percent and fraction look alike ({DECLARE})"
            )
        return "fraction"
    if low.sum() > high.sum():
        odd = int(np.argmax(high))
        where = f"{path_shown(file)} line {lines[odd]}: {values[odd]:g} is no fraction, while most values are"
        raise InputError(f"{where} (allowed: one unit in a file; {DECLARE})")
    mixed = _near(values, groups, low) | _whole_cells(values, cells, arms, low, high)
    if mixed.any():
        row = int(np.argmax(mixed))
        raise InputError(
            f"{path_shown(file)} line {lines[row]}: {values[row]:g} may be a fraction among percentages (allowed: one unit in a "
            f"file; {DECLARE})"
        )
    return "percent"


def _near(values: np.ndarray, groups: np.ndarray, low: np.ndarray) -> np.ndarray:
    """bool (rows,): in (0, 1], and a hundred times that is like the percentages of its group."""
    percentages = (values > 1) & np.isin(groups, groups[low])
    order = np.lexsort((values[percentages], groups[percentages]))
    ordered = values[percentages][order]
    names, first, count = np.unique(groups[percentages][order], return_index=True, return_counts=True)
    if not names.size:
        return np.zeros(values.size, bool)
    middle = (ordered[first + (count - 1) // 2] + ordered[first + count // 2]) / 2
    at = np.minimum(np.searchsorted(names, groups), names.size - 1)
    near = np.abs(100 * values - middle[at]) <= CLOSE * middle[at]
    found: np.ndarray = low & (names[at] == groups) & near
    return found


def _whole_cells(
    values: np.ndarray, cells: np.ndarray, arms: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """bool (rows,): in (0, 1], of a cell where two strategies or more have values and none is above 1."""
    found = np.zeros(values.size, bool)
    for cell in np.setdiff1d(cells[low], cells[high]):
        inside = cells == cell
        if np.unique(arms[inside]).size >= 2 and values[inside].max() > TINY:
            found |= inside & low
    return found
