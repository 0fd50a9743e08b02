"""fairweather generate: one pool by itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fairweather.data import Dataset
    from fairweather.launch.progress import Progress
    from fairweather.study import Arm, PoolPlan, PoolSpec

Strategy = Annotated[str, typer.Argument(help="A generator: gen_* or placebo_*; `fairweather strategies` lists them.")]
Data = Annotated[
    str,
    typer.Option("--data", help="As in `data show`: fairtown:north:512x256, camvid:PATH, or a folder."),
]

Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The pool's seed.")]


def generate(
    strategy: Strategy,
    data: Data,
    out: Annotated[Path, typer.Option(help="The folder the pool becomes: images, manifest.parquet, pool.json.")],
    split: Annotated[str, typer.Option(help="Whose clear_day images are the sources: train or val.")] = "train",
    targets: Annotated[str, typer.Option(help="all, reference, or domains separated by commas.")] = "all",
    seed: Seed = 0,
    codec: Annotated[str, typer.Option(help="jpeg or png.")] = "jpeg",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes. [default: one per core]")] = None,
) -> None:
    """Make the images of one generator; the same command goes on after an interruption."""
    from rich.console import Console

    from fairweather.cli.cores import cores
    from fairweather.errors import InputError
    from fairweather.launch.executors import local
    from fairweather.launch.materials import make_pool
    from fairweather.launch.progress import Progress
    from fairweather.store.files import on_disk, read_json
    from fairweather.store.layout import Layout
    from fairweather.study.study import PoolSpec

    if codec not in ("jpeg", "png"):
        raise InputError(f"--codec: {codec!r}; allowed are jpeg and png")
    console = Console()
    progress = Progress(console)
    arm, dataset = arm_of(strategy), sources(data, split)
    spec = PoolSpec.model_validate({"codec": codec, "seed": seed, "targets": chosen(targets)})
    plan = planned(arm, dataset, data, split, spec, progress)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        record = read_json(out / "pool.json") if (out / "pool.json").is_file() else {}
        if record.get("id") != plan.id:
            raise InputError(f"--out: {out} holds something else; name a new folder")
        console.print(f"{out}: whole already, {len(plan.items)} images", highlight=False)
        return
    with on_disk(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.exists():
            out.rmdir()
    count = workers or cores()
    beside = Layout(out.parent)
    if count == 1:
        make_pool(plan, dataset, out, beside, progress)
    else:
        with local(count, 1) as executor:
            make_pool(plan, dataset, out, beside, progress, executor, count)
    left = f"; not supported by the card of {strategy}: {', '.join(plan.left_out)}" if plan.left_out else ""
    console.print(f"{out}: {len(plan.items)} images{left}", highlight=False)


def chosen(targets: str) -> Any:
    """The targets of an option: all, reference, or domains separated by commas."""
    from fairweather.vocabulary.domains import canonical_domain

    if targets in ("all", "reference"):
        return targets
    return tuple(dict.fromkeys(canonical_domain(name.strip(), "--targets") for name in targets.split(",")))


def arm_of(strategy: str) -> "Arm":
    """The arm of one generator.

    Raises:
        InputError: the strategy makes no images, or is a combination.
    """
    from fairweather.errors import InputError
    from fairweather.generators import GENERATORS
    from fairweather.study import resolve

    arm = resolve(strategy, None, "STRATEGY")
    if arm.generator is None or "+" in arm.name:
        raise InputError(f"{strategy}: makes no images by itself; generators are {', '.join(GENERATORS)}")
    return arm


def sources(data: str, split: str) -> "Dataset":
    """The training or validation images of a data set; test images are nobody's sources."""
    from fairweather.cli.data import opened
    from fairweather.errors import InputError

    if split not in ("train", "val"):
        raise InputError(f"--split: {split!r}; allowed are train and val: a generator never sees test images")
    return opened(data, (split,))


def planned(
    arm: "Arm", dataset: "Dataset", data: str, split: str, spec: "PoolSpec", progress: "Progress"
) -> "PoolPlan":
    """The pool of one generator from the clear_day images of a data set."""
    from fairweather.data import index
    from fairweather.study import Material, pool_plans, reader_identity
    from fairweather.study.plan import SOURCE_DOMAIN

    assert arm.generator
    if not arm.generator.card.fits:  # then nobody looks at the other domains
        dataset = dataset.only(s for s in dataset.samples if s.domain == SOURCE_DOMAIN)
    with progress.ticks(f"reading {data}", len(dataset.samples)) as tick:
        manifest = index(dataset, tick)
    material = Material(dataset, manifest, manifest.rows, ())
    reader = reader_identity("folder" if Path(data).is_dir() else data.split(":")[0])
    admits = f"split {split} of {data}"
    return pool_plans(arm, data, material, manifest.rows, spec, None, reader, "generate", admits)[0]
