import random
from dataclasses import replace

import cv2
import numpy as np
import pytest

from fairweather.errors import InputError
from fairweather.generators.rendering import automold
from fairweather.generators.rendering.automold import FOGS, RAINS, SNOWS, Automold
from fairweather.generators.rendering.discs import fogged, unit
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.streams import stream

SUPPORTED = Automold.card.domains_supported


def test_the_card_tells_the_study_from_what_is_added():
    assert Automold.card.domains_reference == ("foggy", "rainy", "snowy")
    assert {*SUPPORTED} == {*DOMAINS} - {"clear_day"}
    assert "automold" in Automold.card.aliases


@pytest.mark.parametrize("size", [(32, 32), (33, 57), (48, 1024), (1024, 2048)])
@pytest.mark.parametrize("domain", SUPPORTED)
def test_sizes_at_which_the_original_breaks_or_hangs(scene, size, domain):
    street = scene(*size)
    for draw in range(3):
        made = Automold().generate(street, domain, stream(0, "pool", draw))
        assert (made.shape, made.dtype) == (street.image.shape, np.uint8)
        assert np.abs(made.astype(int) - street.image).mean() > 1


@pytest.mark.parametrize("domain", SUPPORTED)
def test_a_function_of_its_source_and_its_stream_and_of_nothing_global(scene, views, domain):
    street = scene()
    before = random.getstate(), np.random.get_state()[1].tobytes()  # noqa: NPY002
    made = Automold().generate(street, domain, stream(0, "pool", 1))
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before  # noqa: NPY002
    assert np.array_equal(made, Automold().generate(street, domain, stream(0, "pool", 1)))
    assert not np.array_equal(made, Automold().generate(street, domain, stream(0, "pool", 2)))
    view = views(street)
    whole = replace(view, image=view.image.copy(), label=view.label.copy())
    assert np.array_equal(
        Automold().generate(view, domain, stream(0, "pool", 1)),
        Automold().generate(whole, domain, stream(0, "pool", 1)),
    )


def test_fog_whitens_and_takes_contrast_and_heavy_fog_more(scene):
    street = scene(360, 640)
    dark = street.label != 10
    rise, contrast = {}, {}
    for kind in ("light", "heavy"):
        made = [Automold(fogs=(kind,)).generate(street, "foggy", stream(0, "pool", draw)) for draw in range(6)]
        rise[kind] = np.mean([m[dark].mean() for m in made]) - street.image[dark].mean()
        contrast[kind] = np.mean([np.abs(np.diff(m[dark].astype(float), axis=0)).mean() for m in made])
    assert 2 < rise["light"] < rise["heavy"]
    assert (
        contrast["heavy"] < contrast["light"] < 0.5 * np.abs(np.diff(street.image[dark].astype(float), axis=0)).mean()
    )


