"""Answers that hold a secret: it is on the page and nowhere else, so that a form that is sent twice
does it once, and the second press is led on without it."""

from fastapi import Response

from app.errors import NotFound
from app.people import kept_forms
from app.people.signed_in import SignedIn
from app.people.visit import Visit
from app.rest import idempotency

PRESS = "press"
"""Of a form whose answer holds a secret. Not `once`: what that keeps is the answer itself."""


def pressed_before(visit: Visit, person: SignedIn) -> Response | None:
    """Where the first press led; None where this is the first. NotFound where the form is none of
    ours."""
    if not visit.typed.get(PRESS):
        raise NotFound
    return idempotency.replay(
        visit.session,
        person.id,
        _press(visit),
        roles=person.roles,
        request=f"POST {visit.path}",
        digest="",
        now=visit.now,
        keep_days=visit.settings.idempotency_days,
    )


def keep_press(visit: Visit, person: SignedIn, instead: Response) -> None:
    """It is done; whoever presses again, or chooses another language, is led on by this."""
    visit.stands_on = instead.headers["Location"]
    visit.session.flush()
    idempotency.keep(visit.rows, person.id, _press(visit), instead, roles=person.roles)
    kept_forms.forget(visit.rows, person.id, visit.path)


def _press(visit: Visit) -> str:
    """Who goes back and writes something else wants another one."""
    return f"shown:{visit.typed.digest}"
