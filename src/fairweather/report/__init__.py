"""Markdown, one self-contained HTML file, CSV tables and figures. Computes no statistic. No torch."""
