"""Layout on disk, records, claims, pools and the tidy table of results."""

from fairweather.store.layout import Layout, bind, check_out
from fairweather.store.results import collect, plan_record, support_table

__all__ = ["Layout", "bind", "check_out", "collect", "plan_record", "support_table"]
