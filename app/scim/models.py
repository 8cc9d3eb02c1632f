"""What the organisation's directory knows a person by, and its groups. A person is still a person
without any of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.constraints import versions_rise
from app.db import BigId, UTCDateTime, Versioned


class ScimAccount(Versioned, table=True):
    """What the directory calls a person. Without a row, or without `user_name`, it knows a person
    by their mail; unless it has removed them, as counted in `removals`: then it does not know them
    until it makes them anew. `user_name_key` is folded, and `group_roles` is what groups gave.
    """

    __tablename__ = "scim_account"
    __table_args__ = (
        versions_rise(),
        CheckConstraint("(user_name IS NULL) = (user_name_key IS NULL)", "name_has_a_key"),
        CheckConstraint("user_name <> ''", "name_is_written"),
        CheckConstraint("external_id <> ''", "external_id_is_written"),
        CheckConstraint("removals >= 0", "removals_are_counted"),
    )

    person_id: int = Field(foreign_key="person.id", unique=True, sa_type=BigId)
    user_name: str | None = None
    user_name_key: str | None = Field(default=None, unique=True)
    external_id: str | None = Field(default=None, unique=True)
    removals: int = 0
    group_roles: str = ""


class ScimGroup(Versioned, table=True):
    """A group of the directory. `name_key` is the folded name, and gone once the group is;
    `member_changes` counts, so that a group whose members change is another version."""

    __tablename__ = "scim_group"
    __table_args__ = (
        versions_rise(),
        CheckConstraint("name <> ''", "has_a_name"),
        CheckConstraint("external_id <> ''", "external_id_is_written"),
        CheckConstraint("(removed_at IS NULL) = (name_key IS NOT NULL)", "known_until_removed"),
        CheckConstraint("removed_at IS NULL OR external_id IS NULL", "removed_without_an_id"),
    )

    name: str
    name_key: str | None = Field(unique=True)
    external_id: str | None = Field(default=None, unique=True)
    member_changes: int = 0
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ScimMember(SQLModel, table=True):
    """Who is in a group of the directory now; the log keeps who was."""

    __tablename__ = "scim_member"

    group_id: int = Field(foreign_key="scim_group.id", primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, sa_type=BigId)
