"""Checkpoints inside a unit: weights, optimiser state and receipt in one safetensors file, replaced in one step."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairweather.errors import StoreError
from fairweather.store.files import write_bytes

if TYPE_CHECKING:
    import torch

NAME = "checkpoint.safetensors"


def save(
    work: Path,
    step: int,
    model: "torch.nn.Module",
    optimizer: "torch.optim.Optimizer",
    receipt: dict[str, Any],
    recorded: dict[str, Any],
) -> None:
    """Store the state after `step` steps; a kill in the middle leaves the previous checkpoint."""
    from safetensors.torch import save as serialise

    tensors = {f"model.{name}": value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{key}": value.detach().cpu().contiguous() for key, value in state.items()}
    tensors = {name: value.clone() for name, value in tensors.items()}
    meta = {"step": str(step), "receipt": json.dumps(receipt), "made_with": _made_with(recorded)}
    write_bytes(work / NAME, serialise(tensors, meta))


def _made_with(recorded: dict[str, Any]) -> str:
    """The part of an environment a unit must not change in its middle: device and library versions."""
    return json.dumps([recorded["device"], recorded["device_name"], recorded["versions"]], sort_keys=True)


def load(
    work: Path, model: "torch.nn.Module", optimizer: "torch.optim.Optimizer", recorded: dict[str, Any]
) -> tuple[int, dict[str, Any] | None]:
    """Restore a checkpoint if there is one made with this device and these libraries; the steps done and the receipt's state.

    A checkpoint made with others is not gone on with: the unit starts anew, so that one environment made all of it.

    Raises:
        StoreError: the file is damaged or belongs to another architecture.
    """
    from safetensors import SafetensorError, safe_open

    path = work / NAME
    if not path.is_file():
        return 0, None
    try:
        with safe_open(path, framework="pt") as file:
            meta = file.metadata()
            if meta["made_with"] != _made_with(recorded):
                return 0, None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        model.load_state_dict({name[6:]: t for name, t in tensors.items() if name.startswith("model.")})
    except (SafetensorError, RuntimeError) as error:
        raise StoreError(f"{path}: damaged checkpoint; delete {work} and run again ({error})") from error
    state: dict[int, dict[str, Any]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return int(meta["step"]), json.loads(meta["receipt"])
