"""Checks of tables, receipts, labels, splits, pools and units; each names its failure. No torch; it stops nothing."""

from fairweather.audit.check import Check, audit_record, failed
from fairweather.audit.pools import forced_notes
from fairweather.audit.splits import domain_notes
from fairweather.audit.tables import audit_table, left_out
from fairweather.audit.units import audit_study, study_folder

__all__ = [
    "Check",
    "audit_record",
    "audit_study",
    "audit_table",
    "domain_notes",
    "failed",
    "forced_notes",
    "left_out",
    "study_folder",
]
