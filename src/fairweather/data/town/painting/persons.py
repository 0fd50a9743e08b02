"""Persons: the body of a figure from a few measures, in front, back and side view; cutouts that fill the tile's height."""

from collections.abc import Iterator
from typing import NamedTuple

from fairweather.data.town.painting.canvas import (
    Canvas,
    Colour,
    blank,
    dim,
    disc,
    grain,
    limb,
    shade_across,
    shape,
    stream,
    stroke,
)

Rgb = tuple[float, float, float]
_MIDDLE = 0.25  # of the tile, which is 0.5 x 1.0 heights
_SKINS: tuple[Rgb, ...] = ((0.42, 0.28, 0.21), (0.36, 0.22, 0.16), (0.20, 0.12, 0.085), (0.09, 0.055, 0.04))


class Person(NamedTuple):
    """Who is painted.

    Args:
        view: "front", "back" or "side" (which faces u = 0).
        stride: 0 stands, 1 takes a full step.
        coat: "jacket", "coat" (to the knee), "shirt" (bare forearms), "skirt", "hood".
        top, legs, shoes, hair: colours.
        skin: index into the skins.
        bag: "", "backpack", "shoulder", "shopping".
        hair_style: "short", "long", "cap", "bald", "bun".
    """

    view: str
    stride: float
    coat: str
    top: Rgb
    legs: Rgb
    hair: Rgb
    skin: int
    bag: str
    hair_style: str
    shoes: Rgb = (0.04, 0.035, 0.035)


_PERSONS = (
    Person("front", 0.0, "jacket", (0.06, 0.075, 0.105), (0.07, 0.085, 0.125), (0.05, 0.035, 0.025), 0, "", "short"),
    Person("front", 0.8, "coat", (0.19, 0.155, 0.12), (0.04, 0.042, 0.05), (0.14, 0.085, 0.045), 0, "shoulder", "long"),
    Person(
        "front",
        0.7,
        "shirt",
        (0.36, 0.36, 0.35),
        (0.085, 0.10, 0.14),
        (0.02, 0.018, 0.016),
        2,
        "",
        "short",
        (0.4, 0.4, 0.4),
    ),
    Person("back", 0.7, "hood", (0.10, 0.10, 0.105), (0.055, 0.07, 0.11), (0.03, 0.025, 0.02), 1, "backpack", "short"),
    Person("back", 0.0, "coat", (0.045, 0.045, 0.05), (0.03, 0.03, 0.035), (0.17, 0.12, 0.07), 0, "", "long"),
    Person(
        "back", 0.8, "jacket", (0.115, 0.135, 0.095), (0.15, 0.135, 0.11), (0.19, 0.18, 0.17), 0, "shopping", "bald"
    ),
    Person(
        "side", 1.0, "jacket", (0.20, 0.075, 0.065), (0.05, 0.055, 0.07), (0.04, 0.03, 0.025), 1, "backpack", "short"
    ),
    Person("side", 0.9, "coat", (0.075, 0.085, 0.095), (0.03, 0.03, 0.032), (0.10, 0.06, 0.035), 0, "shoulder", "bun"),
    Person(
        "side",
        0.7,
        "shirt",
        (0.15, 0.19, 0.235),
        (0.19, 0.165, 0.13),
        (0.03, 0.025, 0.02),
        0,
        "",
        "cap",
        (0.35, 0.34, 0.33),
    ),
    Person(
        "side",
        0.0,
        "hood",
        (0.22, 0.21, 0.195),
        (0.045, 0.05, 0.065),
        (0.02, 0.018, 0.015),
        3,
        "",
        "short",
        (0.3, 0.3, 0.3),
    ),
    Person(
        "front", 0.5, "skirt", (0.30, 0.275, 0.25), (0.085, 0.06, 0.075), (0.045, 0.03, 0.022), 1, "shopping", "bun"
    ),
    Person("side", 1.0, "skirt", (0.045, 0.05, 0.06), (0.17, 0.115, 0.105), (0.21, 0.14, 0.07), 0, "", "long"),
)


def person(number: int) -> Canvas:
    """Person `number` of 12."""
    who = _PERSONS[number]
    canvas = blank((64, 128), (0.5, 1.0), None, 4)
    if who.view == "side":
        _side(canvas, who)
    else:
        _upright(canvas, who)
    folds(canvas, stream("person", number), number)
    return canvas


