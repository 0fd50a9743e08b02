"""The methods of a report: the only prose that no finding carries."""

from fairweather.analysis import draws
from fairweather.analysis.frame import Frame, budget, listed, number, plain
from fairweather.analysis.images import FEWEST
from fairweather.analysis.table import Counts
from fairweather.analysis.within import ORACLE, PLACEBO

METRIC_WORDS = {
    "domain_mean": "the mean over the supported domains of the mIoU of the classes supported in each",
    "adverse": "the mean over the supported adverse domains of the mIoU of the classes supported in each",
    "pooled": "the mIoU of the counts summed over the domains, over the classes supported in at least one of them",
}

NO_POPULATION = (
    "Population: none. There is one value of each strategy and context; nothing says what would come out if it were trained "
    "again, so every question about a population is untestable, and what is said is arithmetic on the values as they stand."
)

YARDSTICK = (
    f"Yardstick: {ORACLE} renders the same training scenes in the target domain, and {PLACEBO} repeats them unchanged. Where the "
    f"95 % interval of {ORACLE} minus {PLACEBO} excludes 0, each gain over {PLACEBO} is also given as its share of that of "
    f"{ORACLE}, so that {PLACEBO} stands at 0 and {ORACLE} at 1, on the runs that both match. The interval is Fieller's (1954): "
    f"every share h that the t of strategy - h {ORACLE} - (1 - h) {PLACEBO} does not reject, with the variances and Welch "
    "degrees of freedom of all other differences; it is finite because the denominator is told from 0 at the same level. "
    "Intervals are for one share each; verdicts rest on the p of the gain over the placebo, adjusted over the strategies as for "
    f"gains over the baseline. {ORACLE} is the reference of perfect fidelity, not a bound: images that are not faithful may "
    "teach more, and a share above 1 is printed as it is. Where that interval holds 0, or that placebo is missing, no such "
    "share is given; placebo_noise, whose images are changed, is not taken for its zero."
)


def methods(frame: Frame, metric: str, images: str) -> tuple[str, ...]:
    """What was computed, in plain words, with the numbers in force.

    Args:
        metric, images: the paragraphs on the values and on the test images, which depend on where the values come from.
    """
    s, K = frame.settings, len(frame.metric.strategies)
    cells = {(b.dataset, b.model) for b in frame.metric.blocks}
    seeds = len({b.seed for b in frame.metric.blocks})
    return (
        metric,
        f"A gain is the value of a strategy minus that of {s.baseline} on the same data set, model, context and seed"
        f"{budget(frame)}; {number(K, 'strategy')}, {number(len(cells), 'cell')} of data set and "
        f"model, {number(seeds, 'seed')}. Controls ({listed(frame.metric.controls, 30)}) "
        f"stand beside the strategies and are counted in no test over strategies.",
        _population(len(cells), seeds) if len(frame.metric.blocks) > 1 else NO_POPULATION,
        "Noise: the spread of each strategy about its block means, shrunk towards the spread of all strategies; the baseline "
        "keeps its own spread, which is in every gain; Welch degrees of freedom. With one or two strategies a paired t and "
        "Bonferroni's correction take its place.",
        f"Several strategies at once: adjusted p-values and c_D, c_T come from {draws.R:,} draws of the largest studentised "
        f"difference ({draws.R_CLOSE:,} where one lies within {draws.CLOSE} of 0.05), analysis seed {s.seed}; over domains and "
        "classes Benjamini-Hochberg at 0.05. Strategies differ or not by Friedman's test (fewer than six blocks: the "
        "Iman-Davenport F, and never below the exact permutation p where all orders can be counted).",
        f"Verdicts: yes where the adjusted test supports it; no where it supports the opposite or, for a difference, where the "
        f"interval lies within {plain(s.smallest_gain)} points of zero; undecided otherwise, with the smallest effect that would "
        "have been shown four times in five; untestable where replicates are missing. Intervals are 95 %.",
        "Ranks: a strategy's rank set holds every rank its pair comparisons leave open; tiers by peeling off those that none is "
        "shown to beat. Moves of ranks between contexts are set against the band that equal effects in both would give; a known "
        "limit is an order that is kept but bent: with many strategies up to a fifth of such studies are called moved.",
        *((YARDSTICK,) if ORACLE in frame.metric.controls else ()),
        images,
    )  # fmt: skip


def _population(cells: int, seeds: int) -> str:
    if cells == 1:
        return (
            "Population: retraining this model on these data. The blocks are the seeds; the intervals say what another set of "
            "seeds would give, and nothing about other data sets, models or test images."
        )
    upper = (
        " With one seed in a cell the residual holds the interaction of strategy and cell too: "
        "these intervals are upper bounds."
    )
    return (
        "Population: these data sets and models, if everything were trained again. Where a yes or no would not hold for data "
        "sets and models of which these are a sample (cell means, variances times lambda), the finding says so."
        + (upper if seeds == 1 else "")
    )


def of_counts(frame: Frame) -> str:
    """The metric of values that were computed from counts of pixels."""
    s = frame.settings
    domains = f" Only {listed(s.domains)} enter it." if s.domains else ""
    return (
        f"Metric: {s.metric}, {METRIC_WORDS[s.metric]}, in points from 0 to 100, label space {s.label_space}.{domains} The "
        "IoU of a class is the sum of intersections over the sum of unions over the pixels of all test images; ignored "
        "pixels count nowhere, and classes without support are left out of the mean for all strategies alike."
    )


def of_images(frame: Frame, counts: Counts) -> str:
    """What an interval over other test images is made of, or why there is none."""
    few = sorted({f"{domain} ({n})" for (_, domain), n in frame.groups.items() if n < FEWEST})
    if few:
        return (
            f"Test images: frames of one sequence are not independent, and below {FEWEST} groups in a domain no interval "
            f"over test images is given: {listed(few)}."
        )
    if frame.influence is None:
        return "Test images: the test set is taken as it is; no interval over other test images was asked for."
    return (
        "Test images: a second interval holds other test images too, by the delta method over groups of images "
        f"({len(counts.domains)} domains), added to the variance of retraining."
    )
