"""The colours of page and figures: every role once for light and once for dark.

Blue and orange with grey between them keep apart under the common colour vision deficiencies (after Okabe and Ito 2008);
wherever colour carries meaning, a mark or a position carries it too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """One role: its value on white and on dark."""

    light: str
    dark: str


# Every light value is distinct: figures are drawn with them, and the page recolours an inlined figure by value.
COLOURS = {
    "paper": Colour("#ffffff", "#15181c"),
    "ink": Colour("#1c2127", "#e6e4df"),
    "muted": Colour("#5f6873", "#9aa3ad"),
    "rule": Colour("#c5cbd2", "#434b54"),
    "faint": Colour("#e8ebee", "#282e35"),
    "band": Colour("#f3ecdc", "#322d22"),
    "helps": Colour("#0a64a4", "#6cb2ee"),
    "hurts": Colour("#bf4d0a", "#f2945c"),
    "unclear": Colour("#7b8591", "#87919c"),
    "chance": Colour("#dde1e6", "#333a43"),
    "tier": Colour("#eef3f9", "#1c242e"),
}


def stylesheet() -> str:
    """Custom properties for both schemes, and the rules that recolour inlined figures through them."""
    light = "".join(f"--{name}:{c.light};" for name, c in COLOURS.items())
    dark = "".join(f"--{name}:{c.dark};" for name, c in COLOURS.items())
    recolour = "".join(
        f'.chart svg [{way}="{c.light}"]{{{way}:var(--{name})}}\n'
        for name, c in COLOURS.items()
        for way in ("fill", "stroke")
    )
    screen = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{color-scheme:light dark;{light}}}\n{screen}\n{recolour}"
