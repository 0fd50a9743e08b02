"""Near-duplicates: what the two hashes find and what they leave alone, on Fairtown, on drawn hashes, and on CamVid."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import process_time

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.data import READERS, Manifest, Row, Sample, index
from fairweather.data.decode import decode_image
from fairweather.data.duplicates import DETAIL_DISTANCE, DISTANCE, close_pairs, clusters, likest
from fairweather.data.manifest import DETAIL_BYTES, detail_hash, difference_hash
from fairweather.vocabulary.domains import DOMAINS


def row(id: str, dhash: int, detail: bytes = bytes(DETAIL_BYTES), **sample: str) -> Row:
    """A row of which only the hashes matter."""
    told = {"split": "train", "domain": "clear_day", "group": "", "image": "", "label": "", **sample}
    return Row(Sample(id, **told), id, id, id, id, (1, 1), (1,), dhash, detail)


def seen(image: np.ndarray, id: str = "") -> Row:
    """A row of a picture."""
    return row(id, difference_hash(image), detail_hash(image))


@cache
def fairtown() -> tuple[tuple[str, str, np.ndarray], ...]:
    """Twelve streets of Fairtown in every domain: (group, domain, image)."""
    reader = READERS["fairtown"]
    town = reader.open("town", None, ("train",), reader.card.resolved({"size": "128x64"}, "test"))
    firsts = list({sample.group: sample for sample in town.samples}.values())[:12]
    rng = np.random.default_rng(0)
    return tuple((s.group, domain, town.twin(s, domain, rng)) for domain in DOMAINS for s in firsts)


def compressed(image: np.ndarray) -> np.ndarray:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    return cv2.cvtColor(
        cv2.imdecode(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB
    )


ALTERED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "compressed": compressed,
    "half the size": lambda image: cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "cropped by 2 %": lambda image: image[:, image.shape[1] // 100 : -(image.shape[1] // 100)],
    "darkened": lambda image: (255 * (image / 255.0) ** 1.3).astype(np.uint8),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_copy_is_found_in_every_weather(name: str) -> None:
    rows = [seen(image) for _, _, image in fairtown()]
    copies = [seen(ALTERED[name](image)) for _, _, image in fairtown()]
    found = likest(copies, rows)
    missed = [fairtown()[i][1] for i, j in enumerate(found) if j != i]
    assert not missed


def test_other_streets_in_the_same_weather_are_no_near_duplicates() -> None:
    """Fog and night too, whose pictures share their light: the second hash tells the streets apart."""
    rows = [seen(image, str(i)) for i, (_, _, image) in enumerate(fairtown())]
    for members in clusters(rows, distance=16):  # far more candidates than by default, so that the second hash has work
        assert len({fairtown()[i][0] for i in members}) == 1


def test_the_first_hash_alone_would_join_other_streets() -> None:
    rows = [seen(image, str(i)) for i, (_, _, image) in enumerate(fairtown())]
    joined = clusters(rows, distance=16, detail=8 * DETAIL_BYTES)
    assert any(len({fairtown()[i][0] for i in members}) > 1 for members in joined)


def test_clusters_are_joined_over_others() -> None:
    rows = [row("a", 0), row("b", 0b111111), row("c", 0b111111111111), row("d", 2**63), row("e", 2**64 - 1)]
    assert clusters(rows) == ((0, 1, 2, 3),)  # c is 12 bits from a, and 6 from b
    assert clusters(rows, distance=5) == ((0, 3),)
    assert clusters([]) == ()


def test_the_detail_decides_at_its_limit() -> None:
    def bits(n: int) -> bytes:
        return np.packbits(np.arange(8 * DETAIL_BYTES) < n).tobytes()

    near, far = row("b", 0, bits(DETAIL_DISTANCE)), row("c", 0, bits(DETAIL_DISTANCE + 1))
    assert likest([near, far], [row("a", 0)]) == (0, None)
    assert clusters([row("a", 0), near]) == ((0, 1),) and clusters([row("a", 0), far]) == ()


def test_the_nearest_is_named() -> None:
    half = np.packbits(np.arange(8 * DETAIL_BYTES) < 20).tobytes()
    assert likest([row("x", 1, half)], [row("a", 1), row("b", 3, half), row("c", 1, half)]) == (1,)


def test_rows_without_a_detail_hash_are_refused() -> None:
    with pytest.raises(ValueError, match="row of a has no detail hash"):
        clusters([row("a", 0, b"")])


@given(st.lists(st.integers(0, 2**64 - 1), max_size=40), st.integers(0, 64))
def test_pairs_are_those_of_the_definition(values: list[int], distance: int) -> None:
    hashes = np.array(values, np.uint64)
    found = {(a, b) for i, j in close_pairs(hashes, hashes, distance) for a, b in zip(i, j, strict=True)}
    expected = {(a, b) for a, x in enumerate(values) for b, y in enumerate(values) if (x ^ y).bit_count() <= distance}
    assert found == expected


def drawn(n: int) -> Sequence[Row]:
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, n, dtype=np.uint64, endpoint=False)
    return [row(str(i), int(h), rng.bytes(DETAIL_BYTES)) for i, h in enumerate(hashes)]


def test_twenty_thousand_images_take_seconds() -> None:
    rows = drawn(20_000)
    copies = [
        replace(r, sample=replace(r.sample, id=f"copy {i}"), dhash=r.dhash ^ 0b101) for i, r in enumerate(rows[:500])
    ]
    started = process_time()
    found = clusters([*rows[500:], *rows[:500], *copies])
    assert process_time() - started < 20  # 2 s on an idle core
    assert found == tuple((19_500 + i, 20_000 + i) for i in range(500))


def test_black_frames_are_one_cluster_without_being_paired() -> None:
    rows = [row(f"{i:05d}", 0) for i in range(30_000)]
    started = process_time()
    assert clusters(rows) == (tuple(range(30_000)),)
    assert process_time() - started < 10


@pytest.fixture(scope="module")
def camvid() -> Manifest:
    from tests.conftest import SHARED

    root = SHARED / "data" / "camvid"
    if not root.is_dir():
        pytest.skip("../shared/data/camvid is not there")
    return _camvid(root)


def _camvid(root: Path) -> Manifest:
    reader = READERS["camvid"]
    dataset = reader.open("camvid", root, ("train", "val", "test"), {})
    return index(dataset.only(dataset.samples[::3]))


def test_frames_of_other_sequences_of_camvid_are_no_near_duplicates(camvid: Manifest) -> None:
    found = clusters(camvid.rows)
    assert found, "a car that waits is filmed more than once"
    for members in found:
        assert len({camvid.rows[i].sample.group for i in members}) == 1


def test_altered_frames_of_camvid_are_found(camvid: Manifest, camvid_root: Path) -> None:
    rows = camvid.rows[::12]
    pictures = [decode_image(camvid_root / r.sample.image) for r in rows]
    for alter in ALTERED.values():
        assert likest([seen(alter(picture)) for picture in pictures], rows, DISTANCE) == tuple(range(len(rows)))
