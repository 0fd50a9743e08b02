"""The limits of the fidelity gate, and the rates at which it tells whole pictures from broken ones.

    for every town, size and part: python -m experiments.gate measure TOWN SIZE PART    about a minute each
    python -m experiments.gate table

`measure` renders SCENES training scenes of a town, in two parts, in clear_day (the source) and in every target domain (the
oracle), breaks the oracle in every way of BROKEN and keeps what the gate measured in runs/gate. `table` sets the limits from
north and east, all sizes together, writes them to src/fairweather/generators/gate/thresholds.csv, and the rates in all towns
to docs/generators/gate.csv.

A limit lies half way between what the oracle has (its WORST quantile) and what the case that the rule is for has (its BEST):
by the mean where values may be negative, else by the geometric mean. For small objects it is half way to the median of the
pictures in which they are painted over, not to the best of them: at night the oracle itself leaves some of them in the dark, and
it must pass; a generator that paints over does so in every picture of its pool. Only the shift (1 px) and the nearness of a pool
are set by hand. Pools of oracles have a nearness of 1.0, pools of sources 0.0. The limit is a third, where a pool is twice as
far from real pictures of its target domain as from its source: at half way the gate would refuse weather that is drawn in part
(flakes, and no snow on the ground), whose fidelity is what a study asks about.
"""

import argparse
import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path

import cv2
import numpy as np

from fairweather.data.town.render import render
from fairweather.data.town.scene import Scene
from fairweather.data.town.street import FRAMES, draw_scene
from fairweather.generators.gate import Contrast, ImageChecks, distance, failures, kept, look, tone
from fairweather.generators.gate.limits import table as limits_table
from fairweather.generators.generator import Source
from fairweather.vocabulary.domains import DOMAINS
from fairweather.vocabulary.labels import label_space
from fairweather.vocabulary.streams import stable_hash

ROOT = Path(__file__).parents[1]
RAW, TABLE = ROOT / "runs" / "gate", ROOT / "docs" / "generators" / "gate.csv"
LIMITS = ROOT / "src" / "fairweather" / "generators" / "gate" / "thresholds.csv"
SET, VERIFIED = ("north", "east"), ("south", "west")
SIZES, SCENES, PARTS, OF = ("192x96", "256x128", "512x256"), 220, 2, 500
TARGETS = tuple(domain for domain in DOMAINS if domain != "clear_day")
SPACE = label_space("cityscapes19")
SMALL = frozenset({"pole", "traffic light", "traffic sign", "person", "rider", "motorcycle", "bicycle"})
WORST, BEST = 0.002, 0.998
MEASURES = ("shift", "agreement", "difference", "structure", "spread", "objects")
Picture = np.ndarray


def shifted(image: Picture, by: int, way: int) -> Picture:
    """By so many pixels to the right, left, down or up; the border is repeated."""
    dx, dy = ((by, 0), (-by, 0), (0, by), (0, -by))[way % 4]
    y, x = (np.clip(np.arange(n) - d, 0, n - 1) for n, d in zip(image.shape[:2], (dy, dx), strict=True))
    return np.ascontiguousarray(image[np.ix_(y, x)])


def constant(image: Picture) -> Picture:
    """A fiftieth of its contrast."""
    mean = image.mean(axis=(0, 1))
    return np.round(mean + 0.02 * (image - mean)).astype(np.uint8)


def erased(image: Picture, label: Picture) -> Picture:
    """Small objects painted over from their surround (Telea 2004)."""
    there = np.isin(label, [SPACE.classes.index(name) for name in SMALL]).astype(np.uint8)
    return np.asarray(cv2.inpaint(image, cv2.dilate(there, np.ones((5, 5), np.uint8)), 3, cv2.INPAINT_TELEA))


def recompressed(image: Picture) -> Picture:
    """Through JPEG at quality 80."""
    _, code = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    return np.ascontiguousarray(cv2.imdecode(code, cv2.IMREAD_COLOR)[..., ::-1])


def noise(image: Picture, number: int) -> Picture:
    rng = np.random.Generator(np.random.Philox(stable_hash("gate noise", number)))
    return rng.integers(0, 256, image.shape, dtype=np.uint8)


