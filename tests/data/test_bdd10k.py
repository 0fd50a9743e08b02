import json
import shutil
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from tests.conftest import SHARED
from tests.data.layouts import bdd10k, bdd10k_seg, scenes

from fairweather.data import READERS
from fairweather.data.bdd10k import ENCODING, KNOWN_BAD
from fairweather.data.files import Files
from fairweather.errors import DataError, InputError, UnknownName
from fairweather.launch.materials import gather
from fairweather.launch.progress import Progress
from fairweather.study import parse
from fairweather.vocabulary.labels import IGNORE, label_space

SAMPLES = SHARED / "data" / "format_samples" / "bdd100k"
READER = READERS["bdd10k"]
STUDY = """
name: probe
data: {{bdd: {{reader: bdd10k, root: {root}}}}}
splits: {{train: [train], test: [val]}}
contexts: {{all: {{domains: all}}}}
strategies: [baseline, placebo_duplicate]
models: [toy_fcn]
seeds: [0]
recipe: {{lr: 1e-2}}
budget: {{steps: 1, batch: 2, short_side: 48, crop: [48, 64]}}
"""
FEW = [scene for scene in scenes() if scene.group == 0]


def opened(root: Path, *splits: str, **given: object) -> Files:
    return READER.open("bdd", root, splits or ("train", "val"), READER.card.resolved(given, "data.bdd"))


def domains(dataset: Files) -> dict[str, str]:
    return {sample.id: sample.domain for sample in dataset.samples}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    bdd10k.write(tmp_path, FEW)
    return tmp_path


@pytest.fixture
def edit(root: Path) -> Callable[[str, Callable[[list], object]], Path]:
    """Changes the records of one file and returns its path."""

    def change(split: str, how: Callable[[list], object]) -> Path:
        path = root / "bdd100k" / "labels" / "det_20" / f"det_{split}.json"
        entries = json.loads(path.read_text())
        how(entries)
        path.write_text(json.dumps(entries))
        return path

    return change


def expected() -> dict[str, str]:
    nameless = bdd10k.nameless(FEW)
    return {f"{s.split}/{bdd10k.name(s)}": "undefined" if s is nameless else s.domain for s in FEW}


def test_attributes_are_joined_from_both_files_by_exact_name(root: Path) -> None:
    dataset = opened(root)
    assert domains(dataset) == expected()
    assert dataset.notes == (
        f"13 of 14 images (92.9%) have an attribute record in {root}/bdd100k/labels/det_20/det_train.json or det_val.json;"
        " 60 to 70 % is usual, the domain of the others is undefined",
    )
    train = {bdd10k.name(scene) for scene in FEW if scene.split == "train"}
    known = {r["name"][:-4] for r in json.loads((root / "bdd100k/labels/det_20/det_val.json").read_text())}
    assert train & known and not {f"{name}.jpg" for name in train} & known


def test_the_match_is_shown_before_a_study_reads_the_images(root: Path) -> None:
    study, shown = parse(STUDY.format(root=root), root / "study.yaml"), StringIO()
    gather(study, Progress(Console(file=shown, width=80)))
    assert "bdd: 13 of 14 images (92.9%) have an attribute record in " in shown.getvalue()


