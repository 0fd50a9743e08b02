"""Which findings stand first, in big type."""

from fairweather.analysis.finding import Finding
from fairweather.report.content import ReportContent
from fairweather.report.shape import Shape
from fairweather.report.verdict import decided

IN_BIG_TYPE = 3
# With fewer strategies than this the answer is about the strategy, decided or not; questions about all of them say less.
FEW = 3

# What is said where no single strategy is decided, the broadest question first; the context is filled in.
_OVERALL = (
    "strategies.differ.{}", "gains.{}.all_positive", "below_baseline.{}", "context.mean_gain_change", "context.interaction",
    "context.rank_moves", "design.smallest_gain",
)  # fmt: skip


def lead(content: ReportContent, shape: Shape) -> tuple[Finding, ...]:
    """Two or three findings that answer the study's question.

    The strategy with the most decided verdicts (then the largest gain) speaks first: does it help in the first context, in
    the second, and does the context change that. What is left over goes to the decided gains of the next strategies, then to
    the questions about all strategies, decided ones before open ones.
    """
    chosen: dict[str, Finding] = {}
    for strategy in shape.strategies[:1]:
        story = [f for f in _story(shape, strategy) if f]
        if len(shape.strategies) < FEW or any(decided(f.verdict) for f in story):
            chosen |= {f.id: f for f in story}
    for strategy in shape.strategies[1:]:
        chosen |= {f.id: f for f in _story(shape, strategy) if f and decided(f.verdict)}
    names = [name for pattern in _OVERALL for c in shape.contexts or ("all",) for name in (pattern.format(c),)]
    overall = [shape.findings[n] for n in dict.fromkeys(names) if n in shape.findings]
    chosen |= {f.id: f for f in overall if decided(f.verdict)}
    chosen |= {f.id: f for f in overall}
    chosen |= {f.id: f for f in content.findings[: 0 if chosen else IN_BIG_TYPE]}
    return tuple(chosen.values())[:IN_BIG_TYPE]


def _story(shape: Shape, strategy: str) -> list[Finding | None]:
    pair = (shape.first, shape.second) if shape.first else shape.contexts[:1]
    gains = [shape.findings.get(f"gains.{c}.{strategy}") for c in pair]
    return [*gains, shape.findings.get(f"gain_change.{strategy}") if shape.first else None]
