"""Checks of how a data set was divided: what stands on both sides, and what rests on a single group."""

from typing import Any

from fairweather.audit.check import Check, Severity

NEAR = ("images", "numbered", "close", "loose_numbered", "loose_close")
MIN_GROUPS = 10  # below it no interval over images is given: frames of one sequence are not replicates


def check_splits(plan: dict[str, Any]) -> tuple[Check, ...]:
    """The split checks of every data set of a plan record."""
    checks: list[Check] = []
    for name, data in plan["data"].items():
        checks += [*_both_sides(name, data), *_one_group(name, data), _few_groups(name, data), *_overlap(name, data)]
        checks += _heuristic(name, data)
    return tuple(checks)


def _both_sides(name: str, data: dict[str, Any]) -> list[Check]:
    """Groups in two splits: an error where one side is trained and the other tested on, unless the publisher drew it so."""
    splits: dict[str, dict[str, int]] = {}
    sides: dict[str, set[str]] = {}
    for row in data["groups"]:
        if row["group"]:
            counts = splits.setdefault(row["group"], {})
            counts[row["split"]] = counts.get(row["split"], 0) + row["images"]
            sides.setdefault(row["group"], set()).add(row["side"])
    shared = {group: counts for group, counts in splits.items() if len(counts) > 1}
    if data["official_splits"]:
        return [_in_two(name, shared, "official splits", "warning")]
    across = {group: counts for group, counts in shared.items() if len(sides[group]) > 1}
    within = {group: counts for group, counts in shared.items() if group not in across}
    checks = [_in_two(name, across, "splits, one trained and one tested on", "error")] if across or not within else []
    return [*checks, *([_in_two(name, within, "splits of one side", "warning")] if within else [])]


def _in_two(name: str, shared: dict[str, dict[str, int]], splits: str, severity: Severity) -> Check:
    if not shared:
        return Check("split.group_on_both_sides", severity, True, f"No group of {name} stands in two splits.")
    named = ", ".join(f"{group} ({' and '.join(counts)})" for group, counts in shared.items())
    rows = tuple({"group": group, "split": split, "images": n} for group, c in shared.items() for split, n in c.items())
    statement = f"Groups of {name} stand in two of its {splits}: {named}; frames of one group are not independent."
    return Check("split.group_on_both_sides", severity, False, statement, rows)


def _one_group(name: str, data: dict[str, Any]) -> list[Check]:
    """A tested domain whose every test group is also trained on: its figure says little about other places."""
    checks = []
    for domain in sorted({row["domain"] for row in data["groups"] if row["side"] == "test"}):
        tested = groups_of(data, domain, "test")
        if tested and tested <= groups_of(data, domain, "train"):
            statement = (
                f"Every {domain} test image of {name} comes from a group that is also trained on ({', '.join(sorted(tested))})"
                f" wherever training sees {domain}: those figures are within the group."
            )
            rows = tuple(row for row in data["groups"] if row["domain"] == domain)
            checks.append(Check("split.domain_within_group", "warning", False, statement, rows))
    return checks


def _few_groups(name: str, data: dict[str, Any]) -> Check:
    counts = {
        domain: len(groups_of(data, domain, "test"))
        for domain in sorted({row["domain"] for row in data["groups"] if row["side"] == "test"})
    }
    few = {domain: count for domain, count in counts.items() if count < MIN_GROUPS}
    rows = tuple({"domain": domain, "test_groups": count} for domain, count in counts.items())
    if not few:
        statement = f"Every tested domain of {name} has at least {MIN_GROUPS} groups."
        return Check("split.few_groups", "note", True, statement, rows)
    named = ", ".join(f"{domain} {count}" for domain, count in few.items())
    statement = (
        f"Tested domains of {name} with fewer than {MIN_GROUPS} groups ({named}) get no interval over test images: frames are not"
        " replicates."
    )
    return Check("split.few_groups", "note", False, statement, rows)


def _overlap(name: str, data: dict[str, Any]) -> list[Check]:
    """Test images that training has as good as seen: the same picture, a near-duplicate, a frame close in time."""
    found = data.get("overlap")
    if found is None:
        statement = (
            f"Whether {name} tests on images that it also trains on was not looked at: the plan was written by a version that did"
            " not; run the study again, which trains nothing that is finished."
        )
        return [Check("split.near_duplicates", "note", False, statement)]
    n = found["test_images"]
    seen = Check(
        "split.same_image_on_both_sides",
        "error",
        not found["same"],
        f"{found['same']} of {n} test images of {name} are also trained on, the same to the pixel{_such(found['same_examples'])}."
        if found["same"]
        else f"No test image of {name} is also trained on.",
        _pairs(found["same_examples"]),
    )
    limits = f"difference hashes at most {found['distance']} of 64 bits apart, detail hashes at most {found['detail']} of 256"
    alike = Check(
        "split.near_duplicates",
        "warning",
        not found["alike"],
        f"{found['alike']} of {n} test images of {name} are near-duplicates of a training image ({limits})"
        f"{_such(found['alike_examples'])}."
        if found["alike"]
        else f"No test image of {name} is a near-duplicate of a training image ({limits}).",
        _pairs(found["alike_examples"]),
    )
    return [seen, alike, _close_in_time(name, found)]


