"""Checks of domains against the light of the pictures."""

from collections.abc import Sequence

import numpy as np

from fairweather.audit.check import Check
from fairweather.audit.datasets.codes import finding, holding
from fairweather.audit.datasets.survey import Look, Survey

# Luma from 0 to 1. By night the sky is under 0.2, at dawn and dusk up to 0.45, by day above (datasets.md 6); between them lies
# room for lamplight in clouds and for cameras that open up.
NIGHT_SKY, NIGHT_PICTURE = 0.45, 0.5  # above which a picture is no night
DAY_SKY, DAY_PICTURE = 0.15, 0.12  # below both of which it is no day
DAY = ("clear_day", "cloudy", "foggy", "rainy", "snowy")
FEWEST = 4  # images of a domain from which its mean light is compared
MARGIN = 0.02  # of luma by which means differ at least to be told apart


def check_domains(survey: Survey) -> tuple[Check, Check]:
    """data.domain_contradicts: a night with a bright sky, a day with a dark one; warning.
    data.domain_light: mean luma of night under that of dawn and dusk, under that of each domain of the day; warning."""
    return _contradicts(survey.looks), _light(survey.looks)


def _contradicts(looks: Sequence[Look]) -> Check:
    code = "data.domain_contradicts"
    rows = []
    for look in looks:
        no_sky = np.isnan(look.sky_light)
        bright = look.light > NIGHT_PICTURE if no_sky else look.sky_light > NIGHT_SKY
        dark = look.light < DAY_PICTURE and (no_sky or look.sky_light < DAY_SKY)
        if (look.sample.domain == "night" and bright) or (look.sample.domain in DAY and dark):
            sky = {} if no_sky else {"sky": round(look.sky_light, 2)}
            rows.append({"file": look.sample.image, "domain": look.sample.domain, "light": round(look.light, 2), **sky})
    if not rows:
        return holding(code, severity="warning")
    nights = sum(row["domain"] == "night" for row in rows)
    found = (("called night with a bright sky", nights), ("called day but dark", len(rows) - nights))
    told = ", ".join(f"{kind}: {n}" for kind, n in found if n)
    return finding(code, "warning", f"Images {told}.", rows)


def _light(looks: Sequence[Look]) -> Check:
    code = "data.domain_light"
    light: dict[str, list[float]] = {}
    for look in looks:
        light.setdefault(look.sample.domain, []).append(look.light)
    mean = {domain: float(np.mean(found)) for domain, found in light.items() if len(found) >= FEWEST}
    order = [("night", "dawn_dusk"), *((dark, day) for day in DAY for dark in ("night", "dawn_dusk"))]
    wrong = [(a, b) for a, b in order if a in mean and b in mean and mean[a] > mean[b] - MARGIN]
    rows = [
        {"domain": domain, "light": round(value, 3), "images": len(light[domain])} for domain, value in mean.items()
    ]
    if not wrong:
        return holding(code, severity="warning")
    told = ", ".join(f"{a} ({mean[a]:.2f}) is not darker than {b} ({mean[b]:.2f})" for a, b in wrong)
    return finding(code, "warning", f"On average {told}.", rows)
