"""The chart library as the page embeds it: Vega with its embedding layer, bundled by vl-convert from the copy it carries.

Bundling takes more than a second of one core and holds the interpreter; a process of its own does it while this one reads
and computes.
"""

import subprocess
import sys
from functools import cache

from fairweather.errors import MachineError

# Of the three names the bundle offers, `vega` and `vegaLite` are null; the embedding layer holds both.
_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_PROGRAM = f"import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle({_SNIPPET!r}).encode())"


@cache
def prepare() -> "subprocess.Popen[bytes]":
    """Begin to bundle; called early, what follows runs beside it. A second call is the same as the first."""
    return subprocess.Popen([sys.executable, "-P", "-c", _PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@cache
def source() -> str:
    """The library's JavaScript, which defines `window.vegaEmbed`; waits for `prepare`.

    Raises:
        MachineError: the bundler failed.
    """
    out, said = prepare().communicate()
    text = out.decode(errors="replace")
    if prepare().returncode != 0 or not text or "</script" in text.lower() or "<!--" in text:
        reason = said.decode(errors="replace").strip().splitlines()[-1:] or ["no output that a page can hold"]
        raise MachineError(f"the chart library could not be bundled by vl-convert ({reason[0]})")
    return text
