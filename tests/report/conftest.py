"""Made-up contents of a report: a study like the CamVid one, a tiny one, a large one and one with hostile names.

The numbers are drawn, the sentences are put together from them; nothing here is a result.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.finding import Estimate, Finding, Test
from fairweather.audit.check import Check
from fairweather.report.content import ReportContent
from fairweather.report.folder import render
from fairweather.report.page import Page, assemble

CAMVID = ("sky", "building", "road", "pavement", "tree", "fence", "car")
CAMVID_SMALL = ("pole", "sign", "pedestrian", "bicyclist")
CITY = ("road", "sidewalk", "building", "wall", "fence", "vegetation", "terrain", "sky", "car", "truck", "bus", "train")
CITY_SMALL = ("pole", "traffic light", "traffic sign", "person", "rider", "motorcycle", "bicycle")
SEVEN = ("clear_day", "cloudy", "dawn_dusk", "foggy", "night", "rainy", "snowy")
FRAMES = "Frames of one sequence are not replicates; the interval rests on the seeds alone."
SEQUENCE = "The dusk images of the test split come from a sequence that training in stage2 also saw."


@dataclass(frozen=True)
class Made:
    """What a made-up study is made of; `effect` is strategy -> true gain per context."""

    effect: dict[str, tuple[float, ...]]
    controls: tuple[str, ...]
    contexts: tuple[str, ...]
    domains: tuple[str, ...]
    classes: tuple[str, ...]
    small: tuple[str, ...]
    seeds: int
    datasets: tuple[str, ...] = ("camvid",)
    models: tuple[str, ...] = ("pspnet_small",)
    noise: float = 0.6
    testable: bool = True

    @property
    def arms(self) -> tuple[str, ...]:
        return (*self.effect, *self.controls)


def minus(value: float) -> str:
    return f"{value:+.2f}"


def verdict(value: float, half: float | None) -> str:
    if half is None:
        return "untestable"
    return "undecided" if abs(value) < half else "yes" if value > 0 else "no"


@dataclass
class Writer:
    """Draws the tables of a made-up study and writes a sentence for each row."""

    made: Made
    rng: np.random.Generator

    def __post_init__(self) -> None:
        self.findings: list[Finding] = []
        self.gains: list[dict] = []
        self.changes: list[dict] = []
        self.per_class: list[dict] = []
        self.cells: list[dict] = []

    def say(self, id: str, question: str, answer: str, statement: str, table: str, **more: object) -> None:
        n = {"strategies": len(self.made.effect), "cells": 1, "seeds": self.made.seeds}
        scope = "population" if self.made.testable else "table"
        kept = {"estimate": None, "test": None, "caveats": ()} | more
        self.findings.append(
            Finding(id, question, answer, scope, statement, n=n, metric="domain_mean", evidence=table, **kept)
        )

    def draw(self, true: float, spread: float) -> tuple[float, float | None]:
        value = round(true + float(self.rng.normal(0, spread / 2)), 4)
        return value, round(spread * float(self.rng.uniform(0.8, 1.4)), 4) if self.made.testable else None

    def row(self, true: float, spread: float) -> dict:
        value, half = self.draw(true, spread)
        low, high = (None, None) if half is None else (value - half, value + half)
        p = None if half is None else float(min(1.0, math.exp(-abs(value) / half * 3)))
        return {
            "value": value,
            "low": low,
            "high": high,
            "p": p,
            "p_adjusted": p,
            "verdict": verdict(value, half),
            "half": half,
        }

    def interval(self, r: dict) -> str:
        return "" if r["low"] is None else f" [{minus(r['low'])}, {minus(r['high'])}]"

    def add_gain(self, context: str, s: str, domain: str, true: float, against: str = "baseline") -> None:
        r = self.row(true, self.made.noise * (1.6 if domain else 1.0))
        half = r["half"]
        control = s in self.made.controls
        if control:  # a control is asked whether it differs, not whether it helps
            r["verdict"] = {"no": "yes"}.get(r["verdict"], r["verdict"])
        known = half is not None
        self.gains.append({
            "context": context, "strategy": s, "control": control, "against": against, "domain": domain, "gain": r["value"],
            "low": r["low"], "high": r["high"], "low_simultaneous": r["value"] - 1.5 * half if known else None,
            "high_simultaneous": r["value"] + 1.5 * half if known else None, "se": half / 2.2 if known else None,
            "dof": 4.0 if known else None, "p": r["p"], "p_adjusted": r["p_adjusted"], "verdict": r["verdict"],
            "n_blocks": self.made.seeds, "low_images": None, "high_images": None,
        })  # fmt: skip
        if against != "baseline" or (control and domain):
            return
        word = {"yes": "raises", "no": "lowers"}.get(r["verdict"], "leaves open")
        place = f"in {domain} " if domain else ""
        text = f"{s} {word} domain_mean {place}by {minus(r['value'])} points{self.interval(r)} over the baseline in {context}."
        if not known:
            text = f"Whether {s} helps in {context} cannot be tested: there is one seed."
        answer = r["verdict"]
        id = f"control.{s}.{context}" if control else f"gains.{context}.{s}" + (f".{domain}" if domain else "")
        estimate = Estimate(r["value"], r["low"], r["high"])
        test = Test("Welch t", 2.1, r["p"], r["p_adjusted"]) if known else None
        caveats = (FRAMES, SEQUENCE) if context == self.made.contexts[-1] else (FRAMES,)
        self.say(
            id,
            f"Does {s} help in {context}?",
            answer,
            text,
            "tables/gains.csv",
            estimate=estimate,
            test=test,
            caveats=caveats,
        )

    def add_change(self, s: str, domain: str, true: float) -> None:
        first, second = self.made.contexts
        r = self.row(true, self.made.noise * 1.4)
        kept = {k: r[k] for k in ("low", "high", "p", "p_adjusted", "verdict")}
        self.changes.append({
            "strategy": s, "domain": domain, "first": first, "second": second, "gain_first": self.made.effect.get(s, (0, 0))[0],
            "gain_second": self.made.effect.get(s, (0, 0))[1], "change": r["value"], **kept,
        })  # fmt: skip
        if domain or s in self.made.controls:
            return
        text = f"The gain of {s} changes by {minus(r['value'])} points{self.interval(r)} from {first} to {second}."
        self.say(
            f"gain_change.{s}", f"Does the context change the gain of {s}?", r["verdict"], text, "tables/changes.csv",
            estimate=Estimate(r["value"], r["low"], r["high"]), caveats=(FRAMES,),
        )  # fmt: skip

    def add_class(self, context: str, s: str, name: str, true: float) -> None:
        r = self.row(true, self.made.noise * 2.5)
        small = name in self.made.small
        kept = {k: r[k] for k in ("low", "high", "p", "p_adjusted", "verdict")}
        self.per_class.append(
            {"context": context, "strategy": s, "class": name, "small": small, "gain": r["value"], **kept}
        )
        text = f"{s} moves the IoU of {name} by {minus(r['value'])} points{self.interval(r)} in {context}."
        self.say(
            f"per_class.{context}.{s}.{name}", f"Does {s} help {name} in {context}?", r["verdict"], text,
            "tables/per_class.csv", estimate=Estimate(r["value"], r["low"], r["high"]),
        )  # fmt: skip


def ranks_and_moves(made: Made, writer: Writer) -> tuple[list[dict], list[dict]]:
    place: dict[str, dict[str, int]] = {}
    ranks: list[dict] = []
    k = len(made.effect)
    for context in made.contexts:
        own = {r["strategy"]: r["gain"] for r in writer.gains if r["context"] == context and not r["domain"] and not r["control"]
               and r["against"] == "baseline"}  # fmt: skip
        order = sorted(own, key=lambda s: -own[s])
        place[context] = {s: i + 1 for i, s in enumerate(order)}
        ranks += [
            {"context": context, "strategy": s, "mean": 48 + own[s], "rank": float(i + 1), "rank_low": max(1, i - 1),
             "rank_high": min(k, i + 4), "tier": 1 + i // 4} for i, s in enumerate(order)
        ]  # fmt: skip
    if len(made.contexts) < 2:
        return ranks, []
    a, b = made.contexts
    reach = max(1.0, round(0.45 * k))
    moves = [
        {"strategy": s, "rank_first": float(place[a][s]), "rank_second": float(place[b][s]),
         "move": float(place[a][s] - place[b][s]), "band_low": -reach, "band_high": reach, "p_adjusted": 0.2} for s in made.effect
    ]  # fmt: skip
    return ranks, moves


def overall(made: Made, writer: Writer) -> None:
    """The questions about all strategies together."""
    say, known = writer.say, made.testable
    open_ = "undecided" if known else "untestable"
    for c in made.contexts:
        text = f"In {c} the strategies cannot be told apart (Friedman p = 0.09); 2.41 points could have been seen."
        say(f"strategies.differ.{c}", f"Do the strategies differ in {c}?", open_, text if known else
            f"Whether the strategies differ in {c} cannot be tested: there is one block.", "tables/gains.csv",
            test=Test("Friedman", 9.5, 0.09) if known else None)  # fmt: skip
        say(f"gains.{c}.all_positive", f"Does every strategy help in {c}?", open_,
            f"Not every lower limit lies above zero in {c}.", "tables/gains.csv")  # fmt: skip
        below = [
            r["strategy"]
            for r in writer.gains
            if r["context"] == c and not r["domain"] and not r["control"] and r["gain"] < 0
        ]
        say(f"below_baseline.{c}", f"Does a strategy fall below the baseline in {c}?", open_,
            f"In {c} the printed gain of {len(below)} strategies lies below zero.", "tables/gains.csv")  # fmt: skip
        say(f"classes.small_vs_rest.{c}", f"Do small objects gain more than the rest in {c}?", open_,
            f"Small objects gain -0.31 points [-1.20, +0.58] against the rest in {c}.", "tables/per_class.csv")  # fmt: skip
        say(f"domains.adverse_vs_normal.{c}", f"Do adverse domains gain more in {c}?", open_,
            f"Adverse domains gain +0.42 points [-0.35, +1.19] against normal ones in {c}.", "tables/gains.csv")  # fmt: skip
        say(f"influence.{c}", f"Does one data set, model or seed decide a verdict in {c}?", "no" if known else open_,
            f"Leaving out any one seed turns no verdict in {c}.", "tables/gains.csv")  # fmt: skip
    say("design.smallest_gain", "Could this design have seen the smallest gain of interest?", "no" if known else open_,
        "This design sees a gain of 1.92 points in four of five repetitions; 0.30 points was asked for.", "tables/gains.csv",
        caveats=("The spread comes from this study's own seeds.",))  # fmt: skip
    if len(made.contexts) == 2:
        say("context.mean_gain_change", "Does the mean gain change with the context?", open_,
            "The mean gain changes by -1.32 points [-3.05, +0.41] from stage1 to stage2.", "tables/changes.csv",
            estimate=Estimate(-1.32, -3.05, 0.41), caveats=(FRAMES,))  # fmt: skip
        say("context.rank_moves", "Do ranks move more than chance between the contexts?", open_,
            "The ranks move by 14 places in all, where chance gives 6 to 17 (p = 0.18).", "tables/moves.csv",
            test=Test("footrule band", 14.0, 0.18))  # fmt: skip
        say("context.order_kept", "Is the order of the strategies kept?", open_,
            "Kendall's tau between the contexts is +0.20 (p = 0.36), and no pair is reversed.", "tables/ranks.csv")  # fmt: skip
        name = next(iter(made.effect))
        say(f"budget.{name}", f"Does a longer budget change what {name} is worth?", "yes" if known else open_,
            f"At 1,200 steps the gain of {name} in stage1 is +4.10 points, at 300 steps it is +9.87.", "tables/gains.csv",
            caveats=("The two budgets share their seeds and their data, not their learning-rate schedule.",))  # fmt: skip


def checks(made: Made) -> tuple[Check, ...]:
    found = [
        Check("split.group_on_both_sides", "warning", False, "Sequence 0001TP lies on both sides of the official split.",
              ({"group": "0001TP", "train": 62, "test": 62}, {"group": "0016E5", "train": 204, "test": 101})),
        Check("receipt.source_mismatch", "error", True, "Every slot that was looked at held the pixels its manifest names."),
        Check("receipt.inert_act", "error", True, "Every strategy that claims to act changed the pixels it was given."),
        Check("receipt.class_count", "error", True, "Every model was trained with the number of classes its label space has."),
        Check("table.collapsed_value", "error", True, "No value lies far below what its data set and model give others."),
        Check("table.duplicate_row", "error", True, "No cell is given twice."),
        Check("labels.unknown_value", "error", True, "No label value lies outside the map."),
        Check("units.mixed_environment", "warning", True, "All units ran on one device type, one precision and one version."),
        Check("pool.pixels_match_manifest", "error", True, "Every pool image has the digest its manifest records."),
    ]  # fmt: skip
    if made.testable:
        row = {"line": 17, "strategy": "std_mixup", "context": made.contexts[0], "value": 0.21, "median": 48.7}
        found.insert(
            3,
            Check(
                "table.too_good_value",
                "error",
                False,
                "A value lies far above the others of its cell.",
                (row,),
                "left out",
            ),
        )
    return tuple(found)


def content_of(made: Made, seed: int = 7) -> ReportContent:
    writer = Writer(made, np.random.default_rng(seed))
    rng = np.random.default_rng(seed + 1)
    for i, context in enumerate(made.contexts):
        for s in made.arms:
            true = made.effect.get(s, (0.1,) * len(made.contexts))[i]
            writer.add_gain(context, s, "", true)
            for j, d in enumerate(made.domains):
                writer.add_gain(context, s, d, true * (0.5 + 1.5 * j / len(made.domains)))
            for k in (*made.classes, *made.small):
                if s in made.effect:
                    writer.add_class(context, s, k, true * (0.6 if k in made.small else 1.1))
            if s.startswith("gen_"):
                writer.add_gain(context, s, "", true - 0.2, "placebo_duplicate")
    if len(made.contexts) == 2:
        for s in made.effect:
            first, second = made.effect[s]
            for d in ("", *made.domains):
                writer.add_change(s, d, second - first)
    ranks, moves = ranks_and_moves(made, writer)
    overall(made, writer)
    units, receipts = [], []
    for context in made.contexts:
        for dataset in made.datasets:
            for model in made.models:
                for s in ("baseline", *made.arms):
                    for r in range(made.seeds):
                        true = made.effect.get(s, (0.0,) * len(made.contexts))[made.contexts.index(context)]
                        value = 48 + true + float(rng.normal(0, made.noise / 2))
                        control = s == "baseline" or s in made.controls
                        key = {"context": context, "strategy": s}
                        cell = {**key, "control": control, "dataset": dataset, "model": model, "seed": r}
                        writer.cells.append({**cell, "domain": "", "value": value})
                        id = f"{len(units) * 2654435761 % 2**32:08x}"
                        acted = 0.0 if control else 1.0
                        units.append({"unit": id, **cell, "steps": 300, "device": "cpu", "seconds": 31.5 + 0.1 * r})
                        receipts.append({"unit": id, **key, "seed": r, "slots": 2400, "hashed": 316, "share_acted": acted,
                                         "mean_change": acted * 18.25, "order": f"{0x9F31C2 + r:064x}"})  # fmt: skip
    images = {d: 124 - 31 * (i % 4) for i, d in enumerate(made.domains)}
    support = [
        {"label_space": "camvid11", "domain": d, "n_images": n, "n_groups": 2, "domain_supported": n >= 50, "class": k,
         "class_images": n // 2, "class_groups": 2, "supported": n >= 50}
        for d, n in images.items() for k in (*made.classes, *made.small)
    ]  # fmt: skip
    blocks = made.seeds * len(made.datasets) * len(made.models)
    coverage = [{"context": c, "strategy": s, "blocks": blocks, "of": blocks} for c in made.contexts for s in made.arms]
    named = {
        "gains": writer.gains, "changes": writer.changes, "ranks": ranks, "moves": moves, "per_class": writer.per_class,
        "cells": writer.cells, "support": support, "coverage": coverage, "receipts": receipts, "units": units,
    }  # fmt: skip
    tables = {name: pa.Table.from_pylist(found) for name, found in named.items() if found}
    tables.setdefault("per_class", pa.table({"context": pa.array([], pa.string()), "class": pa.array([], pa.string())}))
    contexts = tuple(zip(made.contexts, ("clear_day", "all domains"), strict=False))
    facts = (
        ("data fingerprints", (("camvid", "sha256 9f31c2d4aa01be77c4e0915d3f2b88a6105c7be0914bb1aa23cc0f91d2e7745b"),)),
        (
            "recipe",
            (("optimizer", "adamw"), ("lr", "0.002"), ("schedule", "onecycle"), ("loss", "ce"), ("precision", "fp32")),
        ),
        ("budget", (("steps", "300"), ("batch", "8"), ("crop", "128 x 160"))),
        ("versions", (("fairweather", "0.1.0"), ("python", "3.11.9"), ("torch", "2.15.0"))),
        ("timing", (("planned", "1,980 CPU s"), ("taken", "2,104 CPU s"))),
        ("contexts", contexts),
    )
    methods = (
        "A gain is the metric of a strategy minus the metric of the baseline on the same data set, model, context and seed.",
        "Intervals hold for retraining this model on these data. They are not intervals for other data sets.",
    )
    return ReportContent(
        title="camvid_dusk",
        question="Which augmentation helps a small PSPNet on CamVid at dusk, in clear weather alone and in all weather?",
        findings=tuple(writer.findings),
        checks=checks(made),
        tables=tables,
        facts=facts,
        methods=methods,
        commit="2fa7c8e",
        smallest_gain=0.3,
    )


PLACEBOS = ("placebo_duplicate", "placebo_noise")
STUDY = Made(
    effect={"std_photometric_distort": (0.3, 0.2), "std_autoaugment": (2.9, 0.4), "std_randaugment": (2.2, 0.3),
            "std_cutmix": (-0.2, 0.5), "std_mixup": (-1.6, -1.2), "std_darken": (9.8, -1.4)},
    controls=PLACEBOS, contexts=("stage1", "stage2"), domains=("clear_day", "dawn_dusk"), classes=CAMVID, small=CAMVID_SMALL,
    seeds=3,
)  # fmt: skip
TINY = Made(
    effect={"std_cutmix": (0.8,)}, controls=(), contexts=("all",), domains=("clear_day",), classes=("road",), small=(), seeds=1,
    testable=False,
)  # fmt: skip


def large() -> Made:
    rng = np.random.default_rng(3)
    names = [f"gen_{n}" for n in (
        "Attribute_Hallucination", "Qwen_Image_Edit", "cycleGAN", "step1x_new", "flux_kontext", "stargan_v2", "cyclediffusion",
        "automold", "CNetSeg", "albumentations_weather", "Weather_Effect_Generator", "IP2P", "SUSTechGAN", "CUT", "Img2Img",
        "TSIT", "VisualCloze", "step1x_v1p2", "UniControl", "LANIT", "augmenters")]  # fmt: skip
    names += ["std_autoaugment", "std_cutmix", "std_mixup", "std_photometric_distort", "std_randaugment"]
    effect = {n: (float(rng.normal(1.0, 0.5)), float(rng.normal(0.3, 0.5))) for n in names}
    return Made(
        effect=effect, controls=PLACEBOS, contexts=("stage1", "stage2"), domains=SEVEN, classes=CITY, small=CITY_SMALL, seeds=1,
        datasets=("acdc", "bdd10k", "idd-aw", "outside15k"), models=("deeplabv3plus_r50", "pspnet_r50", "segformer_mit-b5"),
    )  # fmt: skip


def hostile() -> Made:
    names = (
        "<script>alert(1)</script>",
        "a|b",
        "two\nlines",
        "*bold* _x_",
        "[x](y)",
        "`tick` & &amp; \\",
        "a+b",
        "~~gone~~ $1$",
        "é 🌧 \"q\" 'r'",
    )
    return Made(
        effect={n: (2.0 - i, 0.4 * i) for i, n in enumerate(names)}, controls=("placebo_<b>",), contexts=("one|1", "<two>"),
        domains=("clear_day", "<i>odd</i>"), classes=("road",), small=("a|b",), seeds=2,
    )  # fmt: skip


MADE = {"study": STUDY, "tiny": TINY, "large": large(), "hostile": hostile()}


@pytest.fixture(scope="session")
def contents() -> dict[str, ReportContent]:
    """name -> content: study, tiny, large, hostile, bare (nothing but a question)."""
    made = {name: content_of(m) for name, m in MADE.items()}
    made["bare"] = replace(made["tiny"], findings=(), checks=(), tables={}, facts=(), methods=(), smallest_gain=None)
    return made


@pytest.fixture(scope="session")
def pages(contents: dict[str, ReportContent]) -> dict[str, Page]:
    """name -> the page of a small content, put together once."""
    return {name: assemble(contents[name]) for name in ("study", "tiny", "bare")}


@pytest.fixture(scope="session")
def reports(contents: dict[str, ReportContent], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """name -> the folder its report was written to, once for all tests that only read."""
    base = tmp_path_factory.mktemp("reports")
    for name, content in contents.items():
        render(content, base / name)
    return {name: base / name for name in contents}


@pytest.fixture(scope="session")
def renamed() -> Callable[[ReportContent, Sequence[str]], ReportContent]:
    """Gives the first strategies of a content other names, in its tables and in what its findings say."""

    def give(content: ReportContent, names: Sequence[str]) -> ReportContent:
        old = dict.fromkeys(r["strategy"] for r in content.tables["gains"].to_pylist() if not r["control"])
        new = dict(zip(old, names, strict=False))

        def said(text: str) -> str:
            for i, name in enumerate(new):
                text = text.replace(name, f"\x00{i}\x00")
            for i, name in enumerate(new.values()):
                text = text.replace(f"\x00{i}\x00", name)
            return text

        tables = dict(content.tables)
        for key, table in tables.items():
            if "strategy" in table.column_names:
                column = pa.array([new.get(s, s) for s in table["strategy"].to_pylist()], pa.string())
                tables[key] = table.set_column(table.column_names.index("strategy"), "strategy", column)
        findings = tuple(
            replace(f, id=said(f.id), question=said(f.question), statement=said(f.statement)) for f in content.findings
        )
        return replace(content, tables=tables, findings=findings)

    return give
