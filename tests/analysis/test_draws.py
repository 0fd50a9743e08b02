import numpy as np
import pytest
from scipy import stats

from fairweather.analysis import draws
from fairweather.analysis.spread import like_these, these
from fairweather.analysis.table import Scores

