"""What readers say of themselves, and their pages."""

import re
from pathlib import Path

import pytest

from fairweather.data import READERS, SPLITS
from fairweather.vocabulary.labels import label_space_names

PAGES = Path(__file__).parents[2] / "docs" / "datasets"
ON_DISK = [name for name, reader in READERS.items() if "root" in reader.card.needs]


@pytest.mark.parametrize("name", ON_DISK)
def test_a_card_of_data_on_disk_says_everything(name: str) -> None:
    card = READERS[name].card
    for field in ("encoding", "groups", "domain_rule", "layout", "get_it", "licence", "source"):
        said = getattr(card, field)
        assert said and "\n" not in said, field
    assert card.label_space in label_space_names() and set(card.splits) <= set(SPLITS)


@pytest.mark.parametrize("name", [name for name in ON_DISK if (PAGES / f"{name}.md").is_file()])
def test_a_page_explains_every_option_and_shows_the_reader(name: str) -> None:
    text, card = (PAGES / f"{name}.md").read_text(), READERS[name].card
    assert f"reader: {name}" in text
    for option, allowed in ((key, option.allowed) for key, option in card.options.items()):
        row = re.search(rf"^\|.*`{option}`.*$", text, re.M)
        assert row, option
        assert all(f"`{value}`" in row[0] for value in allowed), (option, allowed)
