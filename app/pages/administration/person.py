"""One person, as the keepers of the register see them: what is known, roles, logins, the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from app.errors import NotFound, Stale
from app.eventlog import queries as eventlog
from app.eventlog.log import By
from app.pages import sign_in_words, words
from app.pages.administration import log
from app.pages.administration.naming import with_unit
from app.pages.administration.people import MAY_BE_EMPTY, WRITE_NAME
from app.pages.administration.searching import cut
from app.pages.drawn import drawn, options, today_of
from app.pages.hearing import hear_of_departure
from app.pages.log_words import told_in_words
from app.pages.meanwhile import events_since
from app.pages.units_by_name import unit_names
from app.people import policy, queries, service, sessions, sign_ins
from app.people.forms import PersonChange, RolesForm
from app.people.models import Person
from app.people.page_route import pages, stands_on
from app.people.sessions import Ending
from app.people.signed_in import Role, may_administer, may_register
from app.people.visit import Visit, see_other
from app.text import digits
from app.units import queries as units

one_person = pages()
HERE = "/administration/people/{person_id}"
MOST_TOLD = 15
SHOWN_SIGN_INS = 10


@one_person.get(HERE)
def show_person(visit: Visit) -> Response:
    """That somebody looked is kept, as the API does it."""
    me, person_id = visit.must_be_signed_in(), visit.id("person_id")
    may_register(me)
    person = queries.get(visit.session, person_id)
    visit.looked_at.append(person_id)
    names = unit_names(visit)
    held = units.held_by(visit.session, person_id, today=today_of(visit))
    is_administrators = Role.ADMINISTRATOR in person.roles.split()
    found, is_more = _sign_ins(visit, person_id) if me.is_administrator else ([], False)
    return drawn(
        visit,
        "administration/person.html",
        person=person,
        at=f"/administration/people/{person_id}",
        may_touch=me.is_administrator or not is_administrators,
        unit_name=_unit_name(visit, person, names),
        names=names.values(),
        posts=held,
        hears=hear_of_departure(visit, person_id, [post.unit_id for post, _ in held]),
        roles=options(visit, words.roles),
        sign_ins=found,
        next_sign_ins=found[-1].session.id if is_more else None,
        ways=sign_in_words.ways,
        endings=sign_in_words.endings,
        entries=log.of_person(visit, person_id, limit=MOST_TOLD),
        seen=eventlog.last_about(visit.rows, "person", person_id),
        meanwhile=meanwhile(visit, "person", person_id),
        done=visit.query.get("done", ""),
    )


@one_person.post(HERE)
@stands_on(show_person)
def change_person(visit: Visit) -> Response:
    me, person_id = visit.must_be_signed_in(), visit.id("person_id")
    policy.may_touch(visit.session, me, person_id)
    person = queries.get(visit.session, person_id)
    name = _unit_name(visit, person, unit_names(visit))
    present = (person.unit_id, name) if person.unit_id else None
    typed = with_unit(visit, "unit_id", present=present).filled_in(*MAY_BE_EMPTY)
    form = visit.read(PersonChange, typed, name=WRITE_NAME)
    emptied = {name: None for name in MAY_BE_EMPTY if name in visit.typed.last}
    service.change(
        visit.session,
        person_id,
        {**emptied, **form.said()},
        version=visit.version,
        by=By(me.id),
        now=visit.now,
    )
    return _done(visit, "changed")


@one_person.post(f"{HERE}/roles")
@stands_on(show_person)
def set_roles(visit: Visit) -> Response:
    me, person_id = visit.must_be_signed_in(), visit.id("person_id")
    may_administer(me)
    queries.get(visit.session, person_id)
    form = visit.read(RolesForm)
    service.give_roles(
        visit.session,
        person_id,
        form.roles,
        version=visit.version,
        by=By(me.id),
        now=visit.now,
    )
    return _done(visit, "roles")


@one_person.post(f"{HERE}/sessions/ending")
@stands_on(show_person)
def end_sessions(visit: Visit) -> Response:
    """One of them, or all."""
    me, person_id = visit.must_be_signed_in(), visit.id("person_id")
    policy.may_see_sessions(visit.session, me, person_id)
    wanted = visit.typed.get("session_id")
    by, ending = By(me.id), Ending.ADMINISTRATOR
    if wanted == "all":
        ending = Ending.SIGNED_OUT_EVERYWHERE if me.id == person_id else ending
        sessions.end_all(visit.session, person_id, ending=ending, by=by, now=visit.now)
        return _done(visit, "sessions")
    session_id = digits(wanted)
    if session_id is None:
        raise NotFound
    sessions.end(
        visit.session,
        session_id,
        of_person_id=person_id,
        ending=Ending.SIGNED_OUT if me.id == person_id else ending,
        by=by,
        now=visit.now,
    )
    return _done(visit, "session")


def meanwhile(visit: Visit, thing: str, number: int) -> Sequence[Mapping[str, Any]]:
    """What has happened since the page was drawn whose form came too late."""
    if not isinstance(visit.refusal, Stale):
        return []
    return told_in_words(visit, events_since(visit, thing, number))


def _sign_ins(visit: Visit, person_id: int) -> tuple[Sequence[sign_ins.SignIn], bool]:
    found = sign_ins.history(
        visit.session,
        person_id,
        before_id=visit.asked("sign_ins_before"),
        limit=SHOWN_SIGN_INS + 1,
        lifetimes=visit.lifetimes,
        now=visit.now,
    )
    return cut(found, SHOWN_SIGN_INS)


def _unit_name(visit: Visit, person: Person, names: Mapping[int, str]) -> str:
    """As it is suggested where it is open; a closed one by its own name."""
    if person.unit_id is None:
        return ""
    return names.get(person.unit_id) or units.get(visit.session, person.unit_id).name


def _done(visit: Visit, what: str) -> Response:
    return see_other(f"/administration/people/{visit.id('person_id')}", done=what)
