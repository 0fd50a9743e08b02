"""Every published layout in miniature, from its files to counts: indexed, trained on for five steps, scored in both spaces."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from rich.console import Console
from tests.data.layouts import layouts, scenes

from fairweather.data import READERS, open_dataset
from fairweather.engine.execute import execute
from fairweather.launch.materials import gather, job, make_ready
from fairweather.launch.progress import Progress
from fairweather.store import bind, plan_record
from fairweather.store.files import write_json
from fairweather.store.layout import Layout
from fairweather.study import parse, plan
from fairweather.vocabulary.domains import UNDEFINED

LAYOUTS = layouts()


def domains(name: str, root: Path, table: Path) -> bool:
    """Write a table for images whose domain the publisher does not say; whether there are any."""
    layout, reader = LAYOUTS[name], READERS[LAYOUTS[name].reader]
    dataset = open_dataset(reader, name, root, layout.splits, reader.card.resolved(layout.options, name))
    nameless = [sample.id for sample in dataset.samples if sample.domain == UNDEFINED]
    lines = [f"{id},clear_day,heuristic," for id in nameless]
    table.write_text("\n".join(["id,domain,origin,secondary", *lines]) + "\n")
    return bool(nameless)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_trained_on_and_evaluated(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    layout, root = LAYOUTS[name], tmp_path / name
    root.mkdir()
    layout.write(root, scenes())
    source = {"reader": layout.reader, "root": name, **layout.options}
    if domains(name, root, tmp_path / "domains.csv"):
        source["domains"] = "domains.csv"
    alone = len(layout.splits) == 1
    splits = {} if alone else {"splits": {"train": [layout.splits[0]], "test": [layout.splits[1]]}}
    text = yaml.safe_dump({
        "name": "miniature", "data": {name: source | ({"split": "grouped"} if alone else {})}, **splits,
        "contexts": {"all": {"domains": "all"}}, "strategies": ["baseline", "std_darken"], "models": ["toy_fcn"],
        "seeds": [0], "budget": {"steps": 5, "batch": 4, "short_side": 48, "crop": [32, 48]},
    })  # fmt: skip
    study, progress = parse(text, tmp_path / "study.yaml"), Progress(Console(quiet=True))
    planned = plan(study, gather(study, progress))
    out = bind(tmp_path / "out", study)
    write_json(out.plan, plan_record(planned, None))
    pools, failures = make_ready(planned, out, progress)
    assert not failures
    task = job(planned, out, pools, planned.units[0], "cpu", "test")
    assert execute(task).state == "done"
    folder = Layout(task.out).unit(task.unit.id) / "evaluations" / task.unit.evaluation
    spaces = set(pq.read_table(folder / "groups.parquet")["label_space"].to_pylist())
    assert {planned.materials[name].manifest.label_space.name, "cityscapes19"} <= spaces
