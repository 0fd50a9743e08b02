"""fairweather data: look at a data set, index it, and write it to disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairweather.cli.data_check import check
from fairweather.cli.source import Name, Settings, open_all, open_source, source_of
from fairweather.cli.tagging import tag

if TYPE_CHECKING:
    from rich.console import Console

    from fairweather.data import Dataset
    from fairweather.launch.indexing import Indexed

data = typer.Typer(
    help="Look at a data set, check it, index it, and write it to disk.", rich_markup_mode=None, no_args_is_help=True
)
data.command()(check)
data.command()(tag)


@data.command()
def show(
    name: Name,
    out: Annotated[Path, typer.Option(help="The picture to write (PNG).")] = Path("contact_sheet.png"),
    scenes: Annotated[int, typer.Option(min=1, help="Scenes, or images of each domain.")] = 4,
    split: Annotated[str, typer.Option(help="train, val or test.")] = "test",
    settings: Settings = None,
) -> None:
    """Write a contact sheet: scenes in every domain with label and depth, or images of each domain with labels."""
    import io

    from PIL import Image
    from rich.console import Console

    from fairweather.data.contact_sheet import contact_sheet
    from fairweather.errors import InputError
    from fairweather.store.files import write_bytes

    if out.is_dir():
        raise InputError(f"--out: {out} is a folder; name a file")
    sheet = contact_sheet(opened(name, (split,), settings or ()), scenes)
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, buffer.getvalue())
    Console().print(f"{out}: {sheet.shape[1]} x {sheet.shape[0]} pixels", highlight=False)


@data.command()
def index(
    name: Name,
    out: Annotated[
        Path | None,
        typer.Option(help="Write images, labels and frames.csv to a new or empty folder; `reader: folder` reads it."),
    ] = None,
    manifest: Annotated[Path | None, typer.Option(help="Also write the manifest to this file (Parquet).")] = None,
    settings: Settings = None,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Leave out what cannot be read, and name it.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Read every image and label once and say what is there; what did not change since the last time is not read again."""
    import time

    from rich.console import Console

    from fairweather.cli.cores import cores
    from fairweather.errors import InputError
    from fairweather.launch.indexing import indexed, write_manifest
    from fairweather.launch.progress import Progress

    if out and (manifest or json):
        raise InputError("--out writes a folder; --manifest and --json belong to an index without it")
    if out and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"--out: {out} is there already; name a new folder")
    if manifest and (manifest.is_dir() or not manifest.parent.is_dir()):
        raise InputError(f"--manifest: {manifest} is a folder or in none that is there; name a file")
    source, dataset = open_all(name, [*(settings or ()), *(["skip_broken=yes"] if skip_broken else [])])
    console = Console(stderr=json)
    for line in dataset.notes:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if out and source.options.get("skip_broken") != "yes":
        return _write(name, dataset, out, console)
    started = time.perf_counter()
    found = indexed(dataset, source, Progress(console), cores())
    if out:
        for line in found.dataset.skipped:
            console.print(f"left out: {line}", highlight=False, markup=False, soft_wrap=True)
        return _write(name, found.dataset, out, console)
    if manifest:
        write_manifest(found, source, manifest)
    _print(_record(name, source.reader, found, manifest, time.perf_counter() - started), json)


def _write(name: str, dataset: "Dataset", out: Path, console: "Console") -> None:
    from fairweather.data.folder import write_folder
    from fairweather.launch.progress import Progress
    from fairweather.store.files import clear, on_disk, publish
    from fairweather.store.layout import work

    making = work(out)
    with on_disk(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        clear(making)
        making.mkdir()
        with Progress(console).ticks(f"writing {name}", len(dataset.samples)) as tick:
            write_folder(dataset, making, tick)
        if out.exists():
            out.rmdir()
        publish(making, out)
    space = dataset.label_space.name
    how = "" if space == "cityscapes19" else f", label_space: {space}"
    console.print(
        f"{out}: {len(dataset.samples)} images; in a study: {{reader: folder, root: {out}{how}}}",
        highlight=False,
        soft_wrap=True,
    )


def _record(name: str, reader: str, found: "Indexed", manifest: Path | None, seconds: float) -> dict[str, object]:
    from collections import Counter

    from fairweather.data import SPLITS, fingerprint
    from fairweather.vocabulary.domains import DOMAINS, UNDEFINED

    samples = [row.sample for row in found.manifest.rows]
    counted = Counter((sample.split, sample.domain) for sample in samples)
    return {
        "data": name,
        "reader": reader,
        "label_space": found.manifest.label_space.name,
        "images": len(samples),
        "splits": {
            split: {domain: counted[split, domain] for domain in (*DOMAINS, UNDEFINED) if counted[split, domain]}
            for split in SPLITS
            if any(key[0] == split for key in counted)
        },
        "origins": dict(sorted(Counter(s.origin for s in samples if s.domain != UNDEFINED).items())),
        "new": len(found.new),
        "changed": list(found.changed),
        "vanished": list(found.vanished),
        "left_out": list(found.dataset.skipped),
        "fingerprint": fingerprint(found.manifest.rows),
        "seconds": round(seconds, 2),
        "manifest": str(manifest or found.path or ""),
    }


def _print(record: dict[str, object], json: bool) -> None:
    """The record of an index, for people or as JSON."""
    import json as json_module
    import sys

    from rich.console import Console

    from fairweather.cli.listing import print_listing
    from fairweather.vocabulary.domains import DOMAINS, UNDEFINED

    if json:
        sys.stdout.write(json_module.dumps(record, indent=1) + "\n")
        return
    console = Console()

    def say(line: str) -> None:
        console.print(line, highlight=False, markup=False, soft_wrap=True)

    splits: dict[str, dict[str, int]] = record["splits"]  # type: ignore[assignment]
    shown = [domain for domain in (*DOMAINS, UNDEFINED) if any(domain in counts for counts in splits.values())]
    rows = [
        {"split": split, **{domain: counts.get(domain, 0) for domain in shown}, "images": sum(counts.values())}
        for split, counts in splits.items()
    ]
    if rows:
        print_listing(f"{record['data']} ({record['reader']}, {record['label_space']})", rows, False)
    origins: dict[str, int] = record["origins"]  # type: ignore[assignment]
    told = ", ".join(f"{count} by {origin}" for origin, count in origins.items())
    say(f"domains: {told or 'none is known'}")
    for line in record["left_out"]:  # type: ignore[attr-defined]
        say(f"left out: {line}")
    counts = ", ".join(
        f"{value if isinstance(value, int) else len(value)} {key.replace('_', ' ')}"  # type: ignore[arg-type]
        for key, value in record.items()
        if key in ("new", "changed", "vanished", "left_out")
    )
    say(f"{record['images']} images in {record['seconds']} s: {counts}")
    say(f"fingerprint: {record['fingerprint']}")
    if record["manifest"]:
        say(f"manifest: {record['manifest']}")


def opened(name: str, splits: tuple[str, ...], settings: Sequence[str] = ()) -> "Dataset":
    """The data set of a NAME or PATH.

    Args:
        settings: KEY=VALUE of its reader.

    Raises:
        InputError: as `source_of`; DataError: what is there is not what its layout says.
    """
    return open_source(name, source_of(name, splits, settings))
