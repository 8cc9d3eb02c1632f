"""Letting somebody in who has shown who they are, whichever way."""

from fastapi import Response

from app.people import sessions
from app.people.cookies import set_cookie
from app.people.models import Person
from app.people.sessions import AtProvider, Way
from app.people.visit import Visit, see_other


def begin_session(
    visit: Visit,
    person: Person,
    way: Way,
    *,
    back_to: str,
    at_provider: AtProvider | None = None,
) -> Response:
    """Signed in from now on, with a cookie that nobody had before."""
    secret = sessions.begin(
        visit.session,
        person,
        way=way,
        agent=visit.agent,
        lifetimes=visit.lifetimes,
        now=visit.now,
        at_provider=at_provider,
        instead_of=visit.secret,
    )
    response = see_other(back_to)
    set_cookie(response, visit.settings, secret)
    return response
