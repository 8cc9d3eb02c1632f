"""What a client may send: unknown fields are refused, and left out is not the same as null."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def said(self) -> dict[str, Any]:
        """Only the fields that the client sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def left_out() -> Any:
    """The default of a field that may be left out but never null."""
    return Field(default_factory=lambda: None)
