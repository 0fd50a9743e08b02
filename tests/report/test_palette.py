"""Every colour of a figure has its dark counterpart on the page."""

import re

from fairweather.report.palette import COLOURS, stylesheet


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_light_values_are_distinct_so_that_a_figure_can_be_recoloured_by_value():
    assert len({c.light for c in COLOURS.values()}) == len(COLOURS)


def test_text_can_be_read_in_both_schemes():
    paper = COLOURS["paper"]
    for name in ("ink", "muted", "helps", "hurts"):
        assert contrast(COLOURS[name].light, paper.light) >= 4.5, name
        assert contrast(COLOURS[name].dark, paper.dark) >= 4.5, name


def test_figures_use_no_colour_outside_the_palette(reports):
    known = {c.light for c in COLOURS.values()} | {"none"}
    for svg in ("gains", "moves"):
        text = (reports["study"] / "figures" / f"{svg}.svg").read_text()
        assert set(re.findall(r' (?:fill|stroke)="([^"]+)"', text)) - {"transparent"} <= known


def test_stylesheet_maps_every_colour_both_ways():
    style = stylesheet()
    for name, colour in COLOURS.items():
        assert f'[fill="{colour.light}"]{{fill:var(--{name})}}' in style
        assert f"--{name}:{colour.dark}" in style
