"""Confusion counts and the metrics computed from them. NumPy and numba only."""
