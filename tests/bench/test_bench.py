"""The command: which rows run, what is written, when it fails. Rows are fake, nothing is timed."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from bench.frame import Arms, Limit, Row, Skip, faster

from bench import bench


def fake_row(name: str, required: Limit | None, peer_seconds: int) -> Row:
    """Ours takes 1 s, the peer `peer_seconds`."""
    now = [0.0]

    def spend(time: float) -> None:
        now[0] += time

    arms = Arms(lambda: spend(1), lambda: spend(peer_seconds))
    return Row(name, lambda: arms, required, clock=lambda: now[0])


def skipped_row() -> Row:
    def no_data() -> Arms:
        raise Skip("no data here")

    return Row("fake/skipped", no_data, faster(2))


@pytest.fixture
def fake_topic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One topic of three rows, of which fake/slow does not hold; the default results file is in tmp_path."""
    rows = [fake_row("fake/fast", faster(2), 3), fake_row("fake/slow", faster(5), 3), skipped_row()]
    monkeypatch.setattr(bench, "TOPICS", ("fake",))
    monkeypatch.setattr(bench, "import_module", lambda name: SimpleNamespace(rows=lambda: rows))
    monkeypatch.setattr(bench, "use_one_thread", lambda: None)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    return tmp_path / "results.json"


def test_a_row_that_does_not_hold_fails_the_command(fake_topic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main([]) == 1
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in out[1:3]] == ["yes", "NO"]
    assert out[3].endswith("skipped: no data here")
    record = json.loads(fake_topic.read_text())
    fast, slow, skipped = record["rows"]
    assert fast == {
        "name": "fake/fast",
        "required": ">= 2x faster",
        "ours": 1000.0,
        "peer": 3000.0,
        "ratio": 3.0,
        "spread": [3.0, 3.0],
        "holds": True,
        "rounds": 7,
        "skipped": None,
    }
    assert slow["holds"] is False
    assert (skipped["holds"], skipped["skipped"]) == (None, "no data here")


def test_only_runs_some_rows_and_leaves_the_results_file_alone(fake_topic: Path) -> None:
    assert bench.main(["--only", "fast"]) == 0
    assert not fake_topic.exists()
    other = fake_topic.with_name("some.json")
    assert bench.main(["--only", "fast", "--json", str(other)]) == 0
    assert [row["name"] for row in json.loads(other.read_text())["rows"]] == ["fake/fast"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "fats"], "no such row (known: fake/fast, fake/slow, fake/skipped)"),
        (["--rounds", "3"], "--rounds 3: at least 7"),
    ],
)
def test_bad_arguments_are_named(
    fake_topic: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        bench.main(arguments)
    assert message in capsys.readouterr().err


def test_machine_facts_hold_no_host_name_and_no_path() -> None:
    import platform

    text = json.dumps(bench.machine())
    assert platform.node() not in text
    assert str(Path.home()) not in text
    assert "numpy" in text


def test_every_topic_has_rows_under_its_own_name_and_builds_nothing_yet() -> None:
    from importlib import import_module

    for topic in bench.TOPICS:
        names = [row.name for row in import_module(f"bench.{topic}").rows()]
        assert names
        assert len(set(names)) == len(names)
        assert all(name.startswith(f"{topic}/") for name in names)


def test_the_confusion_rows_carry_the_limits_of_the_issue() -> None:
    from bench import confusion

    limits = {row.name: (str(row.required), row.period) for row in confusion.rows()}
    assert limits == {
        "confusion/random": (">= 25x faster", 64),
        "confusion/real": (">= 25x faster", 64),
        "confusion/copy": ("<= 10.00x", 64),
    }
