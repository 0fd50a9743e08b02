import csv
import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.data.layouts import layouts, scenes

from fairweather.data import READERS, Dataset, fingerprint, index, open_dataset
from fairweather.data.opening import open_what_is_there, refuse_other_pictures
from fairweather.errors import DataError
from fairweather.launch.materials import gather
from fairweather.launch.progress import Progress
from fairweather.store import plan_record
from fairweather.study import parse, plan
from fairweather.vocabulary.domains import UNDEFINED

LAYOUTS = layouts()


def opened(name: str, root: Path, **options: str) -> Dataset:
    reader = READERS[LAYOUTS[name].reader]
    given = {**LAYOUTS[name].options, **options}
    return open_dataset(reader, name, root, LAYOUTS[name].splits, reader.card.resolved(given, name))


@pytest.fixture
def cityscapes(tmp_path: Path) -> Path:
    LAYOUTS["cityscapes"].write(tmp_path, scenes())
    return tmp_path


def table(dataset: Dataset, path: Path, **also: str) -> Path:
    """A table that says snowy of every image, and a hash where `also` gives one."""
    with path.open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("id", "domain", "origin", "secondary", *also))
        writer.writerows((s.id, "snowy", "heuristic", "", *also.values()) for s in dataset.samples)
    return path


def test_files_that_are_read_to_other_classes_are_other_data(cityscapes: Path) -> None:
    both = [fingerprint(index(opened("cityscapes", cityscapes, labels=f"cityscapes{n}")).rows) for n in (19, 34)]
    assert both[0] != both[1]


def test_pools_for_other_classes_are_other_pools(cityscapes: Path) -> None:
    """A pool carries the labels of its sources, so data sets of one folder in two label spaces do not share it."""
    path = table(opened("cityscapes", cityscapes), cityscapes / "d.csv")
    path.write_text(path.read_text().replace("snowy", "clear_day"))
    sets = "".join(f" c{n}: {{reader: cityscapes, root: ., labels: cityscapes{n}, domains: d.csv}}\n" for n in (19, 34))
    text = f"""
name: two
data:
{sets}
splits: {{train: [train], test: [val]}}
contexts: {{all: {{domains: all}}}}
strategies: [baseline, placebo_duplicate]
models: [toy_fcn]
seeds: [0]
budget: {{steps: 2, batch: 8, short_side: 48, crop: [48, 64]}}
"""
    study = parse(text, cityscapes / "study.yaml")
    planned = plan(study, gather(study, Progress(Console(quiet=True))))
    assert len({pool.id for pool in planned.pools}) == 2 and len({cache.id for cache in planned.caches}) == 6
    assert len({unit.id for unit in planned.units}) == len(planned.units) == 4
    record = plan_record(planned, None)["data"]["c34"]
    assert record["options"]["labels"] == "cityscapes34" and record["options"]["domains"] == "d.csv"


def test_a_table_speaks_where_nobody_else_does(cityscapes: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    dataset = opened("cityscapes", cityscapes)
    assert {(s.domain, s.origin) for s in dataset.samples} == {(UNDEFINED, "")}
    told = opened("cityscapes", cityscapes, domains=str(table(dataset, cityscapes / "d.csv")))
    assert {(s.domain, s.origin) for s in told.samples} == {("snowy", "heuristic")}
    root = tmp_path_factory.mktemp("bdd")
    LAYOUTS["bdd10k"].write(root, scenes())
    for records in root.rglob("det_*.json"):
        told = [r | {"attributes": r["attributes"] | {"scene": "tunnel"}} for r in json.loads(records.read_text())[:3]]
        records.write_text(json.dumps([*told, *json.loads(records.read_text())[3:]]))
    before = opened("bdd10k", root)
    after = opened("bdd10k", root, domains=str(table(before, root / "d.csv")))
    changed = [(a, b) for a, b in zip(before.samples, after.samples, strict=True) if a != b]
    assert changed and all((a.domain, a.origin) == (UNDEFINED, "") for a, _ in changed)
    kept = [s for s in after.samples if s.domain == UNDEFINED]
    assert kept and all(s.origin == "attribute" for s in kept)  # a record says it is a tunnel, or that nobody knows


def test_a_picture_that_was_replaced_after_it_was_tagged_is_named(cityscapes: Path) -> None:
    dataset = opened("cityscapes", cityscapes)
    path = table(dataset, cityscapes / "d.csv", image_sha256="0" * 64)
    told = index(opened("cityscapes", cityscapes, domains=str(path)))
    with pytest.raises(DataError, match=r"d\.csv: \S+ was another picture when it was tagged"):
        refuse_other_pictures(told.rows, path)
    refuse_other_pictures(index(dataset).rows, path)  # of images that took nothing from the table it says nothing


def test_a_split_that_was_not_unpacked_is_named_and_a_damaged_one_is_an_error(cityscapes: Path) -> None:
    reader = READERS["cityscapes"]
    options = reader.card.resolved({}, "c")
    whole = open_what_is_there(reader, "c", cityscapes, options)
    assert whole.notes == () and {s.split for s in whole.samples} == {"train", "val"}
    labels = sorted((cityscapes / "gtFine" / "val").rglob("*_labelIds.png"))
    hidden = labels[0].rename(labels[0].with_suffix(".away"))
    with pytest.raises(DataError, match="image without a label"):
        open_what_is_there(reader, "c", cityscapes, options)
    hidden.rename(labels[0])
    (cityscapes / "gtFine" / "val").rename(cityscapes / "gone")
    part = open_what_is_there(reader, "c", cityscapes, options)
    assert {s.split for s in part.samples} == {"train"} and "val is left out: " in part.notes[-1]
    grouped = open_dataset(reader, "c", cityscapes, ("train", "test"), {**options, "split": "grouped"})
    assert grouped.samples == part.samples and grouped.notes == part.notes
    (cityscapes / "gtFine" / "train").rename(cityscapes / "gone too")
    with pytest.raises(DataError, match="no such folder; it comes in"):
        open_what_is_there(reader, "c", cityscapes, options)
