"""`make bench`: every row of every topic in one table, and bench/results.json.

    python -m bench.bench [--only NAME] [--rounds N] [--json FILE]

Exit status: 0 all rows hold (skipped rows are named); 1 a row does not hold; 2 no row of that name.
"""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.frame import MIN_ROUNDS, Result, Row, measure

TOPICS = (
    "confusion",
    "upsample",
    "training",
    "evaluation",
    "startup",
    "compare",
    "town",
    "weather",
    "quality",
    "rendering",
    "pools",
    "indexing",
)
RESULTS = Path(__file__).parent / "results.json"
PACKAGES = (
    "numpy",
    "numba",
    "torch",
    "torchmetrics",
    "opencv-python-headless",
    "segmentation-models-pytorch",
    "albumentations",
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", metavar="NAME", help="rows whose name contains NAME, for example confusion/real")
    parser.add_argument("--rounds", type=int, default=MIN_ROUNDS, help=f"at least {MIN_ROUNDS}")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help=f"default {RESULTS.name} here, unless --only is given"
    )
    options = parser.parse_args(arguments)
    if options.rounds < MIN_ROUNDS:
        parser.error(f"--rounds {options.rounds}: at least {MIN_ROUNDS}")
    use_one_thread()
    rows = [row for topic in TOPICS for row in import_module(f"bench.{topic}").rows()]
    chosen = [row for row in rows if (options.only or "") in row.name]
    if not chosen:
        parser.error(f"--only {options.only}: no such row (known: {', '.join(row.name for row in rows)})")
    results = measure_and_print(chosen, options.rounds)
    file = options.json or (None if options.only else RESULTS)
    if file:
        record = {"rows": [asdict(result) for result in results], "unit": "ms of CPU per call", "machine": machine()}
        file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 1 if any(result.holds is False for result in results) else 0


def use_one_thread() -> None:
    """One thread for every library; the variables act because NumPy, torch and OpenCV are imported only after this."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    import cv2
    import torch

    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def measure_and_print(rows: Sequence[Row], rounds: int) -> list[Result]:
    """Measure row by row and print each line when it is known."""
    width = max(len(row.name) for row in rows)
    print(f"{'name':{width}} {'ours ms':>9} {'peer ms':>9} {'ratio':>8}  {'quartiles':15}  {'required':14}  holds")
    results = []
    for row in rows:
        results.append(measure(row, rounds))
        print(line(results[-1], width), flush=True)
    return results


def line(result: Result, width: int) -> str:
    """A result as a line of the table."""
    if result.skipped:
        return f"{result.name:{width}} skipped: {result.skipped}"
    peer = "-" if result.peer is None else f"{result.peer:.3f}"
    low, high = result.spread or (0, 0)
    holds = {True: "yes", False: "NO", None: "-"}[result.holds]
    return (
        f"{result.name:{width}} {result.ours:9.3f} {peer:>9} {result.ratio:8.2f}  {f'{low:.2f} - {high:.2f}':15}  "
        f"{result.required or '-':14}  {holds}"
    )


def machine() -> dict[str, object]:
    """What the times depend on; no host names, no paths."""
    info = Path("/proc/cpuinfo")
    names = [entry for entry in info.read_text().splitlines() if "model name" in entry] if info.exists() else []
    return {
        "cpu": names[0].partition(":")[2].strip() if names else platform.processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    raise SystemExit(main())
