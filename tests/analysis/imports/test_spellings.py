import pytest

from fairweather.analysis.imports.spellings import METRICS, ROLES, Guess, guess, key


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("strategy", Guess("role", "strategy")),
        ("Data Set", Guess("role", "dataset")),
        ("num_images", Guess("role", "images")),
        ("rank_change", Guess("role", "rank_change")),
        ("mIoU", Guess("metric", "mIoU")),
        ("mean_IoU", Guess("metric", "mIoU")),
        ("m iou", Guess("metric", "mIoU")),
        ("Jaccard", Guess("metric", "mIoU")),
        ("mIoU (%)", Guess("metric", "mIoU", "", "percent")),
        ("mIoU[%]", Guess("metric", "mIoU", "", "percent")),
        ("mIoU%", Guess("metric", "mIoU", "", "percent")),
        ("miou_percent", Guess("metric", "mIoU", "", "percent")),
        ("mIoU (fraction)", Guess("metric", "mIoU", "", "fraction")),
        ("mIoU (0-1)", Guess("metric", "mIoU", "", "fraction")),
        ("miou_val", Guess("metric", "mIoU")),
        ("best mIoU", Guess("metric", "mIoU")),
        ("mIoU_std", Guess("aside", "mIoU")),
        ("fwIoU", Guess("metric", "fwIoU")),
        ("aAcc", Guess("metric", "aAcc")),
        ("gain", Guess("gain", "mIoU")),
        ("mIoU gain", Guess("gain", "mIoU")),
        ("gain in mIoU (pp)", Guess("gain", "mIoU", "", "percent")),
        ("ΔmIoU", Guess("gain", "mIoU")),
        ("delta_aAcc", Guess("gain", "aAcc")),
        ("stage1_gain", Guess("gain", "mIoU", "stage1")),
        ("gain_stage1", Guess("gain", "mIoU", "stage1")),
        ("Stage 1 gain", Guess("gain", "mIoU", "Stage 1")),
        ("stage1_delta_mIoU", Guess("gain", "mIoU", "stage1")),
        ("stage1_mIoU (%)", Guess("metric", "mIoU", "stage1", "percent")),
        ("mIoU (stage1)", Guess("metric", "mIoU", "stage1")),
        ("mean_iou_all-domains", Guess("metric", "mIoU", "all-domains")),
        ("stage1_best_miou", Guess("metric", "mIoU", "stage1")),
        ("stage1_miou_std", Guess("aside", "mIoU")),
        ("stage1_miou_val", Guess("metric", "mIoU", "stage1")),
        ("stage1_miou_stage2", Guess("unknown")),
        ("stage1_rank", Guess("rank", "rank", "stage1")),
        ("p_value", Guess("unknown")),
        ("notes", Guess("unknown")),
        ("雨", Guess("unknown")),
        ("_", Guess("unknown")),
    ],
)
def test_guess(name: str, expected: Guess) -> None:
    assert guess(name) == expected


def test_no_spelling_means_two_things() -> None:
    spelled = [spelling for spellings in ROLES.values() for spelling in spellings]
    assert len(spelled) == len(set(spelled))
    assert not set(spelled) & set(METRICS)
    assert all(key(spelling) == spelling for spelling in (*spelled, *METRICS))
    assert [key(role) for role in ROLES] == [spellings[0] for spellings in ROLES.values()]
