import csv
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.analysis.imports import Imported, Renamed, parse_sources, read_tables
from fairweather.errors import InputError, UnknownName

Read = Callable[..., Imported]
Write = Callable[..., Path]


def test_the_per_domain_reference(reference_file: Callable[[str], Path]) -> None:
    path = reference_file("prove_stage1_domains.csv")
    found = read_tables(parse_sources([f"stage1={path}"]), None, (), {})
    assert (found.kind, found.baseline, found.contexts, found.metric) == ("values", "baseline", ("stage1",), "mIoU")
    assert (found.unit, found.declared, found.rows.num_rows) == ("percent", False, 1944)
    assert found.rows["line"].to_pylist() == list(range(2, 1946))
    assert found.renamed == (Renamed(str(path), "photometric_distort", "std_photometric_distort"),)
    assert set(found.rows["digits"].to_pylist()) <= {1, 2, 3, 4}
    assert found.printed.num_rows == 0


def test_the_ready_made_gains(reference_file: Callable[[str], Path]) -> None:
    path = reference_file("stage_comparison.csv")
    found = read_tables(parse_sources([str(path)]), None, (), {})
    assert (found.kind, found.contexts, found.metric, found.rows.num_rows) == (
        "gains",
        ("stage1", "stage2"),
        "mIoU",
        54,
    )
    assert len(set(found.rows["strategy"].to_pylist()) - {"baseline"}) == 26
    assert found.renamed == (Renamed(str(path), "std_std_photometric_distort", "std_photometric_distort"),)
    cutmix = [row for row in found.rows.to_pylist() if row["strategy"] == "std_cutmix"]
    assert [(row["line"], row["value"], row["rank"], row["digits"]) for row in cutmix] == [
        (27, 0.27, 26, 2),
        (27, 1.45, 1, 2),
    ]
    change = {row["strategy"]: row["rank_change"] for row in found.printed.to_pylist()}
    assert (change["std_cutmix"], change["baseline"]) == (25, 3)
    assert sum(map(abs, change.values())) == 258


def test_files_of_two_contexts_are_joined_by_aliases(write: Write) -> None:
    one = write("strategy,mIoU\nbaseline,40\nphotometric_distort,41\n", "a.csv")
    two = write("method;Mean IoU\nstd_photometric_distort;43\nbaseline;42\n", "b.csv")
    found = read_tables(parse_sources([f"s2={two}", f"s1={one}"]), None, (), {})
    assert found.contexts == ("s2", "s1")
    assert set(found.rows["strategy"].to_pylist()) == {"baseline", "std_photometric_distort"}
    assert found.renamed == (Renamed(str(one), "photometric_distort", "std_photometric_distort"),)
    assert [(one.file, one.column, one.role) for one in found.columns] == [
        (str(two), "method", "strategy"), (str(two), "Mean IoU", "value"), (str(one), "strategy", "strategy"),
        (str(one), "mIoU", "value"),
    ]  # fmt: skip


def test_names_that_merely_look_alike_stay_apart(read: Read) -> None:
    found = read("strategy,mIoU\nbaseline,40\ngen_x,41\ngen-X,41\ngen_x ,41\n")
    assert found.rows["strategy"].to_pylist() == ["baseline", "gen_x", "gen-X", "gen_x "]
    assert not found.renamed


def test_two_spellings_in_one_file_leave_two_rows(read: Read) -> None:
    found = read("strategy,mIoU\nbaseline,40\nphotometric_distort,41\nstd_photometric_distort,42\n")
    assert found.rows["strategy"].to_pylist() == ["baseline", "std_photometric_distort", "std_photometric_distort"]
    assert found.rows["spelled"].to_pylist()[1:] == ["photometric_distort", "std_photometric_distort"]


THREE = "strategy,stage,mIoU\n" + "".join(f"{s},{c},4{k}\n" for c in "abc" for k, s in enumerate(("baseline", "x")))


def test_contexts_are_chosen_and_ordered(read: Read) -> None:
    found = read(THREE, contexts=("c", "a"))
    assert found.contexts == ("c", "a")
    assert found.rows.num_rows == 4
    assert read(THREE, contexts=("b",)).contexts == ("b",)