def test_both_generations_and_both_roots_give_the_same(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    older = tmp_path_factory.mktemp("older")
    bdd10k_seg.write(older, FEW)
    newer, inner, seg = opened(root), opened(root / "bdd100k"), opened(older)
    assert inner.samples == newer.samples
    assert domains(seg) == domains(newer) and [s.group for s in seg.samples] == [s.group for s in newer.samples]
    for a, b in zip(newer.samples, seg.samples, strict=True):
        assert np.array_equal(newer.label(a), seg.label(b)) and "color" not in b.label


def test_labels_are_train_ids_and_are_taken_as_they_are(root: Path) -> None:
    dataset = opened(root)
    for sample, scene in zip(dataset.samples, FEW, strict=True):
        assert np.array_equal(dataset.label(sample), scene.label)
    mask = root / "bdd100k" / dataset.samples[0].label.removeprefix("bdd100k/")
    label = np.array(Image.open(mask))
    label[:2, :3] = 20  # pole among the ids of the panoptic files
    Image.fromarray(label).save(mask)
    with pytest.raises(
        DataError, match=r"6 pixels of value 20; allowed are 0\.\.18 and 255 \(train ids of cityscapes19"
    ):
        dataset.label(dataset.samples[0])


def test_the_group_is_the_first_half_of_the_name_and_the_second_condition_is_kept(root: Path) -> None:
    for sample in opened(root).samples:
        assert sample.group == sample.id.partition("/")[2].partition("-")[0]
        if sample.domain == "night":
            assert sample.secondary == "rainy"  # the layout writes rainy nights


@pytest.mark.parametrize("choice", ["clear_day", "cloudy", "undefined"])
def test_partly_cloudy_is_a_setting(choice: str, root: Path, edit: Callable[..., Path]) -> None:
    name = next(bdd10k.name(s) for s in FEW if s.domain == "clear_day" and s.number // 2 % 2 == 0)
    fitting = [r for r in json.loads((root / "bdd100k/labels/det_20/det_val.json").read_text()) if name in r["name"]]
    assert len(fitting) == 1
    edit("val", lambda r: [e["attributes"].update(weather="partly cloudy") for e in r if name in e["name"]])
    found = domains(opened(root, partly_cloudy_as=choice))
    assert next(domain for id, domain in found.items() if name in id) == choice


def test_without_records_every_domain_is_undefined_and_the_note_says_where_they_come_from(root: Path) -> None:
    shutil.move(root / "bdd100k/labels/det_20", root / "elsewhere")
    dataset = opened(root)
    assert set(domains(dataset).values()) == {"undefined"} and {s.secondary for s in dataset.samples} == {""}
    assert "no attribute records" in dataset.notes[0] and "Detection 2020 Labels" in dataset.notes[0]
    assert domains(opened(root, attributes=str(root / "elsewhere"))) == expected()
    with pytest.raises(DataError, match=r"attributes: .*/nothing holds neither bdd100k_labels_images_train.json and"):
        opened(root, attributes=str(root / "nothing"))


def test_records_are_found_beside_the_root_and_the_fuller_pair_goes_first(root: Path) -> None:
    base = root / "bdd100k"
    (root / "labels").mkdir()
    shutil.move(base / "labels/det_20", root / "labels/det_20")
    assert domains(opened(base)) == domains(opened(root)) == expected()
    for split in ("train", "val"):
        shutil.copy(root / f"labels/det_20/det_{split}.json", base / f"labels/bdd100k_labels_images_{split}.json")
    assert "labels/bdd100k_labels_images_train.json or" in opened(root).notes[0]


def test_one_file_of_the_pair_alone_is_refused(root: Path) -> None:
    (root / "bdd100k/labels/det_20/det_val.json").unlink()
    with pytest.raises(DataError, match=r"det_val\.json: no such file, though det_train\.json is there; both are read"):
        opened(root)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda r: r.__setitem__(2, "text"), r"record 3: it has no name"),
        (lambda r: r[2].pop("name"), r"record 3: it has no name"),
        (lambda r: r[2].update(name=7), r"record 3: it has no name"),
        (lambda r: r[2].update(attributes=["clear"]), r"record 3 \(\S+\): attributes are of type list, not an object"),
        (lambda r: r[2].pop("attributes"), r"record 3 \(\S+\): attributes are of type NoneType, not an object"),
        (
            lambda r: r[2]["attributes"].update(weather="rain"),
            r"record 3 \(\S+\): unknown weather 'rain'; did you mean",
        ),
        (lambda r: r[2]["attributes"].update(timeofday=["night"]), r"record 3 \(\S+\): unknown timeofday \['night'\]"),
        (lambda r: r[2]["attributes"].pop("scene"), r"record 3 \(\S+\): unknown scene None"),
        (
            lambda r: r.append({**r[2], "attributes": {**r[2]["attributes"], "scene": "tunnel"}}),
            r"record \d+ \(\S+\): another record says .*, this one .*tunnel",
        ),
    ],
)
def test_a_broken_record_is_named_or_left_out_on_demand(
    broken: Callable[[list], object], message: str, root: Path, edit: Callable[..., Path]
) -> None:
    path = edit("train", broken)
    with pytest.raises(InputError, match=message) as caught:
        opened(root)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)
    dataset = opened(root, skip_broken="yes")
    assert dataset.skipped == (str(caught.value),)
    assert len(dataset.samples) == 14
    lost = [id for id, domain in domains(dataset).items() if domain != expected()[id]]
    assert len(lost) == (0 if "another record" in message else 1)


def test_a_file_that_is_cut_short_is_never_read_in_part(root: Path) -> None:
    path = root / "bdd100k/labels/det_20/det_val.json"
    path.write_text(path.read_text()[:-20])
    for skip in ("yes", "no"):
        with pytest.raises(DataError, match=r"det_val\.json record \d+: not JSON, or the file is cut short"):
            opened(root, skip_broken=skip)


def test_pairs_that_are_none_are_named_or_left_out_on_demand(root: Path) -> None:
    images, masks = root / "bdd100k/images/10k/train", root / "bdd100k/labels/sem_seg/masks/train"
    gone, empty, small = (path.stem for path in sorted(images.iterdir())[:3])
    (masks / f"{gone}.png").unlink()
    with pytest.raises(DataError, match=rf"{gone}\.jpg: image without a label \(1 of 14 are\)"):
        opened(root)
    (images / f"{empty}.jpg").write_bytes(b"")
    Image.new("L", (5, 4)).save(masks / f"{small}.png")
    dataset = opened(root, skip_broken="yes")
    assert len(dataset.samples) == 11 and len(dataset.skipped) == 3
    for line, words in zip(dataset.skipped, ("without a label", "not a readable", "differ in size"), strict=True):
        assert words in line


