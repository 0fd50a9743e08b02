"""What every test shares: one thread, no network, and where the shared data are."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from fairweather.engine.execute import Job
    from fairweather.study import Study

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("fairweather", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("fairweather")


@pytest.fixture(autouse=True)
def own_indexes(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests index is not kept with what the user did."""
    monkeypatch.setenv("FAIRWEATHER_INDEX_DIR", str(tmp_path_factory.getbasetemp() / "indexes"))


@pytest.fixture
def camvid_root() -> Path:
    """The real CamVid folder; the test is skipped where it is not."""
    root = SHARED / "data" / "camvid"
    if not root.is_dir():
        pytest.skip("../shared/data/camvid is not there")
    return root


@pytest.fixture
def reference_folder() -> Path:
    """The folder of the real result tables; the test is skipped where it is not."""
    root = SHARED / "reference"
    if not root.is_dir():
        pytest.skip("../shared/reference is not there")
    return root


STUDY = """
name: probe
data: {{toy: {{reader: toy, world: context}}}}
contexts: {{stage1: {{domains: [clear_day]}}, stage2: {{domains: all}}}}
strategies: [{strategies}]
models: [toy_fcn]
seeds: [{seeds}]
recipe: {{lr: 1e-2}}
budget: {{steps: {steps}, batch: 8, short_side: 48, crop: [48, 64], checkpoint: {checkpoint}}}
mix: {{generated_share: {share}}}
keep: {{weights: last}}
"""


def toy_study(
    strategies: str = "baseline",
    seeds: str = "0",
    steps: int = 24,
    checkpoint: int = 10,
    share: float = 0.5,
    extra: str = "",
) -> "Study":
    """A small study of the toy twin."""
    from fairweather.study import parse

    text = STUDY.format(strategies=strategies, seeds=seeds, steps=steps, checkpoint=checkpoint, share=share) + extra
    return parse(text, Path("probe.yaml"))


@pytest.fixture
def study() -> "Callable[..., Study]":
    """Makes a small study of the toy twin."""
    return toy_study


@pytest.fixture
def ready(tmp_path: Path) -> "Callable[..., list[Job]]":
    """Makes a toy study ready in a folder and returns the jobs of its units."""

    def make(strategies: str = "baseline", out: str = "out", **settings: object) -> "list[Job]":
        from rich.console import Console

        from fairweather.launch.materials import gather, job, make_ready
        from fairweather.launch.progress import Progress
        from fairweather.store import bind, plan_record
        from fairweather.store.files import write_json
        from fairweather.study import plan

        study, progress = toy_study(strategies, **settings), Progress(Console(quiet=True))  # type: ignore[arg-type]
        planned = plan(study, gather(study, progress))
        layout = bind(tmp_path / out, study)
        write_json(layout.plan, plan_record(planned, None))
        pools, failures = make_ready(planned, layout, progress)
        assert not failures
        return [job(planned, layout, pools, unit, "cpu", "test") for unit in planned.units]

    return make
