"""A trip comes back once, in time, and in the browser that it began in; or it does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.db import Database
from app.signing_in import trips
from app.signing_in.carried import Trip
from app.signing_in.models import SignInTrip
from app.signing_in.refusals import AnswerNotValid, Refusal
from app.signing_in.trips import LASTS, TOLD_OF_FOR, safe_path
from tests.conftest import NOON


@pytest.fixture
def begun(session: Session, trip: Trip) -> Trip:
    trips.begin(session, trip, now=NOON)
    return trip


def rows(session: Session) -> list[SignInTrip]:
    return list(session.exec(select(SignInTrip)).all())


def refusal(session: Session, state: str | None, browser: str | None, *, now=NOON) -> Refusal:
    with pytest.raises(AnswerNotValid) as refused, session.begin_nested():
        trips.take(session, state=state, browser=browser, now=now)
    return refused.value.reason


def test_a_trip_comes_back_as_it_went(session: Session, begun: Trip) -> None:
    assert trips.take(session, state=begun.state, browser=begun.browser, now=NOON) == begun
    assert rows(session) == []


def test_a_trip_comes_back_once(session: Session, begun: Trip) -> None:
    trips.take(session, state=begun.state, browser=begun.browser, now=NOON)
    assert refusal(session, begun.state, begun.browser) == Refusal.TRIP_UNKNOWN


def test_a_trip_that_comes_back_in_another_browser_is_still_the_first_ones(
    session: Session, begun: Trip
) -> None:
    for browser in (None, "", "another", "æøå\ud800"):
        assert refusal(session, begun.state, browser) == Refusal.OTHER_BROWSER
    assert trips.take(session, state=begun.state, browser=begun.browser, now=NOON) == begun


@pytest.mark.parametrize("state", [None, "", "another", "\x00", "\ud800", "x" * 10_000])
def test_a_state_that_nobody_knows_is_refused(
    session: Session, begun: Trip, state: str | None
) -> None:
    assert refusal(session, state, begun.browser) == Refusal.TRIP_UNKNOWN
    assert len(rows(session)) == 1


def test_a_trip_that_took_too_long_is_over(session: Session, begun: Trip) -> None:
    late = NOON + LASTS
    assert refusal(session, begun.state, begun.browser, now=late) == Refusal.TRIP_EXPIRED
    in_time = late - timedelta(seconds=1)
    assert trips.take(session, state=begun.state, browser=begun.browser, now=in_time) == begun


def test_no_secret_that_opens_anything_is_kept(session: Session, begun: Trip) -> None:
    (row,) = rows(session)
    assert begun.state not in row.model_dump().values()
    assert begun.browser not in row.model_dump().values()
    assert begun.state not in repr(begun)


def test_two_tabs_of_a_browser_do_not_disturb_each_other(session: Session, begun: Trip) -> None:
    other = trips.planned("/", browser=begun.browser)
    trips.begin(session, other, now=NOON)
    assert other.browser == begun.browser
    for trip in (begun, other):
        assert trips.take(session, state=trip.state, browser=begun.browser, now=NOON) == trip


def test_trips_that_never_came_back_are_forgotten(session: Session, begun: Trip) -> None:
    trips.begin(session, trips.planned("/"), now=NOON + LASTS + TOLD_OF_FOR)
    assert len(rows(session)) == 2
    trips.begin(session, trips.planned("/"), now=NOON + LASTS + TOLD_OF_FOR + timedelta(seconds=1))
    assert len(rows(session)) == 2


def test_of_two_at_once_one_comes_back(own_database: Database, trip: Trip) -> None:
    with own_database.writing() as session:
        trips.begin(session, trip, now=NOON)

    def take(_: int) -> bool:
        try:
            with own_database.writing() as session:
                trips.take(session, state=trip.state, browser=trip.browser, now=NOON)
        except AnswerNotValid:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(take, range(8))) == [False] * 7 + [True]


@pytest.mark.parametrize("path", ["/", "/gaver/7?fane=2#mere", "/søg?q=tag%20imod", "/@host"])
def test_a_path_of_our_own_is_gone_back_to(path: str) -> None:
    assert safe_path(path) == path
    assert trips.planned(path).back_to == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "gaver",
        "//ond.example",
        "///ond.example",
        "/\\ond.example",
        "\\\\ond.example",
        "/\t/ond.example",
        "/\n/ond.example",
        " /gaver",
        "/gaver\r\nSet-Cookie: a=b",
        "https://ond.example/",
        "javascript:alert(1)",
        "https:/gaver",
        "/gaver\u202e",
        "/gaver\ud800",
        "/gaver\x00",
        "/" + "x" * 2000,
    ],
)
def test_any_other_address_leads_to_the_front_page(path: str | None) -> None:
    assert safe_path(path) == "/"


@given(st.text(st.sampled_from("/\\:.@?#\t\n a%2fhttps"), max_size=12))
def test_no_path_leads_to_another_host(text: str) -> None:
    path = safe_path(text)
    assert path[:1] == "/"
    assert path[1:2] not in ("/", "\\")
    assert not set(path) & set("\\\t\n ")
