"""The study file: the question as written, read once into frozen values; nothing below this door sees a raw mapping."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, ValidationError, model_validator

from fairweather.data import DIVIDED, READERS, SPLITS
from fairweather.errors import InputError, UnknownName
from fairweather.generators.quality import Composite
from fairweather.models import MODELS
from fairweather.study.arms import Arm, profiles, resolve
from fairweather.study.contexts import Context
from fairweather.vocabulary.domains import DOMAINS, canonical_domain, in_order


def _number(value: object) -> object:
    # YAML 1.1 reads 2e-3 (no dot) as text; it is a number to everybody who writes it.
    try:
        return float(value) if isinstance(value, str | int) and not isinstance(value, bool) else value
    except ValueError:
        return value
    except OverflowError:  # a whole number beyond what a float holds
        return math.inf


Number = Annotated[float, BeforeValidator(_number), Strict(), Field(allow_inf_nan=False)]
Int = Annotated[int, Strict()]
Text = Annotated[str, Strict()]
Positive = Annotated[int, Strict(), Field(gt=0)]
Seed = Annotated[int, Strict(), Field(ge=0, lt=2**32)]
Share = Annotated[Number, Field(gt=0, le=1)]
Name = Annotated[str, Strict(), Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Section):
    """Where one data set is: a reader, its root, and the reader's own options as further keys."""

    model_config = ConfigDict(frozen=True, extra="allow")
    reader: Text
    root: Text | None = None


class Splits(_Section):
    """Which of the publisher's splits are trained on and which are tested on."""

    train: tuple[Text, ...] = ("train",)
    test: tuple[Text, ...] = ("test",)


class ContextSpec(_Section):
    """A context as written: `domains: all` or a list, and a share."""

    domains: Literal["all"] | tuple[Text, ...] = "all"
    share: Share = 1.0


class Recipe(_Section):
    """How every unit is trained; one recipe for all units of a study."""

    optimizer: Literal["adamw", "sgd"] = "adamw"
    lr: Annotated[Number, Field(gt=0)] = 2e-3
    schedule: Literal["onecycle", "poly", "constant"] = "onecycle"
    weight_decay: Annotated[Number, Field(ge=0)] = 0.01
    loss: Literal["ce"] = "ce"
    precision: Literal["fp32", "bf16"] = "fp32"
    pretrained: Annotated[bool, Strict()] = False


class Budget(_Section):
    """How much every unit is trained, and on what geometry (sizes in pixels, height before width)."""

    steps: Positive = 300
    batch: Positive = 8
    short_side: Positive | None = 128
    scale: tuple[Annotated[Number, Field(gt=0)], Annotated[Number, Field(gt=0)]] = (0.75, 1.5)
    crop: tuple[Positive, Positive] = (128, 160)
    checkpoint: Positive = Field(default=100, description="steps between checkpoints; changes no result")


def _listed(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else (value,)


class Mix(_Section):
    """The generated share of each batch; a list makes it an axis."""

    generated_share: Annotated[tuple[Annotated[Number, Field(ge=0, le=1)], ...], BeforeValidator(_listed)] = (0.5,)


class PoolSpec(_Section):
    """How generated images are made and stored; a list of seeds makes the generator's chance an axis."""

    codec: Literal["jpeg", "png"] = "jpeg"
    quality: Annotated[int, Strict(), Field(ge=1, le=100)] = 95
    seed: Annotated[tuple[Seed, ...], BeforeValidator(_listed), Field(min_length=1)] = (0,)
    targets: Literal["all", "reference"] | Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        default="all", description="all a generator can make, those of the published study, or a list of domains"
    )
    size: Literal["source", "training"] = Field(default="source", description="training: of budget.short_side")
    generator_sees: Literal["context", "training"] = Field(
        default="context", description="real images a fitted generator learns from; labels it never sees"
    )


class Evaluate(_Section):
    """At which size and in which label space results are compared; both spaces are always counted."""

    size: Literal["label", "training"] = "label"
    label_space: Literal["native", "harmonised"] = "native"


class Keep(_Section):
    """What a unit leaves behind: counts per image or per group, and its weights."""

    images: Literal["full", "groups"] = "full"
    weights: Literal["none", "last"] = "none"


class QualitySpec(_Section):
    """A composite of the quality measures of a pool, which exists only where a study defines one."""

    composite: dict[Text, Any] | None = Field(
        default=None, description="measure -> worst (scores 0), best (scores 1), weight"
    )


