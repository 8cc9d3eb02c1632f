"""Who may see what was brought in, and who may bring in what."""

from app.errors import Message, NotAllowed
from app.importing.columns import SheetKind
from app.people.signed_in import READ_ALL, SignedIn, may_change, may_register, must_be_secretariat


def may_see_imports(person: SignedIn) -> None:
    """NotAllowed unless the person reads everything. Told before anything is looked up."""
    if not person.roles & READ_ALL:
        raise NotAllowed(Message("Det er sekretariatets opgave."))


def may_import(person: SignedIn, kind: SheetKind) -> None:
    """Whoever registers such things one at a time, also does it by the file."""
    may_change(person)
    if kind is SheetKind.GIFTS:
        must_be_secretariat(person)
    else:
        may_register(person)


def importable(person: SignedIn) -> list[SheetKind]:
    """What the person may bring in."""
    return [kind for kind in SheetKind if _may(person, kind)]


def _may(person: SignedIn, kind: SheetKind) -> bool:
    try:
        may_import(person, kind)
    except NotAllowed:
        return False
    return True
