"""The door of the room: what it builds, what it refuses, and that it stays light."""

import subprocess
import sys
from importlib.util import find_spec

import pytest
import torch

from fairweather.errors import InputError, MachineError, UnknownName
from fairweather.models import MODELS, build

WITHOUT_TORCH = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"torch", "torchvision", "timm", "segmentation_models_pytorch"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocker())
from fairweather.models import MODELS
print(*(MODELS[name].card.encoder or "-" for name in MODELS))
"""


def test_the_room_opens_and_lists_its_models_without_torch():
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "resnet50" in done.stdout


def test_building_without_torch_says_what_to_install(monkeypatch):
    monkeypatch.setattr("fairweather.models.find_spec", lambda name: None if name == "torch" else find_spec(name))
    with pytest.raises(
        MachineError, match=r"needs the package torch; install it with: pip install 'fairweather\[train\]'"
    ):
        build("toy_fcn", 3)


def test_an_unknown_model_names_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'pspnet_small'"):
        build("pspnet_smal", 3)


@pytest.mark.parametrize("num_classes", [-1, 0, 1, 256])
def test_a_number_of_classes_no_label_map_can_have_is_refused(num_classes):
    with pytest.raises(InputError, match=f"{num_classes} classes; allowed are 2 to 255"):
        build("toy_fcn", num_classes)


def test_a_new_model_is_in_training_mode():
    model = build("pspnet_small", 3)
    assert isinstance(model, torch.nn.Module)
    assert model.training


def test_pretrained_is_refused_where_there_is_nothing_to_load():
    with pytest.raises(InputError, match="toy_fcn"):
        build("toy_fcn", 3, pretrained=True)


@pytest.mark.parametrize("name", [name for name in MODELS if MODELS[name].card.encoder])
def test_a_failed_download_stops_the_build(name, monkeypatch):
    import segmentation_models_pytorch as smp

    def without_network(_encoder, *, weights, **_options):
        if weights is not None:
            raise OSError("no route to huggingface.co")
        return torch.nn.Identity()

    monkeypatch.setattr(smp.encoders, "get_encoder", without_network)
    with pytest.raises(
        MachineError, match=f"{MODELS[name].card.encoder}.*no route to huggingface.co.*pretrained to false"
    ):
        build(name, 3, pretrained=True)


def test_the_licence_of_mit_is_on_the_card():
    card = MODELS["segformer_mit-b5"].card
    assert "NVIDIA Source Code License" in card.encoder_licence
    assert "no commercial use" in card.encoder_licence
