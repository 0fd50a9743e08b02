"""The words for verdicts: what "yes" means depends on what was asked."""

from dataclasses import dataclass
from typing import Literal

Asked = Literal["gain", "change", "control", "share", "claim"]
Tone = Literal["helps", "hurts", "unclear", "none", "plain"]

# Asked -> verdict -> (word, mark, tone). The mark repeats in shape what the tone says in colour.
_WORDS: dict[Asked, dict[str, tuple[str, str, Tone]]] = {
    "gain": {"yes": ("helps", "▲", "helps"), "no": ("hurts", "▼", "hurts")},
    "change": {"yes": ("larger", "▲", "helps"), "no": ("smaller", "▼", "hurts")},
    "control": {"yes": ("differs", "◆", "plain"), "no": ("no difference", "=", "plain")},
    "share": {"yes": ("part of it", "◆", "plain"), "no": ("away from it", "◇", "plain")},
    "claim": {"yes": ("yes", "", "plain"), "no": ("no", "", "plain")},
}
_OPEN: dict[str, tuple[str, str, Tone]] = {
    "undecided": ("cannot tell", "○", "unclear"),
    "untestable": ("not testable", "·", "none"),
}


@dataclass(frozen=True)
class Word:
    """A verdict as it is printed: the word, its mark in shape and its tone in colour."""

    word: str
    mark: str
    tone: Tone

    def __str__(self) -> str:
        return f"{self.mark} {self.word}".strip()


def in_words(verdict: str, asked: Asked) -> Word:
    """The word for a verdict ("yes", "no", "undecided", "untestable"); an empty one where no verdict was given."""
    if not verdict:
        return Word("", "", "plain")
    return Word(*_OPEN[verdict]) if verdict in _OPEN else Word(*_WORDS[asked][verdict])


def decided(verdict: str) -> bool:
    """Whether the data answered."""
    return verdict in ("yes", "no")
