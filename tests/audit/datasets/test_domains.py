from collections.abc import Callable
from dataclasses import replace

from tests.audit.datasets.conftest import Findings, frames

Checked = Callable[..., Findings]


def test_a_night_with_a_bright_sky_and_a_dark_day_are_named(checked: Checked) -> None:
    some = frames()
    day = next(n for n, frame in enumerate(some) if frame.domain == "clear_day")
    some[day] = replace(some[day], domain="night")
    check = checked(some).of("data.domain_contradicts")
    assert check.severity == "warning" and check.statement == "Images called night with a bright sky: 1."
    assert [row["file"] for row in check.rows] == [f"images/frame_{day:06d}_rgb.png"] and check.rows[0]["sky"] > 0.5
    dark = [n for n, frame in enumerate(frames()) if frame.domain == "night"]
    some = [
        replace(frame, domain="rainy", image=frame.image // 3) if n in dark else frame
        for n, frame in enumerate(frames())
    ]
    check = checked(some).of("data.domain_contradicts")
    assert len(check.rows) == len(dark) and check.statement == f"Images called day but dark: {len(dark)}."


def test_domains_shifted_against_the_images_are_named(checked: Checked) -> None:
    turn = {"night": "dawn_dusk", "dawn_dusk": "night"}
    check = checked([replace(f, domain=turn.get(f.domain, f.domain)) for f in frames()]).of("data.domain_light")
    assert (
        check.severity == "warning" and "night" in check.statement and "is not darker than dawn_dusk" in check.statement
    )
