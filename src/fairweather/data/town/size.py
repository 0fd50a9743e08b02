"""The sizes Fairtown can be rendered at."""

SMALLEST = (32, 64)  # height, width
LARGEST = 4096  # of both: a row of noise is no longer than that (exposure)
MULTIPLE = 32  # of height and width: the coarsest stride of the models, so that no picture is padded


def size_problem(height: int, width: int) -> str | None:
    """What is wrong with a size, or None."""
    if height < SMALLEST[0] or width < SMALLEST[1]:
        return f"is too small; the smallest is {SMALLEST[1]}x{SMALLEST[0]}"
    if max(height, width) > LARGEST:
        return f"is too large; the largest is {LARGEST}x{LARGEST}"
    if height % MULTIPLE or width % MULTIPLE:
        return f"is not allowed; width and height are multiples of {MULTIPLE}"
    return None
