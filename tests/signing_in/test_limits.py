"""So often and no more: counted in the database, told in headers, over when the window is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app.errors import TooMany
from app.rest.throttle import Limit, RateCount, count, must_be_few, place_of
from app.rows import rows_of
from app.signing_in import limits
from tests.conftest import NOON

THREE = Limit("three", 3, timedelta(minutes=15))


def test_each_one_counts_and_one_too_many_is_refused_until_the_window_is_over(session):
    rows = rows_of(session)
    seen = [count(rows, THREE, "ida", now=NOON + timedelta(minutes=n)) for n in range(4)]

    assert [allowance.remaining for allowance in seen] == [2, 1, 0, -1]
    assert [allowance.is_exceeded for allowance in seen] == [False, False, False, True]
    assert seen[3].reset_after == 12 * 60
    assert not count(rows, THREE, "ida", now=NOON + timedelta(minutes=15)).is_exceeded
    assert not count(rows, THREE, "bo", now=NOON).is_exceeded


def test_the_headers_say_what_is_left_and_when_to_come_back(session):
    rows = rows_of(session)
    first = must_be_few(rows, [(THREE, "ida")], now=NOON)
    assert first == {"RateLimit-Policy": '"three";q=3;w=900', "RateLimit": '"three";r=2;t=900'}
    for _ in range(2):
        must_be_few(rows, [(THREE, "ida")], now=NOON)
    with pytest.raises(TooMany) as refused:
        must_be_few(rows, [(THREE, "ida"), (Limit("many", 9, THREE.within), "x")], now=NOON)
    assert refused.value.headers["Retry-After"] == "900"


def test_windows_that_are_over_are_forgotten_and_nobody_is_named(session):
    rows = rows_of(session)
    for day in range(5):
        count(rows, THREE, "ida@lindborg.example", now=NOON + timedelta(days=day))

    kept = session.exec(select(RateCount)).all()
    assert len(kept) == 1
    assert "ida" not in repr(kept)


def test_asking_for_links_again_and_again_is_stopped_for_known_and_unknown_alike(
    browser, new_browser, make
):
    known = make.person(mail="ida@lindborg.example")
    for mail in (known.mail, "nobody@lindborg.example"):
        answers = [new_browser().sent("/sign-in/links", mail=mail) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [303] * 5 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert answers[0].headers["RateLimit"].startswith('"links-for-person";r=4;')
        assert "For mange forsøg" in answers[-1].text
        assert "Prøv igen om 15 minutter." in answers[-1].text
    assert len(browser.mails()) == 5


@pytest.fixture
def few(monkeypatch):
    """Three of each from one place."""
    for name in ("TRIES_FROM_A_PLACE", "RETURNS_FROM_A_PLACE"):
        monkeypatch.setattr(limits, name, replace(getattr(limits, name), most=3))


def test_guessing_links_is_stopped_though_every_guess_is_refused(browser, session, few):
    answers = [browser.sent("/sign-in/link", token=f"guess{n}") for n in range(4)]

    assert [answer.status_code for answer in answers] == [410] * 3 + [429]
    counted = select(RateCount.count).where(RateCount.kind == limits.TRIES_FROM_A_PLACE.kind)
    assert session.exec(counted).one() == 3


def test_a_page_that_points_at_the_way_back_shuts_nobody_out(browser, new_browser, few):
    for _ in range(5):
        assert browser.get("/sign-in/callback?code=x&state=y").status_code == 404
    assert browser.sent("/sign-in/link", token="guess").status_code == 410

    away = new_browser()
    away.client.cookies.set("gavebord_trip", "on its way")
    assert [away.get("/sign-in/callback").status_code for _ in range(4)] == [404] * 3 + [429]


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_place_is_an_address_or_the_network_of_a_home(host, place):
    assert place_of(host) == place