def _such(examples: list[list[str]]) -> str:
    return f", for example {examples[0][0]} of {examples[0][1]}"


def _pairs(examples: list[list[str]]) -> tuple[dict[str, Any], ...]:
    return tuple({"test": tested, "train": trained} for tested, trained in examples)


def _close_in_time(name: str, found: dict[str, Any]) -> Check:
    """Test frames near a training frame. Where no group says that numbers are times, it is a note."""
    code, frames = "split.frames_close_in_time", found["frames"]
    total = {key: sum(near[key] for near in found["near"].values()) for key in NEAR}
    rows = tuple({"domain": domain, **near} for domain, near in found["near"].items())
    if total["close"]:
        named = ", ".join(
            f"{domain} {near['close']} of {near['images']}" for domain, near in found["near"].items() if near["close"]
        )
        statement = (
            f"{total['close']} of {total['images']} test images of {name} ({100 * total['close'] / total['images']:.1f} %) are"
            f" within {frames} frames of a training frame of their group ({named}): nearly the same picture was trained on."
        )
        return Check(code, "warning", False, statement, rows)
    if total["loose_close"]:
        statement = (
            f"{total['loose_close']} of {total['images']} test images of {name} have no group and a name whose number is within"
            f" {frames} of a training image's: if the numbers count frames of a video, nearly the same picture was trained on."
        )
        return Check(code, "note", False, statement, rows)
    if total["numbered"] + total["loose_numbered"]:
        statement = f"No test image of {name} is within {frames} frames of a training frame of its group."
    else:
        statement = (
            f"No test image of {name} has a number at the end of its name, so none is known to be close in time."
        )
    return Check(code, "note", True, statement, rows)


def _heuristic(name: str, data: dict[str, Any]) -> list[Check]:
    """Test images whose domain is a guess from image statistics: figures by domain rest on it."""
    if "domains" not in data:  # a plan of before origins were counted
        return []
    tested = [row for row in data["domains"] if row["side"] == "test"]
    guessed = tuple(row for row in tested if row["origin"] == "heuristic")
    if not guessed:
        return [Check("split.heuristic_domains", "warning", True, f"No test image of {name} has a heuristic domain.")]
    named = ", ".join(f"{row['images']} {row['domain']}" for row in guessed)
    statement = (
        f"{sum(row['images'] for row in guessed)} of {sum(row['images'] for row in tested)} test images of {name} have a domain"
        f" that was guessed from image statistics ({named}): figures by domain are no headline there."
    )
    return [Check("split.heuristic_domains", "warning", False, statement, guessed)]


def groups_of(data: dict[str, Any], domain: str, side: str) -> set[str]:
    """The groups of one domain on one side ("train" or "test") of a data set."""
    return {r["group"] for r in data["groups"] if r["domain"] == domain and r["side"] == side and r["group"]}


def domain_notes(plan: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(context, domain) -> the caveat its figures carry: training in that context saw every test group of the domain, or the
    domain of test images is a guess."""
    notes: dict[tuple[str, str], str] = {}
    for context, spec in plan["contexts"].items():
        for name, data in plan["data"].items():
            for domain in spec["domains"]:
                tested = groups_of(data, domain, "test")
                if tested and tested <= groups_of(data, domain, "train"):
                    notes[context, domain] = (
                        f"In {context} the {domain} figure of {name} is within one sequence"
                        f" ({', '.join(sorted(tested))}): training and test frames come from it."
                        if len(tested) == 1
                        else f"In {context} every {domain} test group of {name} is also trained on."
                    )
    for (context, domain), guess in _guesses(plan).items():
        notes[context, domain] = " ".join(part for part in (notes.get((context, domain)), guess) if part)
    return notes


def _guesses(plan: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(context, domain) -> how many of its test images have a heuristic domain; tests are the same in all contexts."""
    found: dict[tuple[str, str], str] = {}
    for name, data in plan["data"].items():
        tested = [row for row in data.get("domains", ()) if row["side"] == "test"]
        for row in tested:
            if row["origin"] == "heuristic":
                total = sum(other["images"] for other in tested if other["domain"] == row["domain"])
                words = (
                    f"{row['images']} of {total} {row['domain']} test images of {name} have a domain guessed from image"
                    " statistics."
                )
                for context in plan["contexts"]:
                    key = context, row["domain"]
                    found[key] = f"{found[key]} {words}" if key in found else words
    return found
