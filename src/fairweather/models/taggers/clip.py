"""The zero-shot tagger: which sentences about the weather fit an image, in a network that was trained on images with captions.

CLIP (Radford et al. 2021) through transformers. The sentences are `prompts.csv`; how they decide is datasets.md 5, after
SWIFT, with CLIP's own scale, one label per image, and fog by a margin over what looks like fog.
"""

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from fairweather.errors import MachineError
from fairweather.models.taggers.tagger import Evidence, Rule, Tagger
from fairweather.vocabulary.domains import DOMAINS

CLIP = "openai/clip-vit-base-patch32"
REVISION = 1
OUTDOOR, OTHER = "gate_outdoor_road", "gate_other"
FOG, NOT_FOG = "fog_margin_fog", ("fog_margin_cloudy", "fog_margin_blur", "fog_margin_clear")


@dataclass(frozen=True, eq=False)
class Encoder:
    """A network that puts images and sentences into one space.

    Args:
        name: for people; digest: of its weights.
        scale: the factor of cosines that it was trained with.
        images: (H, W, 3) uint8 RGB images of any sizes to (N, D); texts: sentences to (M, D). Lengths do not matter.
    """

    name: str
    digest: str
    scale: float
    images: Callable[[Sequence[np.ndarray]], np.ndarray]
    texts: Callable[[Sequence[str]], np.ndarray]


@cache
def prompts() -> dict[str, tuple[str, ...]]:
    """The sentences of each group: the domains, the gate, the margin of fog."""
    text = files("fairweather.models.taggers").joinpath("prompts.csv").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["domain"], []).append(row["prompt"])
    return {group: tuple(sentences) for group, sentences in found.items()}


def clip_tagger(encoder: Encoder) -> Tagger:
    """The tagger over an encoder. A class is the normalised mean of its normalised sentences; the gate compares the best
    sentence of either side."""
    vectors = {group: _unit(encoder.texts(sentences)) for group, sentences in prompts().items()}
    means = {group: _unit(rows.mean(axis=0, keepdims=True)) for group, rows in vectors.items()}
    domains = np.concatenate([means[domain] for domain in DOMAINS])
    counter = np.concatenate([means[group] for group in NOT_FOG])

    def look(images: Sequence[np.ndarray]) -> list[Evidence]:
        seen = _unit(encoder.images(images))
        scores = encoder.scale * seen @ domains.T
        outdoor = (seen @ vectors[OUTDOOR].T).max(axis=1) > (seen @ vectors[OTHER].T).max(axis=1)
        fog = (seen @ means[FOG].T)[:, 0] - (seen @ counter.T).max(axis=1)
        return [
            Evidence(tuple(row.tolist()), bool(road), float(margin))
            for row, road, margin in zip(scores, outdoor, fog, strict=True)
        ]

    sentences = hashlib.sha256(repr(sorted(prompts().items())).encode()).hexdigest()[:16]
    settings = {"encoder": encoder.name, "weights": encoder.digest, "scale": encoder.scale, "prompts": sentences}
    return Tagger("clip", "classifier", REVISION, settings, look, Rule())


def _unit(rows: np.ndarray) -> np.ndarray:
    wide = np.asarray(rows, np.float64)
    found: np.ndarray = wide / np.linalg.norm(wide, axis=1, keepdims=True)
    return found


def load_clip(weights: str = CLIP, device: str = "cpu") -> Encoder:
    """CLIP from the disk; nothing is downloaded, and weights that are not all there are refused.

    Args:
        weights: a folder with config.json, model.safetensors, preprocessor_config.json and the tokenizer, or a name whose
            files the cache of transformers holds.
        device: a torch device.

    Raises:
        MachineError: torch or transformers is not installed, or the weights are not there, are damaged or incomplete.
    """
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MachineError(
            f"the tagger clip needs the package {error.name or error}; install it with: pip install 'fairweather[train,hub]',"
            " or use --with pictures"
        ) from error
    try:
        model, told = transformers.CLIPModel.from_pretrained(weights, local_files_only=True, output_loading_info=True)
        processor = transformers.CLIPImageProcessor.from_pretrained(weights, local_files_only=True)
        tokenizer = transformers.AutoTokenizer.from_pretrained(weights, local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise MachineError(
            f"no weights of CLIP at {weights}: {reason}; put the files of {CLIP} into a folder and name it with --weights"
        ) from error
    if missing := sorted(told["missing_keys"]):  # transformers would fill them with random numbers
        raise MachineError(f"{weights}: {len(missing)} weights of CLIP are missing, for example {missing[0]}")
    return encoder_of(torch, model.eval().to(device), processor, tokenizer, weights, device)


def encoder_of(torch: Any, model: Any, processor: Any, tokenizer: Any, name: str, device: str) -> Encoder:
    """The door of a loaded CLIPModel with its image processor and its tokenizer."""

    longest = model.config.text_config.max_position_embeddings

    def images(batch: Sequence[np.ndarray]) -> np.ndarray:
        pixels = processor(images=list(batch), return_tensors="pt", input_data_format="channels_last")["pixel_values"]
        with torch.inference_mode():
            pooled = model.vision_model(pixel_values=pixels.to(device)).pooler_output
            return np.asarray(model.visual_projection(pooled).float().cpu().numpy())

    def texts(sentences: Sequence[str]) -> np.ndarray:
        words = tokenizer(list(sentences), padding=True, truncation=True, max_length=longest, return_tensors="pt").to(
            device
        )
        with torch.inference_mode():
            told = model.text_model(input_ids=words["input_ids"], attention_mask=words["attention_mask"])
            return np.asarray(model.text_projection(told.pooler_output).float().cpu().numpy())

    digest = hashlib.sha256()
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode() + np.ascontiguousarray(value.float().cpu().numpy()).tobytes())
    return Encoder(name, digest.hexdigest()[:16], float(model.logit_scale.detach().exp()), images, texts)
