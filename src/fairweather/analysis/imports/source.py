"""What `fairweather compare` was given: tables as PATH or CONTEXT=PATH, and columns as ROLE=NAME."""

from collections.abc import Sequence
from pathlib import Path

from fairweather.analysis.imports.imported import Source
from fairweather.errors import InputError


def parse_sources(texts: Sequence[str]) -> tuple[Source, ...]:
    """The tables as they were named; a path that exists as written, "=" included, is a path.

    Raises:
        InputError: an empty context or path, a context named twice, a file named twice without contexts.
    """
    sources = tuple(_parse(text) for text in texts)
    for at, source in enumerate(sources):
        for other in sources[:at]:
            if source.context and source.context == other.context:
                raise InputError(
                    f"context {source.context!r} is named twice, for {other.path} and {source.path} (allowed: once each)"
                )
            if source == other:
                raise InputError(f"{source.path} is named twice (allowed: once, or once for each context)")
    return sources


def _parse(text: str) -> Source:
    context, mark, path = text.partition("=")
    if not mark or Path(text).exists():
        return Source(Path(text))
    if not context or not path:
        raise InputError(f"{text!r} does not name a table (allowed: PATH, or CONTEXT=PATH)")
    return Source(Path(path), context)


def parse_columns(text: str) -> dict[str, str]:
    """role -> column name of "ROLE=NAME,ROLE=NAME"; "ROLE=" says that no column has that role.

    Raises:
        InputError: a part without "=", or a role named twice.
    """
    found: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        role, mark, name = part.partition("=")
        if not mark or not role.strip():
            raise InputError(f"--columns: {part!r} is no ROLE=NAME (for example value=mIoU,unit=percent)")
        if role.strip() in found:
            raise InputError(f"--columns: role {role.strip()!r} is given twice (allowed: once)")
        found[role.strip()] = name.strip()
    return found
