"""Lists come in pages, and a cursor is good for the list it came from."""

import asyncio
import base64
import hashlib
import string
from datetime import date

import orjson
import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import URL

from app.errors import Invalid
from app.rest.pages import Page, asked_page, page_response
from app.text import LARGEST_ID

UNITS = "/api/v1/units"
LETTERS = string.ascii_letters + string.digits + "-_"


@pytest.fixture
def client(make, signed_in):
    for _ in range(5):
        make.unit(name="Åhuset")
    return signed_in(make.person(name="Åse"))


def test_a_page_has_as_many_as_were_asked_for_and_says_where_the_next_begins(client):
    first = client.get(UNITS, params={"limit": 2, "q": "åhus"})

    assert len(first.json()["items"]) == 2
    link = first.links["next"]["url"]
    assert link.startswith(f"{UNITS}?")
    assert first.json()["next"] in link
    second = client.get(link)
    assert second.links["next"]["url"]
    third = client.get(second.links["next"]["url"])
    assert (third.json()["next"], third.links) == (None, {})
    seen = [unit["id"] for page in (first, second, third) for unit in page.json()["items"]]
    assert len(set(seen)) == 5
    assert seen == sorted(seen)


def test_a_page_that_is_exactly_full_is_the_last(client):
    assert client.get(UNITS, params={"limit": 5}).json()["next"] is None
    assert client.get(UNITS, params={"limit": 4}).json()["next"] is not None


def test_what_is_added_meanwhile_comes_on_a_later_page(client, make):
    first = client.get(UNITS, params={"limit": 4}).json()
    new = make.unit()

    second = client.get(UNITS, params={"limit": 4, "cursor": first["next"]}).json()

    assert [unit["id"] for unit in second["items"]][-1] == new.id
    assert len(second["items"]) == 2


def test_the_size_of_the_page_may_change_on_the_way(client):
    cursor = client.get(UNITS, params={"limit": 1}).json()["next"]

    assert len(client.get(UNITS, params={"limit": 200, "cursor": cursor}).json()["items"]) == 4


@pytest.mark.parametrize("limit", [0, -1, 201, 2**70, "x", "", 1.5])
def test_a_page_has_between_1_and_200(client, limit):
    refused = client.get(UNITS, params={"limit": limit})

    assert refused.status_code == 422
    assert [error["parameter"] for error in refused.json()["errors"]] == ["limit"]


def test_a_cursor_that_was_changed_by_one_letter_is_refused(client):
    cursor = client.get(UNITS, params={"limit": 1}).json()["next"]

    for place, letter in enumerate(cursor):
        others = set(LETTERS) - {letter} if place == len(cursor) - 1 else {"A", "b"} - {letter}
        for other in others:
            _refused(client, UNITS, cursor=cursor[:place] + other + cursor[place + 1 :])
    for wrong in (cursor[:-1], cursor[1:], cursor + "A", cursor + "=", " " + cursor, cursor * 2):
        _refused(client, UNITS, cursor=wrong)


def test_a_cursor_is_refused_by_every_other_list(client):
    cursor = client.get(UNITS, params={"limit": 1}).json()["next"]

    for path in ("people", "networks", "gifts", "handovers", "follow-ups", "shelf", "events"):
        _refused(client, f"/api/v1/{path}", cursor=cursor)


@pytest.mark.parametrize("filters", [{}, {"q": "åhuse"}, {"q": "åhus", "is_closed": "false"}])
def test_a_cursor_is_refused_with_other_filters(client, filters):
    cursor = client.get(UNITS, params={"limit": 1, "q": "åhus"}).json()["next"]

    _refused(client, UNITS, **filters, cursor=cursor)


@pytest.mark.parametrize(
    "payload",
    [[2**63], [2**64 - 1], [-1], [1, 2], [True], ["2026-03-02"], ["x"], [None], [1.5], [[1]], []],
)
def test_a_cursor_that_somebody_made_up_is_refused(client, payload):
    _refused(client, UNITS, cursor=_forged(orjson.dumps(payload)))


@pytest.mark.parametrize("payload", [b"5", b"{}", b"null", b'"x"', b"", b"\xff", b"[" * 100])
def test_a_cursor_that_holds_no_key_is_refused(client, payload):
    _refused(client, UNITS, cursor=_forged(payload))


numbers = st.integers(0, LARGEST_ID)
words = st.text(st.characters(codec="utf-8"), max_size=30)


@settings(deadline=None)
@given(
    key=st.lists(st.one_of(numbers, st.dates()), min_size=1, max_size=4).map(tuple),
    filters=st.dictionaries(st.sampled_from(["q", "state", "unit_id"]), words),
    limit=st.integers(1, 200),
)
def test_every_key_comes_back_from_its_cursor_as_it_was(key, filters, limit):
    url = URL("http://testserver/api/v1/things").include_query_params(**filters)
    page = Page(1, None, url)

    answer = page_response(page, ["first", "second"], key=lambda _: key, shown=lambda row: row)

    cursor = orjson.loads(answer.body)["next"]
    asked = _asked(url.include_query_params(cursor=cursor, limit=limit), limit, cursor)
    assert asked.after == key
    assert asked.keyed(*(type(part) for part in key)) == key


@settings(deadline=None)
@given(st.text(max_size=400))
def test_no_text_is_so_strange_that_it_is_not_refused(cursor):
    with pytest.raises(Invalid):
        _asked(URL("http://testserver/api/v1/things"), 50, cursor)


def test_a_key_of_other_kinds_than_the_list_has_is_refused():
    page = Page(50, (7, date(2026, 3, 2)), URL("/"))

    assert page.keyed(int, date) == (7, date(2026, 3, 2))
    for kinds in ((int,), (date, int), (int, int), (int, date, int)):
        with pytest.raises(Invalid):
            page.keyed(*kinds)


def _refused(client, path, **params):
    refused = client.get(path, params=params)
    assert refused.status_code == 422, params
    (error,) = refused.json()["errors"]
    assert (error["parameter"], error["code"]) == ("cursor", "cursor"), params


def _forged(payload):
    """What the product itself would write, had it been asked to."""
    digest = hashlib.blake2s(payload + f"{UNITS}?".encode(), digest_size=9).digest()
    return base64.urlsafe_b64encode(digest + payload).rstrip(b"=").decode()


def _asked(url, limit, cursor):
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "server": ("testserver", 80),
        "path": url.path,
        "query_string": url.query.encode(),
        "headers": [],
    }
    return asyncio.run(asked_page(Request(scope), limit, cursor))
