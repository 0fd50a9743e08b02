"""Running on worker processes: the same bytes as one process, a killed worker in one line, and a second run that goes on."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from fairweather.engine.execute import Job, execute
from fairweather.errors import MachineError
from fairweather.launch.executors import Here, local
from fairweather.launch.progress import Progress
from fairweather.launch.run import duration, run
from fairweather.store.layout import Layout

Ready = Callable[..., list[Job]]


def quiet() -> Progress:
    return Progress(Console(quiet=True))


def files(out: Path) -> dict[str, bytes]:
    kept = [
        p
        for p in (out / "units").rglob("*")
        if p.is_file() and p.name not in ("progress.jsonl", "unit.json", "evaluation.json", ".claims.lock")
    ]
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in kept}


def test_one_process_and_two_workers_leave_equal_bytes(ready: Ready) -> None:
    one, two = (ready("baseline, std_mixup", out=name) for name in ("one", "two"))
    run(one, Here(), quiet(), lambda job: 1.0, 1)
    with local(2, 1) as executor:
        ran = run(two, executor, quiet(), lambda job: 1.0, 2)
    assert [outcome.state for outcome in ran.outcomes] == ["done"] * 4
    assert files(one[0].out) == files(two[0].out) and len(files(one[0].out)) == 4 * 5


def test_a_second_run_finds_everything(ready: Ready) -> None:
    jobs = ready()
    run(jobs, Here(), quiet(), lambda job: 1.0, 1)
    assert {o.state for o in run(jobs, Here(), quiet(), lambda job: 1.0, 1).outcomes} == {"found"}


def test_a_killed_worker_is_one_line_and_the_rest_is_kept(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = ready("baseline, std_mixup")

    with (
        pytest.raises(MachineError, match="worker process was killed by the system") as caught,
        local(1, 1) as executor,
    ):
        pid = executor.submit(os.getpid).result()

        class Killing(Executor):
            """Kills its worker when the third unit is handed to it."""

            count = 0

            def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
                self.count += 1
                if self.count == 3:
                    os.kill(pid, signal.SIGKILL)
                return executor.submit(fn, *args, **kwargs)

        run(jobs, Killing(), quiet(), lambda job: 1.0, 1)
    assert "\n" not in str(caught.value)
    done = [job for job in jobs if Layout(job.out).finished(job.unit.id, job.unit.evaluation)]
    states = [outcome.state for outcome in run(jobs, Here(), quiet(), lambda job: 1.0, 1).outcomes]
    assert states.count("found") == len(done) and states.count("done") == 4 - len(done)


def test_progress_says_units_losses_and_time_left(ready: Ready) -> None:
    from io import StringIO

    text = StringIO()
    progress = Progress(Console(file=text, width=200))
    run(ready(), Here(), progress, lambda job: 60.0, 1)
    assert "of 2 units done" in text.getvalue() and "left" in text.getvalue()


def test_a_worker_that_lost_its_driver_ends() -> None:
    """The driver is killed with SIGKILL; its worker must not go on holding a claim."""
    import subprocess
    import sys
    import time

    code = (
        "from fairweather.launch.executors import local\nimport os, time\n"
        "if __name__ == '__main__':\n"
        "    with local(1, 1) as pool:\n        print(pool.submit(os.getpid).result(), flush=True)\n        time.sleep(60)\n"
    )
    script = Path(os.environ.get("TMPDIR", "/tmp")) / f"driver-{os.getpid()}.py"
    script.write_text(code)
    driver = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    worker = int(driver.stdout.readline())
    driver.kill()
    driver.wait()
    driver.stdout.close()
    script.unlink()
    for _ in range(100):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        stat = Path(f"/proc/{worker}/stat")
        if stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.1)
    pytest.fail(f"worker {worker} outlived its driver")


@pytest.mark.parametrize(("seconds", "said"), [(3.4, "3 s"), (89, "89 s"), (720, "12 min"), (12_000, "3 h 20 min")])
def test_durations_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_here_lets_errors_through() -> None:
    with pytest.raises(ZeroDivisionError):
        Here().submit(lambda: 1 / 0)
    assert Here().submit(execute.__name__.upper).result() == "EXECUTE"


def test_a_stale_claim_is_taken_over_and_named(ready: Ready) -> None:
    import json
    import socket
    import subprocess
    import sys
    from io import StringIO

    from fairweather.store.layout import claim

    jobs = ready()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    path = claim(Layout(jobs[0].out).unit(jobs[0].unit.id))
    path.write_text(json.dumps({"host": socket.gethostname(), "pid": gone.pid, "started": "1", "token": "t"}))
    text = StringIO()
    run(jobs, Here(), Progress(Console(file=text, width=200)), lambda job: 1.0, 1)
    assert f"took over from process {gone.pid} on" in text.getvalue()


def test_an_error_ends_the_workers_at_once() -> None:
    import time

    started = time.monotonic()
    with pytest.raises(MachineError), local(1, 1) as executor:
        executor.submit(os.getpid).result()
        executor.submit(time.sleep, 300)
        raise MachineError("the disk is full")
    assert time.monotonic() - started < 60
