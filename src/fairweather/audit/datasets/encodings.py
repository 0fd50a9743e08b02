"""Checks that labels are encoded as declared: each mix-up of encodings leaves a fingerprint in the classes that are left."""

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.readings import LOOKED_AT, Values, is_street, plausible, raw_values, readable
from fairweather.audit.datasets.roles import roles
from fairweather.audit.datasets.survey import Survey, heights, shares
from fairweather.data.files import Files
from fairweather.vocabulary.labels import IGNORE, LabelSpace, label_map, label_space

IGNORED = 0.3  # share of all pixels from which a table is suspected to have thrown classes away


def check_encodings(survey: Survey) -> tuple[Check, ...]:
    """labels.id_table_twice, labels.red_blue_swapped, labels.other_encoding: errors."""
    return _id_table(survey), _swapped(survey), _reading(survey)


def _id_table(survey: Survey) -> Check:
    """Nothing is left but classes that the table of Cityscapes ids makes of train ids, no sky, hardly any road, much ignored."""
    code, space = "labels.id_table_twice", survey.dataset.label_space
    if not survey.looks or space.classes != label_space("cityscapes19").classes:
        return holding(code)
    table = label_map("cityscapes34", "cityscapes19").table[: space.num_classes]
    share = shares(survey.looks)
    made = sorted({after for after in table if after != IGNORE})
    present = np.flatnonzero(share[:-1]).tolist()
    if not present or not set(present) <= set(made) or share[-1] < IGNORED or share[0] >= 0.05:
        return holding(code)
    rows = [
        {"class": space.classes[after], "percent": round(100 * float(share[after]), 2), "really": space.classes[before]}
        for before, after in enumerate(table)
        if after in present
    ]
    statement = (
        f"{100 * share[-1]:.0f} % of the pixels are ignored and of {space.num_classes} classes only {_names(space, present)} are"
        " there: this is what the table of Cityscapes ids makes of labels that already are train ids (0-6 ignored, road nearly"
        " empty, 8-18 shifted or lost)."
    )
    return finding(code, "error", statement, rows)


def survivors(space: LabelSpace) -> dict[int, int]:
    """Class -> what it becomes if red and blue are swapped before its colour is looked up; the others become no class."""
    first = {colour: index for index, colour in reversed(list(enumerate(space.colours)))}
    swapped = ((index, first.get((b, g, r))) for index, (r, g, b) in enumerate(space.colours))
    return {index: after for index, after in swapped if after is not None}


def _swapped(survey: Survey) -> Check:
    """Only classes are there whose colour is another's or its own with red and blue swapped, and the sky is not; or the class
    that a car turns into has more pixels than cars."""
    code, space = "labels.red_blue_swapped", survey.dataset.label_space
    if not survey.looks:
        return holding(code)
    share, become = shares(survey.looks)[:-1], survivors(space)
    reached, present = set(become.values()), np.flatnonzero(share).tolist()
    role = roles(space.name)
    lost = [name for name in ("sky", "vegetation", "road", "building") if not set(role.get(name, ())) & reached]
    gone = (
        bool(lost)
        and set(present) <= reached
        and not any(share[list(role[name])].any() for name in lost if name in role)
    )
    pairs = [(index, after) for index, after in become.items() if index < after and become.get(after) == index]
    cars = set(role.get("car", ()))
    turned = [(a, b) if a in cars else (b, a) for a, b in pairs if cars & {a, b}]
    turned = [(car, other) for car, other in turned if share[other] > share[car]]
    known = [name for name in lost if name in role]
    if not present or not ((gone and known and len(present) > 1) or turned):
        return holding(code)
    rows = [{"class": space.classes[i], "percent": round(100 * float(share[i]), 2)} for i in present]
    told = [f"{space.classes[car]} ({100 * share[car]:.1f} %) swapped with {space.classes[other]} ({100 * share[other]:.1f} %)"
            for car, other in turned]  # fmt: skip
    statement = (
        f"{len(present)} of {space.num_classes} classes are present"
        + (f", all of the {len(reached)} that survive a swap of red and blue" if set(present) <= reached else "")
        + (f", {', '.join(told)}" if told else "")
        + ": red and blue were swapped when the colours were decoded."
    )
    return finding(code, "error", statement, rows)


def _reading(survey: Survey) -> Check:
    """The values make no street scene as declared, or some are not allowed, and under another encoding they do."""
    code, dataset = "labels.other_encoding", survey.dataset
    spoilt = [fault.sample for fault in survey.faults if fault.code == "labels.not_as_declared"]
    if not isinstance(dataset, Files) or not readable(dataset) or (not spoilt and _declared_fits(survey)):
        return holding(code)
    values = raw_values(dataset, spoilt or dataset.samples)
    readings = plausible(values, written(dataset)) if values.files else []
    if not readings:
        return holding(code, "No other encoding makes better sense of the label values.")
    rows = [{"could be": words, **({"label_space": name} if name else {})} for name, words in readings]
    example = (spoilt or dataset.samples)[0].label
    statement = (
        f"As {_declared(dataset)} the values of {values.files} label files (such as {example}) make no street scene or are not"
        f" allowed; as {' or '.join(words for _, words in readings)} they do: sky above, road below ({_values(values)})."
    )
    return finding(code, "error", statement, rows)


def _declared_fits(survey: Survey) -> bool:
    looks = survey.looks
    if not looks:
        return True
    counts = np.zeros(256, np.int64)
    each = np.array([look.histogram for look in looks], np.int64).sum(0)
    counts[: len(each)], place = each, np.full(256, np.nan)
    place[: len(each)] = heights(looks)
    return is_street(Values(counts, place, len(looks)), roles(survey.dataset.label_space.name))


def written(dataset: Files) -> str:
    """The label space of the numbers in the files, where it is one: that of a palette, or that they are read to."""
    return getattr(dataset.encoding, "written", dataset.label_space.name)


def _declared(dataset: Files) -> str:
    holds: str = getattr(dataset.encoding, "holds", "") or f"palette indices of {written(dataset)}"
    return holds


def _values(values: Values) -> str:
    there = np.flatnonzero(values.counts)
    return f"values {there.min()} to {there[there < IGNORE].max(initial=0)} in up to {LOOKED_AT} files"


def _names(space: LabelSpace, indices: list[int]) -> str:
    return ", ".join(space.classes[index] for index in indices)
