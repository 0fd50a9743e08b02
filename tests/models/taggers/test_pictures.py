"""The offline tagger on Fairtown frames, on simple pictures, and on CamVid where it is there.

`golden.json` holds what it says of a few frames, beside its revision. When cues or table are meant to change, raise REVISION in
pictures.py and write it anew:

    .venv/bin/python tests/models/taggers/test_pictures.py
"""

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fairweather.data import READERS
from fairweather.models.taggers import decide, pictures_tagger
from fairweather.models.taggers.pictures import CUES, QUESTIONS, REVISION, cues
from fairweather.vocabulary.domains import DOMAINS, NORMAL, UNDEFINED

ROOT = Path(__file__).parents[3]
TABLE = Path(__file__).with_name("golden.json")


@cache
def frames() -> dict[str, np.ndarray]:
    """Two test scenes of one town in every domain."""
    reader = READERS["fairtown"]
    town = reader.open("t", None, ("test",), reader.card.resolved({"town": "south", "size": "256x128"}, "t"))
    found = {}
    for sample in (town.samples[0], town.samples[100]):
        for number, domain in enumerate(DOMAINS):
            rng = np.random.Generator(np.random.Philox(number))
            found[f"{sample.id} {domain}"] = town.twin(sample, domain, rng)
    return found


def current() -> dict[str, object]:
    said = pictures_tagger().tag(list(frames().values()))
    return {
        "revision": REVISION,
        "said": {id: [s.domain, s.secondary, round(s.confidence, 3)] for id, s in zip(frames(), said, strict=True)},
    }


def test_what_is_said_is_golden_of_the_revision() -> None:
    golden, now = json.loads(TABLE.read_text()), current()
    assert golden["revision"] == now["revision"], "write the table anew"
    assert list(golden["said"]) == list(now["said"])  # type: ignore[call-overload]
    for id, (domain, secondary, confidence) in golden["said"].items():
        found = now["said"][id]  # type: ignore[index]
        assert found[:2] == [domain, secondary], f"{id}: what is said has changed; raise REVISION"
        assert found[2] == pytest.approx(confidence, abs=0.005)


def test_most_decisions_on_fairtown_are_right_and_rain_is_never_said() -> None:
    said = [
        (id.split()[-1], s.domain)
        for id, s in zip(frames(), pictures_tagger().tag(list(frames().values())), strict=True)
    ]
    decided = [(k, s) for k, s in said if s != UNDEFINED and k != "rainy"]
    assert len(decided) >= 8 and np.mean([k == s for k, s in decided]) >= 0.8
    assert "rainy" not in {s for _, s in said}


def test_every_cue_is_used_and_every_domain_but_rain_can_be_said() -> None:
    tagger = pictures_tagger()
    assert {name for names in QUESTIONS.values() for name in names} == set(CUES)
    assert set(QUESTIONS) | {"cloudy"} | set(tagger.never) == set(DOMAINS) and tagger.origin == "heuristic"
    assert all(tagger.rule.thresholds[d] < 1 for d in DOMAINS if d != "rainy")
    assert decide(tagger.evidence([np.zeros((64, 96, 3), np.uint8)])[0], tagger.rule).domain == "night"


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 60), st.just(3))))
def test_any_picture_has_finite_cues_and_an_answer(image: np.ndarray) -> None:
    before = image.copy()
    assert np.isfinite(cues(image)).all()
    (said,) = pictures_tagger().tag([image])
    assert said.domain in (*DOMAINS, UNDEFINED) and said.domain != "rainy" and 0 <= said.confidence <= 1
    assert np.array_equal(image, before)


def test_mirroring_changes_nothing_that_is_said() -> None:
    tagger = pictures_tagger()
    for image in list(frames().values())[:3]:
        assert np.allclose(cues(image), cues(image[:, ::-1]), atol=0.02)
        assert tagger.tag([image])[0].domain == tagger.tag([np.ascontiguousarray(image[:, ::-1])])[0].domain


def test_dusk_is_told_from_day_on_every_tenth_frame_of_camvid(camvid_root: Path) -> None:
    reader = READERS["camvid"]
    camvid = reader.open("c", camvid_root, ("train", "val", "test"), {})
    samples = camvid.samples[::10]
    said = [(s.domain, pictures_tagger().tag([camvid.image(s)])[0].domain) for s in samples]
    decided = [(k, d) for k, d in said if d != UNDEFINED]
    right = [d == "dawn_dusk" if k == "dawn_dusk" else d in NORMAL for k, d in decided]
    assert len(decided) > 0.85 * len(said) and {k for k, _ in decided} == {"dawn_dusk", "clear_day"}
    assert (
        np.mean(right) >= 0.93
    )  # 95.8 % of all 643 decisions, docs/domains/dusk_or_day.csv; one frame of 65 is 1.5 points


def test_the_page_says_what_was_measured() -> None:
    folder = ROOT / "docs" / "domains"
    page = (ROOT / "docs" / "domains.md").read_text()
    for row in csv.DictReader((folder / "dusk_or_day.csv").read_text().splitlines()):
        assert f"{row['right']} of {row['frames']} ({row['percent']} %)" in page or (
            f"{row['frames']} of 701 | {row['right']} ({row['percent']} %)" in page
        )
    rows = list(csv.DictReader((folder / "confusion.csv").read_text().splitlines()))
    for images in ("Fairtown, town left out", "Fairtown, test scenes"):
        mine = [row for row in rows if row["images"] == images and row["domain"] != "rainy"]
        frames, abstained = (sum(int(row[key]) for row in mine) for key in ("frames", "said_undefined"))
        right = sum(int(row[f"said_{row['domain']}"]) for row in mine)
        assert f"| {frames - abstained} of {frames} | {right} |" in page


if __name__ == "__main__":
    written, now = json.loads(TABLE.read_text()) if TABLE.is_file() else {}, current()
    if written.get("revision") == now["revision"] and written != now:
        raise SystemExit("what is said changed under the same revision; raise REVISION in pictures.py first")
    TABLE.write_text(json.dumps(now, indent=1) + "\n")
