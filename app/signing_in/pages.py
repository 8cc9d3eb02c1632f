"""The pages on which people sign in and out."""

import logging
from collections.abc import Sequence
from email.message import EmailMessage
from functools import partial
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from app import mail
from app.browsers import content_policy, framed_headers
from app.errors import Busy, Message, NotFound
from app.i18n import translate
from app.people.cookies import origin_of
from app.people.page_route import limited, pages
from app.people.sessions import Way
from app.people.visit import Visit, see_other
from app.signing_in import demo, limits, links
from app.signing_in.entering import begin_session
from app.signing_in.mails import link_mail
from app.signing_in.places import safe_path
from app.text import is_mail
from app.web import LANGUAGE_COOKIE

_log = logging.getLogger(__name__)
signing_in = pages()


@signing_in.get("/sign-in")
def ask_who(visit: Visit) -> Response:
    """Who is already signed in goes on to where they were going."""
    back_to = safe_path(visit.query.get("back_to"))
    if visit.person is not None:
        return see_other(back_to)
    return _sign_in_page(visit, back_to)


@signing_in.post("/sign-in/links")
@limited(limits.links)
def send_link(visit: Visit) -> Response:
    """The same answer, whether somebody has the address or not; whether they have, is looked up
    afterwards, so that the answer is as fast too."""
    if has_provider(visit):
        raise NotFound
    wanted = visit.form.get("mail", "").strip()
    back_to = safe_path(visit.form.get("back_to"))
    if not is_mail(wanted):
        return _sign_in_page(visit, back_to, wanted=wanted, fault=_NO_ADDRESS)
    response = see_other("/sign-in/sent")
    response.background = BackgroundTask(_mail_link, visit, wanted, back_to)
    return response


async def _mail_link(visit: Visit, wanted: str, back_to: str) -> None:
    """To the person with the address, if there is one."""
    try:
        written = await visit.hop(partial(_written, wanted, back_to))
    except Busy:
        _log.warning("a link was asked for, and the database was too busy to make one")
        return
    if written is not None:
        await run_in_threadpool(mail.send, visit.settings, written, now=visit.now)


def _written(wanted: str, back_to: str, visit: Visit) -> mail.Mail | None:
    made = links.make(visit.session, wanted, now=visit.now)
    if made is None:
        return None
    person, secret = made
    query = {"token": secret} | ({"back_to": back_to} if back_to != "/" else {})
    return link_mail(person, f"{origin_of(visit.request)}/sign-in/link?{urlencode(query)}")


@signing_in.get("/sign-in/sent")
def say_sent(visit: Visit) -> Response:
    return visit.page("signing_in/sent.html", shows_mail=shows_mail(visit))


@signing_in.get("/sign-in/link")
def open_link(visit: Visit) -> Response:
    """Opening the link signs nobody in: scanners of mail open links. Pressing the button does."""
    token = visit.query.get("token", "")
    person = links.holder(visit.session, token, now=visit.now)
    back_to = safe_path(visit.query.get("back_to"))
    return visit.page("signing_in/link.html", name=person.name, token=token, back_to=back_to)


@signing_in.post("/sign-in/link")
@limited(limits.tries)
def use_link(visit: Visit) -> Response:
    person = links.use(visit.session, visit.form.get("token", ""), now=visit.now)
    return begin_session(visit, person, Way.LINK, back_to=safe_path(visit.form.get("back_to")))


@signing_in.post("/sign-in/demo")
def sign_in_as(visit: Visit) -> Response:
    """In the demo, on one machine, anybody may see it as one of the invented people does."""
    if not visit.is_local:
        raise NotFound
    person = demo.person(visit.session, visit.settings, visit.form.get("person_id", ""))
    return begin_session(visit, person, Way.DEMO, back_to=safe_path(visit.form.get("back_to")))


@signing_in.get("/signed-out")
def say_signed_out(visit: Visit) -> Response:
    return visit.page("signing_in/signed_out.html")


@signing_in.post("/language")
def choose_language(visit: Visit) -> Response:
    """For this browser; a person's own choice is in what is known of them."""
    response = see_other(safe_path(visit.form.get("back_to")))
    chosen = "en" if visit.form.get("language") == "en" else "da"
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=365 * 24 * 60 * 60,
        secure=visit.settings.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


@signing_in.get("/development/mail")
def show_mail(visit: Visit) -> Response:
    """What would have been sent, where there is no mail server; only in development."""
    if not shows_mail(visit):
        raise NotFound
    response = visit.page("development/mail.html", kept=_kept(visit), text_of=mail.text_of)
    response.headers["Content-Security-Policy"] = content_policy(
        form_targets=visit.state.form_targets, may_frame=True
    )
    return response


@signing_in.get("/development/mail/html")
def show_html(visit: Visit) -> Response:
    """One of them as a program for mail would show it: framed, where it can do nothing."""
    if not shows_mail(visit):
        raise NotFound
    for one in _kept(visit):
        if one["Message-ID"] == visit.query.get("id") and (html := mail.text_of(one, "html")):
            return HTMLResponse(html, headers=framed_headers())
    raise NotFound


def _kept(visit: Visit) -> Sequence[EmailMessage]:
    return mail.kept(visit.settings.mail_dir, most=50)


def has_provider(visit: Visit) -> bool:
    """Whether people sign in at the municipality's own; then nobody is mailed a link."""
    return visit.request.app.state.provider is not None


def shows_mail(visit: Visit) -> bool:
    """Only to somebody at the machine itself: whoever sees the mails can sign in as anybody."""
    return visit.is_local and visit.settings.mode == "development" and not visit.settings.smtp_host


def _sign_in_page(
    visit: Visit, back_to: str, *, wanted: str = "", fault: Message | None = None
) -> Response:
    return visit.page(
        "signing_in/sign_in.html",
        status=422 if fault else 200,
        back_to=back_to,
        wanted=wanted,
        fault=translate(fault, visit.locale) if fault else "",
        cast=demo.cast(visit.session, visit.settings) if visit.is_local else [],
        provider=has_provider(visit),
    )


_NO_ADDRESS = Message("Skriv din arbejdsmail, som navn@kommune.dk.")