def test_labels_that_show_another_picture_are_left_out_unless_kept(root: Path) -> None:
    base, bad = root / "bdd100k", "val/9342e334-33d167eb"
    assert bad in KNOWN_BAD and Counter(key.partition("/")[0] for key in KNOWN_BAD) == {"train": 4, "val": 2}
    source = bdd10k.name(next(scene for scene in FEW if scene.split == "val"))
    for folder, ending in (("images/10k", "jpg"), ("labels/sem_seg/masks", "png")):
        shutil.copy(base / folder / "val" / f"{source}.{ending}", base / folder / f"{bad}.{ending}")
    out, kept = opened(root), opened(root, known_bad="keep")
    assert {s.id for s in kept.samples} - {s.id for s in out.samples} == {bad}
    left = f"labels that are known to show another picture are left out (known_bad: keep keeps them): {bad}"
    assert out.notes[0] == left
    assert kept.notes[0] == f"labels that are known to show another picture are kept: {bad}"


def test_what_is_missing_is_said_in_one_line(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = root / "bdd100k"
    with pytest.raises(
        DataError, match=r"^data set 'bdd': the labels of test are withheld by the publisher; use train or val$"
    ):
        opened(root, "train", "test")
    with pytest.raises(
        DataError, match=r"neither images/10k nor seg/images is there.*there is one in .*/bdd100k; point at it"
    ):
        opened(base / "images")
    above = tmp_path_factory.mktemp("above")
    (above / "data").symlink_to(root)
    with pytest.raises(DataError, match=rf"there is one in {above}/data; point at it"):
        opened(above)
    shutil.rmtree(base / "labels/sem_seg/masks/val")
    with pytest.raises(DataError, match=r'masks/val: no such folder; it comes in the download "Semantic Segmentation"'):
        opened(root)
    shutil.rmtree(base / "images/10k/train")
    with pytest.raises(DataError, match=r'10k/train: no such folder; it comes in the download "10K Images"'):
        opened(root)
    (base / "images/10k/train").mkdir()
    with pytest.raises(DataError, match=r"10k/train: no file named \*\.jpg; they come in the download"):
        opened(root)


def test_two_generations_in_one_folder_need_a_choice(root: Path) -> None:
    base = root / "bdd100k"
    for scene in FEW:
        image, mask = base / "seg/images" / scene.split, base / "seg/labels" / scene.split
        image.mkdir(parents=True, exist_ok=True), mask.mkdir(parents=True, exist_ok=True)
        shutil.copy(base / "images/10k" / scene.split / f"{bdd10k.name(scene)}.jpg", image)
        Image.fromarray(scene.label).save(mask / f"{bdd10k.name(scene)}_train_id.png")
    with pytest.raises(DataError, match="both generations of the package are there; say package: 10k or package: seg"):
        opened(root)
    assert opened(root, package="seg").samples[0].image.startswith("seg/images/")
    assert READER.recognise(root) == {"package": "10k"} and opened(root, package="10k").samples


def test_other_files_in_the_folders_are_no_images_of_bdd(root: Path) -> None:
    images = root / "bdd100k/images/10k/train"
    shutil.copy(next(images.iterdir()), images / "copy.jpg")
    with pytest.raises(DataError, match=r"copy\.jpg: no name of BDD100K; they are like 0004a4c0-d4dff0ad\.jpg"):
        opened(root)
    with pytest.raises(UnknownName, match="unknown partly_cloudy_as 'clear'; did you mean 'clear_day'"):
        opened(root, partly_cloudy_as="clear")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data/format_samples is not there")
def test_real_files_are_read() -> None:
    dataset = opened(SAMPLES)
    ids = [sample.id for sample in dataset.samples]
    assert ids == sorted(ids) and ids[0] == "train/0004a4c0-d4dff0ad" and len(ids) == 6
    assert {sample.group for sample in dataset.samples} == {i.partition("/")[2][:8] for i in ids}
    held = {s.id: set(np.unique(dataset.label(s)).tolist()) for s in dataset.samples}
    assert held["train/0004a4c0-d4dff0ad"] == {2, 8} and set().union(*held.values()) <= {*range(19), IGNORE}
    assert dataset.image(dataset.samples[0]).shape == (8, 8, 3)
    assert "no attribute records" in dataset.notes[-1]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data/format_samples is not there")
def test_real_colormaps_show_the_classes_of_the_masks() -> None:
    # The samples were shrunk to one channel: pixel i of a colormap holds blue, green, red in turn.
    colours, seen = np.array(label_space("cityscapes19").colours, np.uint8), set()
    for colormap in sorted(SAMPLES.glob("labels/sem_seg/colormaps/*/*.png")):
        mask = Path(str(colormap).replace("colormaps", "masks"))
        if mask.is_file():
            label = ENCODING.decode(mask).ravel()
            channel = 2 - np.arange(label.size) % 3
            assert np.array_equal(np.asarray(Image.open(colormap)).ravel(), colours[label, channel])
            seen |= set(label.tolist())
    assert seen == {2, 8}  # neither wall nor fence, whose colours the publisher swaps
