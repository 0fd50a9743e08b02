from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

Door = Callable[..., tuple[int, str, str]]  # the fixture `door`


def test_show_draws_sources_and_what_is_made_of_them(door: Door, tmp_path: Path) -> None:
    words = ("show", "gen_oracle", "--data", "fairtown:north:64x32", "--targets", "night", "--scenes", 2)
    status, out, err = door(*words, "--out", "deep/show.png", cwd=tmp_path)
    assert (status, err) == (0, "")
    with Image.open(tmp_path / "deep/show.png") as sheet:
        assert f"{sheet.width} x {sheet.height} pixels" in out
        assert sheet.width == 2 * (64 + 2)  # the source and one domain
        pixels = np.asarray(sheet).astype(int)
    day, night = pixels[18:50, :64], pixels[18:50, 66:130]
    assert night.mean() < day.mean() - 20


def test_bad_input_is_status_2_and_one_line(door: Door, tmp_path: Path) -> None:
    status, _, err = door("show", "std_cutmix", "--data", "toy", cwd=tmp_path)
    assert status == 2 and "std_cutmix: makes no images by itself" in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())
