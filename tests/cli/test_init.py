"""`fairweather init` on every layout in miniature, and on folders that are none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.data.layouts import layouts, scenes

from fairweather.study import read
from fairweather.vocabulary.domains import UNDEFINED

LAYOUTS = layouts()
Door = Callable[..., tuple[int, str, str]]  # the fixture `door`


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_recognised_becomes_a_study_that_can_be_planned(name: str, door: Door, tmp_path: Path) -> None:
    layout, root, out = LAYOUTS[name], tmp_path / "a data set" / "ü", tmp_path / "study.yaml"
    root.mkdir(parents=True)
    layout.write(root, scenes())
    status, said, err = door("init", f"{layout.reader}:{root}", "--out", str(out), cwd=tmp_path)
    assert (status, err) == (0, "") and f"{out}: written" in said
    study = read(out)
    (source,) = study.file.data.values()
    assert source.reader == layout.reader and study.root(source) == root.resolve()
    if UNDEFINED in said:
        assert f"fairweather data tag {layout.reader}:" in out.read_text()


def test_a_folder_of_files_is_recognised_by_itself(door: Door, tmp_path: Path) -> None:
    root, out = tmp_path / "camvid", tmp_path / "study.yaml"
    root.mkdir()
    LAYOUTS["camvid"].write(root, scenes())
    status, said, _ = door("init", str(root), "--out", str(out), cwd=tmp_path)
    assert status == 0
    assert "  train: clear_day 2, cloudy 2, dawn_dusk 2, foggy 2, night 2, rainy 2, snowy 2" in said
    status, said, err = door("plan", str(out), cwd=tmp_path)
    assert (status, err) == (0, "") and "smallest" in said


def test_what_is_no_data_set_is_one_line(door: Door, tmp_path: Path) -> None:
    (tmp_path / "above" / "camvid").mkdir(parents=True)
    LAYOUTS["camvid"].write(tmp_path / "above" / "camvid", scenes()[:1])
    (tmp_path / "empty").mkdir()
    (tmp_path / "there.yaml").write_text("mine")
    cases = {
        (str(tmp_path / "nowhere"),): "no such folder: unknown data set",
        (str(tmp_path / "empty"),): "empty: not the layout of any reader",
        (str(tmp_path / "above"),): "there is camvid in",
        (f"camvd:{tmp_path / 'empty'}",): "unknown data set 'camvd'",
        (f"camvid:{tmp_path / 'empty'}",): "frames.csv: missing",
        ("fairtown:north",): "is embedded; a study names it as {reader: fairtown}",
        (str(tmp_path / "there.yaml"),): "there.yaml is a file; a data set is a folder",
        (str(tmp_path / "above"), "--out", str(tmp_path / "there.yaml")): "is there already; name a new file",
    }
    for words, message in cases.items():
        out = () if "--out" in words else ("--out", str(tmp_path / "new.yaml"))
        status, _, err = door("init", *words, *out, cwd=tmp_path)
        assert status == 2 and message in err and err.count("\n") == 1, err
    assert not (tmp_path / "new.yaml").exists() and (tmp_path / "there.yaml").read_text() == "mine"
