"""Fitting a tagger's rule to images whose domain is known; it is judged on others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from fairweather.models.taggers.tagger import FIRST, NEVER, REST, Evidence, Rule, probabilities
from fairweather.vocabulary.domains import DOMAINS

PRECISION = 0.9  # what a threshold must reach
FEWEST = 10  # images of a domain below which its threshold is left as it was


@dataclass(frozen=True)
class Calibration:
    """A fitted rule.

    Args:
        images: it was fitted on so many; left: domains with fewer than FEWEST images, whose thresholds were not fitted;
        never: domains whose precision reached PRECISION at no threshold, so that they are not said.
    """

    rule: Rule
    images: int
    left: tuple[str, ...]
    never: tuple[str, ...]


def calibrate(seen: Sequence[Evidence], known: Sequence[str], rule: Rule) -> Calibration:
    """The temperature with the smallest log loss, then, in the order in which domains are decided, the lowest threshold with
    a precision of at least PRECISION among the images that no earlier domain took and in which it leads. Images that are not
    outdoors are left out.

    Args:
        known: the canonical domain of each image.
        rule: whose lead is kept, and whose thresholds are where a domain has too few images.
    """
    pairs = [(each, domain) for each, domain in zip(seen, known, strict=True) if each.outdoor]
    enough = {d for d in DOMAINS if sum(domain == d for _, domain in pairs) >= FEWEST}
    if not pairs:
        return Calibration(rule, 0, DOMAINS, ())
    scores = np.array([each.scores for each, _ in pairs])
    truth = np.array([DOMAINS.index(domain) for _, domain in pairs])
    temperature = _temperature(scores, truth, rule.temperature)
    likely = probabilities(scores, temperature)
    margins = np.array([np.nan if each.fog is None else each.fog for each, _ in pairs])
    thresholds, fog, never = dict(rule.thresholds), rule.fog, []
    open_ = np.ones(len(pairs), bool)
    for domain in (*FIRST, *REST):
        number = DOMAINS.index(domain)
        by_margin = domain == "foggy" and fog is not None and not np.isnan(margins).any()
        worth = margins if by_margin else likely[:, number]
        if domain in enough:
            candidates = open_ if domain in FIRST else open_ & (_best_of_rest(likely) == number)
            if not by_margin:  # what does not lead is not said, whatever the threshold
                candidates = candidates & (
                    likely[:, number] - np.delete(likely, number, axis=1).max(axis=1) >= rule.lead
                )
            found = _lowest(worth[candidates], truth[candidates] == number)
            if found is None:
                thresholds[domain] = NEVER
                never.append(domain)
            elif by_margin:
                fog = found
            else:
                thresholds[domain] = found
        if domain in FIRST and thresholds[domain] < NEVER:
            open_ = open_ & (worth < (fog if by_margin else thresholds[domain]))
    fitted = replace(rule, temperature=temperature, thresholds=thresholds, fog=fog)
    return Calibration(fitted, len(pairs), tuple(d for d in DOMAINS if d not in enough), tuple(never))


def _best_of_rest(likely: np.ndarray) -> np.ndarray:
    """(N,) the number of the most likely of REST."""
    numbers = np.array([DOMAINS.index(domain) for domain in REST])
    best: np.ndarray = numbers[likely[:, numbers].argmax(axis=1)]
    return best


def _temperature(scores: np.ndarray, truth: np.ndarray, before: float) -> float:
    """The temperature under which what is known is most likely; images of a domain the tagger never says do not count."""
    known = np.isfinite(scores[np.arange(len(truth)), truth])
    if not known.any():
        return before
    scores, truth = scores[known], truth[known]

    def loss(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(truth)), truth]).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded").x))


def _lowest(worth: np.ndarray, right: np.ndarray) -> float | None:
    """The lowest value from which on the share of right ones is at least PRECISION; None if there is none."""
    order = np.argsort(-worth, kind="stable")
    sorted_, hits = worth[order], np.cumsum(right[order])
    last = (
        np.append(sorted_[1:] < sorted_[:-1], True) if len(sorted_) else np.zeros(0, bool)
    )  # equal values go together
    good = np.flatnonzero(last & (hits >= PRECISION * np.arange(1, len(sorted_) + 1)) & (hits > 0))
    return float(sorted_[good[-1]]) if good.size else None
