"""A chart as bytes: ordered once, compiled beside the page's other work, at rest as SVG and PNG."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import vl_convert
from altair.utils.schemapi import debug_mode

from fairweather.report.workshop import workshop

SCALE = 2  # of the PNG: pixels for each pixel of the SVG


@dataclass(frozen=True)
class Picture:
    """A chart that was ordered; its texts are waited for when they are asked."""

    drawn: "Future[dict[str, str]]" = field(repr=False)

    @property
    def vega(self) -> str:
        """The JSON text the page draws from."""
        return self.drawn.result()["vega"]

    @property
    def svg(self) -> str:
        """The same chart at rest."""
        return self.drawn.result()["svg"]

    def png(self) -> bytes:
        """The chart at rest as PNG, on paper."""
        return bytes(vl_convert.svg_to_png(self.svg, scale=SCALE))


def picture(describe: Callable[..., dict[str, Any]], *what: Any) -> Picture:
    """Describe a chart in Vega-Lite and order it.

    Altair's check of every piece against the schema takes longer than drawing; the tests describe each chart with it on.
    """
    with debug_mode(False):
        spec = describe(*what)
    return Picture(workshop().order({"chart": spec}))
