import pytest

from fairweather.data.town.size import size_problem


@pytest.mark.parametrize(("height", "width"), [(32, 64), (128, 256), (96, 192), (512, 1024), (4096, 4096)])
def test_sizes_that_are_allowed(height, width):
    assert size_problem(height, width) is None


@pytest.mark.parametrize(
    ("height", "width", "message"),
    [
        (16, 64, "too small; the smallest is 64x32"),
        (32, 32, "too small"),
        (128, 4128, "too large; the largest is 4096x4096"),
        (100, 256, "multiples of 32"),
        (128, 250, "multiples of 32"),
    ],
)
def test_sizes_that_are_not(height, width, message):
    assert message in str(size_problem(height, width))
