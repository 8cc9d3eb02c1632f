"""The page of the link in a mail by which a gift is acknowledged without signing in. Opening it
does nothing: scanners of mail open links. Pressing the button does."""

from collections.abc import Iterator
from datetime import timedelta

from fastapi import Response

from app.notifications import answer_links
from app.notifications.addresses import ANSWER
from app.notifications.answer_links import Found
from app.pages.hearing import hear_of_receipt
from app.pages.notification_words import WHY
from app.people.page_route import limited, pages
from app.people.visit import Visit
from app.rest.throttle import Counted, Limit
from app.web import speak

answering_by_mail = pages()
ANSWERS_FROM_A_PLACE = Limit("mail-answers-from-place", 600, timedelta(minutes=15))
"""A whole town hall may answer from one address, and nobody guesses 256 bits."""


def presses(visit: Visit) -> Iterator[Counted]:
    yield ANSWERS_FROM_A_PLACE, visit.place


@answering_by_mail.get(ANSWER)
def ask_for_receipt(visit: Visit) -> Response:
    token = visit.query.get("token", "")
    found = _found(visit, token)
    row = answer_links.offered(visit.session, found, now=visit.now)
    response = visit.page(
        "mail/answer.html",
        at=ANSWER,
        token=token,
        row=row,
        name=found.person.name,
        hears=hear_of_receipt(visit, row["id"], found.person.key),
        why_told=WHY,
    )
    # Not even our own pages are told the address: the token is in it. With no referrer at all,
    # browsers would hide where the form comes from.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@answering_by_mail.post(ANSWER)
@limited(presses)
def give_receipt(visit: Visit) -> Response:
    """By the form on the page and nothing else: programs for mail press too."""
    found = _found(visit, visit.form.get("token", ""), is_locked=True)
    row = answer_links.acknowledge(visit.session, found, now=visit.now)
    return visit.page("mail/answered.html", row=row, name=found.person.name)


def _found(visit: Visit, token: str, *, is_locked: bool = False) -> Found:
    """Nobody need be signed in here; the mail came in their language."""
    found = answer_links.find(visit.session, token, is_locked=is_locked)
    speak(visit.request, "en" if found.person.locale == "en" else "da")
    return found
