"""Imports run downhill: every import of the package is read, and an uphill one or a ring fails."""

import ast
from pathlib import Path

import pytest

import fairweather

ROOT = Path(fairweather.__file__).parent
FLOORS = {
    "errors": 0, "kernels": 0, "vocabulary": 1, "scores": 2, "data": 2, "strategies": 3, "generators": 3, "models": 3, "study": 4,
    "store": 5, "engine": 6, "analysis": 6, "audit": 6, "launch": 7, "report": 7, "cli": 8,
}  # fmt: skip
WINGS = {"engine": "working", "launch": "working", "analysis": "reading", "audit": "reading", "report": "reading"}
TORCH_ROOMS = {"generators", "models", "engine"}


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> list[tuple[str, bool]]:
    """(module, at module level and run) of every import of a file."""
    tree = ast.parse(path.read_text())
    guarded = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if id(node) in guarded:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                # `from room import file` runs the file; `from room import name` runs the room's door.
                found.append((inner if inner in KNOWN else node.module or "", id(node) in top))
    return found


KNOWN = frozenset(name_of(path) for path in modules())


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "fairweather" and len(parts) > 1 and parts[1] in FLOORS else None


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_run_downhill(path: Path) -> None:
    own = room(name_of(path))
    for module, _ in imports(path):
        other = room(module)
        if own is None or other is None or other == own:
            continue
        assert FLOORS[other] <= FLOORS[own], f"{name_of(path)} imports {module}, which is above it"
        if own in WINGS and other in WINGS:
            assert WINGS[own] == WINGS[other], f"{name_of(path)} of the {WINGS[own]} wing imports {module}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_torch_is_imported_inside_functions_of_its_rooms(path: Path) -> None:
    name = name_of(path)
    for module, top in imports(path):
        if module.split(".")[0] in ("torch", "torchvision", "segmentation_models_pytorch", "timm"):
            assert room(name) in TORCH_ROOMS, f"{name} imports {module}"
            assert not top or ".networks" in name, f"{name} imports {module} at module level"


def test_no_ring() -> None:
    known = KNOWN
    edges = {
        name_of(path): {m for m, top in imports(path) if top and m in known and m != name_of(path)}
        for path in modules()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for target in sorted(edges[module]):
                # A room's files may import one another; importing the room's own door would be a ring.
                visit(target, (*trail, module))
            done.add(module)

    for module in sorted(known):
        visit(module, ())


def test_a_ring_and_an_uphill_import_would_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("def f():\n    from fairweather.cli.main import main\n")
    assert ("fairweather.cli.main", False) in imports(file)
    assert room("fairweather.cli.main") == "cli"
