"""Checks of how many images there are, against what was published; the table and its sources: published_counts.csv."""

from collections import Counter

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.pairing import reference
from fairweather.audit.datasets.published import published_counts
from fairweather.audit.datasets.survey import Survey

ATTRIBUTED = {"bdd10k": (0.5, 0.8)}  # share of images with an attribute record; about 60 to 70 % are expected
FEWEST = 500  # images below which that share says nothing


def check_counts(survey: Survey) -> Check:
    """data.file_counts: the images of each split are as many as were published, references not counted; warning: it may be meant
    to be a part."""
    known = published_counts(survey.card.name)
    found = Counter(sample.split for sample in survey.dataset.samples if not reference(sample.image))
    other = {split: n for split, n in known.items() if found[split] != n}
    if not known:
        return holding("data.file_counts", f"No counts are published for the layout {survey.card.name}.", "warning")
    if not other:
        return holding("data.file_counts", severity="warning")
    told = ", ".join(f"{split} {found[split]} of {n}" for split, n in other.items())
    rows = [{"split": split, "images": found[split], "published": n} for split, n in other.items()]
    return finding("data.file_counts", "warning", f"This is not the whole package: {told} images.", rows)


def check_attributes(survey: Survey) -> Check | None:
    """data.attribute_match: the share of images whose domain an attribute tells is about what is known; warning. None where
    nothing is known, or of fewer than FEWEST images."""
    samples = survey.dataset.samples
    if survey.card.name not in ATTRIBUTED or len(samples) < FEWEST:
        return None
    low, high = ATTRIBUTED[survey.card.name]
    told = sum(sample.origin == "attribute" and bool(sample.domain != "undefined") for sample in samples)
    statement = f"An attribute tells the domain of {told} of {len(samples)} images ({100 * told / len(samples):.0f} %)"
    if low <= told / len(samples) <= high:
        return holding("data.attribute_match", f"{statement}.", "warning")
    rows = [{"images": len(samples), "with attribute": told}]
    return finding("data.attribute_match", "warning", f"{statement}; about 60 to 70 % have a record.", rows)
