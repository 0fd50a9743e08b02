from dataclasses import replace

import pytest

from fairweather.data import READERS, fingerprint, index


@pytest.fixture
def rows():  # type: ignore[no-untyped-def]
    return index(READERS["toy"].open("toy", None, ("test",), {"world": "nothing"})).rows


def test_the_fingerprint_knows_content_and_not_order_or_place(rows) -> None:  # type: ignore[no-untyped-def]
    whole = fingerprint(rows)
    assert fingerprint(rows[::-1]) == whole
    moved = replace(rows[0], sample=replace(rows[0].sample, image="elsewhere.png"))
    assert fingerprint((moved, *rows[1:])) == whole
    for changed in (
        replace(rows[0], image_sha256="0" * 64),
        replace(rows[0], label_sha256="0" * 64),
        replace(rows[0], sample=replace(rows[0].sample, domain="foggy")),
        replace(rows[0], sample=replace(rows[0].sample, group="other")),
    ):
        assert fingerprint((changed, *rows[1:])) != whole


def test_a_row_counts_labelled_pixels_alone(rows) -> None:  # type: ignore[no-untyped-def]
    height, width = rows[0].size
    assert sum(rows[0].histogram) == (height - 2) * width  # the bonnet's two rows are ignored