def folds(canvas: Canvas, draws: Iterator[float], name: object) -> None:
    """Folds and wear of cloth: light and dark in small slanted patches, the right side a little darker."""
    wide, high = canvas.width, canvas.height
    grain(canvas, ("folds", name), (0.09 * wide, 0.03 * high), 0.24)
    grain(canvas, ("folds fine", name), (0.03 * wide, 0.012 * high), 0.16)
    shade_across(canvas, 0, 0, wide, high, (1.12, 1.08, 1.0, 0.86, 0.8))
    next(draws)


def head(canvas: Canvas, who: Person, x: float, y: float, size: float = 1.0) -> None:
    """Head and neck: the chin at `y`, the hair's top 0.133 heights above it; size scales to the canvas's metres."""
    skin, hair = _SKINS[who.skin], who.hair
    wide, tall = 0.046 * size, 0.0665 * size
    middle = y + tall
    limb(canvas, (x, y - 0.045 * size, 0.027 * size), (x, y + 0.03 * size, 0.025 * size), dim(skin, 0.7))
    if who.hair_style == "long":
        shape(canvas, [(x - wide * 1.12, middle + 0.01 * size), (x - wide * 1.2, y - 0.03 * size), (x +
            wide * 1.2, y - 0.03 * size), (x + wide * 1.12, middle + 0.01 * size)], dim(hair, 0.85))  # fmt: skip
    disc(canvas, x, middle, wide, skin, squash=tall / wide)
    if who.view == "back":
        disc(
            canvas,
            x,
            middle + 0.008 * size,
            wide * 1.03,
            skin if who.hair_style == "bald" else hair,
            squash=0.9 * tall / wide,
        )
        if who.hair_style == "bald":
            disc(canvas, x, middle - 0.012 * size, wide * 1.04, hair, squash=0.5)
        if who.hair_style == "long":
            disc(canvas, x, y - 0.02 * size, wide * 1.2, hair, squash=1.0)
            shape(canvas, [(x - wide * 1.08, middle), (x - wide * 1.2, y - 0.05 * size), (x + wide * 1.2, y - 0.05 * size),
                           (x + wide * 1.08, middle)], hair)  # fmt: skip
    elif who.view == "side":
        disc(canvas, x - wide * 1.02, middle - 0.012 * size, 0.009 * size, skin)  # the nose
        disc(canvas, x + wide * 0.16, middle + 0.012 * size, wide * 1.0, hair, squash=0.8 * tall / wide)
        shape(canvas, [(x - wide * 1.02, middle + 0.02 * size), (x - wide * 0.1, middle + 0.016 * size),
            (x - wide * 0.05, y + 0.012 * size), (x - wide * 0.7, y), (x - wide * 1.0, middle - 0.02 *
            size)], skin)  # fmt: skip
        disc(canvas, x - wide * 0.66, middle + 0.006 * size, 0.006 * size, dim(skin, 0.3))
        disc(canvas, x + wide * 0.15, middle - 0.008 * size, 0.010 * size, dim(skin, 0.8))
        if who.hair_style == "long":
            shape(canvas, [(x, middle + 0.02 * size), (x + wide * 1.15, middle), (x + wide * 1.35, y -
                0.05 * size), (x + wide * 0.2, y - 0.03 * size)], hair)  # fmt: skip
    else:
        disc(canvas, x, middle + 0.03 * size, wide * 1.04, hair, squash=0.62 * tall / wide)
        disc(canvas, x, middle - 0.002 * size, wide * 0.84, skin, squash=0.82 * tall / wide)
        for side in (-1.0, 1.0):
            disc(canvas, x + side * wide * 0.4, middle + 0.004 * size, 0.007 * size, dim(skin, 0.25), squash=0.7)
        stroke(
            canvas,
            [(x - 0.013 * size, y + 0.022 * size), (x + 0.013 * size, y + 0.022 * size)],
            0.006 * size,
            dim(skin, 0.5),
        )
        disc(canvas, x, middle - 0.016 * size, 0.007 * size, dim(skin, 0.78))
        shape(
            canvas,
            [(x - wide * 0.6, y + 0.012 * size), (x + wide * 0.6, y + 0.012 * size), (x, y - 0.006 * size)],
            dim(skin, 0.72),
        )
    if who.hair_style == "bun":
        disc(canvas, x + (wide * 1.1 if who.view == "side" else 0.0), middle + 0.045 * size, 0.024 * size, hair)
    if who.hair_style == "cap":
        disc(canvas, x, middle + 0.026 * size, wide * 1.1, (0.06, 0.065, 0.08), squash=0.85)
        shape(
            canvas,
            [(x - wide * 1.9, middle + 0.018 * size), (x, middle + 0.014 * size), (x, middle + 0.034 * size)],
            (0.05, 0.05, 0.065),
        )


