"""Label maps from low scores, against torch's interpolation and argmax. Notes: the required rows time whole evaluations."""

import numpy as np

from bench.frame import Arms, Row
from bench.streets import smooth_field
from fairweather.scores.upsample import argmax_upsampled

Shape = tuple[int, int, int]
CASES: list[tuple[Shape, tuple[int, int]]] = [
    ((11, 32, 40), (360, 480)),
    ((11, 128, 160), (360, 480)),
    ((19, 128, 256), (720, 1280)),
    ((19, 256, 512), (720, 1280)),
]


def rows() -> list[Row]:
    shape, size = CASES[-1]
    noise = Row(f"upsample/noise {_name(shape, size)}", lambda: _arms(noise_scores(shape), size))
    return [*(_smooth_row(*case) for case in CASES), noise]


def _smooth_row(shape: Shape, size: tuple[int, int]) -> Row:
    return Row(f"upsample/smooth {_name(shape, size)}", lambda: _arms(smooth_scores(shape), size))


def _name(shape: Shape, size: tuple[int, int]) -> str:
    return f"{'x'.join(map(str, shape))} to {size[0]}x{size[1]}"


def smooth_scores(shape: Shape) -> np.ndarray:
    """As a network's: regions of one winner, some eighth of the image wide, with a little noise on top."""
    rng = np.random.default_rng(0)
    planes = [smooth_field(rng, shape[1:], max(4, shape[2] // 8)) for _ in range(shape[0])]
    return np.asarray(np.stack(planes) + np.float32(0.05) * rng.standard_normal(shape, dtype=np.float32))


def noise_scores(shape: Shape) -> np.ndarray:
    """The worst case: no two neighbours agree, no class can be left out."""
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def _arms(scores: np.ndarray, size: tuple[int, int]) -> Arms:
    import torch

    tensor = torch.from_numpy(scores)[None]

    def peer() -> torch.Tensor:
        return torch.nn.functional.interpolate(tensor, size=size, mode="bilinear", align_corners=False).argmax(1)

    return Arms(lambda: argmax_upsampled(scores, size), peer)
