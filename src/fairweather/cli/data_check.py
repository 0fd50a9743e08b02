"""fairweather data check: look at every file of a data set, and say what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairweather.cli.source import Name, Settings, open_all

if TYPE_CHECKING:
    from rich.console import Console

    from fairweather.audit import Check
    from fairweather.audit.datasets import Survey
    from fairweather.launch.progress import Progress

EXAMPLES = 4  # rows of a finding that are printed; --json has all


def check(
    name: Name,
    json: Annotated[bool, typer.Option("--json", help="Print the object of audit.json, with all rows.")] = False,
    sheet: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Write a picture: a patch of every class, eight frames of every domain."),
    ] = None,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Go on without broken records of JSON files, and count them.")
    ] = False,
    settings: Settings = None,
    beside: Annotated[
        list[str] | None, typer.Option(metavar="NAME|PATH", help="Another data set, whose images should not be in it.")
    ] = None,
) -> None:
    """Look at every image and label of a data set: encodings, pairs, domains, splits, copies.

    Status 1 if a check of severity error does not hold.
    """
    import sys
    from json import dumps

    from rich.console import Console

    from fairweather.audit import audit_record, failed
    from fairweather.audit.datasets import check_dataset
    from fairweather.errors import InputError
    from fairweather.launch.progress import Progress

    if sheet and sheet.is_dir():
        raise InputError(f"--sheet: {sheet} is a folder; name a file")
    console = Console(highlight=False, stderr=json)
    progress = Progress(console)
    looked = _looked(name, settings or [], skip_broken, progress)
    checks = check_dataset(looked, [_looked(other, [], skip_broken, progress) for other in beside or ()])
    if sheet is not None:
        _draw(looked, sheet, progress)
    if json:
        sys.stdout.write(dumps(audit_record(checks), indent=1) + "\n")
    else:
        _print(console, looked, checks)
    raise typer.Exit(1 if failed(checks) else 0)


def _looked(name: str, settings: Sequence[str], skip_broken: bool, progress: "Progress") -> "Survey":
    """The data set of a NAME or PATH, all of its labelled splits that are there, looked at.

    Raises:
        InputError: nothing there, no layout that is known, or a layout that is not whole.
    """
    from fairweather.audit.datasets import survey
    from fairweather.cli.cores import cores
    from fairweather.data import READERS
    from fairweather.data.files import headers_unread
    from fairweather.errors import InputError

    with headers_unread():  # the survey looks at every file itself
        source, dataset = open_all(name, [*settings, *(["skip_broken=yes"] if skip_broken else [])])
    if not dataset.samples:
        raise InputError(f"{name}: not one labelled image")
    with progress.ticks(f"looking at {name}", len(dataset.samples)) as tick:
        return survey(dataset, READERS[source.reader].card, cores(), tick)


def _draw(looked: "Survey", path: Path, progress: "Progress") -> None:
    import io

    from PIL import Image

    from fairweather.data.contact_sheet import label_sheet
    from fairweather.store.files import write_bytes

    if not looked.looks:
        progress.say(f"{path}: not written, no image can be read")
        return
    picture = label_sheet(looked.dataset, [(look.sample, look.histogram) for look in looked.looks])
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, buffer.getvalue())
    progress.say(f"{path}: {picture.shape[1]} x {picture.shape[0]} pixels")


def _print(console: "Console", looked: "Survey", checks: "Sequence[Check]") -> None:
    """What was looked at; findings with a few rows and what to do, errors first; the checks that hold in one list."""
    samples = looked.dataset.samples
    splits = {s.split: sum(o.split == s.split for o in samples) for s in samples}
    told = ", ".join(f"{split} {n}" for split, n in splits.items())
    name, card = looked.dataset.name, looked.card

    def say(line: str, style: str = "") -> None:
        console.print(line, markup=False, style=style, soft_wrap=True)

    say(f"{name} ({card.name}): {len(samples)} images ({told}), labels {looked.dataset.label_space.name}")
    order = {"error": 0, "warning": 1, "note": 2}
    colour = {"error": "bold red", "warning": "yellow", "note": ""}
    for found in sorted((c for c in checks if not c.holds), key=lambda c: order[c.severity]):
        say(f"{found.severity:<8} {found.code}", colour[found.severity])
        say(f"         {found.statement}")
        for row in found.rows[:EXAMPLES]:
            say("           " + ", ".join(f"{key} {value}" for key, value in row.items()))
        if len(found.rows) > EXAMPLES:
            say(f"           and {len(found.rows) - EXAMPLES} more (--json has all)")
        if found.advice:
            say(f"         {found.advice}")
    held = [c for c in checks if c.holds]
    say("ok       " + ", ".join(dict.fromkeys(c.code for c in held)))
    counts = {kind: sum(not c.holds and c.severity == kind for c in checks) for kind in order}
    say(f"{len(checks)} checks: {counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes")
