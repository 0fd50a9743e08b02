import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fairweather.data.encoding import OneChannel, table
from fairweather.data.files import (
    files_under,
    inside,
    is_folder,
    needed_folder,
    needed_root,
    paired,
    refuse_unlabelled,
    some_file,
)
from fairweather.errors import DataError

ENCODING = OneChannel("toys", table("toy4"))


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def picture(root: Path, name: str, size: tuple[int, int] = (4, 3)) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size).save(root / name)


def pngs(root: Path) -> tuple[str, ...]:
    return files_under(root, lambda name: name.endswith(".png"))


# files_under


def test_files_come_sorted_whatever_the_order_on_disk(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.png", "a.png", "b/10.png", "b/c/1.png", "z.txt")
    assert pngs(tmp_path) == ("a.png", "b/10.png", "b/2.png", "b/c/1.png")


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "._a.png", ".thumbs/a.png", "a.png", "b/._c.png")
    assert pngs(tmp_path) == ("a.png",)


@pytest.mark.parametrize("name", ["straße/日本.png", "a b/c d.png", "-x/_y.png", "é.png", "e\u0301.png"])
def test_any_name_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    assert pngs(tmp_path) == (name,)


PATHS = st.lists(st.text("abé_-", min_size=1, max_size=2), min_size=1, max_size=3).map("/".join)


@given(st.sets(PATHS, min_size=1, max_size=8))
def test_what_is_written_is_found(tmp_path_factory: pytest.TempPathFactory, names: set[str]) -> None:
    root = tmp_path_factory.mktemp("found")
    touch(root, *(f"{name}.png" for name in names), *(f"{name}.txt" for name in names))
    assert pngs(root) == tuple(sorted(f"{name}.png" for name in names))


@pytest.mark.parametrize("names", [("A.png", "a.png"), ("x/a.png", "X/a.png"), ("straße.png", "STRASSE.png")])
def test_names_that_differ_in_case_alone_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    touch(tmp_path, *names)
    if len(list(tmp_path.rglob("*.png"))) < 2:
        pytest.skip("this file system does not tell case apart")
    with pytest.raises(
        DataError, match=f"{max(names)}: differs from {min(names)} in case alone; on many systems one overw"
    ):
        pngs(tmp_path)


@pytest.mark.parametrize("target", [".", "..", "../.."])
def test_a_link_back_is_refused(tmp_path: Path, target: str) -> None:
    root = tmp_path / "root"
    touch(root, "a/b/1.png")
    (root / "a/b/back").symlink_to(root / "a/b" / target, target_is_directory=True)
    with pytest.raises(DataError, match=r"a/b/back: a link that leads back to .*, a folder above it"):
        pngs(root)


def test_links_that_close_a_ring_over_another_folder_are_refused(tmp_path: Path) -> None:
    touch(tmp_path, "root/1.png", "other/2.png")
    (tmp_path / "root/out").symlink_to(tmp_path / "other", target_is_directory=True)
    (tmp_path / "other/back").symlink_to(tmp_path / "root", target_is_directory=True)
    with pytest.raises(DataError, match=r"root/out/back: a link that leads back to"):
        pngs(tmp_path / "root")


def test_a_link_elsewhere_is_followed_and_one_to_nowhere_is_no_folder(tmp_path: Path) -> None:
    touch(tmp_path, "there/1.png", "root/0.png")
    (tmp_path / "root/train").symlink_to(tmp_path / "there", target_is_directory=True)
    (tmp_path / "root/lost").symlink_to(tmp_path / "gone", target_is_directory=True)
    assert pngs(tmp_path / "root") == ("0.png", "train/1.png")


def test_a_link_to_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(tmp_path / "self")
    with pytest.raises(DataError, match="self: cannot be followed: Too many levels of symbolic links"):
        pngs(tmp_path)


def test_a_folder_that_may_not_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "closed/1.png")

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match="closed: cannot be listed: Permission denied"):
        pngs(tmp_path / "closed")
    assert some_file(tmp_path / "closed", "1") is None


def test_a_folder_that_may_not_be_looked_at_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    assert is_folder(tmp_path) and not is_folder(tmp_path / "nowhere")
    monkeypatch.setattr(Path, "is_dir", refuse)
    assert not is_folder(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere: cannot be listed: No such file or directory"):
        pngs(tmp_path / "nowhere")


# some_file


def test_some_file_is_found_in_the_depth(tmp_path: Path) -> None:
    touch(tmp_path, "README", "a/._1.png", "b/c/2.txt", "b/e/1.png")
    (tmp_path / "f").mkdir()
    assert some_file(tmp_path, ".png") == "b/e/1.png"


def test_no_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/loop").symlink_to(tmp_path, target_is_directory=True)
    touch(tmp_path, "a/b/c/d/1.png")  # deeper than any layout
    assert some_file(tmp_path, "1") is None and some_file(tmp_path / "nowhere", "1") is None


def test_some_file_is_found_behind_a_link(tmp_path: Path) -> None:
    touch(tmp_path, "there/a/1.png")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/train").symlink_to(tmp_path / "there", target_is_directory=True)
    assert some_file(tmp_path / "root", ".png") == "train/a/1.png"


def test_looking_for_some_file_lists_one_folder_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        touch(tmp_path, f"{number}/1.png")
    listed, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: listed.append(folder) or scandir(folder))
    assert some_file(tmp_path, "1")
    assert len(listed) == 2


