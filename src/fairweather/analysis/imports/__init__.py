"""Tables of results that others made: read, recognised, named."""

from fairweather.analysis.imports.frame import frame_of, metric_of
from fairweather.analysis.imports.imported import Imported, Named, Renamed, Source
from fairweather.analysis.imports.source import parse_columns, parse_sources
from fairweather.analysis.imports.tables import read_tables

__all__ = [
    "Imported",
    "Named",
    "Renamed",
    "Source",
    "frame_of",
    "metric_of",
    "parse_columns",
    "parse_sources",
    "read_tables",
]
