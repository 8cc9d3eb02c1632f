"""What an archive says it holds. Read strictly: what is not understood is refused."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.backup.refused import NotRestored, unreadable
from app.errors import Message

FORMAT = 1
DATABASE, FILES = "database", "files/"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Engine = Literal["sqlite", "postgresql"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(_Strict):
    """One file in the archive; uploaded files are named by their digest."""

    name: Annotated[str, Field(pattern=r"^(database|files/[0-9a-f]{2}/[0-9a-f]{64})$")]
    size: Annotated[int, Field(ge=0)]
    sha256: Digest


class Table(_Strict):
    """How many rows, and a digest of them that does not depend on their order."""

    rows: Annotated[int, Field(ge=0)]
    digest: Digest


class Manifest(_Strict):
    format: int
    version: str
    revision: str
    engine: Engine
    made_at: datetime
    tables: dict[str, Table]
    parts: list[Part]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def files(self) -> list[Part]:
        return [part for part in self.parts if part.name.startswith(FILES)]


class _Header(BaseModel):
    format: int


def parse(text: bytes) -> Manifest:
    """The manifest. Conflict where it is of a newer kind, or no manifest."""
    try:
        if _Header.model_validate_json(text).format != FORMAT:
            raise NotRestored(
                Message(
                    "Arkivet er lavet af en nyere udgave. Opdater programmet. Intet er skrevet."
                )
            )
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise unreadable("manifest.json") from error
    names = [part.name for part in manifest.parts]
    if names[:1] != [DATABASE] or len(set(names)) != len(names):
        raise unreadable("manifest.json: parts")
    if any(part.name.rpartition("/")[2] != part.sha256 for part in manifest.files):
        raise unreadable("manifest.json: files")
    return manifest
