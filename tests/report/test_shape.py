"""The axes of a report are read off its tables."""

from dataclasses import replace

import pyarrow as pa
import pytest

from fairweather.report.shape import shape_of


@pytest.fixture(scope="module")
def study(contents):
    return shape_of(contents["study"])


def test_axes(study):
    assert study.contexts == ("stage1", "stage2") and (study.first, study.second) == ("stage1", "stage2")
    assert study.controls == ("placebo_duplicate", "placebo_noise")
    assert set(study.strategies) == {"std_autoaugment", "std_cutmix", "std_darken", "std_mixup", "std_photometric_distort",
                                     "std_randaugment"}  # fmt: skip
    assert study.domains == ("clear_day", "dawn_dusk") and study.small == ("pole", "sign", "pedestrian", "bicyclist")
    assert study.notes == {"stage1": "clear_day", "stage2": "all domains"} and study.metric == "domain_mean"


def test_the_strategy_with_the_most_answers_and_the_largest_gain_comes_first(study):
    assert study.strategies[0] == "std_darken"
    assert study.strategies[-1] == "std_photometric_distort"


def test_measures_are_the_tables_numbers_with_the_findings_verdicts(contents, study):
    row = next(
        r for r in contents["study"].tables["gains"].to_pylist() if r["strategy"] == "std_darken" and not r["domain"]
    )
    measure = study.gain("stage1", "std_darken")
    assert (measure.value, measure.low, measure.high) == (row["gain"], row["low"], row["high"])
    assert measure.verdict == "yes" and measure.asked == "gain"
    assert study.gain("stage1", "placebo_noise").asked == "control"
    assert study.change("std_darken").verdict == "no"
    assert study.class_gain("stage1", "std_darken", "pole").value is not None
    assert study.gain("stage1", "nobody").value is None


def test_findings_stand_in_for_a_missing_table(contents):
    empty = pa.table({"note": pa.array([], pa.string())})
    content = contents["study"]
    shape = shape_of(
        replace(content, tables=content.tables | {"gains": empty.slice(0, 0), "changes": empty.slice(0, 0)})
    )
    assert shape.contexts == ("stage1", "stage2"), "the cells still name them"
    assert shape.gain("stage1", "std_darken").verdict == "yes"
    assert shape.gain("stage1", "std_darken").value == next(
        f.estimate.value for f in content.findings if f.id == "gains.stage1.std_darken"
    )


def test_contexts_from_the_facts_when_there_are_no_tables(contents):
    content = replace(contents["study"], tables={}, findings=())
    assert shape_of(content).contexts == ("stage1", "stage2")
    assert shape_of(contents["bare"]).contexts == ()


def test_unsupported_domains(contents):
    assert shape_of(contents["large"]).unsupported == frozenset({"foggy"})


def test_a_domain_is_unsupported_only_where_no_data_set_has_enough_of_it(contents):
    support = contents["large"].tables["support"].to_pylist()
    more = [row | {"dataset": "acdc", "domain_supported": True} for row in support]
    table = pa.Table.from_pylist([*(row | {"dataset": "bdd10k"} for row in support), *more])
    content = replace(contents["large"], tables=contents["large"].tables | {"support": table})
    assert shape_of(content).unsupported == frozenset()


def test_names_with_dots_are_looked_up_not_taken_apart(contents):
    content = contents["study"]
    old = next(f for f in content.findings if f.id == "gains.stage1.std_darken")
    gains = content.tables["gains"].to_pylist()
    for row in gains:
        row["strategy"] = row["strategy"].replace("std_darken", "v1.2")
    found = tuple(replace(f, id="gains.stage1.v1.2") if f is old else f for f in content.findings)
    shape = shape_of(replace(content, findings=found, tables=content.tables | {"gains": pa.Table.from_pylist(gains)}))
    subject = shape.about(next(f for f in found if f.id == "gains.stage1.v1.2"))
    assert (subject.asked, subject.context, subject.strategy, subject.part) == ("gain", "stage1", "v1.2", "")


def test_what_the_tables_do_not_name_is_a_claim(contents, study):
    claim = next(f for f in contents["study"].findings if f.id == "context.rank_moves")
    assert study.about(claim).asked == "claim"
