"""What lies on the plane y = 0: road, markings, kerbs, sidewalks, crossings, rails, terrain, as numbers a kernel can read."""

from typing import NamedTuple


class Ground(NamedTuple):
    """A street along z in metres. Its lateral coordinate is s = x - curve z^2, 0 on the axis, positive to the right.

    From the axis outwards on each side: carriageway up to `road`, kerb `kerb` wide (sidewalk), grass verge (`verge`, terrain),
    sidewalk (`walk`), then terrain. Where a side street crosses (z between `cross_1` and `cross_2`) everything is road.

    Args:
        road_left, road_right: half widths of the carriageway, both positive.
        verge_left .. walk_right: widths, 0 if there is none.
        line_1 .. line_5: lateral position of a line along the road; its kind: 0 none, 1 dashed, 2 solid, 3 double solid.
        yellow: how yellow the lines are, 0 .. 1.
        zebra_1, zebra_2: z of the near edge of a zebra crossing 3 m deep (a stop line 1.2 m before it); off: a large negative z.
        cross_1, cross_2: z of the near edge of a side street, cross_width metres wide; off: a large negative z.
        rails: lateral position of the middle of a tram or train track (gauge 1.435 m), or off; rails_bed: 0 set into the
            asphalt, 1 on ballast (labelled terrain), which is then 3 m wide.
        paved: reflectance of sidewalk slabs; asphalt, concrete the same; slab: their size in metres.
        grass: how green the terrain is (1 lawn, 0 bare earth); paved_terrain: 1 if beyond the sidewalk lies pavement (sidewalk).
        wear: 0 fresh markings .. 1 nearly gone; patches: share of the road mended.
        tracks: lateral positions of the wheel lines are the middles of the lanes +- 0.75 m; lane: width of a lane in metres.
        seed: of the noise, below 2**31.
    """

    curve: float
    road_left: float
    road_right: float
    kerb: float
    verge_left: float
    verge_right: float
    walk_left: float
    walk_right: float
    lane: float
    line_1: float
    kind_1: float
    line_2: float
    kind_2: float
    line_3: float
    kind_3: float
    line_4: float
    kind_4: float
    line_5: float
    kind_5: float
    yellow: float
    zebra_1: float
    zebra_2: float
    cross_1: float
    cross_2: float
    cross_width: float
    rails: float
    rails_bed: float
    asphalt: float
    paved: float
    slab: float
    grass: float
    paved_terrain: float
    wear: float
    patches: float
    seed: float


OFF = -1.0e6  # a position where there is nothing
