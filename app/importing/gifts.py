"""Gifts from a file: registered, and corrected until they are given, by network and title.

What receivers have been given is changed by people, who say whether it is a new edition.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from app.errors import Message
from app.gifts import service
from app.gifts.models import Gift
from app.importing.forms import GiftRow
from app.importing.known import KnownGifts, KnownNetworks, KnownPeople
from app.importing.outcome import Step
from app.importing.table import Entry, Table
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.text import folded


class GiftPlan:
    def __init__(
        self, session: Session, table: Table[GiftRow], *, by: SignedIn, now: datetime
    ) -> None:
        self._session, self._table, self._by, self._now = session, table, by, now
        self._networks = KnownNetworks(session)
        self._people = KnownPeople(session)
        self._gifts = KnownGifts(session)

    def steps(self) -> list[Step]:
        contacts: dict[int, Sequence[Person]] = {}
        for entry in self._table.entries:
            self._table.need(entry, "network")
            self._table.need(entry, "title")
            contacts[entry.row] = self._contacts(entry)
        entries = self._table.by_key(self._key, "title")
        return [
            self._step(network_id, entry, contacts[entry.row])
            for (network_id, _), entry in entries.items()
        ]

    def _key(self, entry: Entry[GiftRow]) -> tuple[int, str] | None:
        if entry.says.network is None:
            return None
        network = self._networks.named(entry.says.network)
        found = self._table.found(entry.row, "network", network)
        if found is None or entry.says.title is None:
            return None
        return found.key, folded(entry.says.title)

    def _step(self, network_id: int, entry: Entry[GiftRow], named: Sequence[Person]) -> Step:
        title = entry.says.title or ""
        said = {name: getattr(entry.says, name) for name in service.CONTENT}
        content = {name: text for name, text in said.items() if text is not None}
        gift = self._table.found(entry.row, "title", self._gifts.in_network(network_id, title))
        contacts = [person for person in named if not self._gifts.is_contact(gift, person)]
        if gift is None:
            act = partial(self._register, network_id, content, contacts)
            return Step(entry.row, title, is_new=True, changes=(), act=act)
        changed = [name for name, text in content.items() if getattr(gift, name) != text]
        if gift.given_at is not None:
            for name in changed:
                self._table.problem(entry.row, name, _GIVEN)
        changes = [self._table.change(name, getattr(gift, name), content[name]) for name in changed]
        if contacts:
            names = ", ".join(person.name for person in contacts)
            changes.append(self._table.change("contacts", "", names))
        act = partial(self._change, gift, content, contacts)
        return Step(entry.row, gift.title, is_new=False, changes=changes, act=act)

    def _contacts(self, entry: Entry[GiftRow]) -> list[Person]:
        found = [
            self._table.found(entry.row, "contacts", self._people.present(mail))
            for mail in dict.fromkeys(entry.says.contacts or ())
        ]
        return [person for person in found if person is not None]

    def _register(
        self, network_id: int, content: Mapping[str, str], contacts: Sequence[Person]
    ) -> None:
        gift = service.register(
            self._session, self._by, network_id=network_id, content=content, now=self._now
        )
        self._add_contacts(gift, contacts)

    def _change(self, gift: Gift, content: Mapping[str, str], contacts: Sequence[Person]) -> None:
        service.change(
            self._session,
            self._by,
            gift.key,
            content,
            kind=None,
            changes="",
            version=None,
            now=self._now,
        )
        self._add_contacts(gift, contacts)

    def _add_contacts(self, gift: Gift, contacts: Sequence[Person]) -> None:
        for person in contacts:
            service.add_contact(
                self._session, self._by, gift.key, person.key, version=None, now=self._now
            )


_GIVEN = Message(
    "Gaven er givet. Ret den i gavebordet, og sig, om det er en ny udgave til modtagerne."
)
