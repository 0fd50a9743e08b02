"""The process that draws: it compiles charts and bundles the page's library, one line of JSON in and one out.

vl-convert holds the interpreter while it works; in a process of its own that is another core's time. It ends when its input
does, so it outlives nobody.
"""

import json
import sys
from typing import Any

import vl_convert

# Of the three names the bundle offers, `vega` and `vegaLite` are null; the embedding layer holds both.
_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_SMALL = {"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}


def answer(request: dict[str, Any]) -> dict[str, str]:
    """The bundle ("library"), or a Vega-Lite chart ("chart") as Vega and as SVG; no clock and no network goes into it."""
    if "library" in request:
        answer({"chart": _SMALL})  # the first chart takes half a second more than others; nobody waits for this one
        return {"library": str(vl_convert.javascript_bundle(_SNIPPET))}
    vega = vl_convert.vegalite_to_vega(request["chart"])
    vega.pop("$schema", None)  # an address, and nothing is fetched from it
    text = json.dumps(vega, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return {"vega": text, "svg": str(vl_convert.vega_to_svg(text))}


def main() -> None:
    """Answer until the input ends; an exception ends the process and is its last line on stderr."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
