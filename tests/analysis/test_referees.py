"""The pieces that other packages have too, held against them: SciPy, statsmodels, scikit-posthocs."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import scikit_posthocs
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

from fairweather.analysis import contexts, draws, power, ranks
from fairweather.analysis.attributes import spearman
from fairweather.analysis.frame import Frame, Ledger, Settings
from fairweather.analysis.gains import f_ratio, mean_gain
from fairweather.analysis.spread import Layout, Spread, added, arrange, mean_squares, these
from fairweather.analysis.table import Block, Scores
from fairweather.analysis.within import part_findings

Laid = Callable[..., Layout]
GRID = tuple((f"d{d}", f"m{m}") for d in range(4) for m in range(3))


def reference_like(K: int = 26) -> np.ndarray:
    """float64 (K+1, 12): the size of the reference study, with interactions of strategy and data set."""
    rng = np.random.default_rng(41)
    by_dataset = np.repeat(rng.normal(0, 0.3, (K + 1, 4)), 3, axis=1)
    return 60 + rng.normal(0, 6, 12) + by_dataset + rng.normal(0, 0.2, (K + 1, 1)) + rng.normal(0, 0.6, (K + 1, 12))


def tidy(y: np.ndarray) -> pd.DataFrame:
    """One row for each value there is."""
    s, b = np.nonzero(np.isfinite(y))
    datasets, models = zip(*GRID, strict=True)
    return pd.DataFrame(
        {"y": y[s, b], "s": s, "b": b, "d": np.array(datasets)[b], "m": np.array(models)[b]}
    )  # fmt: skip


@pytest.mark.parametrize("digits", [0, 6])
@pytest.mark.parametrize(("K", "n"), [(3, 6), (7, 12), (26, 12)])
def test_friedman(K: int, n: int, digits: int) -> None:
    """Without ties, and with (values rounded to points)."""
    y = np.random.default_rng([K, n]).normal(0, 1.2, (K, n)).round(digits)
    found, peer = ranks.omnibus(y), stats.friedmanchisquare(*y)
    assert found is not None
    assert (found.chi2, found.p) == pytest.approx((peer.statistic, peer.pvalue))
    durbin = scikit_posthocs.test_durbin(y.T)  # of a complete table: Friedman
    assert (found.chi2, found.p) == pytest.approx((durbin[1], durbin[0]))


def test_iman_davenport_is_the_analysis_of_variance_of_the_ranks() -> None:
    y = reference_like()[:26]
    frame = tidy(stats.rankdata(y, axis=0))
    peer = anova_lm(ols("y ~ C(s) + C(b)", frame).fit())
    chi2 = ranks.friedman_chi2(y)
    assert 11 * chi2 / (12 * 25 - chi2) == pytest.approx(peer.loc["C(s)", "F"])
    one_model = tuple((f"d{b}", "m") for b in range(12))  # nothing is crossed, so lambda_R is 1
    assert ranks.omnibus_like(y, one_model) == pytest.approx(peer.loc["C(s)", "PR(>F)"])
    few = ranks.omnibus(y[:, :4])
    short = anova_lm(ols("y ~ C(s) + C(b)", tidy(stats.rankdata(y[:, :4], axis=0))).fit())
    assert few is not None and few.p == pytest.approx(short.loc["C(s)", "PR(>F)"])


def test_two_way_analysis_of_variance_and_its_components(laid: Laid) -> None:
    layout = laid(reference_like(), 26, 12)
    table = these(layout)
    peer = anova_lm(ols("y ~ C(s) + C(b)", tidy(layout.y[:26])).fit())
    squares = peer["mean_sq"]
    assert table.s2 == pytest.approx(squares["Residual"])
    assert f_ratio(table) == pytest.approx(peer.loc["C(s)", "F"])
    strategies, blocks = ranks.components(layout, table)
    assert strategies == pytest.approx(np.sqrt((squares["C(s)"] - squares["Residual"]) / 12))
    assert blocks == pytest.approx(np.sqrt(squares["C(b)"] / 26))


def test_two_way_analysis_of_variance_of_the_reference(reference_layout: Layout) -> None:
    peer = anova_lm(ols("y ~ C(s) + C(b)", tidy(reference_layout.y[:26])).fit())
    assert f_ratio(these(reference_layout)) == pytest.approx(peer.loc["C(s)", "F"])
    assert stats.f.sf(f_ratio(these(reference_layout)), 25, 275) == pytest.approx(peer.loc["C(s)", "PR(>F)"])


def test_mean_squares_of_a_crossing() -> None:
    y = reference_like(7)[:7]
    peer = anova_lm(ols("y ~ C(s) * C(d) + C(s) * C(m) + C(d):C(m)", tidy(y)).fit())
    found = mean_squares(y, GRID)
    assert found is not None
    rows = ["C(s):C(d)", "C(s):C(m)", "Residual"]
    assert found[0] == pytest.approx([peer.loc[row, "mean_sq"] for row in rows])
    assert found[1] == tuple(peer.loc[rows, "df"])


@pytest.mark.parametrize("share", [0.1, 0.3, 0.4])
def test_least_squares_with_missing_cells(share: float) -> None:
    """Means as ordinary least squares has them; standard errors too, where every run is given the same variance (ours gives
    each strategy its own)."""
    rng, y = np.random.default_rng(43), reference_like(9)
    y[:9][rng.random((9, 12)) < share] = np.nan
    layout = arrange(y, (*(f"s{k}" for k in range(9)), "baseline"), 9, tuple(Block(d, m, 0) for d, m in GRID))
    assert isinstance(layout, Layout) and not layout.matched
    K, table = layout.K, these(layout)
    peer = ols("y ~ C(s) + C(b)", tidy(layout.y[:K])).fit()
    same = np.append(np.ones(K), 0.0)  # one variance for all strategies, none for the baseline
    for s in range(1, K):
        term = f"C(s)[T.{s}]"
        assert table.mean[s] - table.mean[0] == pytest.approx(peer.params[term])
        assert np.sqrt(table.C[s, 0] @ same * peer.scale) == pytest.approx(peer.bse[term])
    # s^2 weighs the residuals by strategy where statsmodels pools them; the two estimate one variance
    assert table.s2 == pytest.approx(peer.scale, rel=0.25)


def test_the_baseline_beside_missing_cells(laid: Laid) -> None:
    """Its mean is that of its cells, freed of the block effects that the strategies show."""
    y = reference_like(9)
    y[0, :4] = y[1, 3:6] = y[2, 5:9] = y[3, 8:] = np.nan
    layout = laid(y, 9, 12)
    assert not layout.matched
    peer = ols("y ~ C(s, Sum) + C(b, Sum)", tidy(layout.y[:9])).fit()
    blocks = np.array([peer.params[f"C(b, Sum)[S.{b}]"] for b in range(11)])
    freed = y[9] - np.append(blocks, -blocks.sum())
    assert these(layout).mean[9] == pytest.approx(freed.mean())


def test_the_mean_gain_is_a_t_test_of_its_series(laid: Laid) -> None:
    y = reference_like()
    series = y[:26].mean(axis=0) - y[26]
    peer = stats.ttest_1samp(series, 0)
    found, limits = mean_gain(these(laid(y, 26, 12))), peer.confidence_interval(0.95)
    assert (found.value, found.low, found.high) == pytest.approx((series.mean(), limits.low, limits.high))
    assert (found.p, found.dof) == pytest.approx((peer.pvalue, peer.df))


def test_the_change_of_the_mean_gain_between_independent_runs_is_welchs_t(laid: Laid) -> None:
    rng = np.random.default_rng(44)
    one, two = rng.normal(size=(5, 4)), rng.normal(0.5, 2, size=(5, 6))
    found = mean_gain(added(these(laid(one, 4, 1, 4)), these(laid(two, 4, 1, 6))))
    first, second = (y[:4].mean(axis=0) - y[4] for y in (one, two))
    peer = stats.ttest_ind(second, first, equal_var=False)
    limits = peer.confidence_interval(0.95)
    assert (found.p, found.dof) == pytest.approx((peer.pvalue, peer.df))
    assert (found.low, found.high) == pytest.approx((limits.low, limits.high))


def test_the_detectable_shift_is_that_of_the_power_of_a_t_test() -> None:
    for n in (3, 8, 30):
        peer = TTestPower().solve_power(effect_size=None, nobs=n, alpha=0.025, power=0.80, alternative="larger")
        found = power.detectable_shift(float(stats.t.isf(0.025, n - 1)), n - 1)
        assert found / np.sqrt(n) == pytest.approx(peer, rel=1e-4)


def many_blocks(laid: Laid, K: int) -> Spread:
    """So many blocks that the variances are as good as known, and equal."""
    n = 4000
    y = np.random.default_rng(45).normal(size=(K + 1, n))
    return these(laid(y / y.std(axis=1, keepdims=True), K, n))


@pytest.mark.parametrize("K", [4, 7])
def test_with_equal_known_variances_the_critical_values_are_dunnetts_and_tukeys(laid: Laid, K: int) -> None:
    table = many_blocks(laid, K)
    dunnett = stats.multivariate_normal(np.zeros(K), np.full((K, K), 0.5) + 0.5 * np.eye(K), seed=1)
    c = draws.against(table, np.arange(K), K, 0, "referee").c[0]
    inside = dunnett.cdf(np.full(K, c), lower_limit=np.full(K, -c))
    assert inside == pytest.approx(0.95, abs=0.006)
    pair = draws.pair_limit(table, 0, "referee")[0, 1]
    assert stats.studentized_range.cdf(pair * np.sqrt(2), K, 10_000) == pytest.approx(0.95, abs=0.006)


@pytest.mark.parametrize("decimals", [1, 6])
def test_kendall_and_spearman(decimals: int) -> None:
    """Without ties, and with."""
    rng = np.random.default_rng(46)
    a, b = rng.normal(size=12).round(decimals), rng.normal(size=(20, 12)).round(decimals)
    tau, rho = contexts.kendall(a, b), spearman(a, b)
    for row, t, r in zip(b, tau, rho, strict=True):
        assert t == pytest.approx(stats.kendalltau(a, row, variant="b").statistic)
        assert r == pytest.approx(stats.spearmanr(a, row).statistic)


def test_the_permutation_p_of_the_order_of_many_strategies() -> None:
    """More than eight strategies: 10,000 permutations, where SciPy knows the distribution of tau."""
    rng = np.random.default_rng(47)
    y1 = rng.normal(size=(13, 6))
    y2 = y1 + rng.normal(0, 1.5, size=(13, 6))
    found = contexts.between(
        y1, y2, (*(f"s{k}" for k in range(12)), "baseline"), 12, tuple(Block(d, m, 0) for d, m in GRID[:6])
    )
    assert isinstance(found, contexts.Between)
    never = np.full((12, 12), np.inf)
    order = contexts.order_kept(found, never, never, 0, "referee")
    peer = stats.kendalltau(y1[:12].mean(axis=1), y2[:12].mean(axis=1), alternative="greater", method="exact")
    assert order.tau == pytest.approx(peer.statistic)
    assert order.p == pytest.approx(peer.pvalue, abs=4 * np.sqrt(peer.pvalue / 10_000))


def test_benjamini_hochberg_over_strategies_and_domains() -> None:
    rng, strategies, domains = np.random.default_rng(48), tuple(f"s{k}" for k in range(5)), ("night", "rainy", "snowy")
    y = rng.normal(size=(3, 1, 6, 6))
    y[:, :, :2] += 2
    scores = Scores(
        "domain mIoU", ("all",), strategies, "baseline", (), dict.fromkeys(strategies, "std"),
        tuple(Block(d, m, 0) for d, m in GRID[:6]), domains, y,
    )  # fmt: skip
    ledger, settings = Ledger(), Settings("baseline", ("all",), "domain mIoU", 0.3, "", None)
    none = Scores("", ("all",), strategies, "baseline", (), scores.families, scores.blocks, (), y[:0])
    part_findings(
        Frame(settings, none, scores, none, none, none, frozenset(), {}, None), ledger, "all", scores, "domain"
    )
    rows = ledger.rows["gains"]
    peer = multipletests([row["p"] for row in rows], 0.05, "fdr_bh")
    assert len(rows) == 15 and 0 < peer[0].sum() < 15
    assert [row["p_adjusted"] for row in rows] == pytest.approx(peer[1])
    assert [row["verdict"] in ("yes", "no") for row in rows] == list(peer[0])