# What becomes of (source, oracle, the oracle of another scene, label, number); "" is a pass, else the rule that must name it.
CASES: dict[str, tuple[str, Callable[[Picture, Picture, Picture, Picture, int], Picture]]] = {
    "oracle": ("", lambda source, oracle, other, label, k: oracle),
    "identity": ("copy", lambda source, oracle, other, label, k: source),
    "recompressed source": ("copy", lambda source, oracle, other, label, k: recompressed(source)),
    "oracle shifted by 3 px": ("shift", lambda source, oracle, other, label, k: shifted(oracle, 3, k)),
    "oracle flipped": ("edges", lambda source, oracle, other, label, k: np.ascontiguousarray(oracle[:, ::-1])),
    "oracle of another scene": ("edges", lambda source, oracle, other, label, k: other),
    "uniform noise": ("edges", lambda source, oracle, other, label, k: noise(oracle, k)),
    "near constant": ("constant", lambda source, oracle, other, label, k: constant(oracle)),
    "small objects painted over": ("objects", lambda source, oracle, other, label, k: erased(oracle, label)),
    "source under a veil of 10 %": (
        "", lambda source, oracle, other, label, k: cv2.convertScaleAbs(source, alpha=0.9, beta=21.5)
    ),
}  # fmt: skip
OF_THE_SOURCE = ("identity", "recompressed source", "uniform noise", "source under a veil of 10 %")  # in every domain


