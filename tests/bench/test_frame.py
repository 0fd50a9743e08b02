"""The frame computes ratios, spreads and verdicts: fake arms that move a fake clock, nothing is timed."""

from collections.abc import Callable, Iterator

import pytest
from bench.frame import Arms, Limit, Row, Skip, cost, faster, measure, seconds


class FakeClock:
    """Seconds that pass only when an arm says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[str] = []

    def __call__(self) -> float:
        return self.now

    def arm(self, name: str, takes: Callable[[], float]) -> Callable[[], None]:
        def call() -> None:
            self.calls.append(name)
            self.now += takes()

        return call


def row(clock: FakeClock, ours: float, peer: float | None, required: Limit | None, period: int = 1) -> Row:
    arms = Arms(clock.arm("ours", lambda: ours), None if peer is None else clock.arm("peer", lambda: peer))
    return Row("fake/row", lambda: arms, required, period, clock)


@pytest.mark.parametrize(
    ("ours", "peer", "required", "ratio", "holds"),
    [
        (0.25, 8.0, faster(25), 32.0, True),
        (0.25, 8.0, faster(32), 32.0, True),
        (0.25, 8.0, faster(33), 32.0, False),
        (1.125, 1.0, cost(1.15), 1.125, True),
        (1.125, 1.0, cost(1.1), 1.125, False),
        (0.25, None, seconds(0.3), 0.25, True),
        (0.5, None, seconds(0.3), 0.5, False),
        (0.5, 2.0, None, 4.0, None),
    ],
)
def test_ratio_and_verdict(ours: float, peer: float | None, required: Limit | None, ratio: float, holds: bool) -> None:
    result = measure(row(FakeClock(), ours, peer, required))
    assert result.ratio == pytest.approx(ratio)
    assert result.spread == pytest.approx((ratio, ratio))
    assert result.holds is holds
    assert result.ours == pytest.approx(1000 * ours)
    assert result.peer == (None if peer is None else pytest.approx(1000 * peer))
    assert result.rounds == 7


def test_median_and_quartiles_are_those_of_the_rounds_ratios() -> None:
    clock = FakeClock()
    peers: Iterator[float] = iter([1.0, 1.0, *[10.0, 70.0, 20.0, 60.0, 30.0, 50.0, 4000.0]])  # two calls to warm up
    arms = Arms(clock.arm("ours", lambda: 1.0), clock.arm("peer", lambda: next(peers)))
    result = measure(Row("fake/row", lambda: arms, faster(50), clock=clock))
    assert (result.ratio, result.spread, result.holds) == (50.0, (25.0, 65.0), True)


def test_arms_take_turns_and_swap_who_goes_first() -> None:
    clock = FakeClock()
    measure(row(clock, 1.0, 1.0, faster(1)))
    warm_up, rounds = clock.calls[:4], clock.calls[4:]
    assert warm_up == ["ours"] * 2 + ["peer"] * 2
    assert rounds == ["ours", "peer", "peer", "ours"] * 3 + ["ours", "peer"]


def test_a_round_is_whole_periods_and_long_enough() -> None:
    clock = FakeClock()
    result = measure(row(clock, 0.001, 1.0, faster(25), period=64), round_seconds=0.2)
    ours, peer = (clock.calls.count(name) - 2 * 64 for name in ("ours", "peer"))
    assert ours == 7 * 4 * 64  # 64 calls last 0.064 s: four periods reach 0.2 s
    assert peer == 7 * 64
    assert result.ratio == pytest.approx(1000)  # per call, whatever the number of calls


def test_a_skipped_row_says_why_and_holds_nothing() -> None:
    def no_data() -> Arms:
        raise Skip("no labels")

    result = measure(Row("fake/row", no_data, faster(25)))
    assert (result.skipped, result.holds, result.ratio) == ("no labels", None, None)
    assert result.required == ">= 25x faster"


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 7"):
        measure(row(FakeClock(), 1.0, 1.0, faster(1)), rounds=6)
    for peer, required in ((None, faster(2)), (1.0, seconds(1))):
        with pytest.raises(ValueError, match="a limit of ours alone has no peer"):
            measure(row(FakeClock(), 1.0, peer, required))


def test_limits_read_as_the_table_prints_them() -> None:
    assert [str(limit) for limit in (faster(25), cost(1.1), cost(10), seconds(0.3))] == [
        ">= 25x faster",
        "<= 1.10x",
        "<= 10.00x",
        "<= 0.3 s",
    ]
