"""fairweather data: look at a data set, and write it to disk."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairweather.cli.tagging import tag

if TYPE_CHECKING:
    from fairweather.data import Dataset

data = typer.Typer(help="Look at a data set, and write it to disk.", rich_markup_mode=None, no_args_is_help=True)
data.command()(tag)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME|PATH",
        help="An embedded data set with its options (fairtown:north:512x256), a reader with a folder (camvid:PATH), or a folder"
        " with frames.csv.",
    ),
]


@data.command()
def show(
    name: Name,
    out: Annotated[Path, typer.Option(help="The picture to write (PNG).")] = Path("contact_sheet.png"),
    scenes: Annotated[int, typer.Option(min=1, help="Scenes, or images of each domain.")] = 4,
    split: Annotated[str, typer.Option(help="train, val or test.")] = "test",
) -> None:
    """Write a contact sheet: scenes in every domain with label and depth, or images of each domain with labels."""
    import io

    from PIL import Image
    from rich.console import Console

    from fairweather.data.contact_sheet import contact_sheet
    from fairweather.store.files import write_bytes

    sheet = contact_sheet(opened(name, (split,)), scenes)
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, buffer.getvalue())
    Console().print(f"{out}: {sheet.shape[1]} x {sheet.shape[0]} pixels", highlight=False)


@data.command()
def index(
    name: Name,
    out: Annotated[Path, typer.Option(help="A new folder, or an empty one.")],
) -> None:
    """Write images, labels and frames.csv of an embedded data set to disk; `reader: folder` reads them back."""
    from rich.console import Console

    from fairweather.data import SPLITS
    from fairweather.data.folder import write_folder
    from fairweather.errors import InputError
    from fairweather.launch.progress import Progress
    from fairweather.store.files import clear, on_disk, publish
    from fairweather.store.layout import work

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"--out: {out} is there already; name a new folder")
    dataset = opened(name, SPLITS)
    making = work(out)
    with on_disk(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        clear(making)
        making.mkdir()
        with Progress(Console()).ticks(f"writing {name}", len(dataset.samples)) as tick:
            write_folder(dataset, making, tick)
        if out.exists():
            out.rmdir()
        publish(making, out)
    Console().print(
        f"{out}: {len(dataset.samples)} images; in a study: {{reader: folder, root: {out}}}", highlight=False
    )


def opened(name: str, splits: tuple[str, ...]) -> "Dataset":
    """The data set of a NAME or PATH.

    Raises:
        InputError: no such reader or folder, a reader that needs a folder, a value its option does not take.
    """
    from fairweather.data import READERS, SPLITS
    from fairweather.errors import InputError, UnknownName

    for split in splits:
        if split not in SPLITS:
            raise UnknownName("split", split, SPLITS, "--split")
    if Path(name).is_dir():
        reader = READERS["folder"]
        return reader.open(name, Path(name), splits, reader.card.resolved({}, name))
    word, *values = name.split(":")
    if word in READERS and "root" in READERS[word].card.needs and values:  # camvid:PATH
        root = Path(":".join(values))
        if not root.is_dir():
            raise InputError(f"{name}: {root} is no folder")
        return READERS[word].open(name, root, splits, READERS[word].card.resolved({}, name))
    embedded = [key for key, entry in READERS.items() if "root" not in entry.card.needs]
    if word not in embedded:
        raise UnknownName("data set", word, embedded, "no such folder")
    card = READERS[word].card
    if len(values) > len(card.options):
        allowed = ":".join((word, *card.options)).upper()
        raise InputError(f"{name}: too many options; write {allowed}")
    return READERS[word].open(name, None, splits, card.resolved(dict(zip(card.options, values, strict=False)), name))
