"""Checks of receipts, labels, splits and units; each names its failure. No torch; it stops nothing."""
