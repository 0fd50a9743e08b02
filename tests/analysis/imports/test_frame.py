from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fairweather.analysis import Settings
from fairweather.analysis.analyse import compare
from fairweather.analysis.frame import Frame
from fairweather.analysis.imports import Imported, frame_of, metric_of, parse_sources, read_tables
from fairweather.analysis.table import Block, Scores
from fairweather.audit import audit_table
from fairweather.errors import InputError, UnknownName

Read = Callable[..., Imported]
Make = Callable[..., Frame]


@pytest.fixture(scope="module")
def stage1(reference_file: Callable[[str], Path], frame: Make) -> Frame:
    """The per-domain reference table."""
    path = reference_file("prove_stage1_domains.csv")
    return frame(read_tables(parse_sources([f"stage1={path}"]), None, (), {}))


@pytest.fixture(scope="module")
def stages(reference_file: Callable[[str], Path], frame: Make) -> Frame:
    """The ready-made reference table of gains."""
    return frame(read_tables(parse_sources([str(reference_file("stage_comparison.csv"))]), None, (), {}))


def test_the_reference_values_are_those_built_by_hand(stage1: Frame, reference: Scores) -> None:
    found = stage1.metric
    assert (found.metric, found.contexts, found.strategies) == (
        reference.metric,
        reference.contexts,
        tuple(sorted(reference.strategies)),
    )
    assert (found.baseline, found.controls, found.blocks) == (reference.baseline, (), reference.blocks)
    assert {name: found.families[name] for name in found.strategies} == reference.families
    assert {name for name, family in found.families.items() if family == "std"} == {
        "std_photometric_distort", "std_autoaugment", "std_cutmix", "std_mixup", "std_randaugment",
    }  # fmt: skip
    own = [found.arms.index(name) for name in reference.arms]
    np.testing.assert_allclose(found.y[:, :, own], reference.y, rtol=1e-14)


def test_the_reference_findings(stage1: Frame) -> None:
    found = {finding.id: finding for finding in compare(stage1).findings}
    mean = found["gains.stage1.all_positive"].estimate
    assert mean is not None
    assert (round(mean.value, 4), round(mean.low or 0, 3), round(mean.high or 0, 3)) == (0.8872, 0.111, 1.663)
    contrast = found["domains.adverse_vs_normal.stage1"]
    assert contrast.estimate is not None
    numbers = (contrast.estimate.value, contrast.estimate.low or 0, contrast.estimate.high or 0)
    assert [round(number, digits) for number, digits in zip(numbers, (4, 3, 3), strict=True)] == [0.2464, -0.190, 0.683]
    assert found["family.gen.differ.stage1"].n["strategies"] == 21
    assert found["family.std.differ.stage1"].n["strategies"] == 5
    assert found["gains.stage1.gen_Attribute_Hallucination.dawn_dusk"].verdict == "yes"
    assert found["classes.small_vs_rest.stage1"].verdict == "untestable"


def test_the_domains_of_the_reference(stage1: Frame) -> None:
    assert stage1.entered == stage1.domains.variants
    assert len(stage1.entered) == 7
    blocks = np.isfinite(stage1.domains.y[:, 0]).all(axis=1).sum(axis=1)
    assert dict(zip(stage1.domains.variants, blocks.tolist(), strict=True)) == {
        "clear_day": 12, "cloudy": 12, "dawn_dusk": 9, "foggy": 3, "night": 12, "rainy": 12, "snowy": 12,
    }  # fmt: skip
    assert list(stage1.without) == [("domain", name) for name in stage1.entered]
    same = stage1.without["domain", "foggy"].y == stage1.metric.y
    assert [
        block.dataset for block, equal in zip(stage1.metric.blocks, same[0, 0].all(axis=0), strict=True) if not equal
    ] == ["idd-aw"] * 3
    assert stage1.printed is None


