import numpy as np

from fairweather.generators import Source
from fairweather.generators.duplicate import Duplicate
from fairweather.vocabulary.streams import stream


def test_a_duplicate_has_the_pixels_of_its_source_in_memory_of_its_own():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    made = Duplicate().generate(Source(image, image[..., 0]), "clear_day", stream(0, "pool"))
    assert np.array_equal(made, image)
    made[:] = 0
    assert image.any()
