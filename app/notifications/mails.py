"""A mail about gifts, written out of what it is to say: as text, as HTML, and as dates for a
calendar. Links lead to pages, and no page does anything because it is opened."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType

import css_inline

from app import web
from app.calendars import Day, whole_days
from app.errors import Message
from app.i18n import Locale, translate
from app.look import look_of
from app.mail import Mail, domain_of
from app.notifications import mail_words as words
from app.notifications.content import MOST_LINES, Content
from app.notifications.letters import Letter, letter_of, site_of, thing_of
from app.settings import Settings


def mail_of(
    content: Content,
    *,
    settings: Settings,
    stop_token: str,
    answer_tokens: Mapping[int, str] = MappingProxyType({}),
    now: datetime,
) -> Mail:
    """The mail. The same content gives the same mail, known by the same Message-ID."""
    locale: Locale = "en" if content.locale == "en" else "da"
    letter = letter_of(content, locale, settings, stop_token, answer_tokens)
    return Mail(
        content.mail,
        letter.subject,
        _as_text(letter),
        locale,
        html=_as_html(letter, locale, settings),
        key=f"digest.{content.digest_id}.{content.person_id}.{content.day:%Y%m%d}",
        headers=(*_thread(content, settings), *_way_out(letter)),
        calendar=_dates(content, locale, settings, now),
    )


def _as_text(letter: Letter) -> str:
    return "\n".join(_text_lines(letter))


def _text_lines(letter: Letter) -> Iterator[str]:
    yield from (letter.hello, "")
    for item in letter.items:
        heading = ", ".join(filter(None, (item.title, item.unit)))
        yield from filter(None, (heading, f"{item.said} {item.when}".strip(), item.why))
        yield from (f"{item.button or item.more}: {item.url}", "")
    if letter.rest:
        yield from (letter.rest, f"{letter.all_of_it}: {letter.home_url}", "")
    yield from ("-- ", letter.why)
    yield f"{letter.less}: {letter.less_url}"
    yield f"{letter.stop}: {letter.stop_url}"
    if letter.questions:
        yield f"{letter.questions} {letter.contact_mail}"
    yield letter.organisation


def _as_html(letter: Letter, locale: Locale, settings: Settings) -> str:
    """The styles stand at what they are for: that is what programs for mail understand."""
    html = web.rendered("mail/digest.html", locale, letter=letter, look=look_of(settings))
    return _inliner.inline(html)


def _thread(content: Content, settings: Settings) -> Iterator[tuple[str, str]]:
    """Mails about one handover and nothing else stand together."""
    about = {thing_of(line) for line in content.lines}
    first = content.lines[0].handover_id if content.lines else None
    if len(about) == 1 and first is not None:
        begun_by = f"<handover.{first}@{domain_of(settings)}>"
        yield from (("In-Reply-To", begun_by), ("References", begun_by))


def _way_out(letter: Letter) -> Iterator[tuple[str, str]]:
    """One press in the program for mail (RFC 8058)."""
    yield "List-Unsubscribe", f"<{letter.stop_url}>"
    yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _dates(content: Content, locale: Locale, settings: Settings, now: datetime) -> bytes:
    """The agreed days that are still to come; empty where there are none."""
    site, found = site_of(settings), dict[tuple[str, date], Day]()
    for line in content.lines[:MOST_LINES]:
        if line.due_on is None or line.due_on < content.day or line.days_late:
            continue
        if line.handover_id is None or not line.is_agreed:
            continue
        title = translate(Message(words.CALENDAR_TITLE.text, gift=line.gift), locale)
        url = f"{site}/handovers/{line.handover_id}"
        found.setdefault((url, line.due_on), Day(line.due_on, title, line.unit, url))
    return whole_days(list(found.values()), now=now) if found else b""


_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
