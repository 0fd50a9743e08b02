"""The operations of the policies: against torchvision where it is the reference, by geometry where it is not."""

import math

import numpy as np
import pytest
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as reference
from torchvision.transforms.autoaugment import AutoAugment, RandAugment

from fairweather.strategies import policy
from fairweather.vocabulary.labels import IGNORE

FILL = list(policy.IMAGE_FILL)
BILINEAR = InterpolationMode.BILINEAR


def picture():
    rng = np.random.default_rng(3)
    image = rng.integers(30, 220, (61, 97, 3), dtype=np.uint8)
    return Image.fromarray(image), Image.fromarray(rng.integers(0, 9, (61, 97), dtype=np.uint8))


def affine(image, translate=(0, 0), shear=(0.0, 0.0), center=None):
    return reference.affine(image, 0.0, list(translate), 1.0, list(shear), BILINEAR, FILL, center)


def slant(value):
    return math.degrees(math.atan(value))


REFEREES = {
    "ShearX": (0.27, lambda image, v: affine(image, shear=(slant(v), 0.0), center=[0, 0])),
    "ShearY": (-0.2, lambda image, v: affine(image, shear=(0.0, slant(v)), center=[0, 0])),
    "TranslateX": (-13.6, lambda image, v: affine(image, translate=(int(v), 0))),
    "TranslateY": (9.9, lambda image, v: affine(image, translate=(0, int(v)))),
    "Rotate": (-26.7, lambda image, v: reference.rotate(image, v, BILINEAR, fill=FILL)),
    "Brightness": (0.72, lambda image, v: reference.adjust_brightness(image, 1 + v)),
    "Color": (-0.4, lambda image, v: reference.adjust_saturation(image, 1 + v)),
    "Contrast": (0.8, lambda image, v: reference.adjust_contrast(image, 1 + v)),
    "Sharpness": (0.7, lambda image, v: reference.adjust_sharpness(image, 1 + v)),
    "Posterize": (5, reference.posterize),
    "Solarize": (99.17, reference.solarize),
    "AutoContrast": (0.0, lambda image, _: reference.autocontrast(image)),
    "Equalize": (0.0, lambda image, _: reference.equalize(image)),
    "Invert": (0.0, lambda image, _: reference.invert(image)),
    "Identity": (0.0, lambda image, _: image),
}


def test_every_operation_has_a_referee():
    assert set(REFEREES) == set(policy.OPERATIONS)


@pytest.mark.parametrize("operation", policy.OPERATIONS)
def test_the_image_is_what_torchvision_makes_of_it(operation):
    value, referee = REFEREES[operation]
    image, label = picture()
    ours, _ = policy.apply(operation, value, (image, label))
    assert np.array_equal(np.array(ours), np.array(referee(image, value)))
    assert operation == "Identity" or not np.array_equal(np.array(ours), np.array(image))


@pytest.mark.parametrize("operation", policy.GEOMETRIC)
@pytest.mark.parametrize("sign", [-1, 1])
def test_image_and_label_move_by_the_same_geometry(operation, sign):
    """The image encodes its label in grey; read back from the warped image it agrees outside a border of one pixel."""
    rows, columns = np.indices((60, 90))
    label = (rows // 20 * 3 + columns // 30).astype(np.uint8)
    image = np.repeat((label * 27 + 20)[..., None], 3, axis=2)
    value = sign * abs(REFEREES[operation][0])
    warped, moved = policy.closed(policy.apply(operation, value, policy.opened(image, label)))
    padded = np.pad(moved, 1, mode="edge")
    near = np.stack([padded[i : i + 60, j : j + 90] for i in range(3) for j in range(3)])
    inside = (near == moved).all(0) & (moved != IGNORE)
    assert inside.sum() > 2000
    assert np.array_equal(np.rint((warped[..., 0] - 20.0) / 27)[inside], moved[inside])
    filled = (near == IGNORE).all(0)
    assert filled.sum() > 100
    assert (warped[filled] == policy.IMAGE_FILL).all()


@pytest.mark.parametrize("operation", sorted(set(policy.OPERATIONS) - set(policy.GEOMETRIC)))
def test_a_colour_operation_leaves_the_label(operation):
    image, label = picture()
    assert policy.apply(operation, REFEREES[operation][0], (image, label))[1] is label


def test_rotation_turns_about_the_centre():
    image = np.zeros((41, 61, 3), np.uint8)
    image[18:23, 28:33] = 200
    label = (image[..., 0] > 0).astype(np.uint8)
    for angle in (-30, 17, 90, 180):
        turned, moved = policy.closed(policy.apply("Rotate", angle, policy.opened(image, label)))
        for weight in (turned[..., 0] * (moved != IGNORE), moved == 1):
            rows, columns = np.nonzero(weight > 100 if weight.dtype != bool else weight)
            assert rows.mean() == pytest.approx(20, abs=0.3)
            assert columns.mean() == pytest.approx(30, abs=0.3)


def test_translation_goes_by_width_along_x_and_by_height_along_y():
    assert policy.magnitude("TranslateX", 1.0, (331, 100)) == pytest.approx(150)
    assert policy.magnitude("TranslateY", 1.0, (331, 100)) == pytest.approx(150 / 331 * 100)
    image, label = picture()
    right, labels = policy.closed(policy.apply("TranslateX", 10.0, (image, label)))
    assert np.array_equal(right[:, 10:], np.array(image)[:, :-10])
    assert np.array_equal(labels[:, 10:], np.array(label)[:, :-10])
    assert (labels[:, :10] == IGNORE).all()


@pytest.mark.parametrize(("peer", "bins"), [(AutoAugment(), 10), (RandAugment(), 31)])
@pytest.mark.parametrize("size", [(192, 96), (160, 128), (97, 61), (2048, 1024)])
def test_magnitudes_are_those_of_torchvision(peer, bins, size):
    space = peer._augmentation_space(bins, (size[1], size[0]))
    for operation, (values, signed) in space.items():
        ours = [policy.magnitude(operation, level / (bins - 1), size) for level in range(bins)]
        theirs = values.expand(bins).tolist()
        assert ours == pytest.approx(theirs, rel=1e-5, abs=1e-5)
        assert signed == (operation in policy.GEOMETRIC or operation in policy.ENHANCING)
        if operation.startswith("Translate"):
            assert [int(v) for v in ours] == [int(v) for v in theirs]
    assert set(space) <= set(policy.OPERATIONS)


def test_magnitudes_of_prove_at_its_level_9_of_10():
    size = (200, 100)
    found = {operation: policy.prove_magnitude(operation, 0.9, size) for operation in policy.OPERATIONS}
    assert found["Rotate"] == pytest.approx(27)
    assert found["ShearX"] == found["ShearY"] == pytest.approx(0.27)
    assert (found["TranslateX"], found["TranslateY"]) == (pytest.approx(81), pytest.approx(40.5))
    assert found["Posterize"] == 7
    assert found["Solarize"] == pytest.approx(25.5)
    assert [found[operation] for operation in policy.ENHANCING] == [pytest.approx(0.72)] * 4


def test_an_unknown_operation_is_refused():
    with pytest.raises(ValueError, match="unknown operation 'Cutout'"):
        policy.apply("Cutout", 1.0, picture())
