"""API-nøgler: made for somebody and shown once, revoked, and seen when they were last used."""

from collections.abc import Mapping
from datetime import timedelta

from fastapi import Response

from app.clock import local_day
from app.errors import Message
from app.pages.administration.searching import cut, next_of
from app.pages.administration.shown_once import keep_press, pressed_before
from app.pages.drawn import drawn, options, today_of
from app.people import key_keeping
from app.people import queries as people
from app.people.forms import NewKey
from app.people.keys import Scope
from app.people.models import ApiKey
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_administer
from app.people.visit import Visit, see_other

all_keys = pages()
AT = "/administration/keys"
SHOWN, A_YEAR = 50, timedelta(days=365)

SCOPES: Mapping[Scope, Message] = {
    Scope.READ: Message("Læse"),
    Scope.WRITE: Message("Ændre"),
    Scope.ADMIN: Message("Administrere"),
    Scope.SCIM: Message("Kommunens katalog (SCIM)"),
}


@all_keys.get(AT)
def show_keys(visit: Visit) -> Response:
    may_administer(visit.must_be_signed_in())
    is_over = visit.query.get("over") == "1"
    found, is_more = cut(
        key_keeping.page(
            visit.session,
            is_over=is_over,
            before_id=visit.asked("before"),
            limit=SHOWN + 1,
            now=visit.now,
        ),
        SHOWN,
    )
    asked = {"over": 1 if is_over else None}
    return drawn(
        visit,
        "administration/keys.html",
        at=AT,
        rows=[
            (key, name, last_day(key), key_keeping.is_soon_over(key, visit.now))
            for key, name in found
        ],
        is_over=is_over,
        mail=visit.query.get("mail", "")[:254],
        scopes=options(visit, SCOPES),
        scope_words=SCOPES,
        in_a_year=today_of(visit) + A_YEAR,
        next=next_of(visit, **asked, before=found[-1][0].id) if is_more else None,
        first=next_of(visit, **asked) if "before" in visit.query else None,
        done=visit.query.get("done", ""),
    )


@all_keys.post(AT)
@stands_on(show_keys)
def make_key(visit: Visit) -> Response:
    """The key is on this page and nowhere else. Pressed twice there is one key, and the second
    press is told so."""
    me = visit.must_be_signed_in()
    may_administer(me)
    form = visit.read(
        NewKey,
        visit.typed.filled_in("mail"),
        mail=_WHOSE,
        label=_WHAT_FOR,
        scopes=_GOOD_FOR,
        expires_on=_HOW_LONG,
    )
    if told := pressed_before(visit, me):
        return told
    key, secret = key_keeping.make(visit.session, me, form, now=visit.now)
    keep_press(visit, me, see_other(AT, done="made"))
    return drawn(
        visit,
        "administration/key_made.html",
        key=key,
        secret=secret,
        name=people.names(visit.rows, [key.person_id])[key.person_id],
        last_day=last_day(key),
    )


@all_keys.post(f"{AT}/{{key_id}}/revocation")
@stands_on(show_keys)
def revoke_key(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_administer(me)
    key_keeping.revoke(visit.session, me, visit.id("key_id"), now=visit.now)
    return see_other(AT, done="revoked")


def last_day(key: ApiKey) -> object:
    """The last day on which it is good; None where it does not end by itself."""
    return key.expires_at and local_day(key.expires_at - timedelta(seconds=1))


_WHOSE = Message("Skriv mailadressen på den, nøglen er til.")
_WHAT_FOR = Message("Skriv, hvad nøglen bruges til.")
_GOOD_FOR = Message("Sæt kryds ved det, nøglen må.")
_HOW_LONG = Message("Vælg nøglens sidste dag.")
