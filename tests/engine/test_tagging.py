"""A data set is tagged once: what was said stays said, a killed run goes on, another tagger begins anew."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fairweather.data import READERS, Dataset, open_dataset
from fairweather.data.folder import write_folder
from fairweather.engine import tagging
from fairweather.engine.tagging import calibrated, tag_dataset
from fairweather.errors import DataError, InputError, StoreError
from fairweather.models.taggers import Evidence, Tagger, pictures_tagger
from fairweather.store.domains import read_sheet, sheet_of
from fairweather.store.files import read_json, write_json
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED


class Counted:
    """A tagger that says night of dark images and clear_day of others, and counts what it looks at."""

    def __init__(self, fails_after: int = 10**9) -> None:
        self.looked, self.fails_after = 0, fails_after

    def look(self, images: Sequence[np.ndarray]) -> list[Evidence]:
        self.looked += len(images)
        if self.looked > self.fails_after:
            raise DataError("killed")
        sure = {True: "night", False: "clear_day"}
        return [Evidence(tuple(5.0 * (d == sure[bool(i.mean() < 60)]) for d in DOMAINS)) for i in images]

    def tagger(self, revision: int = 1) -> Tagger:
        return Tagger("counted", "classifier", revision, {}, self.look, pictures_tagger().rule)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Frames of eight groups as files, every other one of unknown domain."""
    reader = READERS["fairtown"]
    found = reader.open("t", None, ("test",), reader.card.resolved({"town": "north", "size": "64x32"}, "t"))
    groups = [list(dict.fromkeys(s.group for s in found.samples if s.domain == d))[:4] for d in ("clear_day", "night")]
    folder = tmp_path_factory.mktemp("town")
    write_folder(found.only(s for s in found.samples if s.group in (*groups[0], *groups[1])), folder)
    files = READERS["folder"].open("t", folder, ("test",), {"label_space": "cityscapes19"})
    return files.only(s if n % 2 else replace(s, domain=UNDEFINED) for n, s in enumerate(files.samples))


def rows(table: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(table.read_text().splitlines()))


def test_the_table_and_its_sheet_tell_what_was_said(town: Dataset, tmp_path: Path) -> None:
    ticks: list[int] = []
    sheet = tag_dataset(town, Counted().tagger(), tmp_path / "domains.csv", tick=lambda: ticks.append(1))
    found = rows(tmp_path / "domains.csv")
    assert [row["id"] for row in found] == [s.id for s in town.samples] and len(ticks) == len(town.samples)
    assert {row["origin"] for row in found} == {"classifier"}
    assert [row["image_sha256"] for row in found] == [town.content(s)[0] for s in town.samples]
    said = [row["domain"] for row in found]
    assert sheet["said"] == {d: said.count(d) for d in ("clear_day", "night")}
    known = [(s.domain, d) for s, d in zip(town.samples, said, strict=True) if s.domain != UNDEFINED]
    assert sheet["confusion"]["images"] == len(known)
    assert sheet["confusion"]["right"] == sum(k == d for k, d in known)
    assert sum(sheet["used"].values()) == sheet["without_domain"] == len(town.samples) - len(known)
    kept = read_sheet(tmp_path / "domains.csv")
    assert kept is not None
    assert {key: kept[key] for key in sheet} == json.loads(json.dumps(sheet))


def test_a_second_run_looks_at_nothing_and_another_revision_at_everything(town: Dataset, tmp_path: Path) -> None:
    out, counted = tmp_path / "domains.csv", Counted()
    tag_dataset(town.only(town.samples[:10]), counted.tagger(), out)
    assert counted.looked == 10
    tag_dataset(town, counted.tagger(), out)
    assert counted.looked == len(town.samples)
    before = out.read_bytes()
    tag_dataset(town, counted.tagger(), out)
    assert counted.looked == len(town.samples) and out.read_bytes() == before
    tag_dataset(town, counted.tagger(2), out)
    assert counted.looked == 2 * len(town.samples)


