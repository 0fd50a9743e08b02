"""The names of the textures, in the order of their numbers in the atlas."""

_COUNTED = {
    "facade": 14,  # upper storeys: 2 x 2 bays of one window each; channel 4 glass; repeats
    "shop": 6,  # a shop front, 6 m x 3.6 m; channel 4 glass; repeats along u
    "entrance": 4,  # ground floor without a shop: windows, doors, garage; 6 m x 3.6 m; channel 4 glass; repeats along u
    "gable": 3,  # windowless wall; repeats
    "roof": 3,  # repeats
    "wall": 3,  # garden wall: brick, stone, concrete; repeats along u
    "fence": 4,  # pickets, mesh, railing, boards; cutout; repeats along u
    "hedge": 2,  # cutout at the top; repeats along u
    "tree": 8,  # a whole tree with trunk, 6 in leaf, the last two bare; cutout
    "bush": 2,  # cutout
    "person": 12,  # standing, walking, front, side, back; all in clothes of their own colour; cutout
    "sign": 10,  # round, triangular, octagonal, square, direction boards; cutout
    "skyline": 2,  # the far end of the street; cutout at the top; repeats along u
    "car_side": 3,  # silhouette with wheels and windows: hatchback, saloon, van; cutout; white paint
    "car_front": 2,  # grille, plate, lamps; channel 4 lamps; white paint
    "car_rear": 2,  # lamps, plate; channel 4 lamps; white paint
    "truck_side": 2,  # box, tarpaulin; with chassis and wheels; cutout; white paint
}  # fmt: skip
_SINGLE = (
    "plain", "pole", "car_screen", "car_paint", "truck_front", "truck_rear", "bus_side", "bus_front", "bus_rear",
    "train_side", "train_front", "bicycle_side", "bicycle_end", "motorcycle_side", "motorcycle_end",
    "rider_bicycle_side", "rider_bicycle_end", "rider_motorcycle_side", "rider_motorcycle_end",
    "signal_red", "signal_green", "signal_back", "lamp_head", "sign_back",
)  # fmt: skip

TILES = (*(f"{name}_{k}" for name, count in _COUNTED.items() for k in range(count)), *_SINGLE)
NUMBER = {name: number for number, name in enumerate(TILES)}
