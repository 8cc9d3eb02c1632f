"""What can happen to a handover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent, PersonId, UnitId


@dataclass(frozen=True, kw_only=True)
class HandoverEvent(DomainEvent):
    """The subject is the handover itself."""

    @property
    def told_of(self) -> int:
        return self.subject_id


@dataclass(frozen=True, kw_only=True)
class HandoverDrafted(HandoverEvent):
    type: ClassVar[str] = "handover.drafted"
    sentence: ClassVar[Message] = Message("%(actor)s gjorde en overrækkelse til %(unit)s klar.")
    unit_id: UnitId
    kind: str


@dataclass(frozen=True, kw_only=True)
class HandoverRequested(HandoverEvent):
    type: ClassVar[str] = "handover.requested"
    sentence: ClassVar[Message] = Message("%(actor)s bad om gaven til %(unit)s: »%(why)s«")
    unit_id: UnitId
    kind: str
    why: str


@dataclass(frozen=True, kw_only=True)
class HandoverChanged(HandoverEvent):
    type: ClassVar[str] = "handover.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede overrækkelsen: %(fields)s.")
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class HandoverAnnounced(HandoverEvent):
    type: ClassVar[str] = "handover.announced"
    sentence: ClassVar[Message] = Message("%(actor)s varslede %(unit)s om, at gaven er på vej.")
    unit_id: UnitId


@dataclass(frozen=True, kw_only=True)
class HandoverDelivered(HandoverEvent):
    type: ClassVar[str] = "handover.delivered"
    sentence: ClassVar[Message] = Message(
        "%(actor)s overrakte udgave %(edition)s af gaven til %(unit)s."
    )
    unit_id: UnitId
    edition: int


@dataclass(frozen=True, kw_only=True)
class HandoverAcknowledged(HandoverEvent):
    type: ClassVar[str] = "handover.acknowledged"
    sentence: ClassVar[Message] = Message("%(actor)s kvitterede: set og modtaget.")
    sentence_by_mail: ClassVar[Message] = Message(
        "%(actor)s kvitterede med linket i en mail: set og modtaget."
    )
    is_from_mail: bool = False

    @classmethod
    def told_as(cls, data: Mapping[str, Any]) -> Message:
        """What happened before there were such links, does not say so."""
        return cls.sentence_by_mail if data.get("is_from_mail") else cls.sentence


@dataclass(frozen=True, kw_only=True)
class HandoverAccepted(HandoverEvent):
    type: ClassVar[str] = "handover.accepted"
    sentence: ClassVar[Message] = Message(
        "%(actor)s tog imod gaven. Tovholder er %(owner)s, og næste dato er %(next_on)s."
    )
    sentence_in_full: ClassVar[Message] = Message(
        "%(actor)s tog imod gaven. Tovholder er %(owner)s, og næste dato er %(next_on)s. "
        "I planen står: %(said)s."
    )
    says: ClassVar[tuple[str, ...]] = ("read_back", "first_step")
    owner_id: PersonId
    next_on: date
    read_back: str
    first_step: str


@dataclass(frozen=True, kw_only=True)
class HandoverReturned(HandoverEvent):
    type: ClassVar[str] = "handover.returned"
    sentence: ClassVar[Message] = Message("%(actor)s spurgte giveren: »%(question)s«")
    question: str


@dataclass(frozen=True, kw_only=True)
class HandoverDeclined(HandoverEvent):
    type: ClassVar[str] = "handover.declined"
    sentence: ClassVar[Message] = Message("%(actor)s sagde nej tak: »%(reason)s«")
    reason_kind: str
    reason: str
    counter_proposal: str


@dataclass(frozen=True, kw_only=True)
class HandoverPassedOn(HandoverEvent):
    type: ClassVar[str] = "handover.passed_on"
    sentence: ClassVar[Message] = Message(
        "%(actor)s gav gaven videre. Den hører til hos %(to_unit)s: »%(reason)s«"
    )
    to_unit_id: UnitId
    reason: str
    draft_id: int | None


@dataclass(frozen=True, kw_only=True)
class HandoverReconsidered(HandoverEvent):
    type: ClassVar[str] = "handover.reconsidered"
    sentence: ClassVar[Message] = Message(
        "%(actor)s tog svaret »%(former_state)s« tilbage og vil svare om. "
        "Det gælder udgave %(edition)s af gaven."
    )
    former_state: str
    edition: int


@dataclass(frozen=True, kw_only=True)
class HandoverWithdrawn(HandoverEvent):
    type: ClassVar[str] = "handover.withdrawn"
    sentence: ClassVar[Message] = Message("%(actor)s trak gaven tilbage: »%(reason)s«")
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequestTakenBack(HandoverEvent):
    type: ClassVar[str] = "handover.request_taken_back"
    sentence: ClassVar[Message] = Message("%(actor)s tog ønsket om gaven tilbage: »%(reason)s«")
    reason: str


@dataclass(frozen=True, kw_only=True)
class TrialStarted(HandoverEvent):
    type: ClassVar[str] = "handover.trial_started"
    sentence: ClassVar[Message] = Message(
        "%(actor)s satte en afprøvning i gang fra %(from_on)s til %(to_on)s: »%(question)s«"
    )
    question: str
    from_on: date
    to_on: date


@dataclass(frozen=True, kw_only=True)
class HandoverPutInUse(HandoverEvent):
    type: ClassVar[str] = "handover.put_in_use"
    sentence: ClassVar[Message] = Message(
        "%(actor)s tog gaven i brug. Det er anderledes nu: »%(practice)s«"
    )
    sentence_after_trial: ClassVar[Message] = Message(
        "%(actor)s tog gaven i brug. Det er anderledes nu: »%(practice)s« "
        "Afprøvningen viste: »%(trial_result)s«"
    )
    practice: str
    trial_result: str

    @classmethod
    def told_as(cls, data: Mapping[str, Any]) -> Message:
        return cls.sentence_after_trial if data.get("trial_result") else cls.sentence


@dataclass(frozen=True, kw_only=True)
class AnchoringProposed(HandoverEvent):
    type: ClassVar[str] = "handover.anchoring_proposed"
    sentence: ClassVar[Message] = Message(
        "%(actor)s kaldte gaven en del af hverdagen. For borgeren: »%(citizen_value)s«"
    )
    success: str
    citizen_value: str


@dataclass(frozen=True, kw_only=True)
class HandoverAnchored(HandoverEvent):
    type: ClassVar[str] = "handover.anchored"
    sentence: ClassVar[Message] = Message("%(actor)s bekræftede, at gaven er en del af hverdagen.")
    proposed_by_id: PersonId


@dataclass(frozen=True, kw_only=True)
class HandoverDiscontinued(HandoverEvent):
    type: ClassVar[str] = "handover.discontinued"
    sentence: ClassVar[Message] = Message(
        "%(actor)s stoppede arbejdet med gaven: »%(reason)s« Det lærte vi: »%(learned)s«"
    )
    reason: str
    learned: str


@dataclass(frozen=True, kw_only=True)
class HandoverReopened(HandoverEvent):
    type: ClassVar[str] = "handover.reopened"
    sentence: ClassVar[Message] = Message("%(actor)s overrakte gaven igen: »%(reason)s«")
    reason: str
    edition: int


@dataclass(frozen=True, kw_only=True)
class HandoverPaused(HandoverEvent):
    type: ClassVar[str] = "handover.paused"
    sentence: ClassVar[Message] = Message(
        "%(actor)s satte gaven på pause til %(until)s: »%(reason)s«"
    )
    until: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class HandoverResumed(HandoverEvent):
    type: ClassVar[str] = "handover.resumed"
    sentence: ClassVar[Message] = Message("%(actor)s sluttede pausen.")


@dataclass(frozen=True, kw_only=True)
class OwnerNamed(HandoverEvent):
    type: ClassVar[str] = "handover.owner_named"
    sentence: ClassVar[Message] = Message("%(owner)s blev tovholder.")
    owner_id: PersonId
    former_owner_id: PersonId | None


@dataclass(frozen=True, kw_only=True)
class PlanMade(HandoverEvent):
    """What was written, for the handover holds it only until it is written anew. What happened
    before the words were kept, has only the names of the fields."""

    type: ClassVar[str] = "handover.planned"
    sentence: ClassVar[Message] = Message("%(actor)s skrev i planen: %(fields)s.")
    sentence_in_full: ClassVar[Message] = Message("%(actor)s skrev i planen: %(said)s.")
    says: ClassVar[tuple[str, ...]] = (
        "read_back",
        "first_step",
        "next_on",
        "support_until_on",
        "exit_criteria",
    )
    fields: list[str]
    read_back: str | None = None
    first_step: str | None = None
    next_on: date | None = None
    support_until_on: date | None = None
    exit_criteria: str | None = None


@dataclass(frozen=True, kw_only=True)
class RippleAnswered(HandoverEvent):
    type: ClassVar[str] = "handover.ripple_answered"
    sentence: ClassVar[Message] = Message(
        "%(actor)s svarede på, hvad det betyder for andre: %(units)s."
    )
    answer: str
    unit_ids: list[UnitId]


@dataclass(frozen=True, kw_only=True)
class EditionOffered(HandoverEvent):
    type: ClassVar[str] = "handover.edition_offered"
    sentence: ClassVar[Message] = Message("Enheden fik tilbudt udgave %(edition)s af gaven.")
    edition: int


@dataclass(frozen=True, kw_only=True)
class ReceiptVoided(HandoverEvent):
    type: ClassVar[str] = "handover.receipt_voided"
    sentence: ClassVar[Message] = Message(
        "Gaven kom i udgave %(edition)s og er overrakt igen. Et tidligere svar gælder ikke mere."
    )
    edition: int
    former_state: str


@dataclass(frozen=True, kw_only=True)
class EditionTaken(HandoverEvent):
    type: ClassVar[str] = "handover.edition_taken"
    sentence: ClassVar[Message] = Message("%(actor)s gik over til udgave %(edition)s af gaven.")
    edition: int


@dataclass(frozen=True, kw_only=True)
class HandoverMoved(HandoverEvent):
    type: ClassVar[str] = "handover.moved"
    sentence: ClassVar[Message] = Message(
        "Overrækkelsen flyttede fra %(from_unit)s til %(to_unit)s."
    )
    from_unit_id: UnitId
    to_unit_id: UnitId


@dataclass(frozen=True, kw_only=True)
class HandoverLostUnit(HandoverEvent):
    type: ClassVar[str] = "handover.lost_its_unit"
    sentence: ClassVar[Message] = Message(
        "%(unit)s lukkede uden efterfølger. Sekretariatet finder en ny modtager."
    )
    unit_id: UnitId


@dataclass(frozen=True, kw_only=True)
class NoteWritten(HandoverEvent):
    type: ClassVar[str] = "handover.note_written"
    sentence: ClassVar[Message] = Message("%(actor)s skrev: »%(text)s«")
    note_id: int
    side: str
    text: str
