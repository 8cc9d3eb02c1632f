"""How well two colours can be told apart, as WCAG 2 reckons it. Pure."""

import re

LEAST = 4.5
"""What WCAG 2 asks of text of an ordinary size, at level AA (success criterion 1.4.3)."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Whether it is written as `#08519c`."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1, where the colours are the same, to 21, which is black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance: 0 is black and 1 is white."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """What sRGB has bent, straight again. The bound is that of the sRGB standard: WCAG's older
    0.03928 falls between the same two of 256 steps."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
