"""Where the domains of the images come from: attributes, folders, or a tagger, and how far the tagger can be trusted."""

from typing import Any

import pyarrow as pa

from fairweather.vocabulary.domains import DOMAINS, ORIGINS, UNDEFINED, in_order


def domain_tables(plan: dict[str, Any]) -> dict[str, pa.Table]:
    """Images by data set, side, domain and origin; and what each tagger said of images whose domain is known.

    There is nothing to tell where attributes say all domains.
    """
    found = {}
    tagged = _tagged(plan)
    if tagged or _origins_of(plan) - {"attribute"}:
        found["domain_origins"] = pa.Table.from_pylist(_origins(plan))
    if rows := [row for name, sheet in tagged.items() for row in _confusion(name, sheet)]:
        found["domain_confusion"] = pa.Table.from_pylist(rows)
    return found


def _tagged(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: data["tagger"] for name, data in plan["data"].items() if data.get("tagger")}


def _origins_of(plan: dict[str, Any]) -> set[str]:
    """The origins that some image of the study has; a plan of before they were counted has none."""
    return {row["origin"] for data in plan["data"].values() for row in data.get("domains", ())}


def _origins(plan: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name, data in plan["data"].items():
        counted = data.get("domains", [])
        for side in ("train", "test"):
            for domain in in_order(row["domain"] for row in counted):
                mine = {r["origin"]: r["images"] for r in counted if (r["side"], r["domain"]) == (side, domain)}
                if mine:
                    rows.append(
                        {"dataset": name, "side": side, "domain": domain} | {o: mine.get(o, 0) for o in ORIGINS}
                    )
    return rows


def _confusion(name: str, sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each known domain; on the images of the data set itself, else on those that judged the calibration."""
    calibration = sheet["calibration"] or {}
    counted, where = sheet["confusion"], name
    if counted is None and calibration:
        counted, where = calibration["judged_on"], f"{calibration['source']}, held out"
    if counted is None:
        return []
    counts = {(row["domain"], row["said"]): row["images"] for row in counted["counts"]}
    said = {domain: {s: counts.get((domain, s), 0) for s in (*DOMAINS, UNDEFINED)} for domain, _ in counts}
    return [
        {"dataset": name, "tagger": sheet["tagger"], "images": where, "known": domain}
        | {f"said {s}": n for s, n in said[domain].items()}
        for domain in in_order(said)
    ]


def origins_in_words(plan: dict[str, Any]) -> tuple[str, ...]:
    """A paragraph of the methods, where a tagger named domains."""
    guessed, tagged = _origins_of(plan) & {"classifier", "heuristic"}, _tagged(plan)
    if not guessed and not tagged:
        return ()
    words = [
        "Some images carry no attribute of weather or time of day; a tagger named their domain, or left them out where it was"
        " unsure."
    ]
    for name, sheet in tagged.items():
        judged = sheet["confusion"] or (sheet["calibration"] or {}).get("judged_on")
        known = (
            f"it was right on {judged['right']} of the {judged['decided']} images with a known domain that it decided"
            if judged
            else "no image with a known domain was there to judge it"
        )
        words.append(f"On {name} it is {sheet['tagger']} (origin {sheet['origin']}): {known}.")
    if "heuristic" in guessed:
        words.append(
            "Domains of origin heuristic are guesses from image statistics, never rainy; figures by domain that rest on them are"
            " plausible at best and no headline."
        )
    return (" ".join(words),)