def test_fog_of_a_usual_picture_is_automolds_and_of_a_smaller_one_as_dense(scene):
    street = scene(720, 1280)
    heavy, rng = Automold(fogs=("heavy",)), stream(0, "pool", 4)
    c = [rng.choice(("heavy",)), rng.uniform(*FOGS["heavy"])][1]
    wanted = fogged(street.image, c, rng, alpha=0.08, blur=unit(1280, c) // 10)
    assert np.array_equal(heavy.generate(street, "foggy", stream(0, "pool", 4)), wanted)
    black = {w: replace(street, image=np.zeros((w * 9 // 16, w, 3), np.uint8)) for w in (320, 1280)}
    veil = {
        w: np.mean([heavy.generate(source, "foggy", stream(0, "pool", draw)).mean() for draw in range(12)])
        for w, source in black.items()
    }
    assert 0.75 < veil[320] / veil[1280] < 1.33


def test_more_layers_make_thicker_fog(scene):
    street = scene()
    thin, thick = (Automold(fog_layers=n).generate(street, "foggy", stream(0, "pool")) for n in (1, 4))
    assert thick.mean() > thin.mean() + 5


def test_rain_follows_the_slant_that_was_drawn(scene, monkeypatch):
    """The original draws its lines with slant -1 when it is asked for a random one."""
    slants = []
    real = automold.rained

    def watched(image, slant, length, width, drops, colour, rng):
        slants.append(slant)
        assert length <= image.shape[0] / 4
        return real(image, slant, length, width, drops, colour, rng)

    monkeypatch.setattr(automold, "rained", watched)
    street = replace(scene(), image=np.zeros((192, 320, 3), np.uint8))
    tilted = Automold(rains=("torrential",))
    leaning = []
    for draw in range(30):
        made = tilted.generate(street, "rainy", stream(0, "pool", draw))[..., 0].astype(float)
        # The tensor of the gradients is thin along the streaks.
        y, x = np.gradient(cv2.blur(made, (3, 3)))
        leaning.append(-np.arctan2(2 * (x * y).sum(), (x * x - y * y).sum()) / 2)
    assert len(set(slants)) > 8 and -10 <= min(slants) < -4 and 4 < max(slants) <= 10
    assert np.corrcoef(np.arctan(np.array(slants) / 48), leaning)[0, 1] > 0.9


def test_rain_dims_and_keeps_a_pale_sky_pale(scene):
    street = scene()
    pale = replace(street, image=np.where(street.label[..., None] == 10, np.uint8([251, 255, 255]), street.image))
    made = Automold().generate(pale, "rainy", stream(0, "pool"))
    assert 0.6 < made.mean() / pale.image.mean() < 0.85
    assert np.ptp(made[:50].astype(int), axis=2).max() < 5  # in 8-bit HLS it becomes cyan


def test_the_heavier_the_rain_the_more_of_it(scene):
    dark = replace(scene(480, 640), image=np.zeros((480, 640, 3), np.uint8))
    wet = [
        np.mean([Automold(rains=(kind,)).generate(dark, "rainy", stream(0, "pool", d)).mean() for d in range(4)])
        for kind in RAINS
    ]
    assert wet == sorted(wet) and wet[-1] > 3 * wet[0]


def test_snow_whitens_what_is_dark_and_leaves_what_is_bright(scene):
    street = scene()
    light = (street.image.max(axis=2).astype(int) + street.image.min(axis=2)) / 2
    made = Automold(snows=("heavy",)).generate(street, "snowy", stream(0, "pool"))
    road = street.label == 0
    assert made[road].mean() > 1.8 * street.image[road].mean()
    assert np.array_equal(made[light > 0.9 * 127.5 + 85], street.image[light > 0.9 * 127.5 + 85])


def test_every_variant_is_drawn(scene, monkeypatch):
    asked = []
    for name in ("_foggy", "_rainy", "_snowy"):
        monkeypatch.setattr(automold, name, lambda image, *what: asked.append(what[:-1]) or image)
    for domain in Automold.card.domains_reference:
        for draw in range(40):
            Automold().generate(scene(32, 32), domain, stream(0, "pool", draw))
    assert set(asked) == {*((a, 1) for a in FOGS.values()), *RAINS.values(), *((a,) for a in SNOWS.values())}


def test_night_is_not_automolds_darkening(scene):
    street = scene()
    made = Automold().generate(street, "night", stream(0, "pool"))
    assert made.max() > 200 and made.mean() < 60  # it has lamps


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"fogs": ()}, "fogs is (), allowed is a list of one or more of light, any, heavy"),
        (
            {"rains": "heavy"},
            "rains is 'heavy', allowed is a list of one or more of drizzle, medium, heavy, torrential",
        ),
        (
            {"snows": ("hevy",)},
            "unknown variant in snows of Automold 'hevy'; did you mean 'heavy'? (known: any, heavy)",
        ),
        ({"fog_layers": 0}, "fog_layers is 0, allowed is a whole number from 1 to 20"),
        ({"fog_layers": 1.5}, "fog_layers is 1.5, allowed is a whole number from 1 to 20"),
    ],
)
def test_bad_parameters_are_refused_in_one_line(parameters, message):
    with pytest.raises(InputError) as caught:
        Automold(**parameters)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_lists_of_a_file_are_taken():
    assert Automold(fogs=["heavy"]) == Automold(fogs=("heavy",)) and hash(Automold(fogs=["heavy"]))
