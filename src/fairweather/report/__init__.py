"""Markdown, one self-contained HTML file, CSV tables and figures. Computes no statistic. No torch."""

from fairweather.report.content import ReportContent
from fairweather.report.folder import render

__all__ = ["ReportContent", "render"]