class Compare(_Section):
    """The comparison, fixed before anything runs."""

    baseline: Text = "baseline"
    contexts: tuple[Text, ...] = ()
    metric: Literal["domain_mean", "pooled", "adverse"] = "domain_mean"
    smallest_gain: Annotated[Number, Field(ge=0)] = 0.3
    domains: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    shorter: Text | None = Field(default=None, description="a study of the same question with a smaller budget")


class StudyFile(_Section):
    """The keys of a study file."""

    name: Name
    data: dict[Name, Source] = Field(min_length=1)
    splits: Splits = Splits()
    contexts: dict[Name, ContextSpec] = Field(min_length=1)
    strategies: tuple[Text, ...] = Field(min_length=1)
    models: tuple[Text, ...] = Field(min_length=1)
    seeds: tuple[Seed, ...] = Field(min_length=1)
    profile: Text | None = None
    recipe: Recipe = Recipe()
    budget: Budget = Budget()
    mix: Mix = Mix()
    pool: PoolSpec = PoolSpec()
    evaluate: Evaluate = Evaluate()
    keep: Keep = Keep()
    quality: QualitySpec = QualitySpec()
    compare: Compare = Compare()
    threads: Positive = 1

    @model_validator(mode="after")
    def _sizes(self) -> "StudyFile":
        low, high = self.budget.scale
        if low > high:
            raise ValueError(f"budget.scale: {low} is above {high}; write the smaller one first")
        return self


@dataclass(frozen=True)
class Study:
    """A study file whose every name is known: what the plan multiplies out.

    Args:
        path: the file it was read from; relative paths inside it are relative to its folder.
        text: its text, kept with the results.
        shorter: name of the study of the same question with a smaller budget, if one is compared with.
        composite: of quality measures, if the study defines one.
    """

    path: Path
    text: str
    file: StudyFile
    contexts: tuple[Context, ...]
    arms: tuple[Arm, ...]
    baseline: str
    shorter: str | None
    composite: Composite | None = None

    @property
    def name(self) -> str:
        return self.file.name

    def root(self, source: Source) -> Path | None:
        """The folder of a data source, relative to the study file."""
        return None if source.root is None else (self.path.parent / source.root).resolve()

    def recorded_options(self, name: str) -> dict[str, str]:
        """A value for every option of a data source's reader, as written: paths are the user's own words."""
        source = self.file.data[name]
        return READERS[source.reader].card.resolved(source.model_extra or {}, f"{self.path}: data.{name}")

    def options(self, name: str) -> dict[str, str]:
        """A value for every option of a data source's reader; paths are relative to the study file."""
        card, values = READERS[self.file.data[name].reader].card, self.recorded_options(name)
        paths = {key for key, option in card.all_options.items() if option.path and values[key]}
        return {k: str((self.path.parent / v).resolve()) if k in paths else v for k, v in values.items()}


def read(path: Path) -> Study:
    """The study in a YAML file.

    Raises:
        InputError: one line naming file and key: not YAML, an unknown key or name, a wrong type, an empty or repeated entry,
            a share that is not a whole number of slots, strategies that leave nothing to compare.
    """
    return _read(path, ())


