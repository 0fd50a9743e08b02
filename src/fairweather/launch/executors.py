"""What units run on: this process, or worker processes started once; anything else that is a concurrent.futures.Executor."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from fairweather.engine.device import quiet_opencv, set_threads
from fairweather.errors import MachineError


class Here(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))  # an error leaves submit itself: there is nobody else to run for
        return future


@contextmanager
def local(workers: int, threads: int, torch: bool = True) -> Iterator[Executor]:
    """`workers` processes that import torch once (or not at all) and run `threads` threads each.

    A killed worker becomes a MachineError. An error or an interrupt inside the block ends them at once; their units go on
    from their checkpoints in the next run.
    """
    quiet_threads(threads)
    context = multiprocessing.get_context("spawn")
    # Nothing is ever sent: workers see the end of this pipe when the driver closes it, however the driver ends. (An Event would
    # not do: setting one waits for its waiters, and a killed worker never answers.)
    lifeline, driver = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(threads, lifeline, torch))
    try:
        yield executor
    except BrokenProcessPool as error:
        driver.close()
        raise MachineError(
            "a worker process was killed by the system (out of memory?); finished units are kept, run again to go on"
        ) from error
    except BaseException:
        driver.close()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
        driver.close()
        lifeline.close()


def quiet_threads(threads: int) -> None:
    """Fix the thread count before any library starts its own pool; idle threads sleep instead of spinning."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def _start(threads: int, lifeline: Connection, torch: bool) -> None:
    quiet_threads(threads)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides what an interrupt means
    threading.Thread(target=_die_with_driver, args=(lifeline,), daemon=True).start()
    if torch:
        set_threads(threads)
    else:
        quiet_opencv()


def _die_with_driver(lifeline: Connection) -> None:
    """End this worker when its driver lets go or is killed: an orphan would go on holding its claim."""
    lifeline.poll(None)
    os.kill(os.getpid(), signal.SIGKILL)
