from pathlib import Path

import pytest

from fairweather.errors import InputError
from fairweather.study import parse, read

GOOD = """
name: probe
data: {toy: {reader: toy, world: context}}
contexts: {stage1: {domains: [clear_day]}, stage2: {domains: all}}
strategies: [baseline, std_cutmix, placebo_duplicate]
models: [toy_fcn]
seeds: [0, 1]
recipe: {lr: 2e-3}
budget: {steps: 20, batch: 8, short_side: 48, crop: [48, 64]}
mix: {generated_share: 0.5}
compare: {baseline: baseline, contexts: [stage1, stage2]}
"""


def test_a_study_is_read_into_values() -> None:
    study = parse(GOOD, Path("probe.yaml"))
    assert study.name == "probe" and study.file.recipe.lr == 0.002
    assert [arm.name for arm in study.arms] == ["baseline", "std_cutmix", "placebo_duplicate"]
    assert [arm.control for arm in study.arms] == [True, False, True]
    assert study.contexts[0].domains == ("clear_day",) and len(study.contexts[1].domains) == 7


def test_aliases_become_canonical_names_and_combinations_keep_their_order() -> None:
    study = parse(GOOD.replace("std_cutmix", "std_std_photometric_distort, std_mixup+std_darken"), Path("p.yaml"))
    assert [arm.name for arm in study.arms][1:3] == ["std_photometric_distort", "std_mixup+std_darken"]


def test_a_composite_exists_only_where_a_study_defines_one() -> None:
    assert parse(GOOD, Path("p.yaml")).composite is None
    composite = parse(GOOD + COMPOSITE, Path("p.yaml")).composite
    assert composite is not None and composite.formula.startswith("weighted mean of 1 x ssim (0 -> 0, 1 -> 1)")


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "studies").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_studies_of_the_project_are_good(path: Path) -> None:
    assert read(path).name == path.stem


def test_the_units_of_camvid_dusk_are_those_promised() -> None:
    study = read(Path(__file__).parents[2] / "studies" / "camvid_dusk.yaml")
    assert len(study.arms) * len(study.contexts) * len(study.file.seeds) * len(study.file.models) == 54