def _read(path: Path, trail: tuple[Path, ...]) -> Study:
    """As `read`; `trail` are the files whose `compare.shorter` led here."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise InputError(f"{path}: study file cannot be read: {reason}") from error
    study = _parse(text, path, trail)
    if [arm.name for arm in study.arms] == [study.baseline]:
        raise InputError(f"{path}: strategies: {study.baseline} alone leaves nothing to compare it with; name another")
    return study


def parse(text: str, path: Path) -> Study:
    """As `read`, from the text of the file at `path`; the baseline alone is accepted, for it can be trained."""
    return _parse(text, path, ())


def _parse(text: str, path: Path, trail: tuple[Path, ...]) -> Study:
    try:
        raw = yaml.load(text, _UniqueKeys)
    except (yaml.YAMLError, ValueError) as error:  # PyYAML lets ValueError through: no such date, a number too long
        raise InputError(f"{path}: not a YAML file: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise InputError(f"{path}: not a YAML file: brackets are nested too deeply") from error
    if not isinstance(raw, dict):
        raise InputError(f"{path}: a study file is a mapping; keys are {', '.join(StudyFile.model_fields)}")
    try:
        file = StudyFile.model_validate(raw)
    except ValidationError as error:
        raise _one_line(error, path) from error
    return _resolved(file, text, path, trail)


def _resolved(file: StudyFile, text: str, path: Path, trail: tuple[Path, ...]) -> Study:
    for key, values in (("strategies", file.strategies), ("models", file.models), ("seeds", file.seeds)):
        _refuse_repeats(values, f"{path}: {key}")
    file = _canonical(file, path)
    for key, splits in (("splits.train", file.splits.train), ("splits.test", file.splits.test)):
        for split in splits:
            if split not in SPLITS:
                raise UnknownName("split", split, SPLITS, f"{path}: {key}")
        _refuse_repeats(splits, f"{path}: {key}")
        if not splits:
            raise InputError(f"{path}: {key}: name at least one of {', '.join(SPLITS)}")
    if both := set(file.splits.train) & set(file.splits.test):
        raise InputError(f"{path}: splits: {sorted(both)[0]!r} is both trained on and tested on")
    for name, source in file.data.items():
        _check_source(name, source, file.splits, path)
    _check_models(file, path)
    contexts = tuple(_context(name, spec, f"{path}: contexts.{name}") for name, spec in file.contexts.items())
    _refuse_twins(contexts, path)
    if file.profile is not None and file.profile not in profiles():
        raise UnknownName("profile", file.profile, profiles(), f"{path}: profile")
    arms = tuple(resolve(name, file.profile, f"{path}: strategies") for name in file.strategies)
    _refuse_repeats([arm.name for arm in arms], f"{path}: strategies")
    _check_batch(file, arms, path)
    _check_shares(file, arms, path)
    baseline = _check_compare(file, contexts, arms, path)
    return Study(path, text, file, contexts, arms, baseline, _shorter(file, path, trail), _composite(file, path))


def _canonical(file: StudyFile, path: Path) -> StudyFile:
    """The file with the canonical names of models, compared domains and targets, of which none may be listed twice."""
    models = tuple(MODELS.canonical(name, f"{path}: models") for name in file.models)
    _refuse_repeats(models, f"{path}: models")
    domains = file.compare.domains
    if domains is not None:
        domains = tuple(canonical_domain(name, f"{path}: compare.domains") for name in domains)
        _refuse_repeats(domains, f"{path}: compare.domains")
    targets = file.pool.targets
    if isinstance(targets, tuple):
        targets = tuple(canonical_domain(name, f"{path}: pool.targets") for name in targets)
        _refuse_repeats(targets, f"{path}: pool.targets")
    _refuse_repeats(file.pool.seed, f"{path}: pool.seed")
    changed = {
        "models": models,
        "compare": file.compare.model_copy(update={"domains": domains}),
        "pool": file.pool.model_copy(update={"targets": targets}),
    }
    return file.model_copy(update=changed)


def _check_models(file: StudyFile, path: Path) -> None:
    for name in file.models:
        if file.recipe.pretrained and not MODELS[name].card.encoder:
            raise InputError(
                f"{path}: recipe.pretrained: {name} has no encoder and so no pretrained weights; set it to false"
            )


def _shorter(file: StudyFile, path: Path, trail: tuple[Path, ...]) -> str | None:
    if file.compare.shorter is None:
        return None
    trail = (*trail, path.resolve())
    target = path.parent / file.compare.shorter
    if target.resolve() in trail:
        raise InputError(f"{path}: compare.shorter: {file.compare.shorter} leads back to itself; name another study")
    other = _read(target, trail).file
    if other.name == file.name:
        raise InputError(
            f"{path}: compare.shorter: {file.compare.shorter} has the same name, {other.name!r}; rename one"
        )
    if other.budget.steps >= file.budget.steps:
        raise InputError(
            f"{path}: compare.shorter: {other.name} has {other.budget.steps} steps, not fewer than {file.budget.steps}"
        )
    return other.name


def _composite(file: StudyFile, path: Path) -> Composite | None:
    if file.quality.composite is None:
        return None
    try:
        return Composite.read(file.quality.composite)
    except InputError as error:
        raise InputError(f"{path}: quality: {error}") from error


def _check_source(name: str, source: Source, splits: Splits, path: Path) -> None:
    where = f"{path}: data.{name}"
    card = READERS[READERS.canonical(source.reader, f"{where}.reader")].card
    options = card.resolved(source.model_extra or {}, where)
    named = (*splits.train, *splits.test)
    if options.get("split") == "grouped" and (other := [split for split in named if split not in DIVIDED]):
        raise InputError(
            f"{path}: splits: {name} is divided anew (split: grouped), into {' and '.join(DIVIDED)}; it has no {other[0]!r}"
        )


def _context(name: str, spec: ContextSpec, where: str) -> Context:
    if spec.domains == "all":
        return Context(name, DOMAINS, spec.share)
    if not spec.domains:
        raise InputError(f"{where}.domains: empty; write all, or some of {', '.join(DOMAINS)}")
    domains = [canonical_domain(domain, f"{where}.domains") for domain in spec.domains]
    _refuse_repeats(domains, f"{where}.domains")
    return Context(name, in_order(domains), spec.share)


def _refuse_twins(contexts: tuple[Context, ...], path: Path) -> None:
    seen: dict[tuple[tuple[str, ...], float], str] = {}
    for context in contexts:
        twin = seen.setdefault((context.domains, context.share), context.name)
        if twin != context.name:
            raise InputError(
                f"{path}: contexts: {twin} and {context.name} admit the same images; name each filter once"
            )


def _check_shares(file: StudyFile, arms: tuple[Arm, ...], path: Path) -> None:
    _refuse_repeats(file.mix.generated_share, f"{path}: mix.generated_share")
    if not any(arm.generator for arm in arms):
        return
    batch = file.budget.batch
    for share in file.mix.generated_share:
        if not share:
            raise InputError(
                f"{path}: mix.generated_share: 0 takes no generated image; that is the baseline, so leave it out"
            )
        if abs(share * batch - round(share * batch)) > 1e-9:
            raise InputError(
                f"{path}: mix.generated_share: {share} of a batch of {batch} is {share * batch:g} slots, not a whole number"
            )


def _check_batch(file: StudyFile, arms: tuple[Arm, ...], path: Path) -> None:
    mixing = [act.card.name for arm in arms for act in arm.acts.batch_acts]
    if mixing and file.budget.batch < 2:
        raise InputError(
            f"{path}: budget.batch: {mixing[0]} mixes the samples of a batch; 1 is too few, write 2 or more"
        )


def _check_compare(file: StudyFile, contexts: tuple[Context, ...], arms: tuple[Arm, ...], path: Path) -> str:
    names = [context.name for context in contexts]
    for context in file.compare.contexts:
        if context not in names:
            raise UnknownName("context", context, names, f"{path}: compare.contexts")
    _refuse_repeats(file.compare.contexts, f"{path}: compare.contexts")
    if len(file.compare.contexts) not in (0, 2):
        raise InputError(f"{path}: compare.contexts: names {len(file.compare.contexts)} contexts; two are compared")
    baseline = resolve(file.compare.baseline, file.profile, f"{path}: compare.baseline").name
    if baseline not in [arm.name for arm in arms]:
        raise UnknownName("baseline", baseline, [arm.name for arm in arms], f"{path}: compare.baseline")
    return baseline


def _refuse_repeats(values: Iterable[object], where: str) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise InputError(f"{where}: {value!r} is listed twice")
        seen.add(value)


class _UniqueKeys(yaml.SafeLoader):
    """A safe loader that refuses a key written twice, where PyYAML would keep the last one silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is a mapping or a list", key.start_mark)
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {name!r} is written twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _one_line(error: ValidationError, path: Path) -> InputError:
    # A misspelt key is told before the key that is missing because of it.
    first = min(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
    place = ".".join(str(part) for part in first["loc"] if part not in ("all",) and not str(part).startswith("tuple["))
    where = f"{path}: {place}" if place else str(path)
    if first["type"] == "extra_forbidden":
        section = _section(first["loc"][:-1])
        parent = ".".join(str(part) for part in first["loc"][:-1])
        return UnknownName("key", first["loc"][-1], section.model_fields, f"{path}: {parent}" if parent else str(path))
    if first["type"] == "missing":
        return InputError(f"{where}: missing")
    if first["type"] == "value_error":
        return InputError(f"{path}: {first['ctx']['error']}")
    return InputError(f"{where}: {first['msg'][0].lower()}{first['msg'][1:]}, got {first['input']!r}")


def _section(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that holds a place in the file, for the names of its keys."""
    tops: dict[str, type[BaseModel]] = {
        "splits": Splits, "contexts": ContextSpec, "recipe": Recipe, "budget": Budget, "mix": Mix, "pool": PoolSpec,
        "evaluate": Evaluate, "keep": Keep, "quality": QualitySpec, "compare": Compare, "data": Source,
    }  # fmt: skip
    return tops[str(loc[0])] if loc else StudyFile