def test_a_killed_run_leaves_no_table_and_goes_on(
    town: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagging, "KEPT_EVERY", -1.0)
    out, first = tmp_path / "domains.csv", Counted(fails_after=2 * tagging.BATCH)
    with pytest.raises(DataError, match="killed"):
        tag_dataset(town, first.tagger(), out)
    assert not out.exists() and not sheet_of(out).exists()
    second = Counted()
    tag_dataset(town, second.tagger(), out)
    assert second.looked == len(town.samples) - 2 * tagging.BATCH
    assert sorted(p.name for p in tmp_path.iterdir()) == ["domains.csv", "domains.json"]
    whole = Counted()
    tag_dataset(town, whole.tagger(), tmp_path / "whole.csv")
    assert rows(out) == rows(tmp_path / "whole.csv")


def test_a_table_of_somebody_else_is_not_written_over(town: Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("id,domain,origin,secondary\n")
    with pytest.raises(InputError, match=r"mine\.csv is there already"):
        tag_dataset(town, Counted().tagger(), tmp_path / "mine.csv")
    with pytest.raises(InputError, match=r"does not end in \.csv"):
        tag_dataset(town, Counted().tagger(), tmp_path / "domains.json")
    out = tmp_path / "domains.csv"
    tag_dataset(town, Counted().tagger(), out)
    out.write_text(out.read_text().replace("clear_day", "cloudy"))
    assert read_sheet(out) is None
    with pytest.raises(InputError, match="was it edited"):
        tag_dataset(town, Counted().tagger(), out)
    record = read_json(sheet_of(out))
    for key in ("table_sha256", "confusion", "schema"):
        write_json(sheet_of(out), {k: v for k, v in record.items() if k != key})
        with pytest.raises(StoreError, match="not the sheet of a table of domains"):
            read_sheet(out)


def test_a_rule_is_judged_on_groups_it_was_not_fitted_on(town: Dataset, tmp_path: Path) -> None:
    fitted = calibrated("town", town, Counted().tagger())
    labelled = [s for s in town.samples if s.domain != UNDEFINED]
    hashed = {s.id: town.content(s)[0] for s in labelled}
    inside = {s.group for s in labelled if hashed[s.id] in fitted.images}
    outside = {s.group for s in labelled if hashed[s.id] not in fitted.images}
    assert inside and outside and not inside & outside
    assert fitted.judged.images + len(fitted.images) == len(labelled)
    # However the data set is named, images that were fitted on are in no confusion.
    sheet = tag_dataset(town, Counted().tagger(), tmp_path / "d.csv", fitted)
    assert sheet["confusion"]["images"] == fitted.judged.images and sheet["calibration"]["source"] == "town"
    other = tag_dataset(town, Counted().tagger(), tmp_path / "e.csv")
    assert other["confusion"]["images"] == len(labelled)


def test_a_rule_is_fitted_on_training_images_where_there_are_some(town: Dataset) -> None:
    groups = sorted({s.group for s in town.samples})
    trained = set(groups[: len(groups) // 2 + 1])
    mixed = town.only(replace(s, split="train") if s.group in trained else s for s in town.samples)
    fitted = calibrated("town", mixed, Counted().tagger())
    used = {mixed.content(s)[0] for s in mixed.samples if s.split == "train"}
    assert fitted.images <= used and fitted.judged.images + len(fitted.images) <= len(used)


def test_calibration_needs_two_groups_of_known_domains(town: Dataset) -> None:
    one = town.only(s for s in town.samples if s.group == town.samples[0].group)
    with pytest.raises(InputError, match="at least two groups"):
        calibrated("town", one, Counted().tagger())


def test_the_data_set_opens_with_what_was_said(town: Dataset, tmp_path: Path) -> None:
    tag_dataset(town, Counted().tagger(), tmp_path / "domains.csv")
    reader, root = READERS["folder"], town.root  # type: ignore[attr-defined]
    lines = (root / "frames.csv").read_text().splitlines()
    blank = [line.replace(",clear_day,", ",undefined,").replace(",night,", ",undefined,") for line in lines]
    try:
        (root / "frames.csv").write_text("\n".join(blank) + "\n")
        options = reader.card.resolved({"domains": str(tmp_path / "domains.csv")}, "t")
        read = open_dataset(reader, "t", root, ("test",), options)
    finally:
        (root / "frames.csv").write_text("\n".join(lines) + "\n")
    said = {row["id"]: (row["domain"], row["origin"]) for row in rows(tmp_path / "domains.csv")}
    assert {s.id: (s.domain, s.origin) for s in read.samples} == said
    assert {origin for _, origin in said.values()} == {"classifier"}
