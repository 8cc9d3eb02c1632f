"""What is under way until somebody is signed in: links that were mailed, trips to a provider."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.db import BigId, UTCDateTime


class SignInLink(SQLModel, table=True):
    """A link that was mailed to a person, good once: only the hash of what is in it is kept."""

    __tablename__ = "sign_in_link"

    hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=BigId)
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SignInTrip(SQLModel, table=True):
    """A browser that was sent to the identity provider, and has not come back: found by the hash of
    the `state`, and only good for the browser that holds the cookie with `browser_hash`."""

    __tablename__ = "sign_in_trip"

    state_hash: str = Field(primary_key=True)
    browser_hash: str
    nonce: str
    code_verifier: str
    back_to: str
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)


class LogoutToken(SQLModel, table=True):
    """A logout token that has been obeyed: remembered until it could not be used again anyhow."""

    __tablename__ = "logout_token"

    hash: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
