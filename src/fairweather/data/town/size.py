"""The sizes Fairtown can be rendered at."""

SMALLEST = (32, 64)  # height, width
MULTIPLE = 32  # of height and width: the coarsest stride of the models, so that no picture is padded


def size_problem(height: int, width: int) -> str | None:
    """What is wrong with a size, or None."""
    if height < SMALLEST[0] or width < SMALLEST[1]:
        return f"is too small; the smallest is {SMALLEST[1]}x{SMALLEST[0]}"
    if height % MULTIPLE or width % MULTIPLE:
        return f"is not allowed; width and height are multiples of {MULTIPLE}"
    return None
