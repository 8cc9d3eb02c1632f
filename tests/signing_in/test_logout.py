"""What the provider says is over, ends here: when it is the provider that says so, and once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.people.models import Identity, Person, WebSession
from app.signing_in import logout
from app.signing_in.carried import LogoutNotice
from app.signing_in.models import LogoutToken
from app.signing_in.provider import Provider
from app.signing_in.refusals import AnswerNotValid, Refusal
from tests.conftest import NOON
from tests.make import Make
from tests.provider.forger import LOGGED_OUT, OTHER_RSA, Forger

ISSUER = "https://login.lindborg.example"
Heard = Callable[..., LogoutNotice]


@pytest.fixture
def heard(forged: Forger) -> Heard:
    """What is made of a logout token with these claims; those that are None are left out."""
    provider = Provider(forged.settings())

    def hear(*, now: datetime = NOON, how: dict[str, Any] | None = None, **over: Any):
        claims = forged.logout_claims(**{"at": NOON.timestamp(), **over})
        token = forged.sign(claims, **(how or {"typ": "logout+jwt"}))
        return asyncio.run(provider.logout_notice(token, now=now))

    return hear


def test_a_good_notice_is_heard(heard: Heard, forged: Forger) -> None:
    notice = heard()
    assert (notice.issuer, notice.id) == (forged.address, "one")
    assert (notice.subject, notice.session) == ("signe", "s-1")
    assert heard(how={"typ": "JWT"}, sub=None).subject is None
    assert heard(sid=None).session is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "any"},
        {"nonce": ""},
        {"events": None},
        {"events": []},
        {"events": {}},
        {"events": {name: True for name in LOGGED_OUT}},
        {"sub": None, "sid": None},
        {"sub": 7},
        {"sid": ""},
        {"jti": None},
        {"jti": 7},
        {"jti": ""},
        {"iss": "https://login.example"},
        {"aud": "another"},
        {"aud": ["gavebord", "another"]},
        {"iat": None},
        {"exp": None},
        {"how": {"typ": "at+jwt"}},
    ],
    ids=str,
)
def test_a_notice_that_is_wrong_in_one_way_is_refused(heard: Heard, wrong: dict) -> None:
    with pytest.raises(AnswerNotValid) as refused:
        heard(**wrong)
    assert refused.value.reason == Refusal.NOT_VALID


def test_a_notice_that_another_signed_is_refused(heard: Heard) -> None:
    with pytest.raises(AnswerNotValid):
        heard(how={"key": OTHER_RSA})


@pytest.mark.parametrize("minutes", [-5, 5, 6.9])
def test_a_notice_is_heard_by_a_clock_that_is_off(heard: Heard, minutes: float) -> None:
    heard(now=NOON + timedelta(minutes=minutes), exp=int(NOON.timestamp()) + 600)


@pytest.mark.parametrize("minutes", [-6, 7.1])
def test_a_notice_that_is_not_of_now_is_refused(heard: Heard, minutes: float) -> None:
    with pytest.raises(AnswerNotValid) as refused:
        heard(now=NOON + timedelta(minutes=minutes), exp=int(NOON.timestamp()) + 6000)
    assert refused.value.reason == Refusal.CLOCKS_DISAGREE


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 100_000, "eyJhbGciOiJub25lIn0.e30."])
def test_anything_may_be_sent_there(forged: Forger, token: str) -> None:
    provider = Provider(forged.settings())
    with pytest.raises(AnswerNotValid):
        asyncio.run(provider.logout_notice(token, now=NOON))


def notice(**over: Any) -> LogoutNotice:
    fields = {"issuer": ISSUER, "id": "one", "subject": "s-7", "session": None}
    return LogoutNotice(**{**fields, "expires_at": NOON + timedelta(minutes=7), **over})


@pytest.fixture
def signe(session: Session, make: Make) -> Person:
    person = make.person()
    identity = Identity(issuer=ISSUER, subject="s-7", person_id=person.key, created_at=NOON)
    session.add(identity)
    session.flush()
    return person


def at(make: Make, person: Person, provider_session: str | None, issuer: str | None = ISSUER):
    return make.web_session(person, issuer=issuer, provider_session=provider_session)


def open_ids(session: Session) -> set[int]:
    return {row.id for row in session.exec(select(WebSession)).all() if row.ended_at is None}


def test_all_sessions_of_a_person_from_there_end(
    session: Session, make: Make, signe: Person
) -> None:
    at(make, signe, "a")
    at(make, signe, None)
    by_link = at(make, signe, None, issuer=None)
    other = at(make, make.person(), "b")
    assert logout.obey(session, notice(), now=NOON) == 2
    assert open_ids(session) == {by_link.id, other.id}


def test_one_session_ends_where_one_is_named(session: Session, make: Make, signe: Person) -> None:
    at(make, signe, "a")
    kept = at(make, signe, "b")
    others = at(make, make.person(), "a")
    assert logout.obey(session, notice(session="a"), now=NOON) == 1
    assert open_ids(session) == {kept.id, others.id}


def test_a_session_may_be_named_without_its_person(
    session: Session, make: Make, signe: Person
) -> None:
    at(make, signe, "a")
    kept = at(make, signe, "a", issuer="https://other.example")
    assert logout.obey(session, notice(session="a", subject=None), now=NOON) == 1
    assert open_ids(session) == {kept.id}


def test_a_notice_about_somebody_unknown_ends_nothing(
    session: Session, make: Make, signe: Person
) -> None:
    kept = at(make, signe, "a")
    assert logout.obey(session, notice(subject="s-8", session="a"), now=NOON) == 0
    assert open_ids(session) == {kept.id}


def test_a_notice_is_obeyed_once(session: Session, make: Make, signe: Person) -> None:
    logout.obey(session, notice(), now=NOON)
    kept = at(make, signe, "a")
    with pytest.raises(AnswerNotValid), session.begin_nested():
        logout.obey(session, notice(), now=NOON)
    assert open_ids(session) == {kept.id}
    logout.obey(session, notice(id="two"), now=NOON)
    assert open_ids(session) == set()


def test_a_notice_that_cannot_come_again_is_forgotten(session: Session, signe: Person) -> None:
    logout.obey(session, notice(), now=NOON)
    logout.obey(session, notice(id="two"), now=NOON + timedelta(minutes=8))
    assert len(session.exec(select(LogoutToken)).all()) == 1
