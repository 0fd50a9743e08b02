"""Where everything lies under OUT, and to which study OUT belongs."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from fairweather.errors import StoreError
from fairweather.store.files import on_disk, write_bytes
from fairweather.study import Study


@dataclass(frozen=True)
class Layout:
    """Paths under one OUT folder."""

    out: Path

    @property
    def study(self) -> Path:
        return self.out / "study.yaml"

    @property
    def plan(self) -> Path:
        return self.out / "plan.json"

    @property
    def results(self) -> Path:
        return self.out / "results.parquet"

    @property
    def report(self) -> Path:
        return self.out / "report"

    def pool(self, id: str) -> Path:
        return self.out / "pools" / id

    def fit(self, id: str) -> Path:
        return self.out / "generators" / id

    def cache(self, id: str) -> Path:
        return self.out / "cache" / id

    def unit(self, id: str) -> Path:
        return self.out / f"units/{id}"

    def evaluation(self, unit: str, id: str) -> Path:
        return self.out / f"units/{unit}/evaluations/{id}"

    def finished(self, unit: str, evaluation: str) -> bool:
        """Whether a unit and the evaluation asked for are whole; folders are renamed only when they are."""
        return self.evaluation(unit, evaluation).is_dir()


def work(path: Path) -> Path:
    """The temporary name of a folder that is not whole yet."""
    return path.with_name(f".{path.name}.work")


def claim(path: Path) -> Path:
    """The claim file of a folder."""
    return path.with_name(f".{path.name}.claim")


def check_out(out: Path, study: Study) -> None:
    """Refuse an OUT this study must not write to, before anything is written.

    Raises:
        StoreError: `out` is a file, not writable, or bound to another study's name.
    """
    if out.exists() and not out.is_dir():
        raise StoreError(f"--out {out}: is a file; name a folder")
    nearest = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    try:
        # Permission bits do not tell (root, read-only and virtual file systems): only trying does.
        with TemporaryDirectory(prefix=".fairweather-", dir=nearest):
            pass
    except OSError as error:
        raise StoreError(f"--out {out}: {nearest} is not writable ({error.strerror})") from error
    layout = Layout(out)
    if layout.study.exists():
        bound = _bound_name(layout.study)
        if bound != study.name:
            raise StoreError(f"--out {out}: holds the study {bound!r}, not {study.name!r}; name another folder")
    elif out.is_dir() and set(out.iterdir()) - _parts(layout.study):
        raise StoreError(f"--out {out}: holds files but no study.yaml; name an empty or a new folder")


def bind(out: Path, study: Study) -> Layout:
    """Create OUT and write the study into it."""
    check_out(out, study)
    layout = Layout(out)
    # The study first: a kill before it leaves a folder that any study may take, after it one that this study goes on with.
    with on_disk(out):
        out.mkdir(parents=True, exist_ok=True)
    write_bytes(layout.study, study.text.encode())
    with on_disk(out):
        for room in ("units", "pools", "generators", "cache"):
            (out / room).mkdir(exist_ok=True)
    return layout


def _bound_name(path: Path) -> object:
    try:
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: damaged, so this folder belongs to no study; name another folder") from error
    return record.get("name") if isinstance(record, dict) else None


def _parts(path: Path) -> set[Path]:
    """What processes killed while they wrote a file left of it."""
    return set(path.parent.glob(f".{path.name}.*.part"))