def test_the_ready_made_gains(stages: Frame) -> None:
    printed = stages.printed
    assert printed is not None
    assert (len(printed.strategies), stages.contexts, stages.metric.blocks) == (
        26,
        ("stage1", "stage2"),
        (Block("", "", 0),),
    )
    assert "std_photometric_distort" in printed.strategies
    first, second = printed.gain
    assert round(float((second - first).mean()), 4) == -0.7608
    assert {printed.strategies[at] for at in np.flatnonzero(second < 0)} == {
        "gen_step1x_new", "gen_Weather_Effect_Generator", "std_mixup",
    }  # fmt: skip
    best = printed.strategies.index("std_cutmix")
    assert (printed.rank[0, best], printed.rank[1, best], printed.rank_change[best]) == (26, 1, 25)
    assert (printed.rank[0, -1], printed.rank[1, -1], printed.rank_change[-1]) == (27, 24, 3)
    assert np.isnan(printed.gain_change).all()
    assert printed.digits == 2
    verdicts = {finding.verdict for finding in compare(stages).findings if finding.scope == "population"}
    assert verdicts == {"untestable"}


def test_the_metric_a_table_has(read: Read) -> None:
    assert metric_of(read("strategy,mIoU\nbaseline,40\nx,41\n")) == "mIoU"
    assert metric_of(read("strategy,domain,mIoU\nbaseline,night,40\nx,night,41\n")) == "domain_mean"
    counted = "strategy,domain,mIoU,images\nbaseline,night,40,9\nx,night,41,9\nx,foggy,,\n"
    assert metric_of(read(counted)) == "image_weighted"
    assert metric_of(read(counted, images="")) == "domain_mean"


WEIGHTED = (
    "strategy,dataset,domain,mIoU,images\n"
    "baseline,d,clear_day,40,300\nbaseline,d,night,20,100\nbaseline,d,foggy,10,40\n"
    "x,d,clear_day,44,300\nx,d,night,26,100\nx,d,foggy,18,40\n"
    "y,d,clear_day,50,300\ny,d,night,30,100\n"
)


def test_image_weighted(read: Read, frame: Make) -> None:
    found = frame(read(WEIGHTED))
    assert found.metric.arms == ("x", "y", "baseline")
    expected = [(44 * 300 + 26 * 100 + 18 * 40) / 440, np.nan, (40 * 300 + 20 * 100 + 10 * 40) / 440]
    assert found.metric.y.ravel().tolist() == pytest.approx(expected, nan_ok=True), "y lacks a domain the others have"
    assert found.adverse.of("all").ravel().tolist() == pytest.approx(
        [(26 * 100 + 18 * 40) / 140 - 44, np.nan, (20 * 100 + 10 * 40) / 140 - 40], nan_ok=True
    )
    assert found.domains.variants == ("clear_day", "night"), "foggy has fewer than 50 test images"
    assert found.domains.of("all", "night").ravel().tolist() == [26, 30, 20]
    assert found.entered == ("clear_day", "foggy", "night")
    assert found.without["domain", "foggy"].y.ravel().tolist() == pytest.approx([39.5, 45, 35])


def test_domain_mean(read: Read, frame: Make) -> None:
    found = frame(read(WEIGHTED, images=""))
    assert found.metric.y.ravel().tolist() == pytest.approx([88 / 3, np.nan, 70 / 3], nan_ok=True)
    assert found.adverse.y.ravel().tolist() == pytest.approx([-22, np.nan, -25], nan_ok=True)
    assert found.domains.variants == ("clear_day", "foggy", "night")


CLASSES = "strategy,model,domain,class,IoU\n" + "".join(
    f"{s},m,{d},{c},{base + gain * (c == 'Traffic Light')}\n"
    for s, gain in (("baseline", 0), ("x", 6))
    for d, base in (("cloudy", 50), ("rainy", 30))
    for c in ("road", "Traffic Light", "car")
    if (d, c) != ("rainy", "car")
)


