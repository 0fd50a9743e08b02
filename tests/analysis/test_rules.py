import numpy as np
import pytest

from fairweather.analysis import RULES, Verdict, rule_of, rules

ONE, THREE = np.array([1, 2, 2]), np.array([1, 1, 1])
NEAR, FAR = np.full((3, 3), 0.2), np.full((3, 3), 2.0)
EXPECTED = [
    (rules.differ, (0.04, 9.0, 0.3), "yes"), (rules.differ, (0.5, 0.3, 0.3), "no"), (rules.differ, (0.5, 0.31, 0.3), "undecided"),
    (rules.gain, (1.0, 0.05), "yes"), (rules.gain, (-1.0, 0.05), "no"), (rules.gain, (1.0, 0.051), "undecided"),
    (rules.gain, (0.0, 1.0), "undecided"), (rules.gain, (1.0, float("nan")), "undecided"),
    (rules.gain_in_part, (1.0, 0.01), "yes"), (rules.gain_in_part, (-1.0, 0.01), "no"),
    (rules.gain_in_part, (1.0, 0.1), "undecided"),
    (rules.all_positive, (np.array([0.1, 0.2]), ["undecided", "yes"]), "yes"),
    (rules.all_positive, (np.array([-3.0, 0.2]), ["no", "yes"]), "no"),
    (rules.all_positive, (np.array([-0.1, 0.2]), ["undecided", "yes"]), "undecided"),
    (rules.below_baseline, (np.array([-3.0, 0.2]), ["no", "yes"]), "yes"),
    (rules.below_baseline, (np.array([0.1, 0.2]), ["undecided", "yes"]), "no"),
    (rules.below_baseline, (np.array([-0.1, 0.2]), ["undecided", "yes"]), "undecided"),
    (rules.best, (ONE, ONE, ONE, FAR, 0.3), "yes"), (rules.best, (THREE, THREE + 2, THREE, NEAR, 0.3), "no"),
    (rules.best, (THREE, THREE + 2, THREE, FAR, 0.3), "undecided"),
    (rules.best, (THREE, THREE + 2, ONE, NEAR, 0.3), "undecided"),  # alone in tier 1, but its rank set is wider
    (rules.tiers, (ONE, FAR, 0.3), "yes"), (rules.tiers, (THREE, NEAR, 0.3), "no"), (rules.tiers, (THREE, FAR, 0.3), "undecided"),
    (rules.effect, (0.1, 0.2, 0.3), "yes"), (rules.effect, (-2.0, -1.0, 0.3), "yes"), (rules.effect, (-0.3, 0.3, 0.3), "no"),
    (rules.effect, (-0.3, 0.4, 0.3), "undecided"),
    (rules.share, (0.6, 0.05), "yes"), (rules.share, (-0.6, 0.05), "no"), (rules.share, (1.6, 0.051), "undecided"),
    (rules.depends, (0.05, 0.1, 2.0, 0.3), "yes"), (rules.depends, (0.2, -0.1, 0.1, 0.3), "no"),
    (rules.depends, (0.06, 0.1, 2.0, 0.3), "undecided"),
    (rules.contrast, (0.1, 1.0), "yes"), (rules.contrast, (-1.0, -0.1), "no"), (rules.contrast, (-0.1, 0.1), "undecided"),
    (rules.all_smaller, (np.array([-0.1, -0.2]), ["undecided", "no"]), "yes"),
    (rules.all_smaller, (np.array([3.0, -0.2]), ["yes", "no"]), "no"),
    (rules.all_smaller, (np.array([0.1, -0.2]), ["undecided", "no"]), "undecided"),
    (rules.order_kept, (0.05, 0), "yes"), (rules.order_kept, (0.01, 1), "no"), (rules.order_kept, (0.06, 0), "undecided"),
    (rules.rank_moves, (0.05, 0.05, 0, "undecided"), "yes"), (rules.rank_moves, (0.9, 0.9, 1, "no"), "yes"),
    (rules.rank_moves, (0.06, 0.01, 0, "yes"), "no"), (rules.rank_moves, (0.01, 0.06, 0, "yes"), "undecided"),
    (rules.rank_moves, (0.06, 0.01, 0, "undecided"), "undecided"),
    (rules.detectable, (0.3, 0.3), "yes"), (rules.detectable, (0.31, 0.3), "no"),
    (rules.influence, (1,), "yes"), (rules.influence, (0,), "no"),
    (rules.attribute, (0.05,), "yes"), (rules.attribute, (0.051,), "undecided"), (rules.attribute, (float("nan"),), "undecided"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "given", "verdict"), EXPECTED)
def test_a_rule_gives_its_verdict(rule: object, given: tuple, verdict: str) -> None:
    assert rule(*given) == verdict  # type: ignore[operator]


def test_every_rule_is_tried_and_says_what_it_is() -> None:
    tried = {(rule, verdict) for rule, _, verdict in EXPECTED}
    for pattern, rule in RULES.items():
        assert rule.__doc__ and "yes:" in rule.__doc__ and "no:" in rule.__doc__, pattern
        assert (rule, "yes") in tried and ((rule, "no") in tried) == ("no: never" not in rule.__doc__), pattern
        assert "Scope table:" in rule.__doc__ or rule in (rules.depends, rules.attribute), pattern


@pytest.mark.parametrize(
    ("whole", "verdict", "kept", "turned"),
    [
        ("yes", "no", float("nan"), True), ("no", "yes", float("nan"), True), ("yes", "undecided", float("nan"), False),
        ("yes", "undecided", 0.49, True), ("yes", "yes", -0.1, True), ("yes", "undecided", 0.51, False),
        ("undecided", "yes", float("nan"), False), ("yes", "untestable", float("nan"), False),
    ],
)  # fmt: skip
def test_a_verdict_turns_by_its_opposite_or_by_half_its_estimate(
    whole: Verdict, verdict: Verdict, kept: float, turned: bool
) -> None:
    assert rules.turned(whole, verdict, kept) == turned


@pytest.mark.parametrize(
    ("id", "pattern"),
    [
        ("gains.stage1.all_positive", "gains.<context>.all_positive"),
        ("gains.stage1.std_a+std_b.night", "gains.<context>.<strategy>.<domain>"),
        ("gains.stage1.gen_x@0.25", "gains.<context>.<strategy>"),
        ("budget.std_a", "budget.<strategy>"),
        ("budget.std_a.night", "budget.<strategy>.<domain>"),
        ("budget.std_a.stage2.night", "budget.<strategy>.<context>.<domain>"),
        ("budget.std_a.stage2", "budget.<strategy>.<context>"),
        ("per_class.stage1.std_a.traffic light", "per_class.<context>.<strategy>.<class>"),
        ("control.placebo_noise.stage2", "control.<name>.<context>"),
        ("influence.stage2", "influence.<context>"),
        ("yardstick.stage2", "yardstick.<context>"),
        ("yardstick.stage2.gen_step1x_v1.2", "yardstick.<context>.<strategy>"),
        ("attributes.pixel_accuracy.stage2", "attributes.<name>.<context>"),
        ("attributes.fid.gain_change", "attributes.<name>.gain_change"),
    ],
)
def test_an_id_finds_its_rule(id: str, pattern: str) -> None:
    assert rule_of(id, ("stage1", "stage2")) == pattern


def test_an_unknown_id_has_no_rule() -> None:
    with pytest.raises(KeyError):
        rule_of("gains.stage3.std_a", ("stage1", "stage2"))
