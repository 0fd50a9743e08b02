"""Checks of the groups that images were filmed in, by the rules that a study's split is checked by."""

from collections import Counter

from fairweather.audit.check import Check
from fairweather.audit.datasets.survey import Survey
from fairweather.audit.splits import check_splits
from fairweather.vocabulary.domains import UNDEFINED

CODES = (
    "split.group_on_both_sides",
    "split.domain_within_group",
    "split.few_groups",
)  # of the checks of a study's split


def check_groups(survey: Survey) -> tuple[Check, ...]:
    """split.group_on_both_sides, split.domain_within_group (not of images whose domain nobody knows), split.few_groups."""
    counts = Counter((survey.side(s), s.split, s.domain, s.group) for s in survey.dataset.samples)
    groups = [
        {"side": side, "split": split, "domain": domain, "group": group, "images": n}
        for (side, split, domain, group), n in sorted(counts.items())
    ]
    record = {"official_splits": survey.card.official_splits, "groups": groups}
    checks = check_splits({"data": {survey.dataset.name: record}})
    return tuple(
        check
        for check in checks
        if check.code in CODES and not (check.code == CODES[1] and check.rows[0]["domain"] == UNDEFINED)
    )