def test_classes(read: Read, frame: Make) -> None:
    found = frame(read(CLASSES))
    assert found.metric.y.ravel().tolist() == pytest.approx([(52 + 33) / 2, 40])
    assert found.domains.y.ravel().tolist() == pytest.approx([52, 50, 33, 30])
    assert found.classes.variants == ("road", "Traffic Light", "car")
    assert found.classes.y[:, 0, 0, 0].tolist() == pytest.approx([40, 46, 50])
    assert found.small_classes == frozenset(["Traffic Light"])
    assert found.small.y.ravel().tolist() == pytest.approx([46 - 45, 40 - 45])
    assert found.adverse.y.ravel().tolist() == pytest.approx([33 - 53, 30 - 50]), "over road and light, which both have"
    assert set(found.without) == {
        ("domain", "cloudy"), ("domain", "rainy"), ("class", "road"), ("class", "Traffic Light"), ("class", "car"),
    }  # fmt: skip
    assert found.without["class", "Traffic Light"].y.ravel().tolist() == pytest.approx([40, 40])


def test_families_and_controls(read: Read, frame: Make) -> None:
    text = (
        "strategy,mIoU\nmine,41\nplacebo_duplicate,40\nstd_cutmix,42\ngen_oracle,45\nbaseline,40\ngen_x,43\nplain,40\n"
    )
    found = frame(read(text, baseline="plain")).metric
    assert found.strategies == ("gen_x", "mine", "std_cutmix")
    assert found.controls == ("baseline", "gen_oracle", "placebo_duplicate")
    assert found.arms[3] == "plain"
    assert [found.families[name] for name in found.strategies] == ["gen", "other", "std"]


def test_gains_with_cells_have_a_baseline_of_zero(read: Read, frame: Make) -> None:
    text = "strategy,dataset,model,gain\n" + "".join(
        f"{s},{d},m,{gain}\n" for s, gain in (("x", 1), ("y", 2)) for d in ("a", "b", "c")
    )
    found = frame(read(f"{text}baseline,a,m,0\n"))
    assert found.metric.y[0, 0].tolist() == [[1, 1, 1], [2, 2, 2], [0, 0, 0]]
    assert found.printed is None


def test_a_strategy_without_values_is_named_and_not_compared(read: Read, frame: Make) -> None:
    text = "strategy,dataset,mIoU\n" + "".join(
        f"{s},{d},{40 + k}\n" for k, s in enumerate(("baseline", "x", "y", "z")) for d in "abc"
    )
    imported = read(f"{text}none,a,\n")
    file = imported.rows["file"][0].as_py()
    found = frame(imported, frozenset((file, line, "all") for line in (5, 6, 7)))
    assert found.metric.strategies == ("none", "x", "y", "z")
    assert np.isnan(found.metric.y[0, 0, [0, 1]]).all()
    ids = {finding.id: finding.verdict for finding in compare(found).findings}
    assert ids["gains.all.x"] == ids["gains.all.none"] == "untestable"


def test_one_cell_with_seeds_and_without(read: Read, frame: Make) -> None:
    rng = np.random.default_rng(3)
    lines = [
        f"{s},{seed},{40 + k + rng.normal():.2f}" for k, s in enumerate(("baseline", "x", "y")) for seed in range(4)
    ]
    found = {f.id: f.verdict for f in compare(frame(read("strategy,seed,mIoU\n" + "\n".join(lines)))).findings}
    assert found["strategies.differ.all"] != "untestable"
    found = {f.id: f.verdict for f in compare(frame(read("strategy,mIoU\nbaseline,40\nx,41\ny,42\n"))).findings}
    assert found["strategies.differ.all"] == "untestable"


def test_settings_that_do_not_fit(read: Read) -> None:
    imported = read("strategy,mIoU\nbaseline,40\nx,41\n")

    def framed(metric: str = "mIoU", baseline: str = "baseline", contexts: tuple[str, ...] = ("all",)) -> Frame:
        return frame_of(imported, Settings(baseline, contexts, metric, 0.3, "", None))

    assert framed(contexts=()).contexts == ("all",)
    with pytest.raises(ValueError, match=r"settings.metric is 'pooled', the table holds 'mIoU'"):
        framed(metric="pooled")
    with pytest.raises(UnknownName, match="unknown baseline 'none'"):
        framed(baseline="none")
    with pytest.raises(UnknownName, match="unknown context 's'"):
        framed(contexts=("s",))


