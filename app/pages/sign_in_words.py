"""The words for signing in: how, and how it ended."""

from collections.abc import Mapping

from app.errors import Message
from app.people.sessions import Ending, Way

ways: Mapping[Way, Message] = {
    Way.PROVIDER: Message("kommunens login"),
    Way.LINK: Message("link i en mail"),
    Way.DEMO: Message("demoen"),
}
endings: Mapping[Ending, Message] = {
    Ending.SIGNED_OUT: Message("Loggede ud"),
    Ending.SIGNED_OUT_EVERYWHERE: Message("Loggede ud overalt"),
    Ending.SIGNED_IN_AGAIN: Message("Loggede ind igen i samme browser"),
    Ending.PROVIDER: Message("Afsluttet af kommunens login"),
    Ending.LEFT: Message("Afsluttet, da personen stoppede"),
    Ending.ROLES: Message("Afsluttet, da en rolle blev taget"),
    Ending.MAIL: Message("Afsluttet, da mailadressen blev ændret"),
    Ending.ADMINISTRATOR: Message("Afsluttet af en administrator"),
}
