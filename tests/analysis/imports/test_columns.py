import numpy as np
import pyarrow as pa
import pytest

from fairweather.analysis.imports.columns import Columns, check_mapped, declared_unit, recognise
from fairweather.analysis.imports.imported import Named
from fairweather.analysis.imports.sheet import Sheet
from fairweather.errors import InputError, UnknownName


def columns(header: str, **mapping: str) -> Columns:
    names = tuple(header.split(","))
    cells = tuple(pa.array(["a" if name in ("strategy", "notes") else "1"]) for name in names)
    return recognise(Sheet("t.csv", names, cells, np.array([2])), mapping)


def test_the_reference_tables() -> None:
    found = columns("strategy,dataset,model,domain,mIoU,num_images")
    assert found.roles == {"strategy": 0, "dataset": 1, "model": 2, "domain": 3, "images": 5}
    assert (found.values, found.kind, found.metric, found.unit, found.wide) == ({"": 4}, "values", "mIoU", None, False)
    found = columns("strategy,stage1_rank,stage1_gain,stage2_rank,stage2_gain,rank_change")
    assert (found.values, found.ranks) == ({"stage1": 2, "stage2": 4}, {"stage1": 1, "stage2": 3})
    assert (found.kind, found.wide) == ("gains", True)
    assert found.named[1:3] == (
        Named("t.csv", "stage1_rank", "rank", "stage1"),
        Named("t.csv", "stage1_gain", "value", "stage1"),
    )


def test_miou_outranks_the_other_metrics_which_are_kept_aside() -> None:
    found = columns("strategy,aAcc,fwIoU,mIoU,mAcc,mIoU_std,gain,notes")
    assert found.values == {"": 3}
    assert [(one.column, one.role) for one in found.named] == [
        ("strategy", "strategy"), ("aAcc", "extra"), ("fwIoU", "extra"), ("mIoU", "value"), ("mAcc", "extra"),
        ("mIoU_std", "extra"), ("gain", "extra"),
    ]  # fmt: skip
    assert columns("strategy,aAcc").metric == "aAcc"


def test_the_own_name_of_a_role_outranks_its_other_spellings() -> None:
    found = columns("strategy,model,backbone,mIoU")
    assert found.roles["model"] == 1


def test_explicit_columns_win() -> None:
    found = columns("strategy,mIoU,miou_val,data,bench", value="miou_val", dataset="bench", strategy="strategy")
    assert (found.values, found.roles) == ({"": 2}, {"strategy": 0, "dataset": 4})
    found = columns("strategy,score,run,mIoU_std", value="score", seed="")
    assert (found.values, found.metric, "seed" in found.roles) == ({"": 1}, "score", False)
    found = columns("strategy,improved", gain="improved")
    assert (found.kind, found.values) == ("gains", {"": 1})


def test_the_unit_of_a_name() -> None:
    assert columns("strategy,mIoU (%)").unit == "percent"
    assert columns("strategy,a_mIoU (%),b_mIoU (%)").unit == "percent"
    assert columns("strategy,a_mIoU (%),b_mIoU", unit="percent").values == {"a": 1, "b": 2}


def test_columns_of_domains_beside_the_value_are_put_aside() -> None:
    found = columns("strategy,mIoU,night_mIoU,IoU_road")
    assert found.values == {"": 1}
    assert [one.role for one in found.named] == ["strategy", "value", "extra", "extra"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("name,mIoU", "t.csv: no column for the strategy (columns: name, mIoU; allowed: strategy, method,"),
        ("strategy,notes", "t.csv: no numeric column (columns: strategy, notes; needed:"),
        ("strategy,notes,score", "t.csv: no column for the value (columns with numbers: score; allowed:"),
        ("strategy,mIoU,miou_val", "t.csv: columns mIoU and miou_val could both be the value (allowed: one; say which with "
                                   "--columns value=NAME)"),
        ("strategy,mIoU,IoU", "t.csv: columns mIoU and IoU could both be the value"),
        ("strategy,miou_val,miou_test", "t.csv: columns miou_val and miou_test could both be the value"),
        ("strategy,mIoU,stage1_mIoU", "t.csv: columns mIoU and stage1_mIoU could both be the value"),
        ("strategy,aAcc,mAcc", "t.csv: columns aAcc and mAcc could both be the value"),
        ("strategy,stage1_gain,gain_stage1", "t.csv: columns stage1_gain and gain_stage1 could both be the value of stage1"),
        ("strategy,gain,delta", "t.csv: columns gain and delta could both be the value"),
        ("method,algorithm,mIoU", "t.csv: columns method and algorithm could both be the strategy"),
        ("Model,model,strategy,mIoU", "t.csv: columns Model and model could both be the model"),
        ("strategy,night_mIoU,rainy_mIoU", "t.csv: column night_mIoU names a domain, not a context"),
        ("strategy,IoU_road,IoU_car", "t.csv: column IoU_road names a class, not a context"),
        ("strategy,a_mIoU (%),b_mIoU", "t.csv: columns a_mIoU (%), b_mIoU do not name one unit"),
    ],
)  # fmt: skip
def test_refused(header: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        columns(header)
    assert str(error.value).startswith(message)


def test_what_columns_may_name() -> None:
    assert declared_unit({"unit": "percent"}) == "percent"
    assert declared_unit({"scale": "fraction", "value": "x"}) == "fraction"
    assert declared_unit({}) is None
    with pytest.raises(UnknownName, match=r"--columns: unknown role 'vlaue'; did you mean 'value'"):
        declared_unit({"vlaue": "x"})
    with pytest.raises(UnknownName, match="unknown unit 'points'"):
        declared_unit({"unit": "points"})
    check_mapped({"value": "b", "seed": "", "unit": "percent"}, [["a"], ["b"]])
    with pytest.raises(UnknownName, match="--columns value: unknown column 'c'"):
        check_mapped({"value": "c"}, [["a"], ["b"]])
    with pytest.raises(InputError, match="a is given two roles, value and seed"):
        check_mapped({"value": "a", "seed": "a"}, [["a"]])
