"""Netværk: the list of them, and each with its members, its gifts, and where they are now."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from app.gifts import queries as gifts
from app.handovers import queries as handovers
from app.handovers import reading
from app.handovers.lifecycle import State
from app.handovers.progress import Progress
from app.networks import queries
from app.networks.models import Member, Network, NetworkKind, NetworkRole
from app.pages.drawn import as_cards, drawn, today_of
from app.pages.finding import words_in
from app.people.page_route import pages
from app.people.signed_in import SignedIn
from app.people.visit import Visit
from app.text import digits

all_networks = pages()
SHOWN, MOST_GIFTS, MOST_HANDOVERS = 25, 50, 100
RUNNING, ENDED = "running", "ended"
WHEN = {RUNNING: True, ENDED: False}

Row = Mapping[str, Any]


@all_networks.get("/networks")
def show_networks(visit: Visit) -> Response:
    me, today = visit.must_be_signed_in(), today_of(visit)
    asked = {name: visit.query.get(name, "") for name in ("q", "kind", "when")}
    found = _asked_for(visit, asked)
    shown = found[:SHOWN]
    ids = [network.key for network in shown]
    return drawn(
        visit,
        "networks/networks.html",
        asked=asked,
        is_asked=any(asked.values()),
        networks=shown,
        more=shown[-1].key if len(found) > SHOWN else None,
        leaders=queries.leaders(visit.session, ids, today=today) if ids else {},
        gifts=gifts.counts(visit.session, me, ids, today=today) if ids else {},
        can_register=me.is_secretariat,
    )


@all_networks.get("/networks/{network_id}")
def show_network(visit: Visit) -> Response:
    me, today, network_id = visit.must_be_signed_in(), today_of(visit), visit.id("network_id")
    network = queries.get(visit.session, network_id)
    now, past = members_of(visit, network_id)
    found = gifts.page(
        visit.session, me, today=today, after_id=0, limit=MOST_GIFTS, network_id=network_id
    )
    by_gift = handovers.states_by_gift(visit.session, me, network_id, today=today)
    before_id = digits(visit.query.get("before", ""))
    rows = _handovers(visit, me, network_id, before_id)
    shown = rows[:MOST_HANDOVERS]
    return drawn(
        visit,
        "networks/network.html",
        network=network,
        done=visit.query.get("done", ""),
        now=now,
        past=past,
        gifts=[(gift, _progress(by_gift.get(gift.key, {}))) for gift in found],
        tallies=_tallies(by_gift),
        places=_by_state(shown),
        more=shown[-1]["id"] if len(rows) > MOST_HANDOVERS else None,
        is_later=before_id is not None,
        can_give=may_give(visit, me, network),
    )


def may_give(visit: Visit, me: SignedIn, network: Network) -> bool:
    """Whether buttons are drawn for it; the verbs say so themselves."""
    if me.is_auditor:
        return False
    today = today_of(visit)
    return me.is_secretariat or queries.gives(visit.session, me.id, network.key, today=today)


def members_of(
    visit: Visit, network_id: int
) -> tuple[Mapping[NetworkRole, Sequence[tuple[Member, str]]], Sequence[tuple[Member, str]]]:
    """Those who are in it or will be, by role, and those who were."""
    today = today_of(visit)
    rows = queries.members(visit.session, network_id)
    past = [row for row in rows if row[0].to_on is not None and row[0].to_on < today]
    now: dict[NetworkRole, list[tuple[Member, str]]] = {role: [] for role in NetworkRole}
    for row in rows:
        if row not in past:
            now[row[0].role].append(row)
    return {role: found for role, found in now.items() if found}, past


def _asked_for(visit: Visit, asked: Mapping[str, str]) -> Sequence[Network]:
    """Nothing has a name that cannot be written, and there is no kind of that name."""
    q, kind = words_in(asked["q"]), asked["kind"]
    if q is None or (kind and kind not in set(NetworkKind)):
        return []
    return queries.newest(
        visit.session,
        today=today_of(visit),
        before_id=digits(visit.query.get("before", "")),
        limit=SHOWN + 1,
        kind=NetworkKind(kind) if kind else None,
        is_running=WHEN.get(asked["when"]),
        q=q,
    )


def _handovers(visit: Visit, me: SignedIn, network_id: int, before_id: int | None) -> Sequence[Row]:
    found = reading.newest(
        visit.rows,
        me,
        today=today_of(visit),
        filters={"network_id": network_id},
        before_id=before_id,
        limit=MOST_HANDOVERS + 1,
    )
    return as_cards(visit, found)


def _by_state(rows: Sequence[Row]) -> Sequence[tuple[State, Sequence[Row]]]:
    """In the order of the way that a gift goes."""
    return [
        (state, there)
        for state in State
        if (there := [row for row in rows if row["state"] == state])
    ]


def _progress(states: Mapping[State, int]) -> Mapping[str, int]:
    """In use in so many of the units that have received it; and how many wait to be handed over."""
    progress = Progress.of(states)
    return {
        "in_use": progress.in_use,
        "units": progress.units,
        "prepared": states.get(State.DRAFT, 0) + states.get(State.ANNOUNCED, 0),
    }


def _tallies(by_gift: Mapping[int, Mapping[State, int]]) -> Sequence[tuple[State, int]]:
    counts = {state: sum(states.get(state, 0) for states in by_gift.values()) for state in State}
    return [(state, count) for state, count in counts.items() if count]
