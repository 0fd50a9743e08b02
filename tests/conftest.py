"""What every test shares: one thread, no network, and where the shared data are."""

import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("fairweather", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("fairweather")


@pytest.fixture
def camvid_root() -> Path:
    """The real CamVid folder; the test is skipped where it is not."""
    root = SHARED / "data" / "camvid"
    if not root.is_dir():
        pytest.skip("../shared/data/camvid is not there")
    return root
