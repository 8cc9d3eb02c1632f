"""Signed out at the identity provider, signed out here: its notices, each obeyed once."""

import hashlib
import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from app.people import sessions
from app.signing_in import who
from app.signing_in.carried import LogoutNotice
from app.signing_in.models import LogoutToken
from app.signing_in.refusals import not_valid

_SWEPT_AT_A_TIME = 100
_log = logging.getLogger(__name__)


def obey(session: Session, notice: LogoutNotice, *, now: datetime) -> int:
    """Ends what the provider says is over; how many sessions that were. AnswerNotValid where the
    notice was here before: else whoever has seen it could sign a person out again."""
    _remember(session, notice, now=now)
    person_id = None
    if notice.subject is not None:
        identity = who.by_subject(session, notice.issuer, notice.subject)
        if identity is None:
            return 0
        person_id = identity.person_id
    ended = sessions.end_at_provider(
        session,
        notice.issuer,
        provider_session=notice.session,
        person_id=person_id,
        now=now,
    )
    return len(ended)


def _remember(session: Session, notice: LogoutNotice, *, now: datetime) -> None:
    _sweep(session, before=now)
    token = hashlib.sha256(f"{notice.issuer}\n{notice.id}".encode()).hexdigest()
    try:
        with session.begin_nested():
            session.add(LogoutToken(hash=token, expires_at=notice.expires_at))
    except IntegrityError:
        _log.warning("a logout token was sent once more")
        raise not_valid() from None


def _sweep(session: Session, *, before: datetime) -> None:
    old = (
        select(LogoutToken.hash)
        .where(LogoutToken.expires_at < before)
        .limit(_SWEPT_AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    session.exec(delete(LogoutToken).where(col(LogoutToken.hash).in_(old)))
