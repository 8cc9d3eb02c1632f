"""No more of people than their names is sent, of whatever kind of event, and in plain Danish."""

from datetime import date
from typing import Any, get_args, get_origin, get_type_hints

import orjson
import pytest

from app import main  # noqa: F401 - Whatever can happen is known once all of it is there.
from app.changeable import CHANGEABLE
from app.eventlog.log import CATALOG
from app.eventlog.log import PersonId as Id
from app.gifts.events import MaterialAdded
from app.insight.setting_words import CHOICES
from app.municipality.events import SettingChanged
from app.networks.events import MemberJoined
from app.people.events import KeyMade
from app.units.events import PostFilled
from app.webhooks.written import without_what_was_written
from tests.webhooks.receiver import Receiver
from tests.webhooks.world import World

WRITTEN = "Borgeren Ib, ib@lindborg.example, 12 34 56 78"
NOT_WRITTEN = {
    # What things are called.
    ("gift.registered", "title"),
    ("group", "name"),
    ("network", "name"),
    ("unit", "name"),
    ("webhook", "name"),
    # What the product itself calls something.
    *{(thing, "fields") for thing in ("follow_up", "gift", "group", "handover", "network")},
    *{(thing, "fields") for thing in ("person", "unit", "webhook")},
    ("follow_up", "better"),
    ("follow_up", "health"),
    ("handover", "former_state"),
    ("network", "role"),
    ("person", "roles"),
    ("request", "route"),
    ("setting", "name"),
    ("sign_in", "reason"),
    ("unit", "kind"),
    ("work", "key"),
    ("work", "kind"),
}
DAY = date(2026, 3, 2)


def filled(hint: Any) -> Any:
    """What a field may hold, in the log; where it may hold text, what somebody wrote."""
    if get_origin(hint) is list:
        return [filled(get_args(hint)[0])]
    return WRITTEN if str in (hint, *get_args(hint)) else 1


def kept(event_type: str) -> set[str]:
    hints = get_type_hints(CATALOG[event_type])
    own = {"type", "sentence", "subject_id", "handover_id"}
    data = {name: filled(hint) for name, hint in hints.items() if name not in own}
    sent = without_what_was_written({"type": event_type, "data": data})["data"]
    return {name for name, value in sent.items() if WRITTEN in str(value)}


@pytest.mark.parametrize("event_type", CATALOG)
def test_of_every_kind_of_event_what_was_written_stays(event_type):
    thing = event_type.split(".")[0]
    places = {(thing, name) for name in kept(event_type)}
    if event_type == "gift.registered":
        places = {(event_type, name) for _, name in places}
    assert places <= NOT_WRITTEN


@pytest.mark.parametrize("name", CHANGEABLE)
def test_a_setting_that_is_text_is_not_sent(name):
    data = {"name": name, "former": "28", "value": "28,29", "is_default": False}
    sent = without_what_was_written({"type": "setting.changed", "data": data})["data"]
    is_written = name in {"organisation", "contact_mail", "welcome"}
    values = ("…", "…") if is_written else ("28", "28,29")
    assert (sent["former"], sent["value"]) == values
    assert sent["name"] == name


def mail(_: World) -> tuple[SettingChanged, str]:
    written = {"former": "ib@lindborg.example", "value": "eva@lindborg.example"}
    said = "Person 1 ændrede indstillingen Sekretariatets mail fra »…« til »…«."
    return SettingChanged(name="contact_mail", is_default=False, **written), said


def choice(_: World) -> tuple[SettingChanged, str]:
    former, value = CHOICES["receipt_by"]
    words = [str(word) for word in CHOICES["receipt_by"].values()]
    said = f"ændrede indstillingen Sådan kan en leder kvittere fra »{words[0]}« til »{words[1]}«."
    changed = SettingChanged(name="receipt_by", former=former, value=value, is_default=False)
    return changed, f"Person 1 {said}"


def post(world: World) -> tuple[PostFilled, str]:
    person = Id(world.admin.id)
    filled = PostFilled(
        subject_id=world.unit, person_id=person, kind="substitute", from_on=DAY, to_on=None
    )
    return filled, "Person 1 satte Person 1 på posten (Stedfortræder) fra 2. marts 2026."


def member(world: World) -> tuple[MemberJoined, str]:
    person = Id(world.admin.id)
    joined = MemberJoined(subject_id=1, person_id=person, role="participant", from_on=DAY)
    return joined, "Person 1 kom med i netværket (Deltager)."


def material(world: World) -> tuple[MaterialAdded, str]:
    added = MaterialAdded(subject_id=world.gift, material_id=1, title=WRITTEN)
    return added, "Person 1 lagde »…« ved gaven."


def key(world: World) -> tuple[KeyMade, str]:
    made = KeyMade(subject_id=1, person_id=Id(world.admin.id), label=WRITTEN)
    return made, "Person 1 lavede API-nøglen »…«."


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("event_of", [mail, choice, post, member, material, key])
def test_a_message_says_it_in_danish_words_and_without_what_was_written(
    own_database, receiver: Receiver, event_of
):
    world = World(own_database, receiver)
    event, said = event_of(world)
    world.webhook(event_types=[event.type])
    world.happens(event)
    world.pass_on()
    world.work()
    (got,) = receiver.got
    assert orjson.loads(got.body)["data"]["text"] == said
    assert "@" not in got.body.decode()
