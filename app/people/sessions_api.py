"""The browsers in which a person is signed in, over JSON."""

from fastapi import Response
from pydantic import AwareDatetime, BaseModel

from app.people import policy, sessions
from app.people.call import Changing, Reading, router
from app.people.models import WebSession
from app.people.sessions import Ending
from app.rest.bodies import no_content, resource
from app.rest.paths import PathId
from app.rest.problems import problems

sessions_of = router("/people/{person_id}/sessions", tag="people")


class SessionOut(BaseModel):
    """A browser in which the person is signed in."""

    id: int
    way: str
    agent: str
    created_at: AwareDatetime
    used_at: AwareDatetime
    expires_at: AwareDatetime


class Sessions(BaseModel):
    items: list[SessionOut]


@sessions_of.get("", response_model=Sessions, responses=problems(404))
def list_sessions(call: Reading, person_id: PathId) -> Response:
    """Where the person is signed in, newest first. For themselves and administrators."""
    policy.may_see_sessions(call.session, call.person, person_id)
    found = sessions.of_person(call.session, person_id, now=call.now)
    return resource({"items": [_shown(row) for row in found]})


@sessions_of.delete("", status_code=204, responses=problems(404))
def sign_out_everywhere(call: Changing, person_id: PathId) -> Response:
    """Sign the person out everywhere, at once. For themselves and administrators."""
    policy.may_see_sessions(call.session, call.person, person_id)
    is_mine = person_id == call.person.id
    ending = Ending.SIGNED_OUT_EVERYWHERE if is_mine else Ending.ADMINISTRATOR
    sessions.end_all(call.session, person_id, ending=ending, by=call.by, now=call.now)
    return no_content()


@sessions_of.delete("/{session_id}", status_code=204, responses=problems(404))
def end_session(call: Changing, person_id: PathId, session_id: PathId) -> Response:
    """Sign the person out of one browser, at once; twice is the same as once."""
    policy.may_see_sessions(call.session, call.person, person_id)
    is_mine = person_id == call.person.id
    sessions.end(
        call.session,
        session_id,
        of_person_id=person_id,
        ending=Ending.SIGNED_OUT if is_mine else Ending.ADMINISTRATOR,
        by=call.by,
        now=call.now,
    )
    return no_content()


def _shown(row: WebSession) -> dict[str, object]:
    return {name: getattr(row, name) for name in SessionOut.model_fields}
