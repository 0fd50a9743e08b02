import numpy as np
import pytest

from fairweather.generators import Source
from fairweather.generators.oracle import Oracle
from fairweather.vocabulary.streams import stream


def test_the_oracle_hands_its_stream_to_the_twin_of_the_source():
    image = np.zeros((4, 6, 3), np.uint8)
    asked = []

    def twin(domain, rng):
        asked.append((domain, rng.integers(0, 1000)))
        return image + 1

    made = Oracle().generate(Source(image, image[..., 0], twin=twin), "night", stream(0, "pool", 5))
    assert (made == 1).all()
    assert asked == [("night", stream(0, "pool", 5).integers(0, 1000))]


def test_a_source_without_a_twin_is_refused():
    image = np.zeros((4, 6, 3), np.uint8)
    with pytest.raises(ValueError, match="needs a source with a twin"):
        Oracle().generate(Source(image, image[..., 0]), "night", stream(0, "pool"))
