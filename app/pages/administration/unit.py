"""One unit: its name, its place, its posts, and what the log says."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response
from sqlalchemy import bindparam
from sqlmodel import col

from app.errors import Message
from app.eventlog import queries as eventlog
from app.eventlog.latest import latest, latest_of
from app.eventlog.log import By
from app.eventlog.models import Event
from app.handovers import rehoming
from app.pages import words
from app.pages.administration.log import types_of
from app.pages.administration.naming import suggested_people, with_person, with_unit
from app.pages.administration.person import meanwhile
from app.pages.administration.units import WRITE_NAME
from app.pages.drawn import drawn, options, today_of
from app.pages.hearing import hear_of_posts
from app.pages.log_words import told_in_words
from app.pages.units_by_name import unit_names
from app.people import queries as people
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_register
from app.people.typed import read_as
from app.people.visit import Visit, see_other
from app.units import posts, queries, service
from app.units.forms import NewPost, PostEnding, UnitChange
from app.units.line import line_of
from app.units.models import Post, Unit

one_unit = pages()
HERE = "/administration/units/{unit_id}"
MOST_TOLD, MOST_PAST, MOST_CHILDREN = 15, 20, 50
_OF_UNIT = latest_of(
    [
        col(Event.subject_id) == bindparam("unit_id"),
        col(Event.type).in_(sorted(types_of("units"))),
    ]
)


@one_unit.get(HERE)
def show_unit(visit: Visit) -> Response:
    unit_id, today = visit.id("unit_id"), today_of(visit)
    may_register(visit.must_be_signed_in())
    unit = queries.get(visit.session, unit_id)
    held, names = queries.posts(visit.session, unit_id), unit_names(visit)
    past = [post for post in held if post.to_on is not None and post.to_on < today]
    events = latest(visit.rows, _OF_UNIT, parameters={"unit_id": unit_id}, limit=MOST_TOLD)
    return drawn(
        visit,
        "administration/unit.html",
        unit=unit,
        at=f"/administration/units/{unit_id}",
        answering=line_of(visit.session, unit_id, today=today).answering(),
        names=names.values(),
        around=_around(visit, unit, held, names),
        children=queries.page(
            visit.session, after_id=0, limit=MOST_CHILDREN, parent_id=unit_id, is_closed=False
        ),
        posts=[post for post in held if post not in past],
        past=past[:MOST_PAST],
        suggested=suggested_people(visit, unit_id),
        kinds=options(visit, words.posts),
        handovers=rehoming.foreseen(visit.session, unit_id, None).moving,
        entries=told_in_words(visit, events),
        seen=eventlog.last_about(visit.rows, "unit", unit_id),
        meanwhile=meanwhile(visit, "unit", unit_id),
        done=visit.query.get("done", ""),
        hears=hear_of_posts(visit, unit_id, [post for post in held if post not in past]),
    )


@one_unit.post(HERE)
@stands_on(show_unit)
def rename_unit(visit: Visit) -> Response:
    form = visit.read(UnitChange, visit.typed.filled_in("external_id"), name=WRITE_NAME)
    emptied = {"external_id": None} if "external_id" in visit.typed.last else {}
    said = {**emptied, **form.said()}
    said.pop("parent_id", None)
    return _change(visit, said, "changed")


@one_unit.post(f"{HERE}/place")
@stands_on(show_unit)
def move_unit(visit: Visit) -> Response:
    """Nothing in the field is the top of the tree."""
    unit = queries.get(visit.session, visit.id("unit_id"))
    present = None
    if unit.parent_id is not None:
        present = unit.parent_id, queries.get(visit.session, unit.parent_id).name
    typed = with_unit(visit, "parent_id", present=present).filled_in("parent_id")
    form = visit.read(UnitChange, typed)
    return _change(visit, {"parent_id": form.parent_id}, "moved")


@one_unit.post(f"{HERE}/posts")
@stands_on(show_unit)
def fill_post(visit: Visit) -> Response:
    me, unit_id = visit.must_be_signed_in(), visit.id("unit_id")
    may_register(me)
    queries.get(visit.session, unit_id)
    say = {"person_id": _WHO, "kind": _AS_WHAT}
    form = read_as(NewPost, with_person(visit, "person_id"), say)
    posts.fill_post(
        visit.session,
        unit_id,
        person_id=form.person_id,
        kind=form.kind,
        from_on=form.from_on or today_of(visit),
        to_on=form.to_on,
        by=By(me.id),
        now=visit.now,
    )
    return _done(visit, "filled")


@one_unit.post(f"{HERE}/posts/{{post_id}}/ending")
@stands_on(show_unit)
def end_post(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_register(me)
    form = visit.read(PostEnding)
    posts.end_post(
        visit.session,
        visit.id("unit_id"),
        visit.id("post_id"),
        to_on=form.to_on or today_of(visit),
        by=By(me.id),
        now=visit.now,
    )
    return _done(visit, "ended")


def _change(visit: Visit, fields: Mapping[str, Any], what: str) -> Response:
    me = visit.must_be_signed_in()
    may_register(me)
    service.change(
        visit.session,
        visit.id("unit_id"),
        fields,
        version=visit.version,
        by=By(me.id),
        now=visit.now,
    )
    return _done(visit, what)


def _around(
    visit: Visit, unit: Unit, held: Sequence[Post], suggested: Mapping[int, str]
) -> Mapping[str, Any]:
    """The names of the units that it names, and of the people on its posts. The unit above is
    called what it is suggested by, so that it can be sent as it stands."""
    ids = {one for one in (unit.parent_id, unit.successor_id) if one is not None}
    named = queries.names(visit.rows, ids)
    return {
        "units": {unit_id: suggested.get(unit_id, name) for unit_id, name in named.items()},
        "people": people.names(visit.rows, {post.person_id for post in held}),
    }


def _done(visit: Visit, what: str) -> Response:
    return see_other(f"/administration/units/{visit.id('unit_id')}", done=what)


_WHO = Message("Skriv, hvem der skal have posten.")
_AS_WHAT = Message("Vælg, om det er som leder eller stedfortræder.")
