from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from fairweather.analysis.gains import f_ratio, gains, leader_shrunken, mean_gain
from fairweather.analysis.spread import Layout, added, like_these, these

RNG = np.random.default_rng(13)

# gain [these], SE, nu, p_adj of facts/statistics.md
REFERENCE = {
    "gen_Attribute_Hallucination": (1.3518, 0.522, 2.182, 0.3894, 14.99, 0.022),
    "gen_stargan_v2": (1.1851, 0.331, 2.039, 0.4044, 16.88, 0.062),
    "gen_Img2Img": (1.1798, 0.372, 1.988, 0.3741, 13.05, 0.041),
    "gen_cycleGAN": (1.1141, 0.291, 1.938, 0.3851, 14.44, 0.066),
    "gen_cyclediffusion": (1.1091, 0.301, 1.917, 0.3744, 13.09, 0.058),
    "gen_flux_kontext": (1.1066, 0.254, 1.959, 0.4039, 16.82, 0.087),
    "gen_CNetSeg": (1.0999, 0.249, 1.951, 0.4028, 16.68, 0.088),
    "gen_augmenters": (1.0544, 0.246, 1.863, 0.3745, 13.10, 0.076),
    "gen_IP2P": (1.0120, 0.171, 1.853, 0.3964, 15.88, 0.121),
    "gen_VisualCloze": (0.9968, 0.176, 1.818, 0.3832, 14.21, 0.111),
    "gen_automold": (0.9726, 0.151, 1.794, 0.3835, 14.24, 0.124),
    "std_autoaugment": (0.9625, 0.126, 1.799, 0.3938, 15.55, 0.145),
    "gen_Weather_Effect_Generator": (0.9608, 0.146, 1.775, 0.3788, 13.64, 0.124),
    "gen_SUSTechGAN": (0.9318, 0.122, 1.741, 0.3752, 13.19, 0.136),
    "gen_step1x_new": (0.9252, 0.093, 1.758, 0.3910, 15.19, 0.164),
    "gen_Qwen_Image_Edit": (0.8611, 0.031, 1.691, 0.3893, 14.98, 0.210),
    "gen_albumentations_weather": (0.8563, 0.040, 1.673, 0.3800, 13.80, 0.197),
    "gen_UniControl": (0.8192, -0.015, 1.653, 0.3921, 15.33, 0.253),
    "gen_CUT": (0.7212, -0.100, 1.542, 0.3834, 14.22, 0.344),
    "gen_LANIT": (0.7201, -0.170, 1.610, 0.4259, 19.42, 0.445),
    "gen_step1x_v1p2": (0.6940, -0.141, 1.529, 0.3926, 15.40, 0.402),
    "gen_TSIT": (0.6587, -0.166, 1.483, 0.3857, 14.51, 0.435),
    "std_mixup": (0.5381, -0.320, 1.396, 0.4070, 17.20, 0.685),
    "std_randaugment": (0.4883, -0.410, 1.386, 0.4304, 19.92, 0.811),
    "std_photometric_distort": (0.4882, -0.507, 1.484, 0.4826, 24.32, 0.883),
    "std_cutmix": (0.2587, -0.613, 1.131, 0.4155, 18.22, 0.996),
}


def test_the_reference_gains(reference_layout: Layout) -> None:
    names = reference_layout.arms[:26]
    g = gains(these(reference_layout), names, "baseline", 0, "gains.stage1")
    assert set(names) == set(REFERENCE)
    for k, name in enumerate(names):
        gain, low, high, se, nu, p = REFERENCE[name]
        found = (g.gain[k], g.low[k], g.high[k], g.se[k], g.dof[k])
        assert found[0] == pytest.approx(gain, abs=6e-5), name
        assert found[1:3] == pytest.approx((low, high), abs=6e-4), name
        assert found[3] == pytest.approx(se, abs=6e-5) and found[4] == pytest.approx(nu, abs=6e-3), name
        assert g.p_adjusted[k] == pytest.approx(p, abs=0.006), name
    assert (g.p_adjusted <= 0.05).sum() == 2
    assert (g.lower > 0).sum() == 20


def test_the_reference_gains_for_other_data_sets_and_models(reference_layout: Layout) -> None:
    names, wide = reference_layout.arms[:26], like_these(reference_layout)
    assert wide is not None
    g = gains(wide, names, "baseline", 0, "gains.stage1:like")
    first = names.index("gen_Attribute_Hallucination")
    assert (g.low[first], g.high[first]) == pytest.approx((0.381, 2.323), abs=6e-4)
    assert (g.p_adjusted <= 0.05).sum() == 0


def test_the_reference_mean_gain_and_leader(reference_layout: Layout) -> None:
    table, wide = these(reference_layout), like_these(reference_layout)
    assert wide is not None
    here, there = mean_gain(table), mean_gain(wide)
    assert (here.value, here.low, here.high) == pytest.approx((0.8872, 0.111, 1.663), abs=6e-4)
    assert (there.low, there.high) == pytest.approx((-0.021, 1.796), abs=6e-4)
    assert f_ratio(table) == pytest.approx(1.921, abs=6e-4)
    shrunken, B = leader_shrunken(table, table.mean[:26] - table.mean[26])
    assert (shrunken, B) == pytest.approx((1.1293, 0.5212), abs=6e-5)


def test_the_reference_mean_gain_without_one_data_set(reference_layout: Layout) -> None:
    y, grid = reference_layout.y, reference_layout.grid
    for name, value in {"bdd10k": 0.5547, "mapillaryvistas": 1.1642}.items():
        keep = [at for at, (dataset, _) in enumerate(grid) if dataset.lower() != name]
        assert len(keep) == 9
        assert (y[:26, keep] - y[26, keep]).mean() == pytest.approx(value, abs=6e-5)


def test_one_strategy_is_a_paired_t(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(2, 5)) + RNG.normal(size=5)
    g = gains(these(laid(y, 1, 1, 5)), ("s0",), "baseline", 0, "x")
    peer = stats.ttest_rel(y[0], y[1])
    low, high = peer.confidence_interval()
    assert (g.p[0], g.p_adjusted[0]) == pytest.approx((peer.pvalue, peer.pvalue))
    assert (g.low[0], g.high[0]) == pytest.approx((low, high))


def test_the_mean_gain_is_a_t_of_its_series(laid: Callable[..., Layout]) -> None:
    y = RNG.normal(size=(5, 7))
    mean = mean_gain(these(laid(y, 4, 7)))
    peer = stats.ttest_1samp(y[:4].mean(axis=0) - y[4], 0)
    assert (mean.value, mean.p) == pytest.approx(((y[:4] - y[4]).mean(), peer.pvalue))


def test_the_change_of_the_mean_gain_is_a_welch_t(laid: Callable[..., Layout]) -> None:
    first, second = RNG.normal(size=(5, 4)), RNG.normal(size=(5, 6)) * 3
    change = mean_gain(added(these(laid(first, 4, 1, 4)), these(laid(second, 4, 1, 6))))
    peer = stats.ttest_ind(
        second[:4].mean(axis=0) - second[4], first[:4].mean(axis=0) - first[4], equal_var=False
    )  # fmt: skip
    assert (change.p, change.dof) == pytest.approx((peer.pvalue, peer.df))


def test_with_three_strategies_nothing_is_shrunk(laid: Callable[..., Layout]) -> None:
    table = these(laid(RNG.normal(size=(4, 5)), 3, 5))
    gain = table.mean[:3] - table.mean[3]
    assert leader_shrunken(table, gain) == (gain.max(), 1.0)
