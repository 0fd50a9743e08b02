"""A short training of a small network on arrays, the same for every arm of an experiment."""

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

MEAN, SPREAD = 127.5, 64.0  # of the pixels a network is given


def batch_of(images: np.ndarray) -> torch.Tensor:
    """(N, H, W, 3) uint8 as a normalised float tensor (N, 3, H, W)."""
    return (torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2))).float() - MEAN) / SPREAD


def fit(
    model: nn.Module,
    loss: Callable[[torch.Tensor, np.ndarray, bool], torch.Tensor],
    images: np.ndarray,
    steps: int,
    seed: int,
    batch: int = 8,
    lr: float = 2e-3,
) -> None:
    """AdamW, one-cycle; each batch is drawn without replacement, flipped with probability one half, brightened by up to 10 %.

    Args:
        loss: of (normalised images, their numbers in `images`, whether they are flipped).
    """
    rng = np.random.default_rng(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)
    model.train()
    for _ in range(steps):
        chosen = rng.choice(len(images), batch, replace=False)
        flipped = bool(rng.random() < 0.5)
        pixels = images[chosen][:, :, ::-1] if flipped else images[chosen]
        light = rng.uniform(0.9, 1.1, (batch, 1, 1, 1))
        optimizer.zero_grad(set_to_none=True)
        value = loss(batch_of(np.clip(pixels * light, 0, 255).astype(np.uint8)), chosen, flipped)
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    model.eval()
