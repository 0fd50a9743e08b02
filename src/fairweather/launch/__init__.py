"""Runs units on any concurrent.futures executor."""
