"""What is written in a mail with a link to sign in by."""

from app.errors import Message
from app.i18n import Locale, translate
from app.mail import Mail
from app.people.models import Person

_SUBJECT = Message("Log ind på Gavebordet")
_TEXT = Message(
    "Hej %(name)s\n\n"
    "Her er dit link til Gavebordet. Det virker i 20 minutter og kan bruges én gang:\n\n"
    "%(address)s\n\n"
    "Har du ikke bedt om det, så lad det ligge. Ingen kan logge ind uden linket."
)


def link_mail(person: Person, address: str) -> Mail:
    assert person.mail is not None
    locale: Locale = "en" if person.locale == "en" else "da"
    text = Message(_TEXT.text, name=person.name, address=address)
    return Mail(person.mail, translate(_SUBJECT, locale), translate(text, locale), locale)
