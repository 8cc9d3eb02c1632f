"""Builders: `make.handover(unit=ppr)`. Name what the test is about, default the rest.

They write rows directly, so that a test of one verb does not lean on the others.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Insert, insert
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel

from app.clock import local_day
from app.eventlog.log import By
from app.eventlog.models import Event, EventSetAside
from app.gifts.models import Contact, Edition, Gift
from app.gifts.service import CONTENT
from app.handovers import life
from app.handovers.lifecycle import ENDED, FROM_TRIAL_ON, IN_USE, RECEIVED, TAKEN, State
from app.handovers.models import Handover, Ownership, ReasonKind
from app.importing.columns import SheetKind
from app.importing.models import ImportRun, RunState
from app.networks.models import Member, Network, NetworkKind, NetworkRole
from app.notifications.answer_links import GOOD_FOR, AnswerLink
from app.notifications.models import Digest, HowMuch, MailChoice, Notification, Reminder
from app.people import keys
from app.people.keys import Scope
from app.people.models import Person, WebSession
from app.people.sessions import Way
from app.people.signed_in import Role, SignedIn
from app.scim.models import ScimAccount, ScimGroup, ScimMember
from app.text import folded
from app.units.models import Post, PostKind, Unit
from app.work.models import WorkItem

Row = TypeVar("Row", bound=SQLModel)
RULES = life.Rules()
LIST = b"Mail;Navn\r\nnyansat@lindborg.example;Nina Nyansat\r\n"
_SAID: tuple[tuple[Collection[State], str, Any], ...] = (
    (ENDED, "reason", "Det passer ikke ind."),
    (FROM_TRIAL_ON, "read_back", "Ét fast møde."),
    (FROM_TRIAL_ON, "first_step", "Vi sætter en dag."),
    ((State.RETURNED,), "question", "Hvem leder mødet?"),
    ((State.DECLINED,), "reason_kind", ReasonKind.NOT_RELEVANT),
)
FILLED = {
    "title": "Overgangsmødet ved 17½",
    "summary": "Ét fast møde, hvor planen lægges sammen.",
    "citizen_value": "Den unge kender sin plan, før hun fylder 18.",
    "ask": "Én mødeleder og 60 minutter pr. ung.",
    "target_group": "Unge på 17 år med to sagsbehandlere.",
    "success_criterion": "Andel unge med fælles plan ved 18 år.",
    "baseline": "2 af 10",
    "how_to_continue": "Ring til netværket, og aftal det første møde.",
}


@dataclass
class Make:
    session: Session
    now: datetime

    def __post_init__(self) -> None:
        self._serial = count(1)

    def unit(self, *, leader: Person | None = None, **over: Any) -> Unit:
        """An open unit; with a leader since long ago, if one is given."""
        name = over.setdefault("name", f"Enhed {next(self._serial)}")
        unit = self._save(Unit(**{"search_text": folded(name), "created_at": self.now, **over}))
        if leader is not None:
            self.post(unit, leader)
        return unit

    def post(
        self,
        unit: Unit,
        person: Person,
        *,
        kind: PostKind = PostKind.LEADER,
        from_on: date | None = None,
        to_on: date | None = None,
    ) -> Post:
        return self._save(
            Post(
                unit_id=unit.key,
                person_id=person.key,
                kind=kind,
                from_on=from_on or self._long_ago(),
                to_on=to_on,
                created_at=self.now,
            )
        )

    def web_session(self, person: Person, **over: Any) -> WebSession:
        """A browser in which the person signed in just now."""
        fields = {
            "hash": f"{next(self._serial):064}",
            "person_id": person.key,
            "way": Way.LINK,
            "created_at": self.now,
            "used_at": self.now,
            "expires_at": self.now + timedelta(hours=12),
        }
        return self._save(WebSession(**{**fields, **over}))

    def scim_account(self, person: Person, **over: Any) -> ScimAccount:
        """What the directory knows the person by; their mail, unless something else is said."""
        name = over.pop("user_name", person.mail)
        fields = {"user_name": name, "user_name_key": folded(name), "created_at": self.now}
        return self._save(ScimAccount(person_id=person.key, **{**fields, **over}))

    def scim_group(self, *members: Person, **over: Any) -> ScimGroup:
        name = over.setdefault("name", f"Gruppe {next(self._serial)}")
        fields = {"name_key": folded(name), "created_at": self.now, **over}
        group = self._save(ScimGroup(**fields))
        for person in members:
            self._save(ScimMember(group_id=group.key, person_id=person.key))
        return group

    def import_run(self, person: Person, content: bytes = LIST, **over: Any) -> ImportRun:
        """A list of people that was found to be right, kept where such files are."""
        digest = hashlib.sha256(content).hexdigest()
        folder = self.session.info["settings"].imports_dir
        folder.mkdir(parents=True, exist_ok=True)
        (folder / digest).write_bytes(content)
        fields: dict[str, Any] = {
            "kind": SheetKind.PEOPLE,
            "filename": "medarbejdere.csv",
            "size": len(content),
            "digest": digest,
            "state": RunState.READY,
            "uploaded_at": self.now,
            "uploaded_by_id": person.key,
            "heartbeat_at": self.now,
            "rows_new": 1,
        }
        return self._save(ImportRun(**{**fields, **over}))

    def mail_choice(self, person: Person, **over: Any) -> MailChoice:
        fields = {"hour": 9, "how_much": HowMuch.NEEDED, "version": 2, "changed_at": self.now}
        return self._save(MailChoice(person_id=person.key, **{**fields, **over}))

    def digest(self, person: Person, **over: Any) -> Digest:
        """The mail of today, not yet sent."""
        fields = {"day": local_day(self.now), "made_at": self.now}
        return self._save(Digest(person_id=person.key, **{**fields, **over}))

    def answer_link(self, person: Person, handover: Handover, **over: Any) -> AnswerLink:
        """As in a mail of today."""
        fields = {"hash": f"link {next(self._serial)}", "version": handover.version}
        until = {"action": "acknowledge", "expires_at": self.now + GOOD_FOR}
        bound = {"person_id": person.key, "handover_id": handover.key}
        return self._save(AnswerLink(**bound, **{**fields, **until, **over}))

    def work_item(self, **over: Any) -> WorkItem:
        """One that waits; a dead one has `dead_at`."""
        fields: dict[str, Any] = {
            "kind": "mail.send",
            "key": f"event:{next(self._serial)}",
            "payload": {},
            "enqueued_at": self.now,
            "due_at": self.now,
            "most_attempts": 12,
            "fence": over.get("attempts", 0),
        }
        return self._save(WorkItem(**{**fields, **over}))

    def dead_work(self, **over: Any) -> WorkItem:
        said = {"attempts": 12, "last_error": "ConnectionRefused", "dead_at": self.now}
        return self.work_item(**{**said, **over})

    def message(self, person: Person, handover: Handover, **over: Any) -> Notification:
        """Of a receipt, which the person has been told of as a giver."""
        event = self._receipt_of(handover)
        fields = {"reason": "giver", "handover_id": handover.key, "made_at": self.now}
        return self._save(
            Notification(person_id=person.key, event_id=event.id, **{**fields, **over})
        )

    def reminder(self, handover: Handover, **over: Any) -> Reminder:
        fields = {"kind": "unanswered", "due_on": local_day(self.now), "made_at": self.now}
        return self._save(Reminder(handover_id=handover.key, **{**fields, **over}))

    def event_set_aside(self, handover: Handover) -> EventSetAside:
        event = self._receipt_of(handover)
        return self._save(EventSetAside(event_id=event.id, error="KeyError", set_aside_at=self.now))

    def _receipt_of(self, handover: Handover) -> Event:
        told = {"type": "handover.acknowledged", "subject_id": handover.key, "data": {}}
        return self._save(
            Event(**told, handover_id=handover.key, at=self.now, fanned_out_at=self.now)
        )

    def person(self, *, role: Role | None = None, **over: Any) -> Person:
        number = next(self._serial)
        name = over.setdefault("name", f"Person {number}")
        mail = over.setdefault("mail", f"person{number}@lindborg.example")
        fields = {
            "roles": role or "",
            "search_text": folded(f"{name} {mail}"),
            "created_at": self.now,
            **over,
        }
        return self._save(Person(**fields))

    def network(self, *, leader: Person | None = None, **over: Any) -> Network:
        name = over.setdefault("name", f"Netværk {next(self._serial)}")
        network = self._save(
            Network(
                **{
                    "kind": NetworkKind.WELFARE,
                    "question": "Hvordan gør vi det sammen?",
                    "starts_on": self._long_ago(),
                    "search_text": folded(name),
                    "created_at": self.now,
                    **over,
                }
            )
        )
        if leader is not None:
            self.member(network, leader)
        return network

    def member(
        self, network: Network, person: Person, *, role: NetworkRole = NetworkRole.LEADER
    ) -> Member:
        return self._save(
            Member(
                network_id=network.key,
                person_id=person.key,
                role=role,
                from_on=self._long_ago(),
                created_at=self.now,
            )
        )

    def gift(
        self,
        *,
        network: Network | None = None,
        contact: Person | None = None,
        is_given: bool = True,
        **over: Any,
    ) -> Gift:
        """A complete gift with a contact person, given unless `is_given` says otherwise."""
        network = network or self.network()
        content = {**FILLED, **{name: over.pop(name) for name in CONTENT if name in over}}
        gift = self._save(
            Gift(
                **{
                    **content,
                    "network_id": network.key,
                    "given_at": self.now if is_given else None,
                    "search_text": folded(f"{content['title']} {content['summary']}"),
                    "created_at": self.now,
                    **over,
                }
            )
        )
        for number in range(1, gift.edition + 1):
            self._save(Edition(**content, gift_id=gift.key, number=number, made_at=self.now))
        self._save(Contact(gift_id=gift.key, person_id=(contact or self.person()).key))
        return gift

    def handover(
        self,
        *,
        gift: Gift | None = None,
        unit: Unit | None = None,
        state: State = State.DELIVERED,
        owner: Person | None = None,
        asked_by: Person | None = None,
        days_ago: int = 0,
        **over: Any,
    ) -> Handover:
        """A handover in the state, whose last sign of life was `days_ago` days before now.

        What the state goes with is filled in: its dates, its reason, its receipt, its owner; and
        what the unit asked for, where somebody did.
        """
        gift = gift or self.gift()
        unit = unit or self.unit(leader=self.person())
        lived_at = self.now - timedelta(days=days_ago)
        was_shown = state is not State.DRAFT
        has_receipt = state in RECEIVED and state is not State.DELIVERED
        if state in TAKEN and owner is None:
            owner = self.person(unit_id=unit.key)
        if over.get("paused_until"):
            over = {"pause_reason": "Efter ferien.", "pause_count": 1, **over}
        if asked_by is not None:
            asked = {"requested_by_id": asked_by.key, "request": "Vi har otte unge på vej."}
            over = {"requested_at": lived_at, **asked, **over}
        fields: dict[str, Any] = {
            "gift_id": gift.key,
            "network_id": gift.network_id,
            "unit_id": unit.key,
            "state": state,
            "edition": gift.edition,
            "announced_at": lived_at if was_shown else None,
            "delivered_at": lived_at if was_shown and state is not State.ANNOUNCED else None,
            "acknowledged_at": lived_at if has_receipt else None,
            "accepted_at": lived_at if state in TAKEN else None,
            "ended_at": lived_at if state in ENDED else None,
            "owner_id": owner.key if owner else None,
            "last_life_at": lived_at,
            "created_at": lived_at,
            **self._said(state, lived_at, owner),
            **over,
        }
        if fields["acknowledged_at"]:
            fields.setdefault("acknowledged_by_id", (owner or self.person()).key)
        if fields.get("anchoring_proposed_by_id"):
            fields.setdefault("anchoring_entered_by_id", fields["anchoring_proposed_by_id"])
        fields.setdefault(
            "life_due_on",
            life.due_on(
                state,
                last_life_on=local_day(lived_at),
                next_on=fields.get("next_on"),
                paused_until=fields.get("paused_until"),
                rules=RULES,
            ),
        )
        handover = self._save(Handover(**fields))
        if owner is not None:
            self._save(
                Ownership(
                    handover_id=handover.key,
                    person_id=owner.key,
                    from_at=lived_at,
                    to_at=handover.ended_at,
                )
            )
        return handover

    def _said(self, state: State, at: datetime, owner: Person | None) -> dict[str, Any]:
        """What somebody must have said for a handover to be in the state."""
        today = local_day(at)
        said = {name: value for states, name, value in _SAID if state in states}
        if state in IN_USE:
            said["in_use_since_on"] = today
        match state:
            case State.PASSED_ON:
                said["passed_to_unit_id"] = self.unit().key
            case State.TRIAL:
                said["trial_from_on"] = today
                said["trial_to_on"] = today + timedelta(days=RULES.patience[state].days)
            case State.ANCHORED:
                assert owner is not None
                said["anchoring_proposed_by_id"] = owner.key
                said["anchoring_proposed_at"] = at
        return said

    def key(self, person: Person, *scopes: Scope) -> str:
        """An API key of the person; every scope unless some are named."""
        _, secret = keys.make(
            self.session,
            person.key,
            label="test",
            scopes=scopes or tuple(Scope),
            expires_at=None,
            by=By(),
            now=self.now,
        )
        return secret

    def signed_in(self, person: Person) -> SignedIn:
        return SignedIn(person.key, person.name, frozenset(person.roles.split()))

    def secretary(self) -> Person:
        return self.person(role=Role.SECRETARIAT)

    def administrator(self) -> Person:
        return self.person(role=Role.ADMINISTRATOR)

    def _long_ago(self) -> date:
        return local_day(self.now) - timedelta(days=1000)

    def _save(self, row: Row) -> Row:
        """Written by itself: the session would look through all that it has, for every row."""
        table = type(row).__table__
        values = {column.key: row.__dict__.get(column.key) for column in table.columns}
        if values.get("id", 0) is None:
            del values["id"]
        done = self.session.connection().execute(_written(type(row)), values)
        for column, value in zip(table.primary_key, done.inserted_primary_key, strict=True):
            setattr(row, column.key, value)
        make_transient_to_detached(row)
        self.session.add(row)
        return row


@cache
def _written(kind: type[SQLModel]) -> Insert:
    return insert(kind.__table__)
