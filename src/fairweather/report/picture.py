"""A chart as bytes: compiled once, drawn as SVG and as PNG, without a browser and without a network."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import vl_convert
from altair.utils.schemapi import debug_mode

SCALE = 2  # of the PNG: pixels for each pixel of the SVG


@dataclass(frozen=True)
class Picture:
    """A compiled chart: `vega` is the JSON text the page draws from, `svg` the same chart at rest."""

    vega: str = field(repr=False)
    svg: str = field(repr=False)

    def png(self) -> bytes:
        """The chart at rest as PNG, on paper."""
        return bytes(vl_convert.svg_to_png(self.svg, scale=SCALE))


def picture(describe: Callable[..., dict[str, Any]], *what: Any) -> Picture:
    """Describe a chart in Vega-Lite and compile it; no clock, no counter of the process and no network goes into it.

    Altair's check of every piece against the schema takes longer than drawing; the tests describe each chart with it on.
    """
    with debug_mode(False):
        spec = describe(*what)
    vega = vl_convert.vegalite_to_vega(spec)
    vega.pop("$schema", None)  # an address, and nothing is fetched from it
    text = json.dumps(vega, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Picture(text, str(vl_convert.vega_to_svg(text)))
