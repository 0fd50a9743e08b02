from fairweather.audit.datasets.published import published_counts, published_shares


def test_counts_are_those_of_the_facts() -> None:
    assert published_counts("cityscapes") == {"train": 2975, "val": 500}
    assert published_counts("acdc") == {"train": 1600, "val": 406} and published_counts("folder") == {}
    assert published_counts("camvid") == {"train": 367, "val": 101, "test": 233}


def test_shares_are_only_carried_for_cityscapes() -> None:
    assert published_shares("cityscapes")["road"] == 36.9 and not published_shares("bdd10k")
