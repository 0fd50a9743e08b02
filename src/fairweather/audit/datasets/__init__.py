"""Checks of data sets on disk: damage, encodings, classes, pairing, domains, splits and copies. Each names its failure."""

from fairweather.audit.datasets.check import check_dataset
from fairweather.audit.datasets.codes import CODES
from fairweather.audit.datasets.survey import Survey, survey

__all__ = ["CODES", "Survey", "check_dataset", "survey"]
