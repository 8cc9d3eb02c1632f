"""What is in the database already, loaded once for a whole file. A look-up that finds nothing
to use answers with a message that says why."""

from collections import defaultdict
from datetime import date

from sqlmodel import Session, col, or_, select

from app.errors import Message
from app.gifts.models import Contact, Gift
from app.networks.models import Network
from app.people.models import Person
from app.text import folded
from app.units.models import Post, PostKind, Unit


class KnownUnits:
    def __init__(self, session: Session) -> None:
        self.all = session.exec(select(Unit)).all()
        self._names = {unit.key: unit.name for unit in self.all}
        self.by_external_id = {unit.external_id: unit for unit in self.all if unit.external_id}
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.all:
            self._by_name[folded(unit.name)].append(unit)

    def name_of(self, unit_id: int | None) -> str:
        return "" if unit_id is None else self._names[unit_id]

    def open(self, text: str) -> Unit | Message:
        """The open unit with that external id, or else of that name."""
        unit = self.by_external_id.get(text)
        named = [unit] if unit else self._by_name.get(folded(text), [])
        still_open = [unit for unit in named if not unit.is_closed]
        if len(still_open) == 1:
            return still_open[0]
        if still_open:
            return Message("Flere enheder hedder %(name)s. Skriv enhedens id.", name=text)
        if named:
            return Message("Enheden %(name)s er lukket.", name=named[0].name)
        return Message("Der er ingen enhed med det id eller navn: %(text)s.", text=text)


class KnownLeaders:
    """Who leads which unit, today or from a day to come."""

    def __init__(self, session: Session, today: date) -> None:
        unended = or_(col(Post.to_on).is_(None), col(Post.to_on) >= today)
        posts = session.exec(select(Post).where(Post.kind == PostKind.LEADER, unended))
        self._held = {(post.unit_id, post.person_id) for post in posts}

    def leads(self, person: Person, unit: Unit | None) -> bool:
        return unit is not None and (unit.key, person.key) in self._held


class KnownPeople:
    def __init__(self, session: Session) -> None:
        people = session.exec(select(Person).where(col(Person.mail).is_not(None))).all()
        self.by_mail = {person.mail: person for person in people if person.mail}

    def present(self, mail: str) -> Person | Message:
        person = self.by_mail.get(mail)
        if person is None:
            return Message("Ingen har mailadressen %(mail)s.", mail=mail)
        if person.has_left:
            return Message("%(name)s er her ikke mere.", name=person.name)
        return person


class KnownNetworks:
    def __init__(self, session: Session) -> None:
        self._by_name: dict[str, list[Network]] = defaultdict(list)
        for network in session.exec(select(Network)):
            self._by_name[folded(network.name)].append(network)

    def named(self, name: str) -> Network | Message:
        match self._by_name.get(folded(name), []):
            case [network]:
                return network
            case []:
                return Message("Der er ikke noget netværk, der hedder %(name)s.", name=name)
            case _:
                return Message("Flere netværk hedder %(name)s.", name=name)


class KnownGifts:
    def __init__(self, session: Session) -> None:
        self._by_title: dict[tuple[int, str], list[Gift]] = defaultdict(list)
        for gift in session.exec(select(Gift).order_by(col(Gift.id))):
            self._by_title[gift.network_id, folded(gift.title)].append(gift)
        self._contacts = {
            (contact.gift_id, contact.person_id) for contact in session.exec(select(Contact))
        }

    def in_network(self, network_id: int, title: str) -> Gift | Message | None:
        """The network's gift of that title, if there is one."""
        match self._by_title.get((network_id, folded(title)), []):
            case []:
                return None
            case [gift]:
                return gift
            case _:
                return Message("Flere gaver i netværket hedder %(title)s.", title=title)

    def is_contact(self, gift: Gift | None, person: Person) -> bool:
        return gift is not None and (gift.key, person.key) in self._contacts