def indices_of(part: int) -> list[int]:
    """The scenes of a part."""
    return [k * OF // SCENES for k in range(part, SCENES, PARTS)]


def measure(town: str, size: str, indices: list[int]) -> dict[str, np.ndarray]:
    """(n, 6) MEASURES of "domain/case", and (n, 22) tones of every domain."""
    width, height = map(int, size.split("x"))
    scenes = [draw_scene(town, "train", index) for index in indices]
    found: dict[str, list[np.ndarray]] = {}
    sources = [_rendered(scene, "clear_day", height, width) for scene in scenes]
    found["clear_day/tone"] = [tone(image) for image, _ in sources]
    for domain in TARGETS:
        oracles = [_rendered(scene, domain, height, width)[0] for scene in scenes]
        found[f"{domain}/tone"] = [tone(oracle) for oracle in oracles]
        for k, (index, (image, label), oracle) in enumerate(zip(indices, sources, oracles, strict=True)):
            other = (k + len(scenes) // 2) % len(scenes)
            assert indices[other] // FRAMES != index // FRAMES
            for case, (_, broken) in CASES.items():
                rows = found.setdefault(f"{domain}/{case}", [])
                if case in OF_THE_SOURCE and domain != TARGETS[0]:
                    rows.append(found[f"{TARGETS[0]}/{case}"][k])
                    continue
                made = broken(image, oracle, oracles[other], label, index)
                rows.append(_row(look(Source(image, label, classes=SPACE.classes), made, SMALL)))
    return {key: np.stack(rows) for key, rows in found.items()}


def _rendered(scene: Scene, domain: str, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    seed = np.uint64(stable_hash("gate", scene.town, scene.index, domain))
    taken = render(scene, domain, None, seed, height, width)
    return taken.image, taken.label


def _row(checks: ImageChecks) -> np.ndarray:
    of = {"objects": kept(checks.objects)}
    return np.array([of.get(name, getattr(checks, name)) for name in MEASURES])


def checks_of(row: np.ndarray) -> ImageChecks:
    """As much of the checks as `failures` reads."""
    of = dict(zip(MEASURES, map(float, row), strict=True))
    objects = () if np.isnan(of["objects"]) else (Contrast("small", 1000, 1.0, of["objects"]),)
    return ImageChecks(
        of["shift"], 0.0, of["agreement"], np.nan, np.nan, of["difference"], of["structure"], of["spread"], objects
    )


def load(towns: tuple[str, ...], sizes: tuple[str, ...] = SIZES) -> dict[str, np.ndarray]:
    """What was measured in these towns and sizes, joined."""
    files = [np.load(RAW / f"{t}_{s}_{p}.npz") for t, s, p in product(towns, sizes, range(PARTS))]
    return {key: np.concatenate([file[key] for file in files]) for key in files[0].files}


def limits() -> list[dict[str, object]]:
    """A row per domain, from the towns of SET."""
    raw = load(SET)

    def at(domain: str, case: str, measure: str, share: float) -> float:
        return float(np.nanquantile(raw[f"{domain}/{case}"][:, MEASURES.index(measure)], share))

    rows = []
    for domain in TARGETS:
        unlike = max(at(domain, case, "agreement", BEST) for case in CASES if CASES[case][0] == "edges")
        like = min(at(domain, case, "agreement", WORST) for case in ("oracle", "oracle shifted by 3 px"))
        apart = min(at(domain, case, "difference", WORST) for case in ("oracle", "source under a veil of 10 %"))
        copied = [at(domain, "recompressed source", m, BEST) for m in ("difference", "structure")]
        plain = at(domain, "near constant", "spread", BEST) * at(domain, "oracle", "spread", WORST)
        stay, go = at(domain, "oracle", "objects", WORST), at(domain, "small objects painted over", "objects", 0.5)
        row = {
            "shift": 1.0,
            "agreement": (unlike * like) ** 0.5,
            "difference": (copied[0] * apart) ** 0.5,
            "structure": 2.0 * copied[1],
            "spread": plain**0.5,
            "objects": 0.5 * (stay + go),
            "nearness": 1 / 3,
        }
        rows.append({"domain": domain, **{name: f"{value:.3g}" for name, value in row.items()}})
    return rows


def rates() -> list[dict[str, object]]:
    """A row per towns, size, domain and case: how often the verdict was the one expected, and exactly the one."""
    rows: list[dict[str, object]] = []
    for (what, towns), size in product((("limits set", SET), ("verified", VERIFIED)), SIZES):
        raw = load(towns, (size,))
        for domain, (case, (rule, _)) in product(TARGETS, CASES.items()):
            named = [failures(checks_of(row), domain) for row in raw[f"{domain}/{case}"]]
            exact = [one == ((rule,) if rule else ()) for one in named]
            right = [bool(one) == bool(rule) for one in named]
            if case.startswith("source under"):  # a faint weather may fail as another domain, but it is no copy
                right = exact = ["copy" not in one for one in named]
            rows.append(_rate(what, towns, size, domain, case, rule or "none", right, exact))
        rows += _pools(what, towns, size)
    return rows


def _pools(what: str, towns: tuple[str, ...], size: str) -> list[dict[str, object]]:
    """Whole pools, of one part of a town's scenes, against real pictures of the other part."""
    rows = []
    for domain, (case, of) in product(TARGETS, (("pool of oracles", None), ("pool of sources", "clear_day"))):
        right = []
        for town, part in product(towns, range(PARTS)):
            made, real = (np.load(RAW / f"{town}_{size}_{p}.npz") for p in (part, 1 - part))
            apart = distance(made[f"{of or domain}/tone"], real[f"{domain}/tone"], real["clear_day/tone"])
            assert apart is not None
            right.append((apart.nearness >= float(limits_table()[domain].nearness)) == (of is None))
        rows.append(_rate(what, towns, size, domain, case, "none" if of is None else "domain", right, right))
    return rows


def _rate(
    what: str,
    towns: tuple[str, ...],
    size: str,
    domain: str,
    case: str,
    rule: str,
    right: list[bool],
    exact: list[bool],
) -> dict[str, object]:
    return {
        "use": what, "towns": "+".join(towns), "size": size, "domain": domain, "case": case, "rule": rule,
        "images": len(right), "right_percent": f"{100 * np.mean(right):.1f}",
        "by_that_rule_percent": f"{100 * np.mean(exact):.1f}",
    }  # fmt: skip


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    one = steps.add_parser("measure")
    one.add_argument("town", choices=SET + VERIFIED)
    one.add_argument("size", choices=SIZES)
    one.add_argument("part", type=int, choices=range(PARTS))
    steps.add_parser("table")
    options = parser.parse_args()
    if options.step == "measure":
        cv2.setNumThreads(1)
        RAW.mkdir(parents=True, exist_ok=True)
        found = measure(options.town, options.size, indices_of(options.part))
        np.savez(RAW / f"{options.town}_{options.size}_{options.part}.npz", **found)
        return
    write(LIMITS, limits())
    limits_table.cache_clear()
    found = rates()
    write(TABLE, found)
    for row in found:
        if float(row["right_percent"]) < 99.0:
            print(*row.values())


if __name__ == "__main__":
    main()
