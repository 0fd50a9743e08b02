from collections.abc import Callable

import numpy as np
import pytest

from fairweather.analysis.imports import Imported
from fairweather.analysis.imports.grid import lay
from fairweather.analysis.table import Block
from fairweather.errors import InputError

Read = Callable[..., Imported]
DOMAINS = (
    "strategy,dataset,model,seed,domain,mIoU,images\n"
    "baseline,d,m,0,night,20,60\nbaseline,d,m,0,clear_day,40,200\n"
    "x,d,m,0,night,22,60\nx,d,m,0,clear_day,44,200\n"
    "x,d,m,1,night,21,60\n"
    "y,d,m,0,foggy,50,40\ny,d,m,0,night,23,61\ny,d,m,0,clear_day,,200\n"
)


def test_axes_and_values(read: Read) -> None:
    grid = lay(read(DOMAINS), ("all",), frozenset())
    assert grid.arms == ("baseline", "x", "y")
    assert grid.blocks == (Block("d", "m", 0), Block("d", "m", 1))
    assert grid.domains == ("clear_day", "foggy", "night")
    assert grid.classes == ("",)
    runs = {
        (grid.arms[a], int(b)): grid.values[u, :, 0].tolist()
        for u, (a, b) in enumerate(zip(grid.arm, grid.block, strict=True))
    }
    assert runs == {
        ("baseline", 0): pytest.approx([40, np.nan, 20], nan_ok=True), ("x", 0): pytest.approx([44, np.nan, 22], nan_ok=True),
        ("x", 1): pytest.approx([np.nan, np.nan, 21], nan_ok=True), ("y", 0): pytest.approx([np.nan, 50, 23], nan_ok=True),
    }  # fmt: skip


def test_what_half_of_the_runs_have_belongs_to_the_cell(read: Read) -> None:
    """clear_day: 2 of 4 runs; foggy: 1 of 4; night: all."""
    grid = lay(read(DOMAINS), ("all",), frozenset())
    assert grid.wanted[0, :, 0].tolist() == [True, False, True]


def test_the_number_of_images_is_that_of_most_rows(read: Read) -> None:
    grid = lay(read(DOMAINS), ("all",), frozenset())
    assert grid.weights[0].tolist() == [200, 40, 60]
    assert grid.supported[0].tolist() == [True, False, True]


def test_rows_are_left_out_by_file_and_line(read: Read) -> None:
    found = read(DOMAINS)
    file = found.rows["file"][0].as_py()
    grid = lay(
        found, ("all",), frozenset({(file, 4, "all"), (file, 5, "all"), (file, 3, "another"), ("other.csv", 2, "all")})
    )
    assert [(grid.arms[a], int(b)) for a, b in zip(grid.arm, grid.block, strict=True)] == [
        ("baseline", 0),
        ("x", 1),
        ("y", 0),
    ]
    with pytest.raises(InputError, match="no row of the tables has a value"):
        lay(found, ("all",), frozenset((file, line, "all") for line in range(2, 10)))


def test_one_cell_twice(read: Read) -> None:
    equal = read("strategy,mIoU\nbaseline,40\nx,41\nx,41\n")
    assert lay(equal, ("all",), frozenset()).values.ravel().tolist() == [40, 41]
    different = read("strategy,model,seed,mIoU\nbaseline,m,1,40\nx,m,1,41\nx,m,1,42\n")
    with pytest.raises(
        InputError, match=r"results.csv lines 3 and 4: two values, 41 and 42, of x, all, m, seed 1 \(allowed: one row"
    ):
        lay(different, ("all",), frozenset())
    file = different.rows["file"][0].as_py()
    assert lay(different, ("all",), frozenset({(file, 3, "all")})).values.ravel().tolist() == [40, 42]
