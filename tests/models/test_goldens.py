"""An architecture changes only with its revision.

`goldens.json` holds, for each of our entries, beside the revision on its card: a digest of the names and shapes of its
state and of the settings of its layers; and, for weights from seed 0 and a fixed batch, its training loss and a sum over
its evaluation scores, with the library versions pinned in constraints.txt. When an architecture is meant to change, raise
the revision on the card and write the table anew:

    .venv/bin/python tests/models/test_goldens.py
"""

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest
import torch

from fairweather.models import MODELS, Targets, build

TABLE = Path(__file__).with_name("goldens.json")
OURS = [name for name in MODELS if MODELS.origin(name) == "fairweather"]
LAYERS = (torch.nn.Conv2d, torch.nn.Linear, torch.nn.BatchNorm2d, torch.nn.LayerNorm, torch.nn.Dropout2d)


def architecture_digest(model):
    shapes = [f"{key} {tuple(value.shape)}" for key, value in model.state_dict().items()]
    layers = [f"{key} {module!r}" for key, module in model.named_modules() if isinstance(module, LAYERS)]
    strides = [str((model.stride, model.score_stride, model.auxiliary_stride))]
    return hashlib.sha256("\n".join(shapes + layers + strides).encode()).hexdigest()


def outputs(model):
    rows, columns = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
    phases = torch.arange(9.0).view(3, 3, 1, 1)
    images = torch.sin(rows / 5 + phases) + torch.cos(columns / 7 - phases)
    y = ((rows + columns) // 24).long().expand(3, -1, -1)
    torch.manual_seed(1)
    loss = model.loss(images, Targets(y, y.flip(1), torch.tensor([1.0, 0.5, 0.2])))
    with torch.inference_mode():
        scores = model.eval().scores(images)
    return loss.item(), scores.mul(torch.arange(1.0, 8.0).view(1, 7, 1, 1)).mean().item()


@cache
def current(name):
    torch.manual_seed(0)
    model = build(name, 7)
    digest, (loss, scores) = architecture_digest(model), outputs(model)
    return {"revision": MODELS[name].card.revision, "sha256": digest, "loss": loss, "scores": scores}


GOLDENS = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}


def same(old, new):
    """Whether two rows describe one architecture; processors differ in the last digits of the outputs."""
    numbers = all(new[key] == pytest.approx(old[key], rel=1e-2, abs=1e-4) for key in ("loss", "scores"))
    return numbers and old["sha256"] == new["sha256"]


def test_the_table_has_one_row_for_each_of_our_entries():
    assert sorted(GOLDENS) == sorted(OURS)


@pytest.mark.parametrize("name", OURS)
def test_the_architecture_is_the_golden_one_of_the_revision(name):
    assert GOLDENS[name]["revision"] == current(name)["revision"], "write the table anew"
    assert same(GOLDENS[name], current(name)), "the architecture has changed: raise the revision on the card"


def test_a_change_of_size_setting_or_function_would_be_seen():
    base = current("toy_fcn")
    torch.manual_seed(0)
    changed = build("toy_fcn", 7)
    changed.head.convolutions[0][0].dilation = (2, 2)
    changed.head.convolutions[0][0].padding = (2, 2)
    loss, scores = outputs(changed)
    assert not same(base, {**base, "sha256": architecture_digest(changed)})
    assert not same(base, {**base, "loss": loss, "scores": scores})


if __name__ == "__main__":
    rows = {name: current(name) for name in OURS}
    stale = [
        name
        for name, row in rows.items()
        if name in GOLDENS and not same(GOLDENS[name], row) and GOLDENS[name]["revision"] == row["revision"]
    ]
    if stale:
        raise SystemExit(f"the architecture changed under the same revision, raise it first: {', '.join(stale)}")
    TABLE.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