def _upright(canvas: Canvas, who: Person) -> None:
    """Front or back view; walking lifts one foot and swings the arms."""
    x, step = _MIDDLE, who.stride
    skirt = who.coat == "skirt"
    leg: Colour = dim(_SKINS[who.skin], 0.6) if skirt else who.legs
    for side, lift in ((1.0, 0.052 * step), (-1.0, 0.0)):
        hip, foot = x + side * 0.046, x + side * (0.052 - 0.012 * step)
        tone = dim(leg, 0.78 if lift else 1.0)
        knee = (hip + side * 0.006, 0.275 + lift * 0.55)
        limb(canvas, (hip, 0.49, 0.05), (*knee, 0.036), tone)
        limb(canvas, (*knee, 0.035), (foot, 0.055 + lift, 0.022 if skirt else 0.030), tone)
        toe = 0.024 if who.view == "front" else 0.026
        disc(canvas, foot + side * 0.006, toe * 0.95 + lift, 0.031, dim(who.shoes, 0.9 if lift else 1.1), squash=0.76)
        stroke(canvas, [(hip - side * 0.02, 0.44), (knee[0] - side * 0.008, knee[1])], 0.006, dim(tone, 0.65))
    stroke(canvas, [(x, 0.46), (x, 0.32)], 0.008, dim(leg, 0.45))
    _arms(canvas, who)
    shape(canvas, [(x - 0.045, 0.845), (x - 0.108, 0.815), (x - 0.118, 0.77), (x - 0.088, 0.63), (x -
        0.096, 0.50), (x - 0.09, 0.465), (x + 0.09, 0.465), (x + 0.096, 0.50), (x + 0.088, 0.63), (x +
        0.118, 0.77), (x + 0.108, 0.815), (x + 0.045, 0.845)], who.top)  # fmt: skip
    if who.coat == "coat":
        shape(canvas, [(x - 0.092, 0.56), (x - 0.112, 0.27), (x + 0.112, 0.27), (x + 0.092, 0.56)], who.top)
        stroke(canvas, [(x - 0.095, 0.62), (x + 0.095, 0.62)], 0.012, dim(who.top, 0.55))
    elif skirt:
        shape(canvas, [(x - 0.085, 0.6), (x - 0.128, 0.31), (x + 0.128, 0.31), (x + 0.085, 0.6)], who.legs)
        for k in (-0.07, -0.02, 0.035, 0.085):
            stroke(canvas, [(x + k * 0.7, 0.58), (x + k, 0.31)], 0.006, dim(who.legs, 0.65))
    else:
        stroke(canvas, [(x - 0.09, 0.468), (x + 0.09, 0.468)], 0.012, dim(who.top, 0.5))
    if who.view == "front":
        _front_of_top(canvas, who)
    elif who.coat in ("hood", "jacket"):
        stroke(canvas, [(x - 0.05, 0.80), (x, 0.775), (x + 0.05, 0.80)], 0.012, dim(who.top, 0.6))
        stroke(canvas, [(x, 0.77), (x, 0.5)], 0.005, dim(who.top, 0.8))
    for side in (-1.0, 1.0):
        stroke(canvas, [(x + side * 0.104, 0.785), (x + side * 0.088, 0.64)], 0.007, dim(who.top, 0.45))
    if who.bag == "backpack" and who.view == "back":
        shape(canvas, [(x - 0.07, 0.80), (x - 0.082, 0.60), (x - 0.07, 0.56), (x + 0.07, 0.56), (x +
            0.082, 0.60), (x + 0.07, 0.80)], (0.13, 0.055, 0.05))  # fmt: skip
        stroke(canvas, [(x - 0.07, 0.70), (x + 0.07, 0.70)], 0.008, (0.05, 0.025, 0.025))
        shape(canvas, [(x - 0.055, 0.67), (x - 0.055, 0.59), (x + 0.055, 0.59), (x + 0.055, 0.67)], (0.10, 0.045, 0.04))
        for side in (-1.0, 1.0):
            stroke(canvas, [(x + side * 0.05, 0.80), (x + side * 0.07, 0.825)], 0.014, (0.05, 0.03, 0.03))
    head(canvas, who, x, 0.867)
    if who.coat == "hood":
        disc(canvas, x, 0.85, 0.058, dim(who.top, 0.85), squash=0.5)
    if who.bag == "shoulder":
        stroke(canvas, [(x + 0.07, 0.825), (x - 0.09, 0.56)], 0.011, (0.06, 0.04, 0.03))
        shape(canvas, [(x - 0.165, 0.57), (x - 0.08, 0.57), (x - 0.075, 0.45), (x - 0.17, 0.45)], (0.10, 0.06, 0.04))
        stroke(canvas, [(x - 0.165, 0.54), (x - 0.08, 0.54)], 0.007, (0.045, 0.03, 0.02))
    elif who.bag == "shopping":
        stroke(canvas, [(x + 0.13, 0.46), (x + 0.14, 0.40)], 0.006, 0.2)
        shape(canvas, [(x + 0.10, 0.41), (x + 0.185, 0.41), (x + 0.19, 0.25), (x + 0.095, 0.25)], (0.38, 0.36, 0.32))
        shape(canvas, [(x + 0.12, 0.36), (x + 0.165, 0.36), (x + 0.165, 0.31), (x + 0.12, 0.31)], (0.22, 0.09, 0.08))


