"""Segmentation architectures behind one contract; torch is imported inside functions only."""
