"""fairweather doctor: versions, devices, and what is missing."""

from typing import Annotated

import typer

LIBRARIES = (
    "numpy", "scipy", "numba", "opencv-python-headless", "pillow", "pyarrow", "pydantic", "altair", "vl-convert-python",
    "torch", "torchvision", "segmentation-models-pytorch", "safetensors",
)  # fmt: skip


def doctor(json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False) -> None:
    """Show versions and devices, and say what is missing."""
    import os
    import platform
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    import fairweather
    from fairweather.cli.listing import print_listing

    rows = [
        {"what": "fairweather", "found": fairweather.__version__},
        {"what": "python", "found": platform.python_version()},
    ]
    for name in LIBRARIES:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "missing (pip install 'fairweather[train]')"
        rows.append({"what": name, "found": found})
    rows.append({"what": "cores", "found": str(len(os.sched_getaffinity(0)))})
    if find_spec("torch"):
        import torch

        cuda = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
        rows.append({"what": "cuda device", "found": cuda})
    print_listing("this machine", rows, json)
