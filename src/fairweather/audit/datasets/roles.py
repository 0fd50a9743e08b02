"""Which classes of a label space are the road, the sky, a car: what is known of driving scenes is known of these."""

from functools import cache

from fairweather.vocabulary.labels import IGNORE, harmonised, label_space


@cache
def roles(space: str) -> dict[str, tuple[int, ...]]:
    """Name of a Cityscapes class -> the classes of the space that are that, through the map between them or by equal names."""
    named, way = label_space(space), harmonised(space)
    target = label_space("cityscapes19").classes
    found: dict[str, list[int]] = {}
    for index, name in enumerate(named.classes):
        goal = way.table[index] if way else (target.index(name) if name in target else IGNORE)
        if goal != IGNORE:
            found.setdefault(target[goal], []).append(index)
    return {name: tuple(indices) for name, indices in found.items()}
