"""Trips to the identity provider: begun in a browser, and come back from once, in the same one."""

import hashlib
import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlmodel import Session, col, delete, select

from app.people.cookies import name_of
from app.settings import Settings
from app.signing_in.carried import Trip
from app.signing_in.models import SignInTrip
from app.signing_in.places import safe_path
from app.signing_in.refusals import Refusal, not_valid

LASTS = timedelta(minutes=10)
TOLD_OF_FOR = timedelta(hours=1)
"""So long whoever comes back late is told that it was late."""
_SWEPT_AT_A_TIME = 100


def cookie_name(settings: Settings) -> str:
    """Of what the browser holds as `browser` while it is away."""
    return f"{name_of(settings)}_trip"


def planned(back_to: str | None, *, browser: str | None = None) -> Trip:
    """A new trip with secrets of its own. `browser` is what the browser's cookie holds already, so
    that two tabs do not take it from each other."""
    return Trip(
        state=secrets.token_urlsafe(32),
        browser=browser or secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        code_verifier=secrets.token_urlsafe(48),
        back_to=safe_path(back_to),
    )


def begin(session: Session, trip: Trip, *, now: datetime) -> None:
    """Keeps the trip until it comes back, and forgets those that never did."""
    _sweep(session, before=now - TOLD_OF_FOR)
    session.add(
        SignInTrip(
            state_hash=_hash(trip.state),
            browser_hash=_hash(trip.browser),
            nonce=trip.nonce,
            code_verifier=trip.code_verifier,
            back_to=trip.back_to,
            expires_at=now + LASTS,
        )
    )
    session.flush()


def take(session: Session, *, state: str | None, browser: str | None, now: datetime) -> Trip:
    """The trip that came back, which is over with that. AnswerNotValid where it is none of this
    browser's, is too late or was here before; whoever brings another's state does not end it."""
    row = session.get(SignInTrip, _hash(state or ""), with_for_update=True, populate_existing=True)
    if row is None:
        raise not_valid(Refusal.TRIP_UNKNOWN)
    if not compare_digest(row.browser_hash, _hash(browser or "")):
        raise not_valid(Refusal.OTHER_BROWSER)
    if row.expires_at <= now:
        raise not_valid(Refusal.TRIP_EXPIRED)
    trip = Trip(state or "", browser or "", row.nonce, row.code_verifier, row.back_to)
    session.delete(row)
    session.flush()
    return trip


def _sweep(session: Session, *, before: datetime) -> None:
    old = (
        select(SignInTrip.state_hash)
        .where(SignInTrip.expires_at < before)
        .limit(_SWEPT_AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    session.exec(delete(SignInTrip).where(col(SignInTrip.state_hash).in_(old)))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