# inside


def test_a_file_inside_is_given(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.png")
    assert inside(tmp_path, "a/1.png", "table line 2") == tmp_path / "a/1.png"
    assert inside(tmp_path, "a/../a/1.png", "table line 2").is_file()


@pytest.mark.parametrize("named", ["../out.png", "a/../../out.png", "/etc/passwd", "link/out.png"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, named: str) -> None:
    root = tmp_path / "root"
    touch(root, "a/1.png")
    touch(tmp_path, "out.png", "far/out.png")
    (root / "link").symlink_to(tmp_path / "far", target_is_directory=True)
    with pytest.raises(DataError, match=f"table line 2: {named} leads out of {root}"):
        inside(root, named, "table line 2")


@pytest.mark.parametrize("named", ["2.png", "a", ""])
def test_what_is_no_file_is_refused(tmp_path: Path, named: str) -> None:
    touch(tmp_path, "a/1.png")
    with pytest.raises(DataError, match="table line 2: no file"):
        inside(tmp_path, named, "table line 2")


# needed_root, needed_folder, refuse_unlabelled


def test_a_root_is_a_folder(tmp_path: Path) -> None:
    touch(tmp_path, "file")
    assert needed_root("mine", "camvid", tmp_path) == tmp_path
    for root in (tmp_path / "file", tmp_path / "nowhere"):
        with pytest.raises(DataError, match=f"'mine': root {root} is not a folder"):
            needed_root("mine", "camvid", root)


def test_a_missing_folder_names_its_package_and_where_there_is_one(tmp_path: Path) -> None:
    root = tmp_path / "here"
    (root / "images/train").mkdir(parents=True)
    assert needed_folder(root, "images/train", "images.zip") == root / "images/train"
    for given_ in (tmp_path, root / "images", root / "images/train"):
        with pytest.raises(
            DataError, match=rf"it comes in images.zip, unpacked in {given_}; there is one in {root}; point at"
        ):
            needed_folder(given_, "images/train", "images.zip")
    with pytest.raises(DataError, match=r"here/labels: no such folder; it comes in labels.zip, unpacked in .*/here$"):
        needed_folder(root, "labels", "labels.zip")


def test_splits_without_labels_are_refused() -> None:
    refuse_unlabelled("mine", ("val", "train"), ("train", "val"))
    with pytest.raises(DataError, match="'mine': the labels of test are withheld by the publisher; use train or val"):
        refuse_unlabelled("mine", ("train", "test"), ("train", "val"))
    with pytest.raises(DataError, match="'mine': there are no labels of train from the publisher; use val"):
        refuse_unlabelled("mine", ("train",), ("val",))


# paired


def test_pairs_come_in_the_order_of_their_keys(tmp_path: Path) -> None:
    for name in ("i/b.png", "i/a.png", "l/1.png", "l/2.png"):
        picture(tmp_path, name)
    assert list(paired(tmp_path, {"b": "i/b.png", "a": "i/a.png"}, {"a": "l/1.png", "b": "l/2.png"}, ENCODING)) == [
        "a",
        "b",
    ]


def test_what_stands_alone_is_named_and_counted(tmp_path: Path) -> None:
    for name in ("i/a.png", "i/b.png", "i/c.png", "l/a.png"):
        picture(tmp_path, name)
    images = {key: f"i/{key}.png" for key in "abc"}
    with pytest.raises(DataError, match=r"i/b.png: image without a label \(2 of 3 are\)"):
        list(paired(tmp_path, images, {"a": "l/a.png"}, ENCODING))
    with pytest.raises(DataError, match=r"i/b.png: label without an image \(2 of 3 are\)"):
        list(paired(tmp_path, {"a": "l/a.png"}, images, ENCODING))


def test_sizes_are_compared_by_the_headers(tmp_path: Path) -> None:
    picture(tmp_path, "i.png", (4, 3))
    picture(tmp_path, "l.png", (3, 4))
    with pytest.raises(DataError, match=r"i.png: image and label differ in size: 4x3 and 3x4"):
        list(paired(tmp_path, {"a": "i.png"}, {"a": "l.png"}, ENCODING))