def test_the_domains_of_the_settings(read: Read) -> None:
    imported = read(WEIGHTED)
    settings = Settings("baseline", ("all",), "image_weighted", 0.3, "", None, domains=("clear_day", "night"))
    found = frame_of(imported, settings)
    assert found.metric.y.ravel().tolist() == pytest.approx([39.5, 45, 35])
    assert found.entered == ("clear_day", "night")
    with pytest.raises(UnknownName, match="unknown domain 'snowy'"):
        frame_of(imported, Settings("baseline", ("all",), "image_weighted", 0.3, "", None, domains=("snowy",)))


def test_two_values_of_one_cell(read: Read, frame: Make) -> None:
    imported = read("strategy,mIoU\nbaseline,40\nphotometric_distort,41\nstd_photometric_distort,42\n")
    with pytest.raises(InputError, match="lines 3 and 4: two values, 41 and 42, of std_photometric_distort"):
        frame(imported)


def test_gains_need_no_row_of_the_baseline(tmp_path: Path) -> None:
    text = "strategy,dataset,gain\n" + "".join(f"{s},{d},{g}\n" for s, g in (("a", 1.0), ("b", 0.2)) for d in "xyz")
    answers = []
    for name, body in (("without.csv", text), ("with.csv", text + "baseline,x,0\nbaseline,y,0\nbaseline,z,0\n")):
        (tmp_path / name).write_text(body)
        imported = read_tables(parse_sources([str(tmp_path / name)]), None, (), {})
        settings = Settings(imported.baseline, imported.contexts, metric_of(imported), 0.3, "", None)
        answers.append(frame_of(imported, settings).metric)
    assert answers[0].arms == answers[1].arms == ("a", "b", "baseline")
    np.testing.assert_array_equal(answers[0].y, answers[1].y)


def test_the_order_of_rows_moves_no_number(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows = [
        f"{s},d{d},m{m},{40 + d + (s > 's') + 0.5 * rng.normal():.2f}"
        for s in ("baseline", "t", "s2", "s1")
        for d in range(4)
        for m in range(2)
    ]
    found = []
    for name, lines in (("a.csv", rows), ("b.csv", [rows[at] for at in rng.permutation(len(rows))])):
        (tmp_path / name).write_text("\n".join(["strategy,dataset,model,mIoU", *lines]))
        imported = read_tables(parse_sources([str(tmp_path / name)]), None, (), {})
        settings = Settings(imported.baseline, imported.contexts, metric_of(imported), 0.3, "", None)
        found.append({f.id: (f.verdict, f.estimate, f.test) for f in compare(frame_of(imported, settings)).findings})
    assert found[0] == found[1]


def test_a_domain_most_runs_of_one_context_lack_enters_in_neither(tmp_path: Path) -> None:
    lines = ["strategy,dataset,context,domain,mIoU"]
    for s, value in (("baseline", 40), ("std_a", 41)):
        for d in ("x", "y", "z"):
            lines += [f"{s},{d},{c},clear_day,{value}" for c in ("A", "B")] + [f"{s},{d},A,night,{value - 20}"]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    imported = read_tables(parse_sources([str(tmp_path / "t.csv")]), None, (), {})
    settings = Settings(imported.baseline, imported.contexts, metric_of(imported), 0.3, "", None)
    table = frame_of(imported, settings).metric
    assert np.unique(table.y).tolist() == [40, 41], "clear_day alone, in both"
    checks = {check.code: check for check in audit_table(imported)}
    assert not checks["table.partial_domain"].holds and "night" in checks["table.partial_domain"].statement
