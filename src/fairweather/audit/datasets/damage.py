"""Checks of the files themselves: damaged, empty, turned, of another format or size; all such files are named."""

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.survey import Survey

SAID = {
    "data.unreadable_file": "cannot be read whole",
    "data.empty_file": "hold no byte",
    "data.turned_image": "ask their viewer to turn them (EXIF), which their labels are not",
    "data.pixel_format": "are not of 8 opaque bits a channel",
    "data.other_size": "differ in size from their label",
    "labels.not_as_declared": "do not hold what is declared",
}


def check_damage(survey: Survey) -> tuple[Check, ...]:
    """Every code of SAID: error, with a row for each file."""
    checks = []
    for code, said in SAID.items():
        rows = [{"file": fault.file, "problem": fault.problem} for fault in survey.faults if fault.code == code]
        if rows:
            checks.append(finding(code, "error", f"{len(rows)} of {len(survey.dataset.samples)} files {said}.", rows))
        else:
            checks.append(holding(code))
    return tuple(checks)


def check_remarks(survey: Survey) -> tuple[Check, Check]:
    """data.skipped_record: records that the reader left out because the user said so; warning.
    data.note: what else it says; note."""
    skipped, notes = survey.dataset.skipped, survey.dataset.notes
    left_out, said = holding("data.skipped_record", severity="warning"), holding("data.note", severity="note")
    if skipped:
        rows = [{"problem": line} for line in skipped]
        left_out = finding("data.skipped_record", "warning", f"Records that were skipped: {len(skipped)}.", rows)
    if notes:
        said = finding(
            "data.note", "note", f"Remarks of the reader: {len(notes)}.", [{"remark": line} for line in notes]
        )
    return left_out, said
