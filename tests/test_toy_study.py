"""The whole system on a world whose right answer is known: each verdict must follow, and the engine knows nothing of it."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from fairweather.audit import failed
from fairweather.launch.executors import Here
from fairweather.launch.materials import gather, job, make_ready
from fairweather.launch.progress import Progress
from fairweather.launch.run import run
from fairweather.report.compose import compose
from fairweather.report.folder import render
from fairweather.store import Layout, bind, plan_record
from fairweather.store.files import write_json
from fairweather.study import parse, plan

STUDY = """
name: {world}
data:       {{toy: {{reader: toy, world: {world}}}}}
contexts:   {{stage1: {{domains: [clear_day]}}, stage2: {{domains: all}}}}
strategies: [baseline, std_brighten, placebo_duplicate]
models:     [toy_fcn]
seeds:      [0, 1, 2, 3]
recipe:     {{lr: 1e-2}}
budget:     {{steps: 150, batch: 8, short_side: 48, crop: [48, 64]}}
compare:    {{contexts: [stage1, stage2], smallest_gain: 1.0}}
"""

# What the construction of each world says (fairweather/data/toy.py): does brightening help in stage1, in stage2, and does
# its gain change? "no" is "harms" for a gain and "falls" for a change.
ANSWERS = {
    "context": {"stage1": {"yes"}, "stage2": {"undecided", "no"}, "change": {"no"}},
    "both": {"stage1": {"yes"}, "stage2": {"yes"}, "change": {"undecided"}},
    "nothing": {"stage1": {"undecided", "no"}, "stage2": {"undecided", "no"}, "change": {"undecided"}},
}


@pytest.mark.parametrize("world", ANSWERS)
def test_each_verdict_follows_from_the_world(world: str, tmp_path: Path) -> None:
    study, progress = parse(STUDY.format(world=world), Path("toy.yaml")), Progress(Console(quiet=True))
    planned = plan(study, gather(study, progress))
    layout = bind(tmp_path / world, study)
    write_json(layout.plan, plan_record(planned, None))
    pools, failures = make_ready(planned, layout, progress)
    assert not failures
    jobs = [job(planned, layout, pools, unit, "cpu", "test") for unit in planned.units]
    assert {outcome.state for outcome in run(jobs, Here(), progress, lambda job: 1.0, 1).outcomes} == {"done"}

    content = compose(layout)
    assert not failed(content.checks), [check for check in content.checks if not check.holds]
    verdicts = {finding.id: finding for finding in content.findings}
    for context in ("stage1", "stage2"):
        finding = verdicts[f"gains.{context}.std_brighten"]
        assert finding.verdict in ANSWERS[world][context], finding.statement
    change = verdicts["gain_change.std_brighten"]
    assert change.verdict in ANSWERS[world]["change"], change.statement
    assert verdicts["control.placebo_duplicate.stage1"].verdict != "yes"

    render(content, layout.report)
    stored = json.loads((layout.report / "findings.json").read_text())
    assert stored["schema"] == 1 and {row["id"] for row in stored["findings"]} == set(verdicts)
    assert Layout(layout.out).results.is_file()
