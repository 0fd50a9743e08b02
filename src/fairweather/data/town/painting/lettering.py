"""Capitals and figures on a grid of 3 x 5, for shop signs, road signs and number plates."""

from fairweather.data.town.painting.canvas import Canvas, Colour, box

# Five rows from the top, three bits each, as octal digits.
_GLYPHS = {
    "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644", "G": "34553", "H": "55755",
    "I": "72227", "J": "11152", "K": "55655", "L": "44447", "M": "57755", "N": "57775", "O": "25552", "P": "65644",
    "Q": "25563", "R": "65655", "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255",
    "Y": "55222", "Z": "71247", "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717",
    "6": "74757", "7": "71122", "8": "75757", "9": "75717",
}  # fmt: skip


def letters(
    canvas: Canvas,
    text: str,
    place: tuple[float, float],
    size: tuple[float, float],
    colour: Colour,
    fourth: int | None = None,
) -> None:
    """Write text with its lower left corner at `place`; `size` is the width of one letter with its gap, and its height."""
    step_x, step_y = size[0] / 4, size[1] / 5
    for k, letter in enumerate(text):
        for row, digit in enumerate(_GLYPHS.get(letter, "00000")):
            low = place[1] + (4 - row) * step_y
            for column in range(3):
                if int(digit) >> (2 - column) & 1:
                    left = place[0] + k * size[0] + column * step_x
                    box(canvas, left, low, left + step_x, low + step_y, colour, fourth)
