import subprocess
import sys

import numpy as np
import pytest

from fairweather.data.town.arithmetic import seed_of
from fairweather.data.town.reader import TOWN_NAMES
from fairweather.data.town.render import render, truth
from fairweather.data.town.street import draw_scene
from fairweather.errors import InputError, UnknownName
from fairweather.vocabulary.domains import DOMAINS


@pytest.mark.parametrize("town", TOWN_NAMES)
def test_a_domain_changes_neither_label_nor_depth(town: str) -> None:
    for index in (3, 41):
        scene = draw_scene(town, "train", index)
        label, depth = truth(scene, 64, 128)
        for domain in DOMAINS:
            made = render(scene, domain, None, seed_of("test", index, domain), 64, 128)
            assert np.array_equal(made.label, label)
            assert np.array_equal(made.depth, depth)


def test_every_domain_is_another_picture_and_the_severity_matters() -> None:
    scene = draw_scene("south", "train", 5)
    pictures = {d: render(scene, d, 1.0, seed_of("x"), 64, 128).image for d in DOMAINS}
    assert len({p.tobytes() for p in pictures.values()}) == 7
    thick = render(scene, "foggy", 3.0, seed_of("x"), 64, 128).image
    assert thick.std() < pictures["foggy"].std()


def test_the_frames_of_a_sequence_share_their_weather() -> None:
    """What is 12 m away fades as much in every frame; from one seed to the next it does not."""

    def contrast(index: int, seed: str) -> float:
        scene = draw_scene("north", "test", index)
        clear = render(scene, "cloudy", 1.0, seed_of("clear"), 64, 128)
        foggy = render(scene, "foggy", None, seed_of(seed), 64, 128)
        near = (clear.depth > 9) & (clear.depth < 15)
        return float(foggy.image[near].std() / clear.image[near].std())

    within = [contrast(index, "one sequence") for index in range(5)]
    between = [contrast(0, f"sequence {k}") for k in range(5)]
    assert np.ptp(within) < 0.6 * np.ptp(between), (within, between)


PROGRAM = """
import hashlib
from fairweather.data.town.arithmetic import seed_of
from fairweather.data.town.render import render
from fairweather.data.town.street import draw_scene
found = hashlib.sha256()
for domain in {domains}:
    made = render(draw_scene("east", "val", 12), domain, None, seed_of("bytes", domain), 64, 128)
    for plane in (made.image, made.label, made.depth):
        found.update(plane.tobytes())
print(found.hexdigest())
"""


def test_another_process_renders_the_same_bytes() -> None:
    program = PROGRAM.format(domains=DOMAINS)
    found = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("clear_day", None, 16, 64), "size 64x16 is too small"),
        (("clear_day", None, 100, 200), "multiples of 32"),
        (("clear_day", -1.0, 32, 64), "severity"),
        (("clear_day", float("nan"), 32, 64), "severity"),
    ],
)
def test_bad_input_is_one_line(arguments: tuple[str, float | None, int, int], message: str) -> None:
    domain, severity, height, width = arguments
    with pytest.raises(InputError, match=message) as caught:
        render(draw_scene("north", "train", 0), domain, severity, seed_of("x"), height, width)
    assert "\n" not in str(caught.value)


def test_an_unknown_domain_is_named() -> None:
    with pytest.raises(UnknownName, match="unknown domain 'hail'"):
        render(draw_scene("north", "train", 0), "hail", None, seed_of("x"), 32, 64)
