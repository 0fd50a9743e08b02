"""What units run on: this process, or worker processes started once; anything else that is a concurrent.futures.Executor."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any


class Here(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))  # an error leaves submit itself: there is nobody else to run for
        return future


def local(workers: int, threads: int) -> Executor:
    """`workers` processes that import torch once and run `threads` threads each."""
    quiet_threads(threads)
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(threads, os.getpid()))


def quiet_threads(threads: int) -> None:
    """Fix the thread count before any library starts its own pool; idle threads sleep instead of spinning."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def _start(threads: int, driver: int) -> None:
    quiet_threads(threads)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides what an interrupt means
    _die_with(driver)
    import torch

    torch.set_num_threads(threads)


def _die_with(driver: int) -> None:
    """End this worker when its driver is killed: an orphan would go on holding its claim."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
