"""The process that draws: what comes back, in order, and what is said when it cannot."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from fairweather.errors import MachineError
from fairweather.report import workshop
from fairweather.report.workshop import Workshop

CHART = {"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}


def test_the_library_defines_the_embedding_layer_and_closes_no_script():
    text = workshop.library()
    assert text.rstrip().endswith(";") and "window.vegaEmbed=" in text
    assert "</script" not in text.lower() and "<!--" not in text
    assert workshop.library() is text, "made once"


def test_orders_are_answered_in_order():
    orders = [workshop.workshop().order({"chart": {**CHART, "width": width}}) for width in (50, 150, 250)]
    widths = [int(re.search(r'width="(\d+)"', order.result()["svg"])[1]) for order in orders]
    assert widths == sorted(widths) and len(set(widths)) == 3


def opened(program: str) -> Workshop:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return Workshop(subprocess.Popen([sys.executable, "-c", program], text=True, **pipes), ThreadPoolExecutor(1))


@pytest.mark.parametrize(
    ("program", "reason"),
    [("raise ImportError('no vl_convert')", "no vl_convert"), ("", "without a word")],
    ids=["error", "silence"],
)
def test_a_drawer_that_ends_is_named(program, reason):
    shop = opened(program)
    with pytest.raises(MachineError, match=reason):
        shop.order({"chart": CHART}).result()
    shop.close()


def test_a_bundle_that_would_end_its_script_is_refused(monkeypatch):
    shop = opened("import json; input(); print(json.dumps({'library': 'x</SCRIPT>'}))")
    monkeypatch.setattr(workshop, "prepare", lambda: shop.order({"library": True}))
    with pytest.raises(MachineError, match="cannot stand inside a page"):
        workshop.library.__wrapped__()
    shop.close()


def test_the_drawer_ends_with_its_input():
    drawer = [sys.executable, "-P", "-m", "fairweather.report.drawer"]
    assert subprocess.run(drawer, input="", text=True, capture_output=True, check=True, timeout=60).stdout == ""
