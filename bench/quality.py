"""What is measured of every generated image, 1280x720: PSNR and SSIM against its source, and the look of the fidelity gate.

quality/psnr+ssim is both numbers, RGB in. quality/gate+psnr+ssim adds the gate's look with all its checks, on scenes of Fairtown
with their own labels and oracles in several domains, for the look's time depends on how much there is to see. The noted row is
SSIM alone against that of torchmetrics, which is given luma as float32 tensors ready made and averages over the border as well:
for orientation, not the same number.
"""

from itertools import cycle

import cv2
import numpy as np

from bench.frame import Arms, Row, Skip, seconds
from bench.weather import picture

SCENES = ((3, "foggy"), (127, "night"), (251, "rainy"), (375, "snowy"))  # index and domain
SMALL = frozenset({"pole", "traffic light", "traffic sign", "person", "rider", "motorcycle", "bicycle"})


def rows() -> list[Row]:
    return [
        Row("quality/psnr+ssim", _both, seconds(0.010)),
        Row("quality/gate+psnr+ssim", _with_gate, seconds(0.025), period=len(SCENES)),
        Row("quality/ssim", _against_torchmetrics),
    ]


def pair() -> tuple[np.ndarray, np.ndarray]:
    """A picture uint8 (720, 1280, 3), and the same flatter, brighter and with grain."""
    image = picture()
    grain = np.random.default_rng(1).normal(20, 8, image.shape)
    return np.clip(0.8 * image + grain, 0, 255).astype(np.uint8), image


def _both() -> Arms:
    from fairweather.generators.quality import psnr, ssim

    image, reference = pair()
    return Arms(lambda: (psnr(image, reference), ssim(image, reference)))


def _with_gate() -> Arms:
    from fairweather.data.town.render import render
    from fairweather.data.town.street import draw_scene
    from fairweather.generators.gate import ImageChecks, look
    from fairweather.generators.generator import Source
    from fairweather.generators.quality import psnr, ssim
    from fairweather.vocabulary.labels import label_space

    classes = label_space("cityscapes19").classes
    pairs = []
    for index, domain in SCENES:
        scene = draw_scene("south", "train", index)
        clear, made = (render(scene, d, None, np.uint64(index), 736, 1280) for d in ("clear_day", domain))
        pairs.append((Source(clear.image[:720], clear.label[:720], classes=classes), made.image[:720]))
    turns = cycle(pairs)

    def ours() -> tuple[float, float, ImageChecks]:
        source, image = next(turns)
        return psnr(image, source.image), ssim(image, source.image), look(source, image, SMALL)

    return Arms(ours)


def _against_torchmetrics() -> Arms:
    try:
        import torch
        from torchmetrics.functional.image import structural_similarity_index_measure
    except ImportError:
        raise Skip("torchmetrics is not installed (pip install torchmetrics)") from None
    from fairweather.generators.quality import ssim

    image, reference = pair()
    lumas = [
        torch.from_numpy(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)).float()[None, None] for part in (image, reference)
    ]
    return Arms(
        lambda: ssim(image, reference), lambda: structural_similarity_index_measure(*lumas, data_range=255.0).item()
    )
