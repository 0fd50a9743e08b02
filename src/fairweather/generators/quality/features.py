"""Networks that turn an image into a row of features, for distances between sets of images.

The published distances use one network: Inception v3 of 2015 with TensorFlow's weights and resizing, here through torch-fidelity
(Obukhov et al. 2020). Only over that network is a distance called KID or FID. Where it cannot be had, a small network is
trained on the study's own real images, and everything computed over it carries its name. torch is imported inside functions.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fairweather.errors import InputError, MachineError
from fairweather.vocabulary.labels import IGNORE

if TYPE_CHECKING:
    import torch

INCEPTION_WEIGHTS = "weights-inception-2015-12-05-6726825d.pth"
INCEPTION_URL = f"https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/{INCEPTION_WEIGHTS}"
INCEPTION_FEATURES = "2048"
BATCH = 16

SIDE = 96  # what the study network sees, whatever the size and aspect of the image
WIDTH = 64  # its features: fewer than the images of a small pool, so that covariances have full rank
STEPS, STEP_BATCH, LEARNING_RATE = 200, 16, 2e-3  # 3 s on one core
MIN_EXAMPLES = 10
HELD_OUT = 5  # every fifth image


@dataclass(frozen=True, eq=False)
class FeatureNetwork:
    """A named way from images to features.

    Args:
        name: as in "Frechet distance over NAME".
        recipe: what it is, how images are prepared and what it was trained on, one sentence.
        inception: whether distances over it may be called KID and FID.
        prepare: one image (H, W, 3) uint8 RGB to what is kept of it until a batch is full, uint8.
        extract: a batch (N, h, w, 3) uint8 of prepared images to features (N, D) float32.
    """

    name: str
    recipe: str
    inception: bool
    prepare: Callable[[np.ndarray], np.ndarray]
    extract: Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Example:
    """A real image of the study: image (H, W, 3) uint8 RGB, label (H, W) uint8 with 255 ignored, canonical domain."""

    image: np.ndarray
    label: np.ndarray
    domain: str


def features_of(network: FeatureNetwork, images: Iterable[np.ndarray]) -> np.ndarray:
    """One row of features per image, float32 (N, D), in the order given; images are read one at a time.

    Raises:
        InputError: no image at all, or one that is not (H, W, 3) uint8.
    """
    prepared = (network.prepare(_checked(image)) for image in images)
    rows = [
        network.extract(np.stack(batch))
        for _, alike in groupby(prepared, key=lambda image: image.shape)
        for batch in _batches(alike, BATCH)
    ]
    if not rows:
        raise InputError("features of no images; at least one is needed")
    return np.concatenate(rows)


def inception(weights: Path | None = None, device: str = "cpu") -> FeatureNetwork:
    """Inception v3 through torch-fidelity, pool features (2048).

    Args:
        weights: the file INCEPTION_URL; None looks for it where torch.hub keeps downloads. Nothing is downloaded here.
        device: a torch device.

    Raises:
        MachineError: torch, torch-fidelity or the weights are not there, or do not fit; in one line, with what to do.
    """
    try:
        import torch

        module: Any = import_module("torch_fidelity.feature_extractor_inceptionv3")
    except ImportError as error:
        raise MachineError(
            f"Inception features need the package {error.name or error}; install it with: pip install torch-fidelity"
        ) from error
    path = weights or Path(torch.hub.get_dir()) / "checkpoints" / INCEPTION_WEIGHTS
    if not path.is_file():
        raise MachineError(f"Inception weights are not at {path}; put the file {INCEPTION_URL} there")
    try:
        network = module.FeatureExtractorInceptionV3(
            "inception-v3-compat", [INCEPTION_FEATURES], feature_extractor_weights_path=str(path)
        ).to(device)
    except (RuntimeError, OSError, ValueError) as error:
        raise MachineError(f"{path}: no Inception weights: {str(error).splitlines()[0]}") from error

    def extract(batch: np.ndarray) -> np.ndarray:
        pixels = torch.from_numpy(np.ascontiguousarray(batch.transpose(0, 3, 1, 2))).to(device)
        with torch.no_grad():
            (pooled,) = network(pixels)
        return np.asarray(pooled.cpu().numpy(), np.float32)

    return FeatureNetwork(
        "Inception v3",
        "Inception v3 of 2015 (TensorFlow weights 6726825d, pool features, 2048) through torch-fidelity, images resized "
        "to 299x299 as TensorFlow 1 does",
        True,
        lambda image: image,
        extract,
    )


def inception_or(otherwise: Callable[[], FeatureNetwork], weights: Path | None = None) -> tuple[FeatureNetwork, str]:
    """Inception where it can be had, else the network `otherwise` makes; and why not Inception, empty if it is."""
    try:
        return inception(weights), ""
    except MachineError as reason:
        return otherwise(), str(reason)


def study_network(examples: Iterable[Example], num_classes: int, seed: int = 0, steps: int = STEPS) -> FeatureNetwork:
    """A small network trained to tell the domains of real images and the shares of classes in them.

    Four convolutions, the last one averaged over the image. It is trained on four fifths of the images, mirrored at random;
    the recipe tells how many of the others it puts into the right domain, for a network that cannot tell them apart
    measures nothing. On one machine the same images and seed give the same bytes: one thread, own streams.

    Args:
        examples: real images, read one at a time and kept at 96x96; at least 10. Never generated ones, never test images.
        num_classes: of the labels, 1 to 255.
        seed: 0 or more.
        steps: of 16 images.

    Raises:
        InputError: too few images, a label that is no class, numbers out of range.
        MachineError: torch is not installed.
    """
    if not 1 <= num_classes <= IGNORE or seed < 0 or steps < 1:
        raise InputError(
            f"study network: {num_classes} classes, seed {seed}, {steps} steps; allowed are 1 to {IGNORE} classes, "
            "seed 0 or more, 1 step or more"
        )
    images, shares, named = _read(examples, num_classes)
    domains = sorted(set(named))
    order = np.random.Generator(np.random.Philox(key=(seed, 0))).permutation(len(images))
    held, seen = order[: len(images) // HELD_OUT], order[len(images) // HELD_OUT :]
    codes = np.array([domains.index(name) for name in named])
    with _one_thread(seed) as torch:
        trunk, head = _train(torch, images[seen], codes[seen], shares[seen], len(domains), seed, steps)

        def extract(batch: np.ndarray) -> np.ndarray:
            with torch.no_grad():
                pooled: np.ndarray = trunk(_tensor(torch, batch)).numpy()
            return pooled

        with torch.no_grad():
            guessed = head(torch.from_numpy(np.concatenate([extract(images[i : i + 1]) for i in held])))
        right = int((guessed[:, : len(domains)].argmax(1).numpy() == codes[held]).sum())
    return FeatureNetwork(
        f"study network {_digest(trunk)}",
        f"4 convolutions, {WIDTH} features averaged over the image at {SIDE}x{SIDE}, trained {steps} steps (seed {seed}) to tell "
        f"{len(domains)} domains ({', '.join(domains)}) and the shares of {num_classes} classes in {len(seen)} real images "
        f"of the study; domain right in {right} of {len(held)} images held out",
        False,
        shrunk,
        extract,
    )


def _read(examples: Iterable[Example], num_classes: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Small images (N, 96, 96, 3) uint8, shares of classes (N, C) float32 (all zero where nothing is labelled), domains."""
    images, shares, domains = [], [], []
    for example in examples:
        images.append(shrunk(_checked(example.image)))
        counts = np.bincount(example.label.reshape(-1), minlength=IGNORE + 1)
        if counts[num_classes:IGNORE].any():
            value = num_classes + int(np.flatnonzero(counts[num_classes:IGNORE])[0])
            raise InputError(
                f"label of real image {len(images) - 1}: value {value}; allowed are 0..{num_classes - 1} and {IGNORE}"
            )
        shares.append(counts[:num_classes] / max(1, counts[:num_classes].sum()))
        domains.append(example.domain)
    if len(images) < MIN_EXAMPLES:
        raise InputError(f"study network: {len(images)} real images; at least {MIN_EXAMPLES} are needed")
    return np.stack(images), np.stack(shares).astype(np.float32), domains


