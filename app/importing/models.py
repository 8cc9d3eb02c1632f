"""What became of a file that somebody brought in: read, found right or wrong, and applied."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from app.db import BigId, UTCDateTime, words
from app.importing.columns import SheetKind


class RunState(StrEnum):
    READING = "reading"
    FAULTY = "faulty"
    READY = "ready"
    RUNNING = "running"
    APPLIED = "applied"


class Interruption(StrEnum):
    """Why nothing came of an application."""

    STOPPED = "stopped"
    BUSY = "busy"
    OVERTAKEN = "overtaken"
    FAILED = "failed"


class ImportRun(SQLModel, table=True):
    """A file kept in the data folder under its SHA-256 `digest`, and what was found in it.

    `attempt` rises with each start: whoever has another number than this has been given up.
    `heartbeat_at` is the last sign that somebody reads or applies it. `problems` and `steps` are
    the first of them, as app.importing.findings writes them; the counts are of all.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("filename <> ''", "has_a_name"),
        CheckConstraint("length(digest) = 64", "digest_is_whole"),
        CheckConstraint(
            "state IN ('reading', 'faulty', 'ready', 'running', 'applied')", "state_is_known"
        ),
        CheckConstraint(
            "(state = 'applied' AND finished_at IS NOT NULL)"
            " OR (state <> 'applied' AND finished_at IS NULL)",
            "applied_is_finished",
        ),
        CheckConstraint(
            "state NOT IN ('running', 'applied')"
            " OR (started_at IS NOT NULL AND started_by_id IS NOT NULL)",
            "somebody_started_it",
        ),
        Index(
            "uq_import_run_running",
            "state",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kind: SheetKind = Field(sa_type=words(SheetKind))
    filename: str
    size: int = Field(sa_type=BigId)
    digest: str
    state: RunState = Field(default=RunState.READING, sa_type=words(RunState))
    uploaded_at: datetime = Field(sa_type=UTCDateTime, index=True)
    uploaded_by_id: int = Field(foreign_key="person.id", sa_type=BigId)
    attempt: int = 0
    heartbeat_at: datetime = Field(sa_type=UTCDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    started_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    interruption: Interruption | None = Field(
        default=None, sa_column=Column(words(Interruption), nullable=True)
    )
    done: int = 0
    total: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_unchanged: int = 0
    problem_count: int = 0
    problems: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    steps: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))

    @property
    def key(self) -> int:
        """The id of a row that has been stored."""
        assert self.id is not None
        return self.id
