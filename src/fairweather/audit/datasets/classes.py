"""Checks of the classes: that each is there, takes the share of pixels it should, and lies where it should."""

from collections.abc import Sequence

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.published import published_shares
from fairweather.audit.datasets.roles import roles
from fairweather.audit.datasets.survey import Look, Survey, shares

FREQUENT = (
    "road",
    "sidewalk",
    "building",
    "vegetation",
    "sky",
    "car",
)  # by Cityscapes names: a street data set has all of them
# Known to have no pixel of a class, or next to none, by the publisher's own choice of classes or places.
EXCEPTIONS = {"bdd10k": ("train",), "idd": ("train",), "iddaw": ("train",), "acdc": (), "foggy_cityscapes": ()}
# Percent of labelled pixels in driving scenes, coarse on purpose (datasets.md 9.3).
RANGES = {"road": (20.0, 45.0), "sky": (1.0, 50.0), "car": (2.0, 40.0)}
OFTEN = 3.0  # percent from which a published share is compared
TIMES = 3.0  # by how much a share may differ from it
NAMED = 8  # classes in a statement; the rows have all
LEAST = 0.01  # share of an image from which a class has a place in it
SYSTEMATIC = 0.2


def check_classes(survey: Survey) -> tuple[Check, ...]:
    """labels.class_absent, labels.class_shares, labels.position; without a single readable image they say nothing."""
    if not survey.looks:
        return ()
    return (*_absent(survey), _shares(survey), _position(survey))


def _absent(survey: Survey) -> tuple[Check, ...]:
    """Evaluated classes without a pixel: a warning where nothing frequent is left (of Road, Service Lane and their like none), a
    note for others, nothing for known exceptions."""
    code, space = "labels.class_absent", survey.dataset.label_space
    share, role = shares(survey.looks), roles(space.name)
    often = {i for name in FREQUENT for i in role.get(name, ()) if not share[list(role[name])].any()}
    known = EXCEPTIONS.get(survey.card.name, ())
    absent = [
        i
        for i, name in enumerate(space.classes)
        if not share[i] and name not in space.unevaluated and name not in known
    ]
    checks = []
    for severity, indices in (
        ("warning", [i for i in absent if i in often]),
        ("note", [i for i in absent if i not in often]),
    ):
        if indices:
            rows = [{"class": space.classes[i], "index": i} for i in indices]
            kind = "frequent" if severity == "warning" else "rarer"
            more = f" and {len(indices) - NAMED} more" if len(indices) > NAMED else ""
            named = ", ".join(space.classes[i] for i in indices[:NAMED]) + more
            looked = f"{space.num_classes} classes have no pixel in {len(survey.looks)} images"
            statement = f"{len(indices)} {kind} of {looked}: {named}."
            checks.append(finding(code, "warning" if severity == "warning" else "note", statement, rows))
    return tuple(checks) or (holding(code, severity="warning"),)


def _shares(survey: Survey) -> Check:
    """Road, sky and car within RANGES; every class of OFTEN percent within TIMES of what was published; warning."""
    code, space = "labels.class_shares", survey.dataset.label_space
    share = shares(survey.looks)[:-1]
    percent = 100 * share / max(float(share.sum()), 1e-9)
    limits = {name: RANGES[name] for name in RANGES if name in roles(space.name)}
    found = {name: float(percent[list(roles(space.name)[name])].sum()) for name in limits}
    for name, value in published_shares(survey.card.name).items():
        if value >= OFTEN and name in space.classes:
            low, high = limits.get(name, (0.0, 100.0))
            limits[name] = max(low, value / TIMES), min(high, value * TIMES)
            found[name] = float(percent[space.classes.index(name)])
    wrong = {name: value for name, value in found.items() if not limits[name][0] <= value <= limits[name][1]}
    if not wrong:
        told = ", ".join(f"{name} {value:.1f} %" for name, value in found.items())
        return holding(
            code, f"{told} of the labelled pixels." if told else "This label space has no road, sky or car.", "warning"
        )
    told = ", ".join(
        f"{name} {v:.1f} % (expected {limits[name][0]:.1f} to {limits[name][1]:.1f})" for name, v in wrong.items()
    )
    rows = [
        {"class": name, "percent": round(v, 2), "from": round(limits[name][0], 2), "to": round(limits[name][1], 2)}
        for name, v in found.items()
    ]
    return finding(code, "warning", f"Of the labelled pixels: {told}.", rows)


def _position(survey: Survey) -> Check:
    """The mean height of sky is above the middle, that of road below, and sky lies above road in each image; error where that is
    wrong on average or in a fifth of the images, else a warning that names them."""
    code, role = "labels.position", roles(survey.dataset.label_space.name)
    if "sky" not in role or "road" not in role:
        return holding(code, "This label space has no sky or no road.")
    sky, road = _places(survey.looks, role["sky"]), _places(survey.looks, role["road"])
    means = {name: float(np.nanmean(v)) for name, v in (("sky", sky), ("road", road)) if not np.isnan(v).all()}
    under = [
        {"file": look.sample.label, "sky": round(float(a), 2), "road": round(float(b), 2)}
        for look, a, b in zip(survey.looks, sky, road, strict=True)
        if a > b
    ]
    both = int((~np.isnan(sky) & ~np.isnan(road)).sum())
    told = " and ".join(f"{name} at {value:.2f}" for name, value in means.items())
    if means.get("sky", 0.0) > 0.5 or means.get("road", 1.0) < 0.5 or (both and len(under) >= SYSTEMATIC * both):
        rows = under or [{"class": name, "mean height": round(value, 2)} for name, value in means.items()]
        upside = means.get("sky", 0.0) > 0.5 and means.get("road", 1.0) < 0.5
        statement = f"{told} of the height, 0 being the top" + (": the labels are upside down." if upside else ".")
        return finding(code, "error", statement, rows)
    if under:
        return finding(code, "warning", f"Sky lies below road in {len(under)} of {both} images.", under)
    return holding(code, f"{told} of the height, 0 being the top." if told else "No image shows sky or road.")


def _places(looks: Sequence[Look], classes: Sequence[int]) -> np.ndarray:
    """float (images,): mean height of those classes in each image; NaN where they have less than LEAST of it."""
    index = list(classes)
    counts = np.array([look.histogram for look in looks], np.int64)
    each = np.array([look.heights for look in looks])[:, index]
    pixels = counts.sum(1) + np.array([look.ignored for look in looks])
    own = counts[:, index]
    with np.errstate(invalid="ignore"):
        place: np.ndarray = np.nansum(each * own, 1) / own.sum(1)
    place[own.sum(1) < LEAST * pixels] = np.nan
    return place