COMPOSITE = "quality: {composite: {ssim: {worst: 0, best: 1, weight: 1}}}"
BAD = [
    ("mix:", "quality: {composit: {}}\nmix:", r"probe.yaml: quality: unknown key 'composit'; did you mean 'composite'"),
    ("mix:", "quality: {composite: {}}\nmix:", r"probe.yaml: quality: composite of nothing; allowed are one or more"),
    ("mix:", "quality: {composite: 3}\nmix:", r"probe.yaml: quality.composite: .*dictionary, got 3"),
    (
        "mix:",
        f"{COMPOSITE.replace('ssim', 'sim')}\nmix:",
        r"quality: unknown quality measure 'sim'; did you mean 'ssim'",
    ),
    ("mix:", f"{COMPOSITE.replace('0', 'low')}\nmix:", r"quality: composite.ssim.worst: 'low'; allowed are numbers"),
    ("mix:", f"{COMPOSITE.replace('0', '1')}\nmix:", r"quality: composite, ssim: worst 1.0, best 1.0, .*different"),
    ("name: probe", "nam: probe", r"probe.yaml: unknown key 'nam'; did you mean 'name'"),
    ("steps: 20", "step: 20", r"probe.yaml: budget: unknown key 'step'; did you mean 'steps'"),
    ("world: context", "word: context", r"probe.yaml: data.toy: unknown key 'word'; did you mean 'world'"),
    ("world: context", "world: contxt", r"probe.yaml: data.toy: unknown world 'contxt'; did you mean 'context'"),
    ("std_cutmix", "std_cutmx", r"probe.yaml: strategies: unknown strategy 'std_cutmx'; did you mean 'std_cutmix'"),
    ("toy_fcn", "toy_fcm", r"probe.yaml: models: unknown model 'toy_fcm'; did you mean 'toy_fcn'"),
    ("reader: toy", "reader: tyo", r"probe.yaml: data.toy.reader: unknown reader 'tyo'; did you mean 'toy'"),
    ("[clear_day]", "[clear_dya]", r"contexts.stage1.domains: unknown domain 'clear_dya'; did you mean 'clear_day'"),
    ("[stage1, stage2]", "[stage1, stage3]", r"compare.contexts: unknown context 'stage3'; did you mean"),
    ("baseline: baseline", "baseline: std_mixup", r"compare.baseline: unknown baseline 'std_mixup'"),
    ("steps: 20", "steps: many", r"probe.yaml: budget.steps: .*integer.*'many'"),
    ("steps: 20", "steps: '20'", r"probe.yaml: budget.steps: .*integer.*'20'"),
    ("steps: 20", "steps: 0", r"probe.yaml: budget.steps: .*greater than 0.*0"),
    ("lr: 2e-3", "lr: fast", r"probe.yaml: recipe.lr: .*number.*'fast'"),
    ("lr: 2e-3", "optimizer: adam", r"probe.yaml: recipe.optimizer: .*'adamw' or 'sgd', got 'adam'"),
    (
        "strategies: [baseline, std_cutmix, placebo_duplicate]",
        "strategies: []",
        r"probe.yaml: strategies: .*at least 1",
    ),
    ("seeds: [0, 1]", "seeds: []", r"probe.yaml: seeds: .*at least 1"),
    ("seeds: [0, 1]", "seeds: [0, 0]", r"probe.yaml: seeds: 0 is listed twice"),
    ("seeds: [0, 1]", "", r"probe.yaml: seeds: missing"),
    ("std_cutmix,", "std_cutmix, std_cutmix,", r"probe.yaml: strategies: 'std_cutmix' is listed twice"),
    ("models: [toy_fcn]", "models: [toy_fcn, toy_fcn]", r"probe.yaml: models: 'toy_fcn' is listed twice"),
    ("seeds: [0, 1]", "seeds: [0]\nseeds: [1]", r"probe.yaml: not a YAML file: key 'seeds' is written twice"),
    ("stage2: {domains: all}", "stage1: {domains: all}", r"key 'stage1' is written twice"),
    ("domains: all", "domains: [clear_day]", r"contexts: stage1 and stage2 admit the same images"),
    (
        "generated_share: 0.5",
        "generated_share: 0.3",
        r"mix.generated_share: 0.3 of a batch of 8 is 2.4 slots, not a whole",
    ),
    (
        "generated_share: 0.5",
        "generated_share: [0, 0.5]",
        r"generated_share: 0 takes no generated image; that is the base",
    ),
    ("generated_share: 0.5", "generated_share: 1.5", r"mix.generated_share.*less than or equal to 1"),
    ("std_cutmix", "std_cutmix+std_cutmix", r"'std_cutmix\+std_cutmix' names a strategy twice"),
    ("std_cutmix", "baseline+std_cutmix", r"baseline does nothing and cannot be combined"),
    ("std_cutmix", "placebo_noise+placebo_duplicate", r"names two generators"),
    (
        "name: probe",
        "name: probe\nsplits: {train: [trian]}",
        r"splits.train: unknown split 'trian'; did you mean 'train'",
    ),
    ("name: probe", "name: probe\nsplits: {train: [test]}", r"'test' is both trained on and tested on"),
    ("name: probe", "name: probe\nprofile: prov", r"profile 'prov'"),
    ("name: probe", "name: a/b", r"probe.yaml: name: .*pattern"),
    ("[stage1, stage2]", "[stage1]", r"compare.contexts: names 1 contexts; two are compared"),
    ("compare: {", "compare: {shorter: none.yaml, ", r"none.yaml: study file cannot be read"),
    ("crop: [48, 64]", "scale: [2, 1]", r"budget.scale: 2.0 is above 1.0"),
    ("crop: [48, 64]", "scale: [1, .inf]", r"budget.scale.1: .*finite number"),
    ("lr: 2e-3", "lr: .inf", r"recipe.lr: .*finite number"),
    ("lr: 2e-3", "lr: '-inf'", r"recipe.lr: .*finite number"),
    ("lr: 2e-3", "weight_decay: .nan", r"recipe.weight_decay: .*finite number"),
    ("lr: 2e-3", f"lr: 1{'0' * 400}", r"recipe.lr: .*finite number"),
    ("lr: 2e-3", "pretrained: true", r"recipe.pretrained: toy_fcn has no encoder and so no pretrained weights"),
    ("seeds: [0, 1]", f"seeds: [{2**63}]", r"probe.yaml: seeds.0: .*less than 4294967296"),
    ("seeds: [0, 1]", f"seeds: [{2**32}]", r"probe.yaml: seeds.0: .*less than 4294967296"),
    ("seeds: [0, 1]", f"seeds: [1{'0' * 5000}]", r"probe.yaml: not a YAML file: "),
    ("seeds: [0, 1]", "seeds: [2001-02-30]", r"probe.yaml: not a YAML file: day is out of range"),
    ("seeds: [0, 1]", "seeds: [0]\npool: {seed: 18446744073709551616}", r"pool.seed.0: .*less than 4294967296"),
    ("batch: 8", "batch: 1", r"budget.batch: std_cutmix mixes the samples of a batch; 1 is too few"),
    (
        "models: [toy_fcn]",
        "models: [segformer_mit_b5, segformer_mit-b5]",
        r"models: 'segformer_mit-b5' is listed twice",
    ),
    ("compare: {", "compare: {domains: [], ", r"compare.domains: .*at least 1 item"),
    ("compare: {", "compare: {domains: [clear_day, clear_day], ", r"compare.domains: 'clear_day' is listed twice"),
    ("compare: {", "compare: {domains: [sunny, clear], ", r"compare.domains: 'clear_day' is listed twice"),
    ("compare: {", "compare: {domains: [clear_dya], ", r"compare.domains: unknown domain 'clear_dya'"),
    ("name: probe", "? [name]\n: probe", r"probe.yaml: not a YAML file: a key is a mapping or a list"),
    ("name: probe", "? {name: 1}\n: probe", r"probe.yaml: not a YAML file: a key is a mapping or a list"),
    ("seeds: [0, 1]", "seeds: " + "[" * 20000, r"probe.yaml: not a YAML file: brackets are nested too deeply"),
]


