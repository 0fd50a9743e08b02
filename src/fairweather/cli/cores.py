"""How many cores this process may use."""

import os


def cores() -> int:
    """The cores this process is allowed on; all of the machine's where the system does not say (macOS)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
