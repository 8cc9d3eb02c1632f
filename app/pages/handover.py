"""Overrækkelsen: one gift to one unit, with all that the one who looks can do about it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from fastapi import Response
from sqlalchemy import bindparam
from sqlmodel import col

from app.browsers import download_headers
from app.errors import Message, NotFound
from app.eventlog.latest import latest, latest_of
from app.eventlog.models import Event
from app.follow_ups import queries as follow_ups
from app.gifts import queries as gifts
from app.handovers import queries, reading
from app.handovers.lifecycle import ENDED, NOT_RECEIVED, State, Step
from app.handovers.rules import rules_by
from app.handovers.schemas import handover_json
from app.handovers.story import told
from app.i18n import translate
from app.lazily import loaded
from app.pages import words
from app.pages.choices import Choices, choices_of
from app.pages.drawn import as_cards, drawn, options, today_of
from app.pages.units_by_name import unit_names
from app.pages.will_hear import will_hear
from app.people import queries as people
from app.people.cookies import origin_of
from app.people.page_route import pages
from app.people.signed_in import SignedIn
from app.people.visit import Visit
from app.text import in_danish_order
from app.units import queries as units
from app.units.line import Line, line_of

one_handover = pages()
JOURNEY = (State.DELIVERED, State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED)
MOST_TOLD, MOST_OTHERS, MOST_FOLLOW_UPS = 200, 50, 10
MOST_PEOPLE = 300
WEEKS = (2, 4, 6)
_STORY = latest_of([col(Event.handover_id) == bindparam("handover_id")])

Row = Mapping[str, Any]


@one_handover.get("/handovers/{handover_id}")
def show_handover(visit: Visit) -> Response:
    me, today, handover_id = visit.must_be_signed_in(), today_of(visit), visit.id("handover_id")
    rules = rules_by(visit.settings)
    row = handover_json(reading.one(visit.rows, me, handover_id, today=today), today, rules)
    line = line_of(visit.session, row["unit_id"], today=today)
    can = choices_of(visit, me, row, line)
    events = latest(visit.rows, _STORY, parameters={"handover_id": handover_id}, limit=MOST_TOLD)
    return drawn(
        visit,
        "handovers/handover.html",
        row=row,
        at=f"/handovers/{handover_id}",
        done=visit.query.get("done", ""),
        can=can,
        hears=will_hear(visit, me, row, line, can),
        answering=line.answering(),
        contacts=gifts.contacts(visit.session, row["gift_id"])[:2],
        others=_others(visit, me, row, today),
        follow_ups=_follow_ups(visit, me, handover_id, today),
        owners=queries.owner_rows(visit.session, handover_id),
        materials=gifts.materials(visit.session, row["gift_id"]),
        journey=_journey(row),
        story=told(visit.rows, events, visit.locale),
        seen=events[0]["id"] if events else 0,
        meanwhile=_meanwhile(visit, events),
        colleagues=_colleagues(visit, row, line) if can.may(Step.ACCEPT, Step.NAME_OWNER) else [],
        units=_units(visit, row, can),
        unit_names=units.names(visit.rows, _mentioned(row)),
        dates=[(weeks, _workday(visit, today + timedelta(weeks=weeks))) for weeks in WEEKS],
        in_three_months=today + timedelta(days=90),
        anchor_on=row["in_use_since_on"]
        and row["in_use_since_on"] + timedelta(days=rules.anchor_days),
        pause_days=rules.pause_days,
        reasons=options(visit, words.reasons),
        health=options(visit, words.health),
        better=options(visit, words.better),
    )


@one_handover.get("/handovers/{handover_id}/calendar.ics")
def put_in_calendar(visit: Visit) -> Response:
    """The next date as a file for a calendar. NotFound where there is none."""
    me, today, handover_id = visit.must_be_signed_in(), today_of(visit), visit.id("handover_id")
    row = reading.one(visit.rows, me, handover_id, today=today)
    if row["life_due_on"] is None:
        raise NotFound
    title = Message("Gavebordet: %(gift)s", gift=row["gift_title"])
    written = loaded("app.calendars:whole_day")(
        row["life_due_on"],
        title=translate(title, visit.locale),
        about=f"{row['unit_name']}. {row['summary']}",
        url=f"{origin_of(visit.request)}/handovers/{handover_id}",
        now=visit.now,
    )
    headers = download_headers(f"gavebordet-{handover_id}.ics")
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)


def _journey(row: Row) -> Sequence[tuple[State, Any]]:
    """The states on the way, each with when it was reached; None for those still ahead, of which
    there are none where it has ended."""
    reached = {
        State.DELIVERED: row["delivered_at"],
        State.ACCEPTED: row["accepted_at"],
        State.TRIAL: row["trial_from_on"],
        State.IN_USE: row["in_use_since_on"],
        State.ANCHORED: row["anchoring_proposed_at"] if row["state"] == State.ANCHORED else None,
    }
    if row["state"] in ENDED:
        return [(state, reached[state]) for state in JOURNEY if reached[state] is not None]
    was_tried = row["trial_from_on"] is not None or row["in_use_since_on"] is None
    return [(state, reached[state]) for state in JOURNEY if state != State.TRIAL or was_tried]


def _meanwhile(visit: Visit, events: Sequence[dict[str, Any]]) -> Sequence[Row]:
    """What has happened since the page was drawn whose form has been refused, oldest first."""
    seen = visit.seen
    if seen is None:
        return []
    since = [event for event in reversed(events) if event["id"] > seen]
    return told(visit.rows, since, visit.locale)


def _others(visit: Visit, me: SignedIn, row: Row, today: date) -> Sequence[Row]:
    """The gift's other handovers, as far as they have been received."""
    found = reading.newest(
        visit.rows,
        me,
        today=today,
        filters={"gift_id": row["gift_id"]},
        before_id=None,
        limit=MOST_OTHERS,
    )
    return [
        other
        for other in as_cards(visit, found)
        if other["id"] != row["id"] and other["state"] not in NOT_RECEIVED
    ]


def _follow_ups(visit: Visit, me: SignedIn, handover_id: int, today: date) -> Sequence[Row]:
    found = follow_ups.page(
        visit.session,
        me,
        today=today,
        before_id=None,
        limit=MOST_FOLLOW_UPS,
        handover_id=handover_id,
    )
    names = people.names(visit.rows, {one.author_id for one in found})
    return [{"said": one, "author": names[one.author_id]} for one in found]


def _colleagues(visit: Visit, row: Row, line: Line) -> Sequence[tuple[int, str]]:
    """Who can own it: those who answer for the unit, and those who work there."""
    named = {seat.person_id: seat.name for seat in line.answering().seats}
    ids = units.ids_under(visit.rows, row["unit_id"], most=MOST_PEOPLE)
    there = people.page(visit.session, after_id=0, limit=MOST_PEOPLE, unit_ids=ids, has_left=False)
    for person in sorted(there, key=lambda one: in_danish_order(one.name)):
        named.setdefault(person.key, person.name)
    return list(named.items())


def _units(visit: Visit, row: Row, can: Choices) -> Sequence[tuple[int, str]]:
    """The other open units, where there is anything to choose them for."""
    if not can.own and not can.for_others:
        return []
    found = unit_names(visit).items()
    return [(unit_id, name) for unit_id, name in found if unit_id != row["unit_id"]]


def _mentioned(row: Row) -> Collection[int]:
    return {*row["affected_unit_ids"], *filter(None, [row["passed_to_unit_id"]])}


def _workday(visit: Visit, day: date) -> date:
    workdays = rules_by(visit.settings).workdays
    return day if workdays.is_workday(day) else workdays.after(day, 1)
