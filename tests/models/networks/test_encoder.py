"""Encoders: whole, at the output stride asked for, and pretrained or an error."""

import pytest
import segmentation_models_pytorch as smp
import timm
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from fairweather.errors import InputError, MachineError
from fairweather.models.networks.encoder import make_encoder

SMALL = "tu-mobilenetv3_small_050"


@pytest.mark.parametrize(
    ("name", "stride"), [("resnet18", 8), ("resnet18", 32), (SMALL, 16), (SMALL, 32), ("mit_b0", 32)]
)
def test_the_last_map_has_the_output_stride(name, stride):
    encoder = make_encoder(name, stride).eval()
    features = encoder(torch.zeros(1, 3, 64, 96))
    assert len(features) == 6
    assert features[-1].shape[-2:] == (64 // stride, 96 // stride)
    assert features[-1].shape[1] == encoder.out_channels[-1]


def test_dilation_can_be_left_out_without_changing_a_weight_or_a_size():
    def build(dilate):
        torch.manual_seed(0)
        return make_encoder(SMALL, 16, dilate=dilate).eval()

    dilated, plain = build(True), build(False)
    convolutions = [m for m in plain.modules() if isinstance(m, torch.nn.Conv2d)]
    assert {m.dilation for m in convolutions} == {(1, 1)}
    assert any(m.dilation == (2, 2) for m in dilated.modules() if isinstance(m, torch.nn.Conv2d))
    assert all(torch.equal(a, b) for a, b in zip(dilated.parameters(), plain.parameters(), strict=True))
    images = torch.zeros(1, 3, 64, 96)
    assert [f.shape for f in plain(images)] == [f.shape for f in dilated(images)]


@pytest.mark.parametrize("name", ["resnet18", SMALL])
def test_weights_that_do_not_exist_are_bad_input(name):
    with pytest.raises(InputError, match=f"encoder {name!r} has no weights 'nobody' .known: .*imagenet"):
        make_encoder(name, weights="nobody")


def test_a_network_without_any_weights_is_bad_input():
    untrained = next(n for n in timm.list_models("mobilenet*") if not timm.models.is_model_pretrained(n))
    with pytest.raises(InputError, match="known: none"):
        make_encoder(f"tu-{untrained}", weights="imagenet")


FAILURES = [
    OSError("offline"),
    RuntimeError("size mismatch"),
    SafetensorError("header"),
    EOFError(),
    KeyError("x"),
    ValueError("bad"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("name", ["resnet18", SMALL])
def test_every_failure_to_load_is_a_machine_error_of_one_line(name, failure, monkeypatch):
    def fail(*_args, **_options):
        raise failure

    monkeypatch.setattr(smp.encoders, "hf_hub_download", fail)
    monkeypatch.setattr(timm.models._builder, "load_pretrained", fail)
    with pytest.raises(MachineError, match=type(failure).__name__) as caught:
        make_encoder(name, weights="imagenet")
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_weights_that_were_silently_not_loaded_are_a_machine_error(monkeypatch):
    monkeypatch.setattr(timm.models._builder, "load_pretrained", lambda *_args, **_options: None)
    with pytest.raises(MachineError, match=r"left .* tensors at their random start"):
        make_encoder(SMALL, weights="imagenet")


def test_weights_that_can_be_had_are_loaded_and_the_generator_does_not_notice(monkeypatch, tmp_path):
    torch.manual_seed(8)
    published = smp.encoders.get_encoder("resnet18", weights=None)
    save_file(published.state_dict(), tmp_path / "model.safetensors")
    monkeypatch.setattr(smp.encoders, "hf_hub_download", lambda _repo, filename, **_options: str(tmp_path / filename))
    torch.manual_seed(9)
    encoder = make_encoder("resnet18", 8, weights="imagenet")
    after = torch.rand(1)
    assert all(torch.equal(value, published.state_dict()[key]) for key, value in encoder.state_dict().items())
    torch.manual_seed(9)
    smp.encoders.get_encoder("resnet18", weights=None)
    assert torch.equal(after, torch.rand(1)), "the heads of a pretrained model start as those of a random one"
