"""Loggen: all that happened, newest first, in plain words."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from fastapi import Response
from sqlalchemy import bindparam
from sqlmodel import col, or_

from app.clock import start_of
from app.errors import Message, NotAllowed, NotFound
from app.eventlog.latest import Branch, latest, latest_of, latest_of_types
from app.eventlog.log import CATALOG
from app.eventlog.models import Event
from app.i18n import translate
from app.pages.administration.naming import person_asked_for
from app.pages.administration.searching import cut, next_of, search_of
from app.pages.drawn import drawn
from app.pages.log_words import GROUPS, told_in_words
from app.people import sign_ins
from app.people.page_route import pages
from app.people.signed_in import READ_ALL, SignedIn
from app.people.visit import Visit
from app.rows import Prepared, Shown

whole_log = pages()
SHOWN = 50
_ALL = latest_of([])
_ABOUT_PERSON = frozenset(
    one for one in CATALOG if one.startswith(("person.", "identity.", "sign_in."))
)


@whole_log.get("/administration/log")
def show_log(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    _may_read_all(me)
    kind = visit.query.get("kind", "")
    if kind and kind not in GROUPS:
        raise NotFound
    searched = search_of(visit)
    person_id, name = person_asked_for(visit)
    found, is_more = cut(
        latest(
            visit.rows,
            statement_for(kind, is_of_person=person_id is not None),
            parameters={} if person_id is None else {"person_id": person_id},
            before_id=visit.asked("before"),
            from_at=start_of(searched.from_on) if searched.from_on else None,
            limit=0 if visit.refusal else SHOWN + 1,
        ),
        SHOWN,
    )
    asked = {"person_id": person_id, "kind": kind, "from_on": searched.from_on}
    return drawn(
        visit,
        "administration/log.html",
        entries=told_in_words(visit, found),
        asked=asked,
        person_name=name,
        kinds=[(key, translate(group.name, visit.locale)) for key, group in GROUPS.items()],
        next=next_of(visit, **asked, before=found[-1]["id"]) if is_more else None,
        first=None if "before" not in visit.query else next_of(visit, **asked),
    )


def of_person(visit: Visit, person_id: int, *, limit: int) -> Sequence[Mapping[str, Any]]:
    """What the log says of somebody: what they did, and what happened to them."""
    events: Sequence[Shown] = latest(
        visit.rows,
        statement_for("", is_of_person=True),
        parameters={"person_id": person_id},
        limit=limit,
    )
    return told_in_words(visit, events)


def types_of(kind: str) -> frozenset[str]:
    return GROUPS[kind].types


@lru_cache(maxsize=64)
def statement_for(kind: str, *, is_of_person: bool) -> Prepared:
    """Of a person: what they did, and what happened to them, to their logins and to their keys."""
    if not is_of_person:
        return latest_of_types(types_of(kind)) if kind else _ALL
    narrowed: Branch = [col(Event.type).in_(sorted(types_of(kind)))] if kind else []
    did = col(Event.actor_id) == bindparam("person_id")
    did_not = or_(col(Event.actor_id).is_(None), col(Event.actor_id) != bindparam("person_id"))
    about = [
        col(Event.subject_id) == bindparam("person_id"),
        col(Event.type).in_(sorted(_ABOUT_PERSON)),
    ]
    return latest_of(
        [did, *narrowed],
        [*about, did_not, *narrowed],
        [*sign_ins.of_sessions_of("person_id"), did_not, *narrowed],
        [*sign_ins.of_keys_of("person_id"), did_not, *narrowed],
    )


def _may_read_all(me: SignedIn) -> None:
    """NotAllowed unless they read everything else too."""
    if not me.roles & READ_ALL:
        raise NotAllowed(Message("Loggen læses af sekretariatet, administratorer og revisorer."))
