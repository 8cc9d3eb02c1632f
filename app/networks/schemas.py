"""How networks look in JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from app.networks.models import Member, Network, NetworkKind, NetworkRole
from app.rest.pages import PageOf


class NetworkOut(BaseModel):
    id: int
    version: int
    name: str
    kind: NetworkKind
    question: str
    springboard: str
    starts_on: date
    ends_on: date | None


class Networks(PageOf):
    items: list[NetworkOut]


class MemberOut(BaseModel):
    id: int
    network_id: int
    person_id: int
    name: str
    role: NetworkRole
    from_on: date
    to_on: date | None


class Members(BaseModel):
    items: list[MemberOut]


def network_json(network: Network) -> Mapping[str, Any]:
    return {
        "id": network.id,
        "version": network.version,
        "name": network.name,
        "kind": network.kind,
        "question": network.question,
        "springboard": network.springboard,
        "starts_on": network.starts_on,
        "ends_on": network.ends_on,
    }


def member_json(member: Member, name: str) -> Mapping[str, Any]:
    return {
        "id": member.id,
        "network_id": member.network_id,
        "person_id": member.person_id,
        "name": name,
        "role": member.role,
        "from_on": member.from_on,
        "to_on": member.to_on,
    }
