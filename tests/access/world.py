"""One network and one unit with everybody around them, and another of each that they have nothing
to do with."""

from typing import Any

from sqlmodel import select

from app.eventlog import log
from app.eventlog.log import By, UnitId
from app.follow_ups.models import Better, FollowUp, Health
from app.gifts import materials
from app.gifts.models import Contact
from app.handovers.events import HandoverDrafted
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.networks.models import Network
from app.people import keys
from app.people.keys import Scope
from app.people.models import Person
from app.people.signed_in import Role
from app.units.models import Unit
from app.webhooks.models import WebhookDelivery
from tests.conftest import NOON
from tests.handovers.scene import Scene
from tests.handovers.verbs import Verb
from tests.make import Make
from tests.webhooks import made


class World:
    unknown = 999_999

    def __init__(self, make: Make, files_dir: Any) -> None:
        self.make = make
        self.scene = Scene(make, client_of=_by_nobody)
        self.other_unit = make.unit(leader=make.person(), name="PPR")
        self.other_network = make.network(leader=make.person(), name="Et andet netværk")
        self.empty_unit = make.unit(name="Den tomme").key
        self.keys = self._keys()
        self.people = {
            "colleague": make.person().key,
            "an-administrator": make.administrator().key,
            "one-who-left": make.person(left_at=NOON).key,
            "unknown": self.unknown,
        }
        self.posts = {
            "own": self.scene.post.id or 0,
            "foreign": make.post(self.other_unit, make.person(), kind="substitute").id or 0,
        }
        self.members = {
            "own": make.member(self.scene.network, make.person()).id or 0,
            "foreign": make.member(self.other_network, make.person()).id or 0,
        }
        self.gifts = {
            what: self._gift(what).key for what in ("own", "foreign", "own-draft", "hidden")
        }
        self.files = {what: self._file(gift, files_dir) for what, gift in self.gifts.items()}
        self.imports = {
            f"a-list-of-{kind}": make.import_run(self.scene.secretary, kind=kind).key
            for kind in ("people", "gifts")
        }
        self._handovers: dict[tuple[str, str], int] = {}
        self.follow_ups = {what: self._follow_up(what) for what in ("own", "foreign")}

    def browser_of(self, person_id: int) -> int:
        """Another browser in which the person is signed in."""
        person = self.make.session.get(Person, person_id)
        return self.unknown if person is None else self.make.web_session(person).id or 0

    def stalled(self) -> int:
        return self.make.dead_work().number

    def webhook(self, what: str) -> dict[str, int]:
        """One, and what it was sent: the same again, as long as nobody has deleted it."""
        if what == "unknown":
            return {"webhook_id": self.unknown, "delivery_id": self.unknown}
        delivery = self.make.session.exec(select(WebhookDelivery).limit(1)).first()
        delivery = delivery or made.delivery(self.make, made.webhook(self.make))
        return {"webhook_id": delivery.webhook_id, "delivery_id": delivery.key}

    def message(self, what: str, asker_id: int) -> int:
        if what == "unknown":
            return self.unknown
        whose = asker_id if what == "a-message" else self.people["colleague"]
        person = self.make.session.get(Person, whose)
        if person is None:
            return self.unknown
        return self.make.message(person, self.make.handover()).id or 0

    def unit(self, what: str) -> int:
        if what == "unknown":
            return self.unknown
        return self._unit(what).key

    def network(self, what: str) -> int:
        if what == "unknown":
            return self.unknown
        return self._network(what).key

    def handover(self, what: str, verb: Verb | None = None) -> int:
        """Where it is given, it is in a state in which the step can be taken; or delivered."""
        made = (what, str(verb))
        if made not in self._handovers:
            self._handovers[made] = self._handover(what, verb).key
        return self._handovers[made]

    def _handover(self, what: str, verb: Verb | None) -> Handover:
        is_draft = what in ("own-draft", "hidden", *_REQUESTS)
        over = {} if verb is None or is_draft else dict(verb.given(self.scene))
        before = State.DELIVERED if verb is None or verb.before is State.DRAFT else verb.before
        is_own = what in ("own", "own-draft", "own-request")
        over["owner"] = self.scene.owner if is_own else self.make.person()
        if what in _REQUESTS:
            over["asked_by"] = self.scene.leader
        over["unit"] = self._unit(what)
        if "gift" not in over or what == "foreign":
            edition = over["gift"].edition if "gift" in over else 1
            over["gift"] = self._gift(what, edition=edition)
        handover = self.scene.handover(State.DRAFT if is_draft else before, **over)
        drafted = HandoverDrafted(
            subject_id=handover.key, unit_id=UnitId(handover.unit_id), kind=handover.kind
        )
        log.record(self.make.session, drafted, By(), at=NOON)
        self.make.session.flush()
        return handover

    def _unit(self, what: str) -> Unit:
        return self.other_unit if what in _OTHERS else self.scene.unit

    def _network(self, what: str) -> Network:
        return self.other_network if what in _OTHERS else self.scene.network

    def _gift(self, what: str, **over: Any) -> Any:
        is_given = what in ("own", "foreign", *_REQUESTS)
        return self.make.gift(
            network=self._network(what), contact=self.scene.stranger, is_given=is_given, **over
        )

    def _file(self, gift_id: int, folder: Any) -> int:
        """There is a second contact too, so that one of them can be removed."""
        session, secretary = self.make.session, self.make.signed_in(self.scene.secretary)
        material = materials.add_file(
            session,
            secretary,
            gift_id,
            title="",
            filename="dagsorden.txt",
            data=b"Dagsorden: 1. Velkommen",
            folder=folder,
            now=NOON,
        )
        session.add(_contact(gift_id, self.make.person()))
        session.flush()
        assert material.id is not None
        return material.id

    def _follow_up(self, what: str) -> int:
        author = self.scene.owner if what == "own" else self.make.person()
        handover = self.scene.handover(
            State.IN_USE, owner=author, unit=self._unit(what), gift=self._gift(what)
        )
        follow_up = FollowUp(
            handover_id=handover.key,
            author_id=author.key,
            due_on=NOON.date(),
            done_at=NOON,
            health=Health.GOING_WELL,
            note="Mødet holdes.",
            better=Better.YES,
            created_at=NOON,
        )
        self.make.session.add(follow_up)
        self.make.session.flush()
        return follow_up.key

    def _keys(self) -> dict[str, tuple[str | None, int]]:
        """What each column sends, and who it is."""
        make, scene = self.make, self.scene
        revoked, left = make.secretary(), make.person()
        people: dict[str, Person] = {
            "employee": scene.colleague,
            "leader": scene.leader,
            "substitute": scene.substitute,
            "owner": scene.owner,
            "above": scene.above,
            "network-leader": scene.giver,
            "co-driver": scene.co_driver,
            "consultant": scene.consultant,
            "reference": scene.reference_leader,
            "participant": scene.participant,
            "secretariat": scene.secretary,
            "administrator": make.administrator(),
            "auditor": make.person(role=Role.AUDITOR),
        }
        held = {name: (make.key(person), person.key) for name, person in people.items()}
        held["read-key"] = (make.key(scene.secretary, Scope.READ), scene.secretary.key)
        held["revoked"] = (_revoked(make, revoked), revoked.key)
        held["left"] = (make.key(left), left.key)
        left.left_at = NOON
        make.session.flush()
        return {"nobody": (None, scene.stranger.key), **held}


_REQUESTS = ("own-request", "foreign-request")
_OTHERS = ("foreign", "hidden", "foreign-request")


def _by_nobody(person: Person) -> Any:
    raise AssertionError("the requests here are made by column")


def _contact(gift_id: int, person: Person) -> Contact:
    return Contact(gift_id=gift_id, person_id=person.key)


def _revoked(make: Make, person: Person) -> str:
    secret = make.key(person)
    keys.revoke_all(make.session, person.key, by=By(), now=NOON)
    return secret
