"""Administration: where the registers are kept, and what there is to do about them."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from app.eventlog.latest import latest, latest_of_types
from app.handovers import rehoming
from app.pages.administration.log import types_of
from app.pages.drawn import drawn, today_of
from app.pages.log_words import told_in_words
from app.people import key_keeping
from app.people import queries as people
from app.people.page_route import pages
from app.people.signed_in import may_register
from app.people.visit import Visit
from app.units import queries as units
from app.webhooks import going
from app.work import dead

overview = pages()
LAST_CHANGES = 8
_CHANGES = (
    types_of("people")
    | types_of("units")
    | types_of("networks")
    | types_of("settings")
    | types_of("webhooks")
) | {"api_key.made", "api_key.revoked"}


@overview.get("/administration")
def show_administration(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_register(me)
    changes = latest(visit.rows, latest_of_types(_CHANGES), limit=LAST_CHANGES)
    return drawn(
        visit,
        "administration/overview.html",
        counts=_counts(visit, is_administrator=me.is_administrator),
        changes=told_in_words(visit, changes),
    )


def _counts(visit: Visit, *, is_administrator: bool) -> Mapping[str, Any]:
    session = visit.session
    return {
        "people": people.how_many(session, has_left=False),
        "gone": people.how_many(session, has_left=True),
        "units": units.how_many(session),
        "vacant": units.how_many(session, is_vacant_on=today_of(visit)),
        "homeless": rehoming.homeless(session),
        "stalled": dead.how_many(session),
        "webhooks": going.in_trouble(session) if is_administrator else 0,
        "keys": key_keeping.soon_over(session, now=visit.now) if is_administrator else 0,
    }
