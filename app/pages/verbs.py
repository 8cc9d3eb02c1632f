"""What a form on a handover's page does: the verb that the API has too, and on to the receipt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from fastapi import Response

from app.errors import Fault, Invalid, Message
from app.handovers.forms import StepForm
from app.handovers.service.deed import Asked
from app.people.visit import Visit, see_other


def asked(visit: Visit, form: StepForm | None = None) -> Asked:
    """Who asks, having seen which version, and on whose behalf."""
    return Asked(visit.changer(), visit.version, form.on_behalf_of_id if form else None)


def done(visit: Visit, what: str) -> Response:
    """On to the handover's page, with the receipt for what was done."""
    return see_other(f"/handovers/{visit.id('handover_id')}", done=what)


@contextmanager
def within(part: str) -> Iterator[None]:
    """What is wrong in here belongs to the fields of this part of the form."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid(*(_moved(fault, part) for fault in invalid.faults)) from None


@contextmanager
def renamed(**fields: str) -> Iterator[None]:
    """What is wrong in here with a field of the verb belongs to the form's own field for it."""
    names = {f"/{verbs}": f"/{forms}" for verbs, forms in fields.items()}
    try:
        yield
    except Invalid as invalid:
        raise Invalid(
            *(
                replace(one, pointer=names.get(one.pointer or "", one.pointer))
                for one in invalid.faults
            )
        ) from None


def _moved(fault: Fault, part: str) -> Fault:
    if fault.pointer is None or fault.pointer == "/on_behalf_of_id":
        return fault
    return replace(fault, pointer=f"/{part}{fault.pointer}")


CHOOSE_PERSON = Message("Vælg, hvem der er tovholder.")
CHOOSE_DAY = Message("Vælg en dag.")
CHOOSE_UNIT = Message("Vælg en enhed.")
CHOOSE_UNITS = Message("Sæt kryds ved enhederne, hvis det berører nogen, og kun da.")
CHOOSE_REASON = Message("Vælg en grund.")
SAY_RIPPLE = Message("Vælg, hvad det betyder for andre.")
SAY_FOR_WHOM = Message("Vælg, hvem der har sagt det.")
SAY_WHY = Message("Skriv kort hvorfor.")
SAY_WHAT_FOR = Message("Skriv på én linje, hvad I venter på.")
ASK_SOMETHING = Message("Skriv spørgsmålet.")