def _train(
    torch: Any, images: np.ndarray, codes: np.ndarray, shares: np.ndarray, domains: int, seed: int, steps: int
) -> tuple["torch.nn.Module", "torch.nn.Module"]:
    """Trunk (features of pixels) and head (domain scores, then class scores, of features), in evaluation mode."""
    nn = torch.nn

    def block(before: int, after: int, side: int) -> list[Any]:
        convolution = nn.Conv2d(before, after, side, stride=2, padding=side // 2, bias=False)
        return [convolution, nn.BatchNorm2d(after), nn.ReLU()]

    layers = [*block(3, 16, 5), *block(16, 32, 3), *block(32, WIDTH, 3), *block(WIDTH, WIDTH, 3)]
    trunk = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
    trunk = trunk.to(memory_format=torch.channels_last)  # as the pixels lie; a fifth faster
    head = nn.Linear(WIDTH, domains + shares.shape[1])
    weights = [*trunk.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(weights, LEARNING_RATE, weight_decay=0.01)
    rng = np.random.Generator(np.random.Philox(key=(seed, 1)))
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
        chosen = rng.integers(0, len(images), STEP_BATCH)
        batch = np.where(rng.random(STEP_BATCH)[:, None, None, None] < 0.5, images[chosen], images[chosen][:, :, ::-1])
        scores = head(trunk(_tensor(torch, batch)))
        told = nn.functional.cross_entropy(scores[:, :domains], torch.from_numpy(codes[chosen]))
        guessed = nn.functional.log_softmax(scores[:, domains:], dim=1)
        content = -(torch.from_numpy(shares[chosen]) * guessed).sum(dim=1).mean()
        optimizer.zero_grad()
        (told + content).backward()
        optimizer.step()
    return trunk.eval(), head.eval()


@contextmanager
def _one_thread(seed: int) -> Iterator[Any]:
    """torch with one thread and its generator at `seed`; both as they were afterwards."""
    try:
        import torch
    except ImportError as error:
        raise MachineError(
            "the study network needs torch; install it with: pip install 'fairweather[train]'"
        ) from error
    threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        try:
            yield torch
        finally:
            torch.set_num_threads(threads)


def _tensor(torch: Any, batch: np.ndarray) -> Any:
    """A batch (N, h, w, 3) uint8 as (N, 3, h, w) float32 in -1 to 1."""
    return torch.from_numpy(np.ascontiguousarray(batch)).permute(0, 3, 1, 2).float() / 127.5 - 1


def _digest(network: "torch.nn.Module") -> str:
    """Eight hexadecimal digits of the weights' hash, so that two networks never share a name."""
    digest = hashlib.sha256()
    for name, weights in network.state_dict().items():
        digest.update(name.encode() + weights.numpy().tobytes())
    return digest.hexdigest()[:8]


def shrunk(image: np.ndarray) -> np.ndarray:
    """What a study network sees of an image (H, W, 3) uint8 RGB: (96, 96, 3) uint8; of such a picture, itself."""
    return np.asarray(cv2.resize(np.ascontiguousarray(image), (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def _checked(image: np.ndarray) -> np.ndarray:
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise InputError(f"image is {image.dtype} of shape {image.shape}; allowed is uint8 (H, W, 3)")
    return image


def _batches(images: Iterable[np.ndarray], size: int) -> Iterator[list[np.ndarray]]:
    rest = iter(images)
    while batch := list(islice(rest, size)):
        yield batch
