"""Weather on a ready picture whose depth is known: fog, rain and snow by the physics of the air, in fixed point.

Three functions on (picture, depth, physical parameters) that return a picture; nothing else is kept between calls but tiles
of streaks and flakes. The same bytes come out on every machine. What lies on surfaces (snow on the ground, wet asphalt)
needs labels or geometry and is not here.
"""

from fairweather.generators.weather.depth import Depth, quantise, ray_distance
from fairweather.generators.weather.fog import add_fog
from fairweather.generators.weather.light import estimate_airlight
from fairweather.generators.weather.rain import add_rain
from fairweather.generators.weather.snow import add_snow

__all__ = ["Depth", "add_fog", "add_rain", "add_snow", "estimate_airlight", "quantise", "ray_distance"]
