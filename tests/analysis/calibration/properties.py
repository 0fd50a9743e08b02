"""What is promised of the analysis: the rows of the calibration table, and the bounds of each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Property:
    """A share of studies (or of gains) that must lie within [low, high]; `prototype`: what the rules gave, simulated before
    they were written here, in per cent."""

    title: str
    low: float
    high: float
    prototype: str = "-"

    @property
    def required(self) -> str:
        """The bounds in per cent."""
        low, high = (f"{100 * bound:g}" for bound in (self.low, self.high))
        if self.low == self.high:
            return low
        return f"<= {high}" if self.low == 0 else f">= {low}" if self.high == 1 else f"{low} to {high}"


PROPERTIES: dict[str, Property] = {
    "coverage.equal": Property("coverage of the intervals of gains, equal spreads", 0.94, 0.975, "94.9-97.0"),
    "coverage.normal": Property("the same, all normal noise", 0.935, 0.985, "94.1-98.1"),
    "coverage.skewed": Property("the same, exponential and t4 noise", 0.945, 0.99, "95.4-98.5"),
    "coverage.seeds": Property("coverage with 3 seeds: these cells", 0.94, 0.975, "94.4-97.1"),
    "coverage.seeds_like": Property("coverage with 3 seeds: cells like these", 0.94, 0.99, "95.1-98.5"),
    "coverage.missing": Property("coverage with 10-25 % of the cells missing", 0.93, 0.975, "93.8-95.9"),
    "coverage.crossed": Property("coverage for data sets and models like these, crossed", 0.94, 0.985, "94.7-97.9"),
    "change.D": Property("coverage of the change of a gain: from the differences", 0.935, 0.98, "95.2-96.7"),
    "change.added": Property("coverage of the change of a gain: spread tables added", 0.935, 0.98, "94.8-95.4"),
    "mean": Property("coverage of the mean gain, normal noise", 0.935, 0.975),
    "claims.nothing": Property("a false claim of some gain: nothing helps", 0.0, 0.07, "0.7-6.3"),
    "claims.half": Property("a false claim of some gain: half of the strategies help", 0.0, 0.05, "0.3-4.5"),
    "claims.equal": Property("a false claim: nothing helps, equal spreads, n >= 12", 0.03, 0.07, "3.9-5.0"),
    "all_help.nothing": Property('"all help" where nothing does', 0.0, 0.02, "0-1.5"),
    "all_help.most": Property('"all help" where all but one do', 0.0, 0.07, "1.7-6.3"),
    "ranks.equal": Property("rank sets hold every true rank: all equal", 0.93, 1.0, "93.0-99.9"),
    "ranks.groups": Property("rank sets hold every true rank: three groups", 0.96, 1.0, "96.9-100"),
    "moves": Property('"ranks move" where the order does not change', 0.0, 0.065, "0-5.3"),
    "moves.reversed": Property("a reversed pair where the order does not change", 0.0, 0.02, "0-1.7"),
    "moves.band": Property("the moves lie outside their band where effects are equal", 0.0, 0.10),
    "moves.bent": Property('"ranks move" where the order is kept but bent', 0.0, 0.10, "0-7.7"),
    "moves.bent_more": Property("the same, bent without growing", 0.0, 0.25),
    "moves.power": Property('"ranks move" where the orders are unrelated (K = 26, n = 12)', 0.90, 1.0, "96-99"),
    "interaction": Property('"the context changes them" where effects are equal', 0.02, 0.075, "2.3-7.3"),
    "omnibus.crossed": Property(
        '"the strategies differ" for data sets and models like these, none do', 0.0, 0.07, "2.4-5.5"
    ),
    "false_discoveries": Property(
        "false share of what is claimed over strategies x domains or classes", 0.0, 0.05, "1.0-3.6"
    ),
    "power": Property("a gain of the smallest detectable size is shown, n >= 6", 0.75, 0.85, "76-83"),
    "power.three": Property("the same, n = 3", 0.72, 0.85, "73-80"),
    "collapsed.claim": Property("a collapsed run is left in: some claim", 0.0, 0.0, "0"),
    "collapsed.others": Property("a collapsed run is left in: coverage of the others", 0.98, 1.0, "99.5"),
    "shares": Property("coverage of a gain's share of the oracle's (the yardstick)", 0.94, 0.98),
    "shares.weak": Property("the same where it is shown by luck: the oracle 2 standard errors off", 0.88, 1.0),
}
