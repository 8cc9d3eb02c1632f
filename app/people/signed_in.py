"""Who is asking, as the domain sees them. Pure."""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from app.errors import Message, NotAllowed


class Role(StrEnum):
    """What a person may be across the whole municipality."""

    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


READ_ALL = frozenset(Role)
"""Who has one of these roles reads everything, also what only its network sees."""


def one_kind(roles: Set[Role]) -> set[Role]:
    """What a directory gives may be an auditor's role and another one. The other stays: it reads
    all that an auditor does, and whoever changes things is nobody who only looks on."""
    return set(roles) - {Role.AUDITOR} if len(roles) > 1 else set(roles)


class OnlyReads(NotAllowed):
    """Whoever is an auditor changes nothing, whatever else they are."""


@dataclass(frozen=True)
class SignedIn:
    """A person who has shown who they are, with the roles they hold across the municipality."""

    id: int
    name: str
    roles: frozenset[str] = frozenset()

    @property
    def is_secretariat(self) -> bool:
        return Role.SECRETARIAT in self.roles

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def keeps_registers(self) -> bool:
        """Those of people and units."""
        return self.is_secretariat or self.is_administrator

    @property
    def is_auditor(self) -> bool:
        return Role.AUDITOR in self.roles


def may_change(person: SignedIn) -> None:
    """OnlyReads for an auditor: asked before every change, and before what it asks itself."""
    if person.is_auditor:
        raise OnlyReads(Message("En revisor læser med og ændrer ikke noget."))


def may_administer(person: SignedIn) -> None:
    """NotAllowed unless the person looks after people and units."""
    if not person.is_administrator:
        raise NotAllowed(Message("Det er administratorens opgave."))


def must_be_secretariat(person: SignedIn) -> None:
    """NotAllowed unless the person is the secretariat."""
    if not person.is_secretariat:
        raise NotAllowed(Message("Det er sekretariatets opgave."))


def may_register(person: SignedIn) -> None:
    """NotAllowed unless the person keeps the register of people and units."""
    if not person.keeps_registers:
        raise NotAllowed(Message("Det er sekretariatets opgave."))