def test_the_baseline_by_name_or_alias(read: Read) -> None:
    text = "strategy,mIoU\nplain,40\nphotometric_distort,41\n"
    assert read(text, baseline="plain").baseline == "plain"
    assert read(text, baseline="photometric_distort").baseline == "std_photometric_distort"


def test_fractions_and_declared_units(read: Read) -> None:
    found = read("strategy,mIoU\nbaseline,0.40\nx,0.4199\n")
    assert (found.unit, found.declared) == ("fraction", False)
    assert found.rows["value"].to_pylist() == [40.0, pytest.approx(41.99)]
    assert found.rows["digits"].to_pylist() == [0, 2]
    found = read("strategy,mIoU\nbaseline,0.40\nx,0.4199\n", unit="percent")
    assert (found.unit, found.declared, found.rows["value"].to_pylist()) == ("percent", True, [0.40, 0.4199])
    found = read("strategy,mIoU (%)\nbaseline,0.40\nx,42\n")
    assert (found.unit, found.declared, found.rows["value"].to_pylist()) == ("percent", True, [0.40, 42])
    found = read("strategy,gain (fraction)\nbaseline,0\nx,0.012\n")
    assert (found.unit, found.declared, found.rows["value"].to_pylist()) == ("fraction", True, [0, pytest.approx(1.2)])


def test_values_outside_0_to_100_and_collapsed_ones_are_read(read: Read) -> None:
    found = read("strategy,mIoU\nbaseline,40\nx,0.2\ny,-3\nz,140\n")
    assert found.rows["value"].to_pylist() == [40, 0.2, -3, 140]


def test_files_of_declared_and_different_units(write: Write) -> None:
    one = write("strategy,mIoU (%)\nbaseline,40\nx,41\n", "a.csv")
    two = write("strategy,mIoU (fraction)\nbaseline,0.40\nx,0.41\n", "b.csv")
    found = read_tables(parse_sources([f"a={one}", f"b={two}"]), None, (), {})
    assert found.rows["value"].to_pylist() == [40, 41, 40, 41]
    assert found.declared


def test_parquet(read: Read) -> None:
    table = pa.table({"strategy": ["baseline", "x", "y"], "seed": [0, 0, 0], "mIoU": [40.0, None, 42.5]})
    found = read(table, "results.parquet")
    assert found.rows["line"].to_pylist() == [2, 3, 4]
    assert found.rows["value"].to_pylist() == [40.0, None, 42.5]
    broken = pa.table({"strategy": ["baseline", "x"], "mIoU": [40.0, float("nan")]})
    with pytest.raises(InputError, match="line 3, column mIoU: 'nan' is not a number"):
        read(broken, "results.parquet")


def test_explicit_columns(read: Read) -> None:
    found = read(
        "run,arm,score,mIoU\nq,base,1,40\nq,x,2,41\n",
        baseline="base",
        strategy="arm",
        value="score",
        seed="",
        unit="percent",
    )
    assert found.metric == "score"
    assert found.rows["value"].to_pylist() == [1, 2]
    assert found.rows["seed"].null_count == 2


