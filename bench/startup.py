"""What it costs to start: CPU seconds of the whole process."""

import subprocess
import sys
from pathlib import Path

from bench.frame import Arms, Row, children_cpu, seconds


def rows() -> list[Row]:
    return [
        Row(
            "startup/import",
            lambda: _arms(sys.executable, "-c", "import fairweather"),
            seconds(0.3),
            clock=children_cpu,
        ),
        Row("startup/help", lambda: _arms(_command(), "--help"), seconds(0.3), clock=children_cpu),
    ]


def _command() -> str:
    return str(Path(sys.executable).parent / "fairweather")


def _arms(*words: str) -> Arms:
    return Arms(lambda: subprocess.run(words, check=True, capture_output=True))
