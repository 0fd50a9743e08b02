"""fairweather doctor: versions, devices, and what is missing."""

from typing import Annotated

import typer

LIBRARIES = (
    "numpy", "scipy", "numba", "opencv-python-headless", "pillow", "pyarrow", "pydantic", "altair", "vl-convert-python",
    "torch", "torchvision", "segmentation-models-pytorch", "safetensors", "transformers",
)  # fmt: skip


def doctor(json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False) -> None:
    """Show versions and devices, and say what is missing."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    import fairweather
    from fairweather.cli.cores import cores
    from fairweather.cli.listing import print_listing
    from fairweather.engine.device import cuda_name

    rows = [
        {"what": "fairweather", "found": fairweather.__version__},
        {"what": "python", "found": platform.python_version()},
    ]
    for name in LIBRARIES:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = f"missing (pip install 'fairweather[{'hub' if name == 'transformers' else 'train'}]')"
        rows.append({"what": name, "found": found})
    rows.append({"what": "cores", "found": str(cores())})
    rows.append({"what": "cuda device", "found": cuda_name() or "none"})
    print_listing("this machine", rows, json)
