from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fairweather.store.files import read_json
from fairweather.store.pools import pool_problems

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`
SMALL = "fairtown:north:64x32"


def test_generate_writes_a_pool_and_says_when_it_is_there_already(door: Door, tmp_path: Path) -> None:
    words = (
        "generate",
        "gen_oracle",
        "--data",
        SMALL,
        "--split",
        "val",
        "--targets",
        "fog,night",
        "--out",
        "deep/pool",
    )
    status, out, err = door(*words, "--workers", 1, cwd=tmp_path)
    assert (status, err) == (0, "")
    rows = pq.read_table(tmp_path / "deep/pool/manifest.parquet").to_pylist()
    assert {row["target_domain"] for row in rows} == {"foggy", "night"} and f"{len(rows)} images" in out
    assert not pool_problems(tmp_path / "deep/pool")
    assert read_json(tmp_path / "deep/pool/pool.json")["identity"]["targets"] == ["foggy", "night"]
    assert {path.name for path in (tmp_path / "deep").iterdir()} == {"pool", ".claims.lock"}
    status, out, _ = door(*words, cwd=tmp_path)
    assert status == 0 and "whole already" in out
    status, _, err = door(*words, "--seed", 1, cwd=tmp_path)
    assert status == 2 and "holds something else" in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("gen_orakle", "--data", SMALL), "unknown strategy 'gen_orakle'; did you mean 'gen_oracle'?"),
        (("baseline", "--data", SMALL), "baseline: makes no images by itself; generators are"),
        (("gen_oracle", "--data", "toy"), "gen_oracle needs the twin of every scene; data set toy has none"),
        (("gen_oracle", "--data", SMALL, "--split", "test"), "a generator never sees test images"),
        (("gen_oracle", "--data", SMALL, "--targets", "clear_day"), "gen_oracle makes none of"),
        (("gen_oracle", "--data", SMALL, "--targets", "hail"), "--targets: unknown domain 'hail'"),
        (("gen_oracle", "--data", SMALL, "--seed", str(2**32)), "less than or equal to 4294967295"),
        (("gen_oracle", "--data", SMALL, "--codec", "gif"), "--codec: 'gif'; allowed are jpeg and png"),
    ],
)
def test_bad_input_is_status_2_and_one_line(door: Door, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    status, _, err = door("generate", *words, "--out", "pool", cwd=tmp_path)
    assert status == 2 and message in err and err.count("\n") == 1, err
    assert not list(tmp_path.iterdir())
