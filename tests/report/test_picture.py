"""One description for screen and print."""

import json

from fairweather.report.figures.gains import gains
from fairweather.report.picture import SCALE, picture
from fairweather.report.shape import shape_of

PNG = b"\x89PNG\r\n\x1a\n"


def test_the_picture_at_rest_is_the_description_drawn(contents):
    import vl_convert

    drawn = picture(gains, contents["tiny"], shape_of(contents["tiny"]))
    assert str(vl_convert.vega_to_svg(json.loads(drawn.vega))) == drawn.svg
    assert "http" not in drawn.vega, "no address in what the page embeds"


def test_png_is_the_svg_at_scale(contents):
    import re

    drawn = picture(gains, contents["tiny"], shape_of(contents["tiny"]))
    data = drawn.png()
    width = int(re.search(r'width="(\d+)"', drawn.svg)[1])
    assert data.startswith(PNG) and int.from_bytes(data[16:20], "big") == SCALE * width
    assert drawn.png() == data
