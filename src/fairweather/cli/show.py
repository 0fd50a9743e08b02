"""fairweather show: what a generator does, before and after."""

from pathlib import Path
from typing import Annotated

import typer

from fairweather.cli.generate import Data, Seed, Strategy


def show(
    strategy: Strategy,
    data: Data,
    out: Annotated[Path, typer.Option(help="The picture to write (PNG).")] = Path("show.png"),
    scenes: Annotated[int, typer.Option(min=1, help="Sources.")] = 2,
    split: Annotated[str, typer.Option(help="train or val.")] = "train",
    targets: Annotated[str, typer.Option(help="all, reference, or domains separated by commas.")] = "all",
    seed: Seed = 0,
) -> None:
    """Write a contact sheet: sources and what is made of them, with label edges and the change. Makes no pool."""
    import io

    from PIL import Image
    from rich.console import Console

    from fairweather.cli.generate import arm_of, chosen, planned, sources
    from fairweather.data.contact_sheet import spread, stacked
    from fairweather.engine.generate import given, make_batch
    from fairweather.errors import InputError
    from fairweather.generators.gallery import before_after
    from fairweather.launch.progress import Progress
    from fairweather.store.files import write_bytes
    from fairweather.study import PoolSpec
    from fairweather.study.plan import SOURCE_DOMAIN

    arm, dataset = arm_of(strategy), sources(data, split)
    assert arm.generator
    if arm.generator.card.fits:
        raise InputError(f"{strategy}: must be fitted before it makes anything; `generate` does both")
    clear = spread([s for s in dataset.samples if s.domain == SOURCE_DOMAIN], scenes)
    dataset = dataset.only(clear)
    plan = planned(
        arm,
        dataset,
        data,
        split,
        PoolSpec.model_validate({"seed": seed, "targets": chosen(targets)}),
        Progress(Console(quiet=True)),
    )
    blocks = []
    for row in dict.fromkeys(row for row, _ in plan.items):
        source = given(plan, dataset, row)
        items = [item for item in plan.items if item[0] == row]
        made = {item[1]: make_batch(plan, plan.generator, [item], [source])[0] for item in items}
        blocks.append(before_after(row.sample.id, source.image, source.labelled, made, dataset.label_space))
    picture = stacked(blocks)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, buffer.getvalue())
    left = f"; not supported by its card: {', '.join(plan.left_out)}" if plan.left_out else ""
    Console().print(f"{out}: {picture.shape[1]} x {picture.shape[0]} pixels{left}", highlight=False)
