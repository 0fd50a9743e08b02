"""The verdict of every finding: one rule, in one docstring, for each family of ids.

delta is `compare.smallest_gain`. A verdict is `untestable` where replicates are missing; that is decided before these
rules are asked. Intervals are 95 % unless it says otherwise.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fairweather.analysis.finding import Verdict
from fairweather.vocabulary.domains import DOMAINS

ALPHA = 0.05


def differ(p: float, widest: float, delta: float) -> Verdict:
    """Do the strategies differ; does the context change what they do.

    yes: Friedman's p <= 0.05 (between contexts: of the differences D). no: every pair's interval +- c_T SE lies inside
    +-delta. undecided otherwise. `widest`: the largest |difference| + c_T SE.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return "yes" if p <= ALPHA else "no" if widest <= delta else "undecided"


def gain(value: float, p_adjusted: float) -> Verdict:
    """Does one strategy help (or: does its gain grow from the first context to the second).

    yes: family-wise adjusted p <= 0.05 and the value above 0. no: adjusted p <= 0.05 and below 0. undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    if not p_adjusted <= ALPHA or value == 0:
        return "undecided"
    return "yes" if value > 0 else "no"


def gain_in_part(value: float, p_adjusted: float) -> Verdict:
    """Does one strategy help in one domain, or one class (or: does its gain there grow between the contexts).

    yes: Benjamini-Hochberg adjusted p <= 0.05, over all strategies x domains (classes) of the context, and the value
    above 0. no: adjusted p <= 0.05 and below 0. undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return gain(value, p_adjusted)


def all_positive(lower: np.ndarray, verdicts: Sequence[Verdict]) -> Verdict:
    """Does every strategy help.

    yes: every one-sided 95 % lower limit is above 0 (an intersection-union test, it needs no correction). no: some
    gains.<context>.<strategy> is no. undecided otherwise.

    Scope table: the printed gains decide. yes: all are above 0. no: some is below 0. undecided: the lowest is printed as 0.
    """
    return "yes" if lower.min() > 0 else "no" if "no" in verdicts else "undecided"


def below_baseline(lower: np.ndarray, verdicts: Sequence[Verdict]) -> Verdict:
    """Does some strategy fall below the baseline.

    yes: some gains.<context>.<strategy> is no. no: gains.<context>.all_positive is yes. undecided otherwise.

    Scope table: the printed gains decide. yes: some is below 0. no: all are above 0. undecided: the lowest is
    printed as 0.
    """
    return "yes" if "no" in verdicts else "no" if lower.min() > 0 else "undecided"


def best(low: np.ndarray, high: np.ndarray, tier: np.ndarray, reach: np.ndarray, delta: float) -> Verdict:
    """Is one strategy ahead of all others.

    yes: a rank set is {1}. no: the first tier holds two or more, and all pair intervals within it lie inside +-delta.
    undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    first = np.flatnonzero(tier == 1)
    if ((low == 1) & (high == 1)).any():
        return "yes"
    return "no" if first.size > 1 and reach[np.ix_(first, first)].max() <= delta else "undecided"


def tiers(tier: np.ndarray, reach: np.ndarray, delta: float) -> Verdict:
    """Do the strategies fall into tiers.

    yes: two tiers or more. no: all pair intervals lie inside +-delta. undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return "yes" if tier.max() > 1 else "no" if reach.max() <= delta else "undecided"


def effect(low: float, high: float, delta: float) -> Verdict:
    """Is there an effect (of a control, against the baseline; of the oracle, against the placebo; of the context, on the mean
    gain).

    yes: the 95 % interval excludes 0. no: it lies inside +-delta. undecided otherwise.

    Scope table: context.mean_gain_change is yes where the mean of the printed changes is not 0, else no; a control and the
    oracle are untestable.
    """
    if low > 0 or high < 0:
        return "yes"
    return "no" if -delta <= low and high <= delta else "undecided"


def share(value: float, p_adjusted: float) -> Verdict:
    """Does one strategy realise part of what perfect images give: asked where yardstick.<context> is yes, and only there.

    The share is the gain over placebo_duplicate divided by that of gen_oracle. yes: p <= 0.05 of the gain over
    placebo_duplicate, adjusted family-wise over the strategies as in gains.<context>.<strategy>, and the share above 0. no:
    adjusted p <= 0.05 and below 0. undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return gain(value, p_adjusted)


def depends(p_adjusted: float, low: float, high: float, delta: float) -> Verdict:
    """Does the gain (two contexts, no context named: the change of the gain between them) depend on the budget.

    yes: p <= 0.05, adjusted by Bonferroni over the strategies of both studies (and over the domains, where one is
    named). no: the 95 % interval of the difference lies inside +-delta. undecided otherwise.
    """
    return "yes" if p_adjusted <= ALPHA else "no" if -delta <= low and high <= delta else "undecided"


def contrast(low: float, high: float) -> Verdict:
    """Do the strategies, on average, help one half more (adverse minus normal domains; small classes minus the rest).

    yes: the 95 % interval of the mean over strategies lies above 0. no: below 0. undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return "yes" if low > 0 else "no" if high < 0 else "undecided"


