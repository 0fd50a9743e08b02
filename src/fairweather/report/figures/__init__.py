"""The charts of the report, one file each: Vega-Lite descriptions that page, SVG and PNG share."""
