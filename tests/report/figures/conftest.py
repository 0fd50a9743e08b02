"""What tests of charts share: a chart compiled, and what its picture at rest shows."""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import Any

import pytest

from fairweather.report.picture import Picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def texts() -> Callable[[str], list[str]]:
    """SVG -> the texts it shows, in order."""

    def shown(svg: str) -> list[str]:
        return ["".join(t.itertext()) for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]

    return shown


@pytest.fixture
def drawn_with() -> Callable[..., str]:
    """(picture, signal=value ...) -> the SVG after the page has set its signals."""
    import vl_convert

    def draw(picture: Picture, **signals: Any) -> str:
        vega = json.loads(picture.vega)
        for signal in vega["signals"]:
            if signal["name"] in signals:
                signal["value"] = signals[signal["name"]]
        return str(vl_convert.vega_to_svg(vega))

    return draw
