"""The people, units, networks and gifts of the demo, registered long before today."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from app.clock import local_day
from app.demo.content import Content, content
from app.eventlog.log import By
from app.gifts import service as gifts
from app.gifts.models import Content as GiftContent
from app.municipality import service as municipality
from app.networks import service as networks
from app.networks.models import NetworkKind, NetworkRole
from app.people import service as people
from app.people.models import Person
from app.people.signed_in import Role, SignedIn
from app.text import folded
from app.units import posts
from app.units import service as units
from app.units.models import PostKind

_PRODUCT = By()
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ö": "oe", " ": "."})


@dataclass
class Cast:
    """Who and what there is, by the keys of the content; people by name."""

    session: Session
    began_at: datetime
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    networks: dict[str, int] = field(default_factory=dict)
    gifts: dict[str, int] = field(default_factory=dict)

    def signed_in(self, name: str) -> SignedIn:
        person = self.people[name]
        return SignedIn(person.key, person.name, frozenset(person.roles.split()))

    @property
    def secretary(self) -> SignedIn:
        return self.signed_in(content().secretary.name)

    @property
    def administrator(self) -> SignedIn:
        return self.signed_in(content().administrator.name)


def assemble(session: Session, *, now: datetime) -> Cast:
    """Registers everyone and everything but the handovers."""
    told = content()
    longest = max(handover.delivered_days_ago for handover in told.handovers)
    cast = Cast(session, now - timedelta(days=longest + 240))
    _organisation(cast, told)
    _networks(cast, told)
    _gifts(cast, told)
    return cast


def _organisation(cast: Cast, told: Content) -> None:
    top_id = _unit(cast, "top", told.municipality, "", None)
    _lead(cast, top_id, _employ(cast, told.director.name, told.director.title, top_id))
    secretary = _employ(cast, told.secretary.name, told.secretary.title, top_id)
    _give(cast, secretary, Role.SECRETARIAT)
    administrator = _employ(cast, told.administrator.name, told.administrator.title, top_id)
    _give(cast, administrator, Role.ADMINISTRATOR)
    texts = {"organisation": told.municipality, "contact_mail": secretary.mail}
    municipality.change(cast.session, cast.administrator, texts, version=None, now=cast.began_at)
    for department in told.departments:
        _unit(cast, department.key, department.name, "", top_id)
    for unit in told.units:
        department_id = cast.units[unit.department]
        unit_id = _unit(cast, unit.key, unit.name, unit.short_name, department_id)
        _lead(cast, unit_id, _employ(cast, unit.leader, "Enhedsleder", unit_id))
    for handover in told.handovers:
        if handover.owner and handover.owner not in cast.people:
            _employ(cast, handover.owner, "Medarbejder", cast.units[handover.unit])


def _networks(cast: Cast, told: Content) -> None:
    started_on = local_day(cast.began_at)
    for network in told.networks:
        if network.leader not in cast.people:
            _employ(cast, network.leader, "Netværksleder", cast.units["top"])
        made = networks.register(
            cast.session,
            {
                "name": network.name,
                "kind": NetworkKind(network.kind),
                "question": network.question,
                "springboard": network.springboard,
                "starts_on": started_on,
                "ends_on": started_on + timedelta(days=200),
            },
            by=By(cast.secretary.id),
            now=cast.began_at,
        )
        cast.networks[network.key] = made.key
        for name, role in (
            (network.leader, NetworkRole.LEADER),
            (told.secretary.name, NetworkRole.CONSULTANT),
        ):
            networks.join(
                cast.session,
                cast.secretary,
                made.key,
                member_id=cast.people[name].key,
                role=role,
                from_on=started_on,
                to_on=None,
                now=cast.began_at,
            )


def _gifts(cast: Cast, told: Content) -> None:
    made_at = cast.began_at + timedelta(days=200)
    leaders = {network.key: network.leader for network in told.networks}
    for gift in told.gifts:
        leader = cast.signed_in(leaders[gift.network])
        words = {name: getattr(gift, name) for name in GiftContent.model_fields}
        made = gifts.register(
            cast.session,
            leader,
            network_id=cast.networks[gift.network],
            content=words,
            now=made_at,
        )
        for contact_id in (leader.id, cast.secretary.id):
            gifts.add_contact(cast.session, leader, made.key, contact_id, version=None, now=made_at)
        cast.gifts[gift.key] = made.key


def _unit(cast: Cast, key: str, name: str, short_name: str, parent_id: int | None) -> int:
    fields = {
        "name": name,
        "short_name": short_name,
        "external_id": f"demo-{key}",
        "parent_id": parent_id,
    }
    unit = units.register(cast.session, fields, by=_PRODUCT, now=cast.began_at)
    cast.units[key] = unit.key
    return unit.key


def _employ(cast: Cast, name: str, title: str, unit_id: int) -> Person:
    number = len(cast.people)
    fields = {
        "name": name,
        "mail": f"{folded(name).translate(_LETTERS)}@lindborg.example",
        "phone": f"72 30 {41 + number // 100} {number % 100:02}",
        "title": title,
        "unit_id": unit_id,
    }
    cast.people[name] = people.register(cast.session, fields, by=_PRODUCT, now=cast.began_at)
    return cast.people[name]


def _give(cast: Cast, person: Person, role: Role) -> None:
    people.give_roles(
        cast.session, person.key, [role], version=None, by=_PRODUCT, now=cast.began_at
    )


def _lead(cast: Cast, unit_id: int, person: Person) -> None:
    posts.fill_post(
        cast.session,
        unit_id,
        person_id=person.key,
        kind=PostKind.LEADER,
        from_on=local_day(cast.began_at),
        to_on=None,
        by=_PRODUCT,
        now=cast.began_at,
    )
