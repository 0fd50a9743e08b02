"""quality.json: there and back, nothing without a recipe or a reason, and composites only as the user defines them."""

import json
import math

import pytest

from fairweather.errors import InputError, UnknownName
from fairweather.generators.quality.record import Anchor, Composite, Number, Quality, Recipe

RECIPE = Recipe("a formula", "a paper", "these with those", network="study network 01: small")


def number(name: str = "ssim", value: float | None = 0.5, domain: str = "", note: str = "") -> Number:
    return Number(name, value, 5, RECIPE, domain, note=note)


def test_a_record_comes_back_as_it_went() -> None:
    quality = Quality(
        "pool-1",
        (
            number(),
            number(domain="foggy"),
            Number("mean_iou", 40.0, 3, Recipe("f", "s", "c", needs_unit="u"), parts=(("sky", 40.0), ("car", None))),
            number("lpips", None, note="no package"),
            Number("kid", -0.001, 9, RECIPE, standard_error=0.002),
        ),
    )
    text = json.dumps(quality.record(), allow_nan=False)
    assert Quality.read(json.loads(text)) == quality
    entry = json.loads(text)["numbers"][2]
    assert entry["label"] == "mIoU on the generated images" and entry["unit"] == "points"
    assert entry["recipe"]["needs_unit"] == "u"
    assert not any("composite" in entry["name"] for entry in json.loads(text)["numbers"])


@pytest.mark.parametrize(
    "broken", [None, [], {}, {"schema": 1, "pool": "p", "numbers": [{"name": "ssim"}]}, {"schema": 1, "numbers": []}]
)
def test_what_is_no_record_is_refused(broken: object) -> None:
    with pytest.raises(InputError, match=r"quality\.json: no quality record"):
        Quality.read(broken)


def test_numbers_that_say_too_little_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'ssim'"):
        number("sssim")
    for value in (math.nan, math.inf):
        with pytest.raises(InputError, match="not finite"):
            number(value=value)
    with pytest.raises(InputError, match="no value and no reason"):
        number(value=None)
    with pytest.raises(InputError, match="-1 samples"):
        Number("ssim", 0.5, -1, RECIPE)
    with pytest.raises(InputError, match="twice"):
        Quality("p", (number(), number()))
    with pytest.raises(InputError, match="schema 2; this version reads 1"):
        Quality("p", (), 2)


def test_a_composite_by_hand() -> None:
    """SSIM 0.5 between 0.2 and 0.8 is 0.5, FID 80 between 200 and 50 is 0.8: (1 x 0.5 + 3 x 0.8) / 4."""
    written = {"ssim": {"worst": 0.2, "best": 0.8, "weight": 1}, "fid": {"worst": 200, "best": 50, "weight": 3}}
    composite = Composite.read(written)
    score = composite.score((number(), number("fid", 80.0)))
    assert score.value == pytest.approx(0.725)
    assert score.samples == 5
    assert "3 x fid (200 -> 0, 50 -> 1)" in score.recipe.formula
    beyond = composite.score((number(value=0.9), number("fid", 300.0)))
    assert beyond.value == pytest.approx(0.25)


def test_a_composite_does_not_depend_on_what_else_is_measured() -> None:
    composite = Composite((Anchor("ssim", 0, 1, 1),))
    alone = composite.score((number(),))
    assert composite.score((number("fid", 9.0), number(), number(value=0.9, domain="foggy"))) == alone
    assert composite.score((number(), number(value=0.9, domain="foggy")), "foggy").value == pytest.approx(0.9)


def test_a_composite_is_never_taken_over_fewer_measures() -> None:
    composite = Composite((Anchor("ssim", 0, 1, 1), Anchor("lpips", 1, 0, 1), Anchor("fid", 200, 50, 1)))
    score = composite.score((number(), number("lpips", None, note="no package")))
    assert score.value is None
    assert score.note.startswith("not measured: lpips, fid")


def test_bad_composites_are_refused_in_one_line() -> None:
    good = {"worst": 0, "best": 1, "weight": 1}
    for written, words in [
        ([], "allowed is {measure"),
        ({}, "composite of nothing"),
        ({"sim": good}, "unknown quality measure 'sim'"),
        ({"composite": good}, "unknown quality measure"),
        ({"ssim": {"worst": 0, "best": 1}}, "composite.ssim: allowed are exactly the keys worst, best, weight"),
        ({"ssim": good | {"best": "1"}}, "composite.ssim.best: '1'; allowed are numbers"),
        ({"ssim": good | {"best": 0}}, "worst and best different"),
        ({"ssim": good | {"worst": math.nan}}, "finite numbers"),
        ({"ssim": good | {"weight": 0}}, "weight 0.0; allowed are numbers above 0"),
    ]:
        with pytest.raises(InputError, match=words) as caught:
            Composite.read(written)
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="each once"):
        Composite((Anchor("ssim", 0, 1, 1), Anchor("ssim", 0, 1, 2)))