def all_smaller(upper: np.ndarray, verdicts: Sequence[Verdict]) -> Verdict:
    """Is every gain smaller in the second context.

    yes: every one-sided 95 % upper limit of gain_change is below 0. no: some gain_change.<strategy> is yes. undecided
    otherwise.

    Scope table: the printed gains decide. yes: every change is below 0. no: some change is 0 or above.
    """
    return "yes" if upper.max() < 0 else "no" if "yes" in verdicts else "undecided"


def order_kept(p: float, reversed_pairs: int) -> Verdict:
    """Is the order of the strategies kept from one context to the other.

    yes: Kendall's tau has a one-sided permutation p <= 0.05 and no pair is reversed. no: some pair is reversed (T beyond
    c_T in one context, beyond -c_T in the other). undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return "no" if reversed_pairs else "yes" if p <= ALPHA else "undecided"


def rank_moves(p_band: float, p_proportional: float, reversed_pairs: int, kept: Verdict) -> Verdict:
    """Do ranks move more than chance.

    yes: p_band <= 0.05 (footrule against the null band) and p_prop <= 0.05 (not merely gains that shrink), or a reversed
    pair. no: p_band > 0.05 and context.order_kept is yes. undecided otherwise.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    if reversed_pairs or (p_band <= ALPHA and p_proportional <= ALPHA):
        return "yes"
    return "no" if p_band > ALPHA and kept == "yes" else "undecided"


def detectable(smallest: float, delta: float) -> Verdict:
    """Can the design show a gain of delta.

    yes: the smallest gain it detects with power 0.80 is at most delta (in every context). no: it is larger.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return "yes" if smallest <= delta else "no"


def influence(turns: int) -> Verdict:
    """Does one data set, model, seed, domain or class decide a verdict.

    Each of which there are at least two is left out in turn, and every verdict within the context is asked again. yes:
    leaving one out turns a yes into a no or back (of `best`: into a yes for another strategy), or changes the sign of, or
    more than halves, the estimate behind a yes or no. no: none does.

    Scope table: untestable, for a table of printed gains has no cells and no seeds.
    """
    return "yes" if turns else "no"


def turned(whole: Verdict, verdict: Verdict, kept: float) -> bool:
    """Whether a verdict turns as something is left out; `kept`: the part of its estimate that is left, NaN where none stands
    behind it."""
    return {whole, verdict} == {"yes", "no"} or kept < 0.5


def attribute(p_adjusted: float) -> Verdict:
    """Does an attribute of the strategies (measured, or a label given by hand) go with their gain, or the change of it.

    Spearman's rho over the strategies that have both; n is the number of strategies. yes: p <= 0.05, labels permuted over
    strategies, adjusted by Benjamini-Hochberg over the attributes asked of that context (of the change). no: never, for no
    rho that is seen shows that there is none. undecided otherwise. untestable: fewer than five strategies, one value for
    all of them, or gains that cannot be tested (scope table: always).
    """
    return "yes" if p_adjusted <= ALPHA else "undecided"


RULES: dict[str, Callable[..., Verdict]] = {
    "strategies.differ.<context>": differ,
    "family.<family>.differ.<context>": differ,
    "context.interaction": differ,
    "gains.<context>.all_positive": all_positive,
    "gains.<context>.<strategy>.<domain>": gain_in_part,
    "gains.<context>.<strategy>": gain,
    "per_class.<context>.<strategy>.<class>": gain_in_part,
    "below_baseline.<context>": below_baseline,
    "best.<context>": best,
    "tiers.<context>": tiers,
    "control.<name>.<context>": effect,
    "yardstick.<context>": effect,
    "yardstick.<context>.<strategy>": share,
    "context.mean_gain_change": effect,
    "context.all_gains_smaller": all_smaller,
    "context.order_kept": order_kept,
    "context.rank_moves": rank_moves,
    "gain_change.<strategy>.<domain>": gain_in_part,
    "gain_change.<strategy>": gain,
    "domains.adverse_vs_normal.<context>": contrast,
    "classes.small_vs_rest.<context>": contrast,
    "influence.<context>": influence,
    "attributes.<name>.gain_change": attribute,
    "attributes.<name>.<context>": attribute,
    "design.smallest_gain": detectable,
    "budget.<strategy>.<context>.<domain>": depends,
    "budget.<strategy>.<domain>": depends,
    "budget.<strategy>.<context>": depends,
    "budget.<strategy>": depends,
}


def rule_of(finding_id: str, contexts: Sequence[str]) -> str:
    """The pattern of RULES an id follows, given the names of the contexts; KeyError if none."""
    for pattern in RULES:
        if re.fullmatch(_expression(pattern, contexts), finding_id):
            return pattern
    raise KeyError(finding_id)


def _expression(pattern: str, contexts: Sequence[str]) -> str:
    known: dict[str, Sequence[Any]] = {"<context>": contexts, "<domain>": DOMAINS}
    parts = re.split(r"(<[a-z]+>)", pattern)
    choice = {name: "(?:" + "|".join(map(re.escape, values)) + ")" for name, values in known.items()}
    return "".join(choice.get(part, ".+" if part.startswith("<") else re.escape(part)) for part in parts)


def with_others(verdict: Verdict, other: Verdict | None) -> bool:
    """Whether a yes or no for these data sets and models fails for others like them (and must say so)."""
    return verdict in ("yes", "no") and other is not None and other != verdict