def _front_of_top(canvas: Canvas, who: Person) -> None:
    x = _MIDDLE
    if who.coat == "shirt":
        disc(canvas, x, 0.845, 0.036, _SKINS[who.skin], squash=0.7)
        stroke(canvas, [(x - 0.04, 0.70), (x + 0.03, 0.70)], 0.03, dim(who.top, 0.6))
        return
    inner: Colour = (0.40, 0.39, 0.37) if who.coat != "skirt" else dim(who.top, 0.8)
    shape(canvas, [(x - 0.03, 0.85), (x + 0.03, 0.85), (x, 0.75)], inner)
    for side in (-1.0, 1.0):
        shape(
            canvas,
            [(x + side * 0.03, 0.855), (x + side * 0.058, 0.83), (x + side * 0.022, 0.75), (x, 0.74)],
            dim(who.top, 0.72),
        )
        stroke(canvas, [(x + side * 0.075, 0.57), (x + side * 0.045, 0.585)], 0.008, dim(who.top, 0.5))
    stroke(canvas, [(x, 0.745), (x, 0.28 if who.coat == "coat" else 0.48)], 0.008, dim(who.top, 0.45))
    for k in range(4):
        disc(canvas, x + 0.012, 0.71 - 0.065 * k, 0.006, dim(who.top, 1.9))


def _arms(canvas: Canvas, who: Person) -> None:
    """Both arms of the upright figure, before the trunk is drawn over their roots."""
    x, swing = _MIDDLE, 0.035 * who.stride
    skin = _SKINS[who.skin]
    for side, lift in ((-1.0, swing), (1.0, -swing * 0.4)):
        elbow, hand = (x + side * 0.137, 0.635 + lift * 0.4), (x + side * (0.140 - 0.25 * abs(lift)), 0.475 + lift)
        tone = dim(who.top, 0.84)
        limb(canvas, (x + side * 0.103, 0.79, 0.034), (*elbow, 0.027), tone)
        if who.coat == "shirt":
            limb(canvas, (*elbow, 0.022), (*hand, 0.016), dim(skin, 0.85))
        else:
            limb(canvas, (*elbow, 0.027), (hand[0], hand[1] + 0.025, 0.022), tone)
        disc(canvas, hand[0], hand[1] - 0.008, 0.018, dim(skin, 0.9), squash=1.3)


