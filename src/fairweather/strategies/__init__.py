"""On-the-fly strategies, one file each: NumPy in, NumPy out. They never see evaluation data."""
