"""Orders to the process that draws, and what comes back; whoever orders early waits less."""

import atexit
import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

from fairweather.errors import MachineError


@dataclass(frozen=True)
class Workshop:
    """The process, and the one thread that speaks with it: a request is written whole before its answer is read whole."""

    process: "subprocess.Popen[str]"
    scribe: ThreadPoolExecutor

    def order(self, request: dict[str, Any]) -> "Future[dict[str, str]]":
        """Queue a request; requests are answered in order."""
        return self.scribe.submit(self._ask, json.dumps(request, ensure_ascii=True, allow_nan=False))

    def _ask(self, line: str) -> dict[str, str]:
        ask, told = _pipe(self.process.stdin), _pipe(self.process.stdout)
        try:
            ask.write(line + "\n")
            ask.flush()
            answer = told.readline()
        except OSError:
            answer = ""
        if not answer:
            said = _pipe(self.process.stderr).read().strip().splitlines()[-1:] or ["it ended without a word"]
            raise MachineError(f"charts could not be drawn by vl-convert ({said[0]})")
        found: dict[str, str] = json.loads(answer)
        return found

    def close(self) -> None:
        """Let the process end and wait for it."""
        self.scribe.shutdown()
        with self.process, suppress(BrokenPipeError):
            _pipe(self.process.stdin).close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@cache
def workshop() -> Workshop:
    """The workshop of this process, opened by the first call."""
    command = [sys.executable, "-P", "-m", "fairweather.report.drawer"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, encoding="utf-8", **pipes)
    opened = Workshop(process, ThreadPoolExecutor(1, "fairweather-drawing"))
    atexit.register(opened.close)
    return opened


@cache
def prepare() -> "Future[dict[str, str]]":
    """Begin to bundle the page's library; called early, what follows runs beside it."""
    return workshop().order({"library": True})


@cache
def library() -> str:
    """The library's JavaScript, which defines `window.vegaEmbed`; waits for `prepare`.

    Raises:
        MachineError: the bundler failed, or what it made cannot stand inside a page.
    """
    text = prepare().result()["library"]
    if not text or "</script" in text.lower() or "<!--" in text:
        raise MachineError("charts could not be drawn by vl-convert (its bundle cannot stand inside a page)")
    return text
