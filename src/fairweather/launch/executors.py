"""What units run on: this process, or worker processes started once; anything else that is a concurrent.futures.Executor."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Any


class Here(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))  # an error leaves submit itself: there is nobody else to run for
        return future


@contextmanager
def local(workers: int, threads: int) -> Iterator[Executor]:
    """`workers` processes that import torch once and run `threads` threads each.

    An error or an interrupt inside the block ends them at once; their units go on from their checkpoints in the next run.
    """
    quiet_threads(threads)
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    executor = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start, initargs=(threads, os.getpid(), stop)
    )
    try:
        yield executor
    except BaseException:
        stop.set()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def quiet_threads(threads: int) -> None:
    """Fix the thread count before any library starts its own pool; idle threads sleep instead of spinning."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def _start(threads: int, driver: int, stop: Event) -> None:
    quiet_threads(threads)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides what an interrupt means
    _die_with(driver, stop)
    import torch

    torch.set_num_threads(threads)


def _die_with(driver: int, stop: Event) -> None:
    """End this worker when its driver says so or is killed: an orphan would go on holding its claim."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

    def watch() -> None:
        while os.getppid() == driver and not stop.wait(0.5):
            pass
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
