import pytest

from fairweather.analysis.imports.naming import canonical, family, is_control


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("photometric_distort", "std_photometric_distort"),
        ("std_std_photometric_distort", "std_photometric_distort"),
        ("std_photometric_distort", "std_photometric_distort"),
        ("std_cutmix+photometric_distort", "std_cutmix+std_photometric_distort"),
        ("Photometric_Distort", "Photometric_Distort"),
        ("gen-cycleGAN", "gen-cycleGAN"),
        (" baseline", " baseline"),
    ],
)
def test_joined_by_aliases_and_never_otherwise(name: str, expected: str) -> None:
    assert canonical(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gen_anything", "gen"), ("std_new", "std"), ("placebo_x", "placebo"), ("std_cutmix+gen_a", "gen"), ("baseline", "none"),
        ("cutmix", "other"), ("gen", "other"), ("general_x", "other"), ("", "other"), ("+", "other"),
    ],
)  # fmt: skip
def test_family(name: str, expected: str) -> None:
    assert family(name) == expected


def test_controls() -> None:
    assert [name for name in ("baseline", "placebo_new", "gen_oracle", "gen_a", "std_cutmix", "other") if is_control(name)] == [
        "baseline", "placebo_new", "gen_oracle",
    ]  # fmt: skip
