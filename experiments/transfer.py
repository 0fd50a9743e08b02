"""Does Fairtown teach anything real: a small net trained on Fairtown clear_day alone, tested on CamVid.

    python -m experiments.transfer --camvid PATH [--out docs/fairtown/transfer.csv]

Arms of equal budget (600 steps of 8 images of 160x128, three seeds): 1,600 Fairtown clear_day images (400 of each town), and
CamVid's own clear_day frames. All are scored on CamVid clear_day, test frames and train+val frames apart; six classes, all other
labels ignored. CamVid's net is trained on the sequences of train+val other than the one it is tested on (all of them for
the test frames), and the counts of the sequences tested are added up. Nothing of Fairtown was tuned on CamVid's test frames.
"""

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np
import torch

from experiments.training import batch_of, fit
from fairweather.data import READERS, Dataset
from fairweather.data.contact_sheet import spread
from fairweather.data.town.reader import TOWN_NAMES
from fairweather.models import MODELS
from fairweather.models.model import Targets
from fairweather.scores.confusion import confusion_matrix
from fairweather.vocabulary.streams import stable_hash

CLASSES = ("road", "building", "sky", "car", "vegetation", "sidewalk")
SPELLINGS = {"tree": "vegetation", "pavement": "sidewalk"}
HEIGHT, WIDTH = 128, 160
IMAGES, STEPS, SEEDS = 400, 600, (0, 1, 2)


def six_classes(dataset: Dataset) -> np.ndarray:
    """(256,) uint8: the number of each class among the six, 255 for all others."""
    table = np.full(256, 255, np.uint8)
    for number, name in enumerate(dataset.label_space.classes):
        if SPELLINGS.get(name, name) in CLASSES:
            table[number] = CLASSES.index(SPELLINGS.get(name, name))
    return table


def frames(camvid: Dataset, group: str) -> tuple[np.ndarray, np.ndarray]:
    """clear_day images (N, H, W, 3) uint8 and six-class labels (N, H, W) uint8 of one of CamVid's sequences."""
    table, size = six_classes(camvid), (WIDTH, HEIGHT)
    chosen = [s for s in camvid.samples if s.domain == "clear_day" and s.group == group]
    images = [cv2.resize(camvid.image(s), size, interpolation=cv2.INTER_AREA) for s in chosen]
    labels = [cv2.resize(table[camvid.label(s)], size, interpolation=cv2.INTER_NEAREST_EXACT) for s in chosen]
    return np.stack(images), np.stack(labels)


def fairtown() -> tuple[np.ndarray, np.ndarray]:
    """The training scenes of four towns, every one of them rendered in clear_day."""
    images, labels = [], []
    for town in TOWN_NAMES:
        dataset = READERS["fairtown"].open(
            town, None, ("train",), READERS["fairtown"].card.resolved({"town": town, "size": f"{WIDTH}x{HEIGHT}"}, town)
        )
        table = six_classes(dataset)
        for sample in spread(dataset.samples, IMAGES):
            rng = np.random.Generator(np.random.Philox(stable_hash("transfer", town, sample.id)))
            images.append(dataset.twin(sample, "clear_day", rng))
            labels.append(table[dataset.label(sample)])
    return np.stack(images), np.stack(labels)


def trained(images: np.ndarray, labels: np.ndarray, seed: int) -> torch.nn.Module:
    """PSPNet for a CPU, from random weights."""
    torch.manual_seed(seed)
    model = MODELS["pspnet_small"]().build(len(CLASSES), pretrained=False)
    assert isinstance(model, torch.nn.Module)

    def loss(batch: torch.Tensor, chosen: np.ndarray, flipped: bool) -> torch.Tensor:
        y = labels[chosen][:, :, ::-1] if flipped else labels[chosen]
        target = torch.from_numpy(np.ascontiguousarray(y)).long()
        value: torch.Tensor = model.loss(batch, Targets(target, target, torch.ones(len(chosen))))
        return value

    fit(model, loss, images, STEPS, seed)
    return model


def counts(model: torch.nn.Module, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Confusion of the six classes, labels by rows, int64 (6, 6)."""
    matrix = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
    with torch.no_grad():
        for start in range(0, len(images), 16):
            found = model.scores(batch_of(images[start : start + 16]))  # type: ignore[operator]
            sized = torch.nn.functional.interpolate(found, (HEIGHT, WIDTH), mode="bilinear", align_corners=False)
            for label, guess in zip(labels[start : start + 16], sized.argmax(1).numpy().astype(np.uint8), strict=True):
                matrix += confusion_matrix(label, guess, len(CLASSES))
    return matrix


def points(matrix: np.ndarray) -> np.ndarray:
    """IoU of the six classes in points, (6,)."""
    hit = np.diag(matrix)
    iou: np.ndarray = 100 * hit / (matrix.sum(0) + matrix.sum(1) - hit)
    return iou


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--camvid", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("docs/fairtown/transfer.csv"))
    parser.add_argument("--seeds", type=int, default=len(SEEDS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    camvid = READERS["camvid"].open("camvid", options.camvid, ("train", "val", "test"), {})
    clear = [s for s in camvid.samples if s.domain == "clear_day"]
    sequences = {
        "test": sorted({s.group for s in clear if s.split == "test"}),
        "train+val": sorted({s.group for s in clear if s.split != "test"}),
    }
    own = {group: frames(camvid, group) for groups in sequences.values() for group in groups}
    town = fairtown()
    rows: list[list[object]] = []
    for seed in SEEDS[: options.seeds]:
        taught = trained(*town, seed)
        for tested, groups in sequences.items():
            found = {arm: np.zeros((len(CLASSES), len(CLASSES)), np.int64) for arm in ("fairtown", "camvid")}
            for group in groups:
                others = [own[g] for g in sequences["train+val"] if g != group]
                net = trained(np.concatenate([x for x, _ in others]), np.concatenate([y for _, y in others]), seed)
                found["fairtown"] += counts(taught, *own[group])
                found["camvid"] += counts(net, *own[group])
            for arm, matrix in found.items():
                iou, number = points(matrix), sum(len(own[g][0]) for g in groups)
                rows.append([arm, seed, tested, number, f"{iou.mean():.1f}", *(f"{v:.1f}" for v in iou)])
                print(*rows[-1], flush=True)
    rows.sort(key=lambda row: (row[0] == "camvid", row[2] != "test", row[1]))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as lines:
        header = ["trained_on", "seed", "tested_on_camvid", "frames", "miou", *CLASSES]
        csv.writer(lines, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
