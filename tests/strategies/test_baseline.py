from fairweather.strategies import OnBatch, OnSample, build


def test_the_baseline_is_a_control_without_an_act():
    baseline = build("baseline")
    assert not isinstance(baseline, OnSample | OnBatch)
    assert baseline.card.control
    assert baseline.card.family == "none"
