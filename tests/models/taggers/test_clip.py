"""The zero-shot tagger over an encoder whose vectors are known, and over a CLIPModel with random weights."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from fairweather.errors import MachineError
from fairweather.models.taggers import clip_tagger, load_clip
from fairweather.models.taggers.clip import Encoder, prompts
from fairweather.vocabulary.domains import DOMAINS, UNDEFINED

GROUPS = tuple(prompts())
OF = {sentence: group for group, sentences in prompts().items() for sentence in sentences}


def vector(**parts: float) -> np.ndarray:
    return np.array([parts.get(group, 0.0) for group in GROUPS])


def fake(pictures: dict[int, np.ndarray], scale: float = 100.0) -> Encoder:
    """Every sentence lies on the axis of its group; an image is told by its first pixel."""

    def texts(sentences: Sequence[str]) -> np.ndarray:
        return np.stack([3.0 * vector(**{OF[s]: 1.0}) for s in sentences])

    def images(batch: Sequence[np.ndarray]) -> np.ndarray:
        return np.stack([pictures[int(image[0, 0, 0])] for image in batch])

    return Encoder("fake", "0", scale, images, texts)


def image(number: int) -> np.ndarray:
    return np.full((4, 6, 3), number, np.uint8)


def test_the_sentences_are_all_there() -> None:
    assert {len(prompts()[domain]) for domain in DOMAINS} == {6}
    assert set(GROUPS) - set(DOMAINS) == {
        "gate_outdoor_road", "gate_other", "fog_margin_fog", "fog_margin_cloudy", "fog_margin_blur", "fog_margin_clear",
    }  # fmt: skip


def test_an_image_gets_the_domain_of_the_sentences_it_lies_with() -> None:
    on_road = {n: vector(**{domain: 0.9, "gate_outdoor_road": 0.5}) for n, domain in enumerate(DOMAINS)}
    clear_of_fog = {n: v + vector(fog_margin_clear=0.3) for n, v in on_road.items()}
    clear_of_fog[DOMAINS.index("foggy")] += vector(fog_margin_fog=0.6)
    said = clip_tagger(fake(clear_of_fog)).tag([image(n) for n in range(len(DOMAINS))])
    assert [each.domain for each in said] == list(DOMAINS)
    assert all(each.confidence > 0.9 for each in said)


def test_what_is_no_road_is_undefined() -> None:
    tagger = clip_tagger(fake({0: vector(night=0.9, gate_other=0.5, gate_outdoor_road=0.4)}))
    assert tagger.tag([image(0)])[0].domain == UNDEFINED


def test_grey_sky_is_not_fog() -> None:
    fog = vector(foggy=0.5, gate_outdoor_road=0.5, fog_margin_fog=0.5)
    tagger = clip_tagger(fake({0: fog, 1: fog + vector(cloudy=0.9, fog_margin_cloudy=0.55)}))
    assert [each.domain for each in tagger.tag([image(0), image(1)])] == ["foggy", "cloudy"]


def test_the_scale_of_the_model_is_used() -> None:
    pictures = {0: vector(night=0.32, snowy=0.30, gate_outdoor_road=0.5, fog_margin_clear=0.5)}
    sure, unsure = (clip_tagger(fake(pictures, scale)).tag([image(0)])[0] for scale in (100.0, 1.0))
    assert sure.domain == "night" and unsure.domain == UNDEFINED and sure.confidence > 2 * unsure.confidence


def test_without_transformers_it_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MachineError, match="needs the package transformers; install it with") as error:
        load_clip()
    assert "\n" not in str(error.value)


def _tiny(transformers: object, folder: Path) -> None:
    """A CLIPModel of two tiny towers with its processor and a tokenizer of single letters."""
    import json

    t: object = transformers
    letters = [chr(c) for c in range(97, 123)]
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{c}</w>" for c in letters)]
    (folder / "vocab.json").write_text(json.dumps({word: n for n, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = t.CLIPConfig(  # type: ignore[attr-defined]
        text_config={**tower, "vocab_size": len(words), "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1},
        vision_config={**tower, "image_size": 32, "patch_size": 16},
        projection_dim=8,
    )
    t.CLIPModel(config).save_pretrained(folder)  # type: ignore[attr-defined]
    t.CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(folder)  # type: ignore[attr-defined]
    t.CLIPTokenizerFast(str(folder / "vocab.json"), str(folder / "merges.txt")).save_pretrained(folder)  # type: ignore[attr-defined]


@pytest.fixture
def transformers() -> object:
    return pytest.importorskip(
        "transformers", reason="transformers is not installed; the tagger clip is tested over a fake encoder"
    )


def test_a_model_on_disk_is_loaded_and_tags(transformers: object, tmp_path: Path) -> None:
    _tiny(transformers, tmp_path)
    encoder = load_clip(str(tmp_path))
    again = load_clip(str(tmp_path))
    assert encoder.digest == again.digest and encoder.scale == pytest.approx(14.2857, rel=0.01)
    pictures = [np.random.default_rng(n).integers(0, 256, (40 + n, 60, 3), np.uint8) for n in range(3)]
    assert encoder.images(pictures).shape == (3, 8)
    tagger = clip_tagger(encoder)
    evidence = tagger.evidence(pictures)
    alone = [tagger.evidence([picture])[0] for picture in pictures]
    assert all(np.allclose(a.scores, b.scores, atol=1e-4) for a, b in zip(evidence, alone, strict=True))


def test_missing_weights_are_one_line_and_never_random(transformers: object, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="no weights of CLIP at") as error:
        load_clip(str(tmp_path))
    assert "\n" not in str(error.value)
    _tiny(transformers, tmp_path)
    from safetensors.numpy import load_file, save_file

    weights = load_file(tmp_path / "model.safetensors")
    del weights["visual_projection.weight"]
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(MachineError, match=r"1 weights of CLIP are missing, for example visual_projection\.weight"):
        load_clip(str(tmp_path))