def test_compared_domains_and_models_become_canonical() -> None:
    text = GOOD.replace("compare: {", "compare: {domains: [sunny, snow], ")
    file = parse(text.replace("toy_fcn", "pspnet_resnet50"), Path("p.yaml")).file
    assert file.compare.domains == ("clear_day", "snowy") and file.models == ("pspnet_r50",)


def test_one_sample_is_a_batch_for_what_mixes_none() -> None:
    assert parse(
        GOOD.replace("batch: 8", "batch: 1").replace("std_cutmix", "std_darken").replace("0.5", "1.0"), Path("p.yaml")
    )


def test_the_baseline_alone_is_refused_and_controls_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text(GOOD.replace("std_cutmix, placebo_duplicate", ""))
    with pytest.raises(InputError, match=r"alone.yaml: strategies: baseline alone leaves nothing to compare"):
        read(path)
    path.write_text(GOOD.replace("std_cutmix, ", ""))
    assert [arm.control for arm in read(path).arms] == [True, True]


def test_the_shorter_study_is_another_one(tmp_path: Path) -> None:
    def write(name: str, shorter: str, steps: int, called: str = "") -> Path:
        text = GOOD.replace("name: probe", f"name: {called or name}").replace("steps: 20", f"steps: {steps}")
        path = tmp_path / f"{name}.yaml"
        path.write_text(text.replace("compare: {", f"compare: {{shorter: {shorter}, ") if shorter else text)
        return path

    with pytest.raises(InputError, match=r"self.yaml: compare.shorter: self.yaml leads back to itself"):
        read(write("self", "self.yaml", 20))
    write("two", "one.yaml", 10)
    with pytest.raises(InputError, match=r"two.yaml: compare.shorter: one.yaml leads back to itself"):
        read(write("one", "two.yaml", 20))
    write("short", "", 10, called="long")
    with pytest.raises(InputError, match=r"long.yaml: compare.shorter: short.yaml has the same name, 'long'"):
        read(write("long", "short.yaml", 20))
    write("short", "", 10)
    assert read(write("long", "short.yaml", 20)).shorter == "short"


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=[f"{new[:30]!r}" for _, new, _ in BAD])
def test_bad_input_is_one_line_with_what_where_and_what_is_allowed(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=message) as caught:
        parse(GOOD.replace(old, new), Path("probe.yaml"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["[1, 2]", "", "a: [", "\t"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^p.yaml: (a study file is a mapping|not a YAML file)") as caught:
        parse(text, Path("p.yaml"))
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere.yaml: study file cannot be read"):
        read(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    with pytest.raises(InputError, match="not UTF-8"):
        read(tmp_path / "latin.yaml")