B = "baseline,40\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "PATH: the file is empty"),
        ("strategy,mIoU\n", "PATH: a header line and no rows"),
        ("strategy,dataset\nbaseline,d\n", "PATH: no numeric column"),
        ("strategy,mIoU,miou_val\nbaseline,40,41\n", "PATH: columns mIoU and miou_val could both be the value (allowed: one; say "
                                                     "which with --columns value=NAME)"),
        ("strategy,mIoU\nx,40\ny,41\n", "no strategy is called 'baseline' (allowed: --baseline NAME; strategies: x, y)"),
        ("strategy,mIoU\n" + B, "only the baseline 'baseline' is in the table"),
        (f"strategy,mIoU\n{B}x,nan\n", "PATH line 3, column mIoU: 'nan' is not a number (allowed: a number, or an empty cell "
                                       "where there is no value)"),
        (f"strategy,mIoU\n{B}x,inf\n", "PATH line 3, column mIoU: 'inf' is not a number"),
        (f"strategy,mIoU\n{B}x,n/a\n", "PATH line 3, column mIoU: 'n/a' is not a number"),
        (f'strategy,mIoU\n{B}"x\ny",41\nz,"1,5"\n', "PATH line 5, column mIoU: '1,5' is not a number"),
        (f"strategy,mIoU\n{B}x,0.41\ny,42\n", "PATH line 3: 0.41 may be a fraction among percentages (allowed: one unit in a "
                                              "file; --columns unit=percent or unit=fraction declares it"),
        (THREE, "the tables hold 3 contexts (a, b, c) (allowed: one or two; --contexts A,B says which)"),
        ("strategy,stage,mIoU\nbaseline,a,40\nx,a,40\nx,b,41\n", "the baseline 'baseline' has no row in context b (strategies "
                                                                 "there: x)"),
        ("strategy,gain\nbaseline,0.5\nx,1\n", "PATH line 2: the baseline 'baseline' has a gain of 0.5"),
        (b"PAR1" + b"\0" * 20, "PATH: a Parquet file, although its name ends in .csv"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(write: Write, text: str | bytes, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(text, "bad.csv")
    monkeypatch.chdir(path.parent)
    with pytest.raises(InputError) as error:
        read_tables(parse_sources(["bad.csv"]), None, (), {})
    assert str(error.value).startswith(message.replace("PATH", "bad.csv"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"baseline": "bse"}, "--baseline: unknown baseline 'bse'; did you mean 'base'? (known: base, x)"),
        ({"baseline": "base", "contexts": ("b",)}, "--contexts: unknown context 'b' (known: all)"),
        ({"baseline": "base", "contexts": ("all", "all")}, "--contexts: all is named twice"),
        ({"baseline": "base", "value": "miou"}, "--columns value: unknown column 'miou'; did you mean 'mIoU'? (known: strategy,"),
        ({"baseline": "base", "vlue": "mIoU"}, "--columns: unknown role 'vlue'; did you mean 'value'?"),
        ({"baseline": "base", "unit": "points"}, "--columns: unknown unit 'points'"),
    ],
)  # fmt: skip
def test_options_that_name_nothing(read: Read, options: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownName if "twice" not in message else InputError) as error:
        read("strategy,mIoU\nbase,40\nx,41\n", **options)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("one", "two", "message"),
    [
        ("strategy,mIoU\nbaseline,40\nx,41\n", "strategy,mIoU\nbaseline,0.4\nx,0.41\n",
         "a.csv looks like percent and b.csv like fraction, and neither says so (allowed: --columns unit="),
        ("strategy,mIoU\nbaseline,40\n", "strategy,gain\nbaseline,0\n", "a.csv and b.csv hold values of mIoU and gains"),
        ("strategy,mIoU\nbaseline,40\n", "strategy,mAcc\nbaseline,40\n", "a.csv and b.csv hold mIoU and mAcc"),
        ("strategy,domain,mIoU\nbaseline,night,40\n", "strategy,mIoU\nbaseline,40\n",
         "a.csv and b.csv: one of them has a column for the domain and the other has none"),
        ("strategy,context,mIoU\nbaseline,s,40\n", "strategy,mIoU\nbaseline,40\n",
         "b.csv names no context while another file does"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit(write: Write, one: str, two: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(one, "a.csv").parent)
    write(two, "b.csv")
    with pytest.raises(InputError) as error:
        read_tables(parse_sources(["a.csv", "b.csv"]), None, (), {})
    assert str(error.value).startswith(message)


def test_no_table_at_all() -> None:
    with pytest.raises(InputError, match="no table of results is given"):
        read_tables((), None, (), {})


name = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=10
) | st.sampled_from(
    ["<script>alert(1)</script>", 'say "hi", twice', "two\nlines", "🌧️", "n" * 300, "=HYPERLINK(1)", "\\textbf{x}"]
)


@given(st.lists(name, min_size=1, max_size=6, unique=True))
def test_strange_names_come_back(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["strategy", "mIoU"], ["baseline", "40"], *([one, "41"] for one in names)])
    path = tmp_path_factory.getbasetemp() / "strange.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    found = read_tables(parse_sources([str(path)]), None, (), {})
    assert found.rows["spelled"].to_pylist() == ["baseline", *names]
    with pytest.raises(UnknownName) as error:
        read_tables(parse_sources([str(path)]), "nobody has this name", (), {})
    assert len(str(error.value).splitlines()) == 1
