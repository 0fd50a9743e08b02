"""Taggers: what weather an image shows, where nobody wrote it down. Images in, domains out; both abstain where they are unsure.

`clip` compares images with sentences in a network that read the web; `pictures` computes a few numbers of the picture and knows
nothing but Fairtown. torch and transformers are imported by `load_clip` alone.
"""

from pathlib import Path

from fairweather.errors import InputError, UnknownName
from fairweather.models.taggers.calibration import Calibration, calibrate
from fairweather.models.taggers.clip import CLIP, clip_tagger, load_clip
from fairweather.models.taggers.confusion import Confusion, confusion, wilson
from fairweather.models.taggers.pictures import pictures_tagger
from fairweather.models.taggers.tagger import Evidence, Rule, Said, Tagger, decide

__all__ = [
    "CLIP",
    "TAGGERS",
    "Calibration",
    "Confusion",
    "Evidence",
    "Rule",
    "Said",
    "Tagger",
    "calibrate",
    "clip_tagger",
    "confusion",
    "decide",
    "load_clip",
    "open_tagger",
    "pictures_tagger",
    "wilson",
]

TAGGERS = ("clip", "pictures")


def open_tagger(name: str, weights: str = "", device: str = "cpu") -> Tagger:
    """A tagger by its name.

    Args:
        weights: of clip: a folder, or a name that the cache of transformers holds; "" for the published one.

    Raises:
        UnknownName: no such tagger.
        InputError: weights for a tagger that has none, or a folder that is not there.
        MachineError: a package or the weights are missing.
    """
    if name not in TAGGERS:
        raise UnknownName("tagger", name, TAGGERS, "--with")
    if name == "pictures":
        if weights:
            raise InputError(f"--weights {weights}: the tagger pictures has none; they are for --with clip")
        return pictures_tagger()
    if weights and not Path(weights).is_dir():
        raise InputError(
            f"--weights: {weights} is no folder; it holds config.json, model.safetensors and the tokenizer of {CLIP}"
        )
    return clip_tagger(load_clip(weights or CLIP, device))