def _side(canvas: Canvas, who: Person) -> None:
    """Seen from the side, facing u = 0."""
    x, step = _MIDDLE + 0.012, who.stride
    skirt = who.coat == "skirt"
    leg: Colour = dim(_SKINS[who.skin], 0.6) if skirt else who.legs
    skin = _SKINS[who.skin]

    def one_leg(knee: tuple[float, float], ankle: tuple[float, float], light: float, heel: float) -> None:
        limb(canvas, (x, 0.50, 0.058), (*knee, 0.038), dim(leg, light))
        limb(canvas, (*knee, 0.037), (*ankle, 0.021 if skirt else 0.028), dim(leg, light))
        ax, ay = ankle
        shape(canvas, [(ax + 0.028, ay - 0.012 + heel), (ax + 0.026, ay - 0.045 + heel), (ax - 0.075, ay - 0.048 - heel * 0.6),
                       (ax - 0.078, ay - 0.034 - heel * 0.6), (ax - 0.02, ay)], dim(who.shoes, light))  # fmt: skip

    def one_arm(elbow: tuple[float, float], hand: tuple[float, float], light: float) -> None:
        limb(canvas, (x + 0.008, 0.785, 0.036), (*elbow, 0.029), dim(who.top, light))
        if who.coat == "shirt":
            limb(canvas, (*elbow, 0.023), (*hand, 0.017), dim(skin, light))
        else:
            limb(
                canvas,
                (*elbow, 0.029),
                (hand[0] * 0.85 + elbow[0] * 0.15, hand[1] * 0.85 + elbow[1] * 0.15, 0.023),
                dim(who.top, light),
            )
        disc(canvas, hand[0], hand[1], 0.019, dim(skin, light), squash=1.2)

    one_arm((x + 0.01 - 0.055 * step, 0.64), (x - 0.02 - 0.115 * step, 0.50 + 0.02 * step), 0.6)
    one_leg((x + 0.015 * step - 0.004, 0.28), (x + 0.004 + 0.165 * step, 0.055 + 0.055 * step), 0.62, 0.028 * step)
    one_leg((x - 0.012 - 0.075 * step, 0.285), (x - 0.002 - 0.115 * step, 0.055), 1.0, 0.0)
    if who.bag == "backpack":
        shape(
            canvas,
            [(x + 0.05, 0.82), (x + 0.13, 0.79), (x + 0.145, 0.62), (x + 0.12, 0.58), (x + 0.05, 0.58)],
            (0.07, 0.08, 0.075),
        )
        stroke(canvas, [(x + 0.135, 0.69), (x + 0.07, 0.69)], 0.008, (0.03, 0.03, 0.03))
    low = 0.28 if who.coat == "coat" else 0.465
    shape(canvas, [(x - 0.03, 0.85), (x - 0.055, 0.80), (x - 0.078, 0.73), (x - 0.066, 0.62), (x - 0.07,
        0.5), (x - 0.075 - 0.03 * step * (low < 0.4), low), (x + 0.075 + 0.045 * step * (low < 0.4),
        low), (x + 0.078, 0.52), (x + 0.06, 0.63), (x + 0.075, 0.75), (x + 0.06, 0.82), (x + 0.03,
        0.852)], who.top)  # fmt: skip
    if skirt:
        shape(canvas, [(x - 0.068, 0.6), (x - 0.12, 0.31), (x + 0.125, 0.33), (x + 0.07, 0.6)], who.legs)
        for k in (-0.05, 0.0, 0.06):
            stroke(canvas, [(x + k * 0.7, 0.58), (x + k * 1.2, 0.32)], 0.006, dim(who.legs, 0.65))
    stroke(canvas, [(x - 0.07, low + 0.004), (x + 0.07, low + 0.004)], 0.011, dim(who.top, 0.5))
    if who.coat == "coat":
        stroke(canvas, [(x - 0.068, 0.62), (x + 0.064, 0.62)], 0.011, dim(who.top, 0.55))
    one_arm((x + 0.035 + 0.055 * step, 0.645), (x + 0.01 + 0.105 * step, 0.49 + 0.03 * step), 0.88)
    stroke(canvas, [(x - 0.022, 0.78), (x + 0.008 + 0.03 * step, 0.63)], 0.006, dim(who.top, 0.45))
    head(canvas, who, x - 0.018, 0.867)
    if who.coat == "hood":
        shape(canvas, [(x - 0.02, 0.86), (x + 0.05, 0.885), (x + 0.065, 0.82), (x - 0.03, 0.825)], dim(who.top, 0.8))
    if who.bag == "shoulder":
        stroke(canvas, [(x + 0.01, 0.84), (x + 0.05, 0.6)], 0.011, (0.07, 0.045, 0.03))
        shape(canvas, [(x - 0.01, 0.60), (x + 0.09, 0.60), (x + 0.1, 0.48), (x - 0.02, 0.48)], (0.12, 0.075, 0.05))
        stroke(canvas, [(x - 0.012, 0.56), (x + 0.092, 0.56)], 0.007, (0.05, 0.03, 0.02))
