"""fairweather init: recognise a data set, and write a study file for it."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairweather.cli.source import told

if TYPE_CHECKING:
    from fairweather.data import Dataset


def init(
    name: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="The folder of a data set as its publisher lays it out, or with its reader (camvid:PATH).",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The study file to write.")] = Path("study.yaml"),
) -> None:
    """Recognise a data set, say what is in it, and write a study file to begin with."""
    from rich.console import Console

    from fairweather.data import READERS, SPLITS
    from fairweather.data.opening import open_what_is_there
    from fairweather.errors import InputError
    from fairweather.store.files import write_bytes
    from fairweather.vocabulary.domains import UNDEFINED

    if out.exists():
        raise InputError(f"--out: {out} is there already; name a new file")
    reader, path, options = told(name)
    if path is None:
        raise InputError(f"{name} is embedded; a study names it as {{reader: {reader}}}")
    card = READERS[reader].card
    dataset = open_what_is_there(READERS[reader], reader, path, card.resolved(options, name))
    if not dataset.samples:
        raise InputError(f"{path}: {reader} holds no labelled image in {', '.join(card.splits)}")
    counts = Counter((sample.split, sample.domain) for sample in dataset.samples)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, study_file(reader, path, out, options, dataset).encode())
    say = Console(highlight=False, soft_wrap=True).print
    say(f"{name}: {card.summary}")
    for split in (split for split in SPLITS if any(where == split for where, _ in counts)):
        found = ", ".join(f"{domain} {n}" for (where, domain), n in sorted(counts.items()) if where == split)
        say(f"  {split}: {found}")
    for line in dataset.notes:
        say(f"  {line}")
    if not any(domain != UNDEFINED for _, domain in counts):
        say(
            f"Nobody wrote down their weather; first: fairweather data tag {reader}:{path} --out domains.csv, beside {out}"
        )
    say(
        f"{out}: written. Look at the data (fairweather data check {reader}:{path}), then ask what the study would cost:"
    )
    say(f"fairweather plan {out}")


def study_file(reader: str, root: Path, out: Path, options: Mapping[str, str], dataset: "Dataset") -> str:
    """A study of one data set: what it can be asked, on a budget for a CPU, with what to change said beside it."""
    import os

    from fairweather.vocabulary.domains import UNDEFINED, in_order

    splits = {sample.split for sample in dataset.samples}
    train, test = (["train", "val"], ["test"]) if "test" in splits else (["train"], ["val"])
    grouped = len(splits) == 1
    trained = {sample.domain for sample in dataset.samples if grouped or sample.split in train}
    seen = in_order(trained - {UNDEFINED})
    relative = os.path.relpath(root.resolve(), out.parent.resolve())
    unknown = not seen  # until the images are looked at; the study is written for after that
    source = {"reader": reader, "root": relative, **options, **({"split": "grouped"} if grouped else {})}
    lines = [
        f"# Which augmentation helps on {reader}? Written by `fairweather init`; docs/study-file.md explains every key."
    ]
    if unknown:
        source["domains"] = "domains.csv"
        lines += [
            "# The publisher says of no image which weather it shows. First look at them:",
            f"#   fairweather data tag {reader}:{relative} --out domains.csv",
        ]
    elif UNDEFINED in trained:
        lines += [
            "# Images of unknown domain are left out of training and test. To look at them:",
            f"#   fairweather data tag {reader}:{relative} --out domains.csv",
            "# and add to the data set: domains: domains.csv",
        ]
    lines.append(f"name: {reader}")
    lines.append(f"data:\n  {reader}: {_flow(source)}")
    if not grouped and (train, test) != (["train"], ["test"]):
        lines.append(f"splits: {_flow({'train': [s for s in train if s in splits], 'test': test})}")
    clear = unknown or "clear_day" in seen
    both = unknown or (clear and len(seen) > 1)
    contexts = {"stage1": {"domains": ["clear_day"]}} if clear else {}
    if both or not contexts:
        contexts["stage2" if both else "all"] = {"domains": "all"}  # type: ignore[dict-item]
    lines.append(f"contexts: {_flow(contexts)}")
    strategies = ["baseline", "std_photometric_distort", "std_cutmix", "placebo_noise"]
    if clear:
        strategies += ["gen_automold", "gen_Weather_Effect_Generator", "placebo_duplicate"]
    else:
        lines.append("# There is no clear_day image to make other weather from, so no gen_* strategy is named.")
    lines.append(f"strategies: {_flow(strategies)}")
    lines.append("models: [pspnet_small]   # on a GPU: pspnet_r50, deeplabv3plus_r50, segformer_mit-b5")
    lines.append("seeds: [0, 1, 2]")
    lines.append("# For a CPU; on a GPU think of short_side 512, crop [512, 512] and tens of thousands of steps.")
    lines.append("budget: {steps: 300, batch: 8, short_side: 128, crop: [128, 160]}")
    compare = {"baseline": "baseline", **({"contexts": list(contexts)} if both else {}), "smallest_gain": 0.5}
    lines.append(f"compare: {_flow(compare)}")
    return "\n".join(lines) + "\n"


def _flow(value: object) -> str:
    """A value on one line of YAML, in quotes where it needs them."""
    import yaml

    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000).strip()
