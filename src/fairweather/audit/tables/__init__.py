"""Checks of imported tables, one kind a file; each states its rule in its docstring."""

from fairweather.audit.tables.audit import audit_table, left_out

__all__ = ["audit_table", "left_out"]
