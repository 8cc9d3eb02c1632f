"""The settings of the municipality's look. Pure: the logo's file is read elsewhere."""

import math
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

from app.contrast import LEAST, contrast, is_colour

WHITE, WASH = "#ffffff", "#f5f7fa"
"""What the colours stand on: pages are white, and some of their parts have a wash."""


class LookSettings(BaseSettings):
    """Two colours that white text can be read on, and that can be read on the pages themselves."""

    colour: str = Field("#08519c", description="The municipality's colour, as on buttons.")
    colour_dark: str = Field(
        "#08306b", description="A darker one beside it: names, and a button that is pointed at."
    )
    logo: Path | None = Field(
        None, description="SVG or PNG file of at most 100 kB. Empty: a wrapped gift is shown."
    )

    @field_validator("colour", "colour_dark")
    @classmethod
    def _can_be_read(cls, value: str) -> str:
        colour = value.strip().lower()
        if not is_colour(colour):
            raise PydanticCustomError("colour", "six hexadecimal digits after #")
        for kind, ground in (("pale_on_white", WHITE), ("pale_on_wash", WASH)):
            ratio = contrast(colour, ground)
            if ratio < LEAST:
                # Rounded down: what is just too little must not look like enough.
                seen = math.floor(ratio * 100) / 100
                needed = {"ratio": seen, "least": LEAST, "ground": ground}
                raise PydanticCustomError(kind, "{ratio} on {ground}, not {least}", needed)
        return colour

    @field_validator("logo", mode="before")
    @classmethod
    def _may_be_empty(cls, value: object) -> object:
        return None if value == "" else value
