"""Write what `make test-calibration` found into docs/calibration.csv and the marked tables of docs/statistics.md.

    python -m tests.analysis.calibration.report runs/calibration.xml

The file is pytest's JUnit report of the full run. Nothing is written unless it holds every case. Without the file the tables are
written again from docs/calibration.csv.
"""

import csv
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from tests.analysis.calibration.cases import CASES, Outcome
from tests.analysis.calibration.properties import PROPERTIES
from tests.analysis.calibration.traps import simulate, traps

from fairweather.analysis.power import planned_gain

DOCS = Path(__file__).parents[3] / "docs"
TEST = "test_every_case_in_full"

Results = Mapping[tuple[str, str], Outcome]  # (case, property) -> what was found


def written(outcome: Outcome) -> str:
    return f"{outcome.value:.5f} {outcome.error:.5f} {outcome.studies}"


def percent(outcome: Outcome) -> str:
    return f"{100 * outcome.value:.1f} +- {100 * outcome.error:.1f}"


def collect(junit: Path) -> Results:
    """The numbers of a full run; KeyError names the first case that it lacks."""
    found: dict[tuple[str, str], Outcome] = {}
    for test in ElementTree.parse(junit).iter("testcase"):
        name = test.attrib["name"]
        if name.startswith(f"{TEST}["):
            for entry in test.iter("property"):
                value, error, studies = entry.attrib["value"].split()
                case = name[len(TEST) + 1 : -1]
                found[case, entry.attrib["name"]] = Outcome(float(value), float(error), int(studies))
    return {(case.name, key): found[case.name, key] for case in CASES for keys in case.shows.values() for key in keys}


def table(results: Results) -> str:
    """One row for each property: what is required, what was found over its cases."""
    lines = [
        "| property | required, % | prototype, % | here, %: lowest | highest | mean | cases | studies a case |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for key, promise in PROPERTIES.items():
        own = sorted((outcome for (_, name), outcome in results.items() if name == key), key=lambda found: found.value)
        mean = sum(found.value for found in own) / len(own)
        sizes = sorted({found.studies for found in own})
        number = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
        lines.append(
            f"| {promise.title} | {promise.required} | {promise.prototype} | {percent(own[0])} | {percent(own[-1])} "
            f"| {100 * mean:.1f} | {len(own)} | {number} |"
        )
    return "\n".join(lines)


def traps_table() -> str:
    """What the usual shortcuts cover."""
    lines = ["| shortcut | tried where | its 95 % intervals cover, % |", "| --- | --- | --- |"]
    lines += [f"| {trap.shortcut} | {trap.studies} | {percent(simulate(trap))} |" for trap in traps()]
    return "\n".join(lines)


def plan_table() -> str:
    """The smallest gain that a design shows four times in five, one run in each of n cells."""
    cells = (3, 6, 12, 24)
    lines = ["| strategies | " + " | ".join(f"{n} cells" for n in cells) + " |", "| --- " * (len(cells) + 1) + "|"]
    for K in (1, 4, 7, 26):
        lines.append(f"| {K} | " + " | ".join(f"{planned_gain(K, n, n - 1.0):.2f}" for n in cells) + " |")
    extra = [1 - planned_gain(7, 12, 11.0, runs) / planned_gain(7, 12, 11.0) for runs in (2, 3, 5)]
    saved = ", ".join(f"{share:.0%}" for share in extra)
    return "\n".join(
        [*lines, "", f"With 7 strategies and 12 cells, 2, 3 or 5 runs of the baseline in each lower it by {saved}."]
    )


def markers(name: str) -> tuple[str, str]:
    return f"<!-- {name}: start -->", f"<!-- {name}: end -->"


def between_markers(page: str, name: str) -> str:
    start, end = markers(name)
    return page.split(start)[1].split(end)[0].strip()


def page_with(page: str, name: str, text: str) -> str:
    start, end = markers(name)
    before, rest = page.split(start)
    return f"{before}{start}\n\n{text}\n\n{end}{rest.split(end)[1]}"


def csv_of(results: Results) -> str:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(["case", "property", "value", "error", "studies"])
    for (case, name), found in results.items():
        lines.writerow([case, name, f"{found.value:.5f}", f"{found.error:.5f}", found.studies])
    return out.getvalue()


def read(path: Path) -> Results:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["case"], row["property"]): Outcome(float(row["value"]), float(row["error"]), int(row["studies"]))
            for row in csv.DictReader(file)
        }


def main(junit: Path | None) -> int:
    try:
        results = collect(junit) if junit else read(DOCS / "calibration.csv")
    except KeyError as missing:
        print(f"{junit}: it lacks {missing} (needed: the full run of `make test-calibration`)", file=sys.stderr)
        return 2
    path = DOCS / "statistics.md"
    page = path.read_text(encoding="utf-8")
    for name, text in (("calibration", table(results)), ("traps", traps_table()), ("plan", plan_table())):
        page = page_with(page, name, text)
    path.write_text(page, encoding="utf-8")
    (DOCS / "calibration.csv").write_text(csv_of(results), encoding="utf-8")
    broken = [f"{case}: {name} {percent(found)}" for (case, name), found in results.items() if not found.within(name)]
    print("\n".join([f"wrote {len(results)} numbers of {len(CASES)} cases, {len(broken)} out of bounds", *broken]))
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
