"""Registering a network with its leader, changing it, and who comes into it and goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from app.errors import Message
from app.eventlog.log import By
from app.networks import queries, service
from app.networks.events import MemberJoined
from app.networks.forms import MemberEnding, NetworkChange, NewMember, NewNetworkAndLeader
from app.networks.models import NetworkKind, NetworkRole
from app.pages import words
from app.pages.drawn import drawn, options, today_of
from app.pages.finding import found_for, read_with
from app.pages.hearing import hear_if_chosen
from app.pages.meanwhile import done_since
from app.pages.networks import members_of
from app.pages.verbs import renamed
from app.people.page_route import pages, stands_on
from app.people.signed_in import must_be_secretariat
from app.people.visit import Visit, see_other

network_editing = pages()
_HERE = "/networks/{network_id}"
_SAY: Mapping[str, Message] = {
    "name": Message("Giv netværket et navn."),
    "kind": Message("Vælg, hvilken slags netværk det er."),
    "question": Message("Skriv det spørgsmål, netværket skal undersøge."),
    "starts_on": Message("Vælg den dag, netværket begynder."),
}
_CHOOSE_PERSON = Message("Vælg, hvem det er.")
_CHOOSE_ROLE = Message("Vælg en rolle.")


@network_editing.get("/networks/new")
def show_new_network(visit: Visit) -> Response:
    must_be_secretariat(visit.changer())
    at = "/networks/new"
    return drawn(
        visit,
        "networks/new.html",
        at=at,
        kinds=_kinds(visit),
        found=found_for(visit, at, "leader_id"),
        hears=hear_if_chosen(MemberJoined.type),
        meanwhile=[],
    )


@network_editing.post("/networks/new")
@stands_on(show_new_network)
def register_network(visit: Visit) -> Response:
    me = visit.changer()
    must_be_secretariat(me)
    form = read_with(visit, NewNetworkAndLeader, "leader_id", **_SAY)
    network = service.register(
        visit.session, form.model_dump(exclude={"leader_id"}), by=By(me.id), now=visit.now
    )
    if form.leader_id is not None:
        with renamed(person_id="leader_id"):
            service.join(
                visit.session,
                me,
                network.key,
                member_id=form.leader_id,
                role=NetworkRole.LEADER,
                from_on=min(network.starts_on, today_of(visit)),
                to_on=None,
                now=visit.now,
            )
    return see_other(f"/networks/{network.key}", done="registered")


@network_editing.get(f"{_HERE}/edit")
def show_editing(visit: Visit) -> Response:
    me, network_id = visit.changer(), visit.id("network_id")
    network = queries.get(visit.session, network_id)
    service.must_give(visit.session, me, network_id, now=visit.now)
    now, past = members_of(visit, network_id)
    joining = f"/networks/{network_id}/members"
    return drawn(
        visit,
        "networks/edit.html",
        network=network,
        done=visit.query.get("done", ""),
        kinds=_kinds(visit),
        roles=options(visit, words.network_roles),
        members=[row for rows in now.values() for row in rows],
        past=past,
        joining=joining,
        found=found_for(visit, joining, "person_id"),
        hears=hear_if_chosen(MemberJoined.type),
        **done_since(visit, "network", network_id, words.network_log),
    )


@network_editing.post(f"{_HERE}/edit")
@stands_on(show_editing)
def change_network(visit: Visit) -> Response:
    me, network_id = visit.changer(), visit.id("network_id")
    form = visit.read(NetworkChange, None, **_SAY)
    fields: dict[str, Any] = form.said()
    # On this page the field is always there: left empty, the network has no last day.
    fields.setdefault("ends_on", None)
    service.change(visit.session, me, network_id, fields, version=visit.version, now=visit.now)
    return see_other(f"/networks/{network_id}", done="changed")


@network_editing.post(f"{_HERE}/members")
@stands_on(show_editing)
def add_member(visit: Visit) -> Response:
    me, network_id = visit.changer(), visit.id("network_id")
    form = read_with(visit, NewMember, "person_id", person_id=_CHOOSE_PERSON, role=_CHOOSE_ROLE)
    service.join(
        visit.session,
        me,
        network_id,
        member_id=form.person_id,
        role=form.role,
        from_on=form.from_on or today_of(visit),
        to_on=form.to_on,
        now=visit.now,
    )
    return _on_to_members(network_id, "joined")


@network_editing.post(f"{_HERE}/members/{{member_id}}/ending")
@stands_on(show_editing)
def end_membership(visit: Visit) -> Response:
    me, network_id = visit.changer(), visit.id("network_id")
    form = visit.read(MemberEnding)
    service.end_membership(
        visit.session,
        me,
        network_id,
        visit.id("member_id"),
        to_on=form.to_on or today_of(visit),
        now=visit.now,
    )
    return _on_to_members(network_id, "ended")


def _on_to_members(network_id: int, done: str) -> Response:
    return see_other(f"/networks/{network_id}/edit", done=done)


def _kinds(visit: Visit) -> Sequence[tuple[NetworkKind, str]]:
    return options(visit, words.network_kinds)
