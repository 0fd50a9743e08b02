"""A rule is fitted so that what is said is right nine times in ten."""

import numpy as np
import pytest

from fairweather.models.taggers import Evidence, Rule, calibrate, decide
from fairweather.models.taggers.tagger import NEVER
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED

START = Rule(thresholds=dict.fromkeys(DOMAINS, 0.5), fog=0.02)


def drawn(seed: int, images: int, sharpness: float, signal: float = 2.0) -> tuple[list[Evidence], list[str]]:
    """Images whose scores are logits of a well-specified classifier, times a sharpness that is to be found."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(images, 7)) * signal
    odds = np.exp(logits)
    known = [DOMAINS[rng.choice(7, p=row / row.sum())] for row in odds]
    return [Evidence(tuple((row * sharpness).tolist())) for row in logits], known


def test_the_temperature_undoes_what_the_scores_were_multiplied_by() -> None:
    for sharpness in (0.3, 1.0, 8.0):
        fitted = calibrate(*drawn(0, 3000, sharpness), START)
        assert fitted.rule.temperature == pytest.approx(sharpness, rel=0.1)


def test_what_is_said_of_other_images_is_right_nine_times_in_ten() -> None:
    fitted = calibrate(*drawn(1, 4000, 3.0, 3.0), START).rule
    seen, known = drawn(2, 4000, 3.0, 3.0)
    said = [decide(each, fitted).domain for each in seen]
    decided = [(k, s) for k, s in zip(known, said, strict=True) if s != UNDEFINED]
    assert len(decided) > 1000
    for domain in DOMAINS:
        hits = [k == s for k, s in decided if s == domain]
        assert len(hits) > 50 and np.mean(hits) > 0.86


def test_domains_with_few_images_keep_their_threshold_and_hopeless_ones_are_never_said() -> None:
    confused = [Evidence((2.0, 0, 0, 0, 0, 0, 0)) for _ in range(40)]
    fitted = calibrate(confused, ["clear_day"] * 20 + ["cloudy"] * 20, START)
    assert fitted.rule.thresholds["clear_day"] == NEVER and "clear_day" in fitted.never
    assert fitted.rule.thresholds["night"] == 0.5 and "night" in fitted.left and "clear_day" not in fitted.left
    assert decide(confused[0], fitted.rule).domain == UNDEFINED


def test_the_margin_of_fog_is_fitted_where_there_is_one() -> None:
    rng = np.random.default_rng(3)
    known = ["foggy"] * 200 + ["cloudy"] * 200
    margins = np.concatenate([rng.normal(0.05, 0.01, 200), rng.normal(0.0, 0.01, 200)])
    seen = [Evidence((0.0, 1.0, 0, 0, 0, 0, 0), fog=float(m)) for m in margins]
    fitted = calibrate(seen, known, START).rule
    assert fitted.fog is not None and 0.0 < fitted.fog < 0.04
    said = margins >= fitted.fog
    assert np.mean([k == "foggy" for k, s in zip(known, said, strict=True) if s]) >= 0.9


def test_images_that_are_not_outdoors_take_no_part() -> None:
    seen, known = drawn(4, 500, 1.0)
    inside = [Evidence((9.0, 0, 0, 0, 0, 0, 0), outdoor=False) for _ in range(500)]
    assert calibrate(seen + inside, known + ["night"] * 500, START) == calibrate(seen, known, START)
    assert calibrate(inside, ["night"] * 500, START).rule == START
