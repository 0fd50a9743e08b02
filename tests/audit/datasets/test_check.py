"""What is clean is not suspected, in any layout; what cannot be looked at stops no check."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.audit.datasets.conftest import Findings, frames, labelled, surveyed, values_of
from tests.data.layouts import layouts, scenes

from fairweather.audit.datasets import CODES, check_dataset

LAYOUTS = layouts()
PART = {"data.file_counts"}  # a miniature is never the whole package


@pytest.mark.parametrize("space", ["cityscapes19", "cityscapes34", "mapillary66", "idd", "bdd"])
def test_a_clean_data_set_is_not_suspected(checked: Callable[..., Findings], space: str) -> None:
    clean = frames() if space == "cityscapes19" else labelled(values_of(space))
    assert checked(clean, space).codes == set()


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_clean_layout_has_no_error(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    layout.write(tmp_path, scenes())
    checks = check_dataset(surveyed(tmp_path, layout.reader, layout.options, layout.splits))
    assert not [check.statement for check in checks if not check.holds and check.severity == "error"]
    if name in ("folder", "camvid"):
        assert Findings(checks).codes <= PART


def test_every_check_that_ran_is_listed_and_findings_say_what_to_do(checked: Callable[..., Findings]) -> None:
    checks = checked(frames()).checks
    always = set(CODES) - {"data.attribute_match", "data.inside_another"}
    assert always <= {check.code for check in checks}
    again = replace(frames()[0], image_name="again", split="val")
    spoilt = checked([*frames()[:5], again], spoil=lambda root: next((root / "images").iterdir()).write_bytes(b""))
    assert all(check.advice for check in spoilt.checks if check.code in CODES and not check.holds)


def test_a_data_set_without_a_single_readable_label_is_still_checked(checked: Callable[..., Findings]) -> None:
    found = checked([*labelled(np.full(256, 77, np.uint8))])
    assert "labels.not_as_declared" in found.codes and len(found.of("labels.not_as_declared").rows) == 28
