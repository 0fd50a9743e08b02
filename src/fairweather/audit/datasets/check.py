"""Every check of a data set, in the order in which a person wants to read them."""

from collections.abc import Sequence

from fairweather.audit.check import Check
from fairweather.audit.datasets.classes import check_classes
from fairweather.audit.datasets.copies import check_beside, check_copies
from fairweather.audit.datasets.counts import check_attributes, check_counts
from fairweather.audit.datasets.damage import check_damage, check_remarks
from fairweather.audit.datasets.domains import check_domains
from fairweather.audit.datasets.encodings import check_encodings
from fairweather.audit.datasets.groups import check_groups
from fairweather.audit.datasets.pairing import check_pairing
from fairweather.audit.datasets.survey import Survey


def check_dataset(survey: Survey, beside: Sequence[Survey] = ()) -> tuple[Check, ...]:
    """All checks of a surveyed data set; every one that ran is listed, holding or not.

    Args:
        beside: other data sets, whose images should not be in this one.
    """
    attributes = check_attributes(survey)
    return (
        *check_damage(survey),
        *check_remarks(survey),
        check_counts(survey),
        *((attributes,) if attributes else ()),
        *check_encodings(survey),
        *check_classes(survey),
        *check_pairing(survey),
        *check_domains(survey),
        *check_groups(survey),
        *check_copies(survey),
        *check_beside(survey, beside),
    )
