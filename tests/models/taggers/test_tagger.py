"""How evidence becomes one domain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.errors import InputError, UnknownName
from fairweather.models.taggers import Evidence, Rule, Tagger, decide, open_tagger
from fairweather.models.taggers.tagger import NEVER, probabilities
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED


def seen(outdoor: bool = True, fog: float | None = None, **likely: float) -> Evidence:
    """Evidence whose probabilities are those given; the rest of 1 is shared by the others."""
    left = (1 - sum(likely.values())) / (len(DOMAINS) - len(likely))
    return Evidence(tuple(float(np.log(likely.get(d, left))) for d in DOMAINS), outdoor, fog)


def rule(**thresholds: float) -> Rule:
    return Rule(thresholds=dict.fromkeys(DOMAINS, 0.5) | thresholds)


def test_the_most_likely_is_said_with_the_next_as_second_condition() -> None:
    said = decide(seen(cloudy=0.6, rainy=0.3), rule())
    assert (said.domain, said.secondary) == ("cloudy", "rainy") and said.confidence == pytest.approx(0.6)


def test_a_night_over_its_threshold_wins_over_weather() -> None:
    assert decide(seen(night=0.45, rainy=0.3), rule(night=0.4, rainy=0.2)).domain == "night"
    assert decide(seen(night=0.3, rainy=0.6), rule(night=0.4, rainy=0.2)).domain == "rainy"


def test_it_abstains_without_lead_below_the_threshold_and_indoors() -> None:
    assert decide(seen(clear_day=0.5, cloudy=0.45), rule()).domain == UNDEFINED
    assert decide(seen(clear_day=0.45), rule()).domain == UNDEFINED
    assert decide(seen(clear_day=0.9, outdoor=False), rule()).domain == UNDEFINED


def test_fog_is_told_by_its_margin_however_unsure_the_classes_are() -> None:
    assert decide(seen(fog=0.03, cloudy=0.6), rule()).domain == "foggy"
    assert decide(seen(fog=0.01, foggy=0.9), rule()).domain == UNDEFINED
    assert decide(seen(fog=0.03, night=0.7), rule()).domain == "night"
    assert decide(seen(fog=0.03, cloudy=0.6), rule(foggy=NEVER)).domain == "cloudy"


@given(st.lists(st.floats(-50, 50), min_size=7, max_size=7), st.floats(0.05, 20), st.booleans())
def test_what_is_said_is_allowed_and_passes_the_rule(scores: list[float], temperature: float, outdoor: bool) -> None:
    given_ = Rule(temperature, dict.fromkeys(DOMAINS, 0.4), None)
    said = decide(Evidence(tuple(scores), outdoor), given_)
    likely = dict(zip(DOMAINS, probabilities(scores, temperature), strict=True))
    assert sum(likely.values()) == pytest.approx(1)
    if said.domain == UNDEFINED:
        assert said.secondary == ""
    else:
        others = max(p for d, p in likely.items() if d != said.domain)
        assert outdoor and likely[said.domain] >= 0.4 and likely[said.domain] - others >= given_.lead
        assert said.secondary == "" or likely[said.secondary] >= given_.second


def test_an_image_that_is_none_is_refused() -> None:
    tagger = Tagger("t", "classifier", 1, {}, lambda images: [seen() for _ in images], rule())
    with pytest.raises(InputError, match=r"image 1 is float64 of shape \(4, 4\)"):
        tagger.tag([np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4))])
    assert tagger.tag([]) == []


def test_bad_names_are_one_line() -> None:
    with pytest.raises(UnknownName, match="unknown tagger 'clop'; did you mean 'clip'"):
        open_tagger("clop")
    with pytest.raises(InputError, match="the tagger pictures has none"):
        open_tagger("pictures", "folder")
    with pytest.raises(InputError, match="nowhere is no folder"):
        open_tagger("clip", "nowhere")
