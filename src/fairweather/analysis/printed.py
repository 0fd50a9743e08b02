"""What a ready-made table of gains says: arithmetic on its printed numbers, and what they cannot answer.

Such a table prints one number for each strategy and context. Sums, counts and comparisons of these numbers are findings of
scope `table`, without test or interval; whatever asks about other runs is untestable, and says what was seen.
"""

import numpy as np

from fairweather.analysis.attributes import attribute_findings
from fairweather.analysis.frame import Frame, Ledger, Printed, budget, plain
from fairweather.analysis.printed_change import change_findings
from fairweather.analysis.printed_gains import REASON, context_findings, untestable


def printed_findings(frame: Frame, ledger: Ledger, printed: Printed) -> None:
    """Every finding of a table of printed gains, and the table `printed`."""
    for c, context in enumerate(frame.contexts):
        ledger.contexts = (context,)
        gains = {name: float(value) for name, value in zip(printed.strategies, printed.gain[c], strict=True)}
        context_findings(frame, ledger, printed, context, gains)
        attribute_findings(frame, ledger, context, gains, REASON)
    ledger.contexts = frame.contexts
    if len(frame.contexts) == 2:
        change_findings(frame, ledger, printed)
    delta = plain(frame.settings.smallest_gain)
    untestable(
        frame, ledger, "design.smallest_gain", f"Can this design show a gain of {delta} points in {frame.metric.metric}?",
        f"Which gain this design could have shown in {frame.metric.metric}{budget(frame).replace(',', '', 1)}",
    )  # fmt: skip
    _rows(frame, ledger, printed)


def _rows(frame: Frame, ledger: Ledger, printed: Printed) -> None:
    """One row a strategy and, where ranks are printed, one for the baseline they hold."""
    two = len(frame.contexts) == 2
    names, ranked = [*printed.strategies], bool(np.isfinite(printed.rank[:, -1]).any())
    gain = np.concatenate([printed.gain, np.zeros((len(printed.gain), 1))], axis=1)
    for k, name in enumerate([*names, frame.metric.baseline] if ranked else names):
        ledger.rows["printed"].append({
            "strategy": name, "first": frame.contexts[0], "second": frame.contexts[1] if two else "",
            "gain_first": _number(gain[0, k]), "gain_second": _number(gain[1, k]) if two else None,
            "change": _number(round(float(gain[1, k] - gain[0, k]), printed.digits) + 0.0) if two else None,
            "rank_first": _number(printed.rank[0, k]), "rank_second": _number(printed.rank[1, k]) if two else None,
            "rank_change": _number(printed.rank[0, k] - printed.rank[1, k]) if two else None,
        })  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
