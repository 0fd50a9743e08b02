"""Each check of a study folder, on a small real folder that is then spoilt in one way."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairweather.audit import Check, audit_study, failed
from fairweather.engine.execute import Job, execute
from fairweather.store import Layout

Ready = Callable[..., list[Job]]


@pytest.fixture
def folder(ready: Ready) -> Layout:
    jobs = ready("baseline, std_darken, placebo_noise", steps=8)
    for job in jobs:
        execute(job)
    return Layout(jobs[0].out)


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record))


def unit(layout: Layout, strategy: str) -> Path:
    plan = json.loads(layout.plan.read_text())
    return layout.unit(next(u["id"] for u in plan["units"] if u["strategy"] == strategy and u["context"] == "stage1"))


def _order(layout: Layout) -> None:
    edit(unit(layout, "std_darken") / "receipt.json", lambda r: r["order"].__setitem__(2, "x"))


def _geometry(layout: Layout) -> None:
    edit(unit(layout, "placebo_noise") / "receipt.json", lambda r: r["geometry"].__setitem__(0, "x"))


def _inert(layout: Layout) -> None:
    edit(unit(layout, "std_darken") / "receipt.json", lambda r: r["acts"]["std_darken"].update(slots_changed=0))


def _share(layout: Layout) -> None:
    edit(unit(layout, "placebo_noise") / "receipt.json", lambda r: r["samples"].update({"generated clear_day": 31}))


def _context(layout: Layout) -> None:
    edit(unit(layout, "baseline") / "receipt.json", lambda r: r["samples"].update({"real snowy": 1}))


def _device(layout: Layout) -> None:
    edit(unit(layout, "baseline") / "unit.json", lambda r: r["recorded"].update(device="cuda"))


def _version(layout: Layout) -> None:
    edit(unit(layout, "baseline") / "unit.json", lambda r: r["recorded"]["versions"].update(torch="1.13.1"))


def _pool(layout: Layout) -> None:
    next(layout.out.glob("pools/*/images/*")).write_bytes(b"another picture")


def _missing_image(layout: Layout) -> None:
    next(layout.out.glob("pools/*/images/*")).unlink()


def _gone(layout: Layout) -> None:
    shutil.rmtree(unit(layout, "std_darken"))


def _stopped(layout: Layout) -> None:
    final = unit(layout, "std_darken")
    hidden = final.with_name(f".{final.name}.work")
    final.rename(hidden)
    (hidden / "stopped.json").write_text(json.dumps({"code": "receipt.inert_act", "reason": "it did nothing"}))


SPOILT = [
    (_order, "receipt.same_samples", True),
    (_geometry, "receipt.same_samples", True),
    (_inert, "receipt.acts", True),
    (_share, "receipt.generated_share", True),
    (_context, "receipt.context", True),
    (_device, "units.mixed_environment", True),
    (_version, "units.mixed_environment", True),
    (_pool, "pool.files", True),
    (_missing_image, "pool.files", True),
    (_gone, "units.missing", False),
    (_stopped, "units.stopped", True),
]


@pytest.mark.parametrize(("spoil", "code", "error"), SPOILT, ids=[spoil.__name__[1:] for spoil, _, _ in SPOILT])
def test_what_is_spoilt_is_named_and_nothing_else(
    folder: Layout, spoil: Callable[[Layout], None], code: str, error: bool
) -> None:
    clean = audit_study(folder)
    assert all(check.holds for check in clean if check.severity != "note"), [c for c in clean if not c.holds]
    spoil(folder)
    checks = audit_study(folder)
    fallen = {check.code for check in checks if not check.holds and check.severity != "note"}
    assert fallen == {code} and failed(checks) == error
    check = next(check for check in checks if check.code == code)
    assert check.rows and "\n" not in check.statement and check.statement.endswith(".")


def test_a_domain_with_few_test_images_is_said_to_be_shown_and_never_ranked(folder: Layout) -> None:
    def note() -> Check:
        return next(check for check in audit_study(folder) if check.code == "labels.unsupported_domain")

    assert note().holds and note().statement == "Every tested domain of toy has at least 50 test images."

    def few(record: dict[str, Any]) -> None:
        for row in record["support"]:
            row["domain_supported"] = row["domain"] != "snowy"

    edit(folder.plan, few)
    assert (note().severity, note().holds, note().rows) == ("note", False, ({"domain": "snowy"},))
    assert note().statement == "Domains of toy with fewer than 50 test images are shown and never ranked: snowy."
