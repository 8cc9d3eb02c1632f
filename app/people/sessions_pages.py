"""Where I am signed in, and signing out of there."""

from fastapi import Response

from app.errors import NotFound
from app.eventlog.log import By
from app.people import sessions
from app.people.cookies import clear_cookie
from app.people.page_route import pages
from app.people.sessions import Ending
from app.people.visit import Visit, see_other
from app.text import digits

MINE = "/me/sessions"
my_sessions = pages()


@my_sessions.get(MINE)
def show_mine(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    assert visit.secret is not None
    this = sessions.by_secret(visit.session, visit.secret)
    mine = sessions.of_person(visit.session, me.id, now=visit.now)
    return visit.page("signing_in/sessions.html", mine=mine, this_id=this and this.id)


@my_sessions.post(f"{MINE}/ending")
def end_mine(visit: Visit) -> Response:
    """One of them, or all, with this one among them."""
    me = visit.must_be_signed_in()
    wanted = visit.form.get("session_id", "")
    by = By(me.id)
    if wanted == "all":
        ending = Ending.SIGNED_OUT_EVERYWHERE
        sessions.end_all(visit.session, me.id, ending=ending, by=by, now=visit.now)
        response = see_other("/signed-out")
        clear_cookie(response, visit.settings)
        return response
    session_id = digits(wanted)
    if session_id is None:
        raise NotFound
    sessions.end(
        visit.session,
        session_id,
        of_person_id=me.id,
        ending=Ending.SIGNED_OUT,
        by=by,
        now=visit.now,
    )
    return see_other(MINE)
