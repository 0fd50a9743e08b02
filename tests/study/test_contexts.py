from fairweather.data import Sample
from fairweather.study import Context


def sample(number: int, domain: str = "clear_day") -> Sample:
    return Sample(f"train/{number}", "train", domain, "", "", "")


def test_a_context_admits_by_domain() -> None:
    stage1 = Context("stage1", ("clear_day",))
    assert stage1.admits(sample(0)) and not stage1.admits(sample(0, "night"))


def test_shares_nest() -> None:
    five, ten = (Context("c", ("clear_day",), share) for share in (0.05, 0.10))
    taken = [{i for i in range(3000) if context.admits(sample(i))} for context in (five, ten)]
    assert taken[0] < taken[1] and 100 < len(taken[0]) < 200
