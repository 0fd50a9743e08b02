"""Which code made a result: the commit of the source tree, or the version of the installed distribution."""

import subprocess
from functools import cache
from pathlib import Path

import fairweather


@cache
def code_commit() -> str:
    """The commit of this source tree, "+changes" if the tree differs from it; the version outside a checkout."""
    here = Path(fairweather.__file__).parent
    head = _git(here, "rev-parse", "--short=12", "HEAD")
    if not head or not _git(here, "ls-files", "--", "__init__.py"):
        return f"version {fairweather.__version__}"
    return head + ("+changes" if _git(here, "status", "--porcelain", "--untracked-files=no", "--", ".") else "")


def _git(folder: Path, *words: str) -> str:
    try:
        ran = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:  # no git on this machine
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
