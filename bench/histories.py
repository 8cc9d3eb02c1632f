"""What the rows of the seeded municipality say: one function a table, rows as tuples. Pure.

Instants are noon in UTC, as text that both databases read.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from app.text import folded
from bench.world import MEMBERS, PATIENCE, World, digest

Row = tuple[object, ...]

_ROLES = ("leader", "co_driver", "consultant", "participant")
_KINDS = ("welfare", "learning", "innovation")
_TAKEN = ("accepted", "trial", "in_use", "anchored", "discontinued")
_USED = ("in_use", "anchored", "discontinued")
_ENDED = ("declined", "passed_on", "withdrawn", "discontinued")
_UNTOLD = ("draft", "announced")
_THINGS = ("Ét fast møde", "Én indgang", "Fælles plan", "Kort besked", "Åben time", "Fast makker")
_WHOM = ("for unge", "for familier", "for ældre", "for nye borgere", "for pårørende")
_SUMMARY = (
    "En fast aftale mellem de enheder, der møder den samme borger, om hvem der tager det næste "
    "skridt, og hvornår de taler sammen igen."
)
_LINE = "Vi holder mødet hver anden uge og skriver aftalerne ned sammen med borgeren."


def at(day: date) -> str:
    return f"{day.isoformat()} 12:00:00.000000"


def unit_rows(world: World) -> Iterator[Row]:
    made = at(world.today - timedelta(days=2000))
    for unit_id in range(1, world.units + 1):
        name = f"Enhed {unit_id}"
        parent_id = world.parent_of(unit_id)
        yield (unit_id, 1, made, name, "", f"org-{unit_id}", parent_id, None, None, folded(name))


def person_rows(world: World) -> Iterator[Row]:
    made = at(world.today - timedelta(days=2000))
    for person_id in range(1, world.people + 1):
        name, roles = f"Medarbejder {person_id}", ""
        unit_id = person_id if person_id <= world.units else None
        if person_id == world.secretary_id:
            roles = "secretariat"
        mail = f"p{person_id}@lindborg.example"
        yield (
            *(person_id, 1, made, name, mail, "72 30 41 17", "Konsulent", unit_id, "da", roles),
            *(folded(name), None, None),
        )


def key_rows(world: World) -> Iterator[Row]:
    made = at(world.today)
    for person_id in [*range(1, world.units + 1), world.secretary_id]:
        scopes = "read write"
        start = "gvb_bench"
        yield (
            *(person_id, person_id, "bench", start, digest(person_id), scopes, made),
            *(None, None, made),
        )


def post_rows(world: World) -> Iterator[Row]:
    since = world.today - timedelta(days=2000)
    for unit_id in range(1, world.units + 1):
        yield (unit_id, unit_id, unit_id, "leader", since, None, at(since))


def network_rows(world: World) -> Iterator[Row]:
    since = world.today - timedelta(days=2000)
    question = "Hvordan undgår vi, at borgeren falder mellem to stole?"
    for network_id in range(1, world.networks + 1):
        name = f"Netværk {network_id}"
        kind = _KINDS[network_id % 3]
        yield (
            *(network_id, 1, at(since), name, kind, question, "", since, None),
            folded(f"{name} {question}"),
        )


def member_rows(world: World) -> Iterator[Row]:
    since = world.today - timedelta(days=2000)
    for network_id in range(1, world.networks + 1):
        for place, role in enumerate(_ROLES):
            member_id = (network_id - 1) * MEMBERS + place + 1
            person_id = world.member_of(network_id, place)
            yield (member_id, network_id, person_id, role, since, None, at(since))


def gift_rows(world: World) -> Iterator[Row]:
    made = at(world.today - timedelta(days=1900))
    for gift_id in range(1, world.gifts + 1):
        title = f"{_THINGS[gift_id % 6]} {_WHOM[gift_id % 5]} {gift_id}"
        content = _content(title)
        network_id = world.network_of(gift_id)
        search_text = folded(f"{title} {_SUMMARY}")
        yield (*content, gift_id, 1, made, network_id, 1, made, search_text)


def edition_rows(world: World) -> Iterator[Row]:
    made = at(world.today - timedelta(days=1900))
    for gift_id in range(1, world.gifts + 1):
        title = f"{_THINGS[gift_id % 6]} {_WHOM[gift_id % 5]} {gift_id}"
        yield (*_content(title), gift_id, 1, "", made, None)


def _content(title: str) -> Row:
    better = "Borgeren ved, hvem der ringer, og behøver ikke at fortælle det hele igen."
    ask = "Sæt en halv time af hver uge, og vælg en tovholder."
    return (title, _SUMMARY, better, ask, "Unge 15-25 år", "8 af 10 kender planen", "3 af 10", ask)


def handover_rows(world: World) -> Iterator[Row]:
    for handover_id in range(1, world.size + 1):
        state = world.state_of(handover_id)
        begun = world.begun_on(handover_id)
        days = _Days(world, handover_id, state, begun)
        gift_id = world.gift_of(handover_id)
        unit_id = world.unit_of(handover_id)
        is_told, is_taken = state not in _UNTOLD, state in _TAKEN
        is_received = is_told and state not in ("delivered", "returned", "withdrawn")
        is_trial = state == "trial"
        is_used = state in _USED
        yield (
            *(handover_id, 3, at(begun), gift_id, world.network_of(gift_id), unit_id, None),
            *("lead" if handover_id % 10 == 1 else "co", state, 1, False, False),
            None if state == "draft" else at(begun),
            at(begun) if is_told else None,
            at(days.received) if is_received else None,
            unit_id if is_received else None,
            at(days.accepted) if is_taken else None,
            at(days.last) if state in _ENDED else None,
            unit_id if is_taken else None,
            *(None, _LINE if is_taken else "", "Vi ringer rundt." if is_taken else ""),
            *(None, "", "Kender den unge planen?" if is_trial else ""),
            days.accepted if is_trial else None,
            days.accepted + timedelta(days=400) if is_trial else None,
            "",
            days.used if is_used else None,
            _LINE if is_used else "",
            *_proposed(state, unit_id, days),
            *("", "", "Hvem leder mødet?" if state == "returned" else ""),
            "no_capacity" if state == "declined" else None,
            "Vi er for få lige nu." if state in _ENDED else "",
            "",
            "Faste møder virker." if state == "discontinued" else "",
            unit_id % world.units + 1 if state == "passed_on" else None,
            "none" if is_used else "unknown",
            *(None, "", 0, at(days.last), days.due),
            *(None, None, ""),
        )


def _proposed(state: str, unit_id: int, days: "_Days") -> Row:
    """Who called it part of the day, who wrote that down, and when."""
    return (unit_id, unit_id, at(days.last)) if state == "anchored" else (None, None, None)


def event_rows(world: World) -> Iterator[Row]:
    """All of it has been passed on long ago."""
    event_id = follow_up_id = 0
    for handover_id in range(1, world.size + 1):
        unit_id = world.unit_of(handover_id)
        gift_id = world.gift_of(handover_id)
        giver_id = world.member_of(world.network_of(gift_id), 0)
        for kind, day, is_receivers, data in _happened(world, handover_id, unit_id):
            event_id += 1
            subject_id = handover_id
            if kind == "follow_up.recorded":
                subject_id = follow_up_id = follow_up_id + 1
            actor_id = unit_id if is_receivers else giver_id
            yield (
                *(event_id, kind, subject_id, handover_id, actor_id, None),
                *(at(day), data, at(day)),
            )


def ownership_rows(world: World) -> Iterator[Row]:
    row_id = 0
    for handover_id in range(1, world.size + 1):
        state = world.state_of(handover_id)
        if state in _TAKEN:
            row_id += 1
            days = _Days(world, handover_id, state, world.begun_on(handover_id))
            ended = at(days.last) if state in _ENDED else None
            unit_id = world.unit_of(handover_id)
            yield (row_id, handover_id, unit_id, at(days.accepted), ended)


def follow_up_rows(world: World) -> Iterator[Row]:
    row_id = 0
    for handover_id in range(1, world.size + 1):
        state = world.state_of(handover_id)
        if state in _USED:
            days = _Days(world, handover_id, state, world.begun_on(handover_id))
            unit_id = world.unit_of(handover_id)
            giver_id = world.member_of(world.network_of(world.gift_of(handover_id)), 0)
            for day in days.followed_up:
                row_id += 1
                yield (
                    *(row_id, 1, at(day), handover_id, unit_id, None, day, at(day)),
                    *("going_well", _LINE, "yes", "", None, None, at(day), giver_id),
                )


def note_rows(world: World) -> Iterator[Row]:
    for row_id, handover_id in enumerate(range(3, world.size + 1, 3), start=1):
        day = world.begun_on(handover_id)
        unit_id = world.unit_of(handover_id)
        yield (row_id, handover_id, unit_id, None, "receiver", "Talt med netværket.", at(day))


class _Days:
    """The days on which a handover came further."""

    def __init__(self, world: World, handover_id: int, state: str, begun: date) -> None:
        ago = (world.today - begun).days
        self.received = begun + timedelta(days=min(4, ago))
        self.accepted = begun + timedelta(days=min(12, ago))
        self.used = begun + timedelta(days=min(100, ago))
        patience = PATIENCE.get(state)
        self.due: date | None = None
        if state in _ENDED:
            self.last = begun + timedelta(days=min(ago, 30))
        elif patience is None:
            self.last = begun
        else:
            # One in eight has been quiet for longer than its state allows.
            quiet = handover_id * 7 % (patience * 8 // 7)
            self.last = world.today - timedelta(days=min(ago, quiet))
            self.due = self.last + timedelta(days=patience)
        self.followed_up = sorted({self.used, self.last})


def _happened(
    world: World, handover_id: int, unit_id: int
) -> Iterator[tuple[str, date, bool, str]]:
    """What happened to it, in order: what, when, whether the receiver did it, and its data."""
    state, begun = world.state_of(handover_id), world.begun_on(handover_id)
    days = _Days(world, handover_id, state, begun)
    kind = "lead" if handover_id % 10 == 1 else "co"
    yield "handover.drafted", begun, False, json.dumps({"unit_id": unit_id, "kind": kind})
    if state == "draft":
        return
    yield "handover.announced", begun, False, json.dumps({"unit_id": unit_id})
    if state == "announced":
        return
    yield "handover.delivered", begun, False, json.dumps({"unit_id": unit_id, "edition": 1})
    if state == "withdrawn":
        yield "handover.withdrawn", days.last, False, json.dumps({"reason": "Vi venter lidt."})
    if state in ("delivered", "returned", "withdrawn"):
        return
    yield "handover.acknowledged", days.received, True, "{}"
    if state == "declined":
        yield "handover.declined", days.last, True, _DECLINED
    if state not in _TAKEN:
        return
    yield from _taken(state, unit_id, days)


def _taken(state: str, unit_id: int, days: _Days) -> Iterator[tuple[str, date, bool, str]]:
    accepted = {"owner_id": unit_id, "next_on": days.used.isoformat()}
    words = {"read_back": _LINE, "first_step": "Vi ringer rundt."}
    yield "handover.accepted", days.accepted, True, json.dumps({**accepted, **words})
    if state in _USED:
        yield "handover.put_in_use", days.used, True, _IN_USE
        for day in days.followed_up:
            yield "follow_up.recorded", day, True, _FOLLOWED_UP


_DECLINED = json.dumps(
    {"reason_kind": "no_capacity", "reason": "Vi er for få lige nu.", "counter_proposal": ""}
)
_IN_USE = json.dumps({"practice": _LINE, "trial_result": ""})
_FOLLOWED_UP = json.dumps({"health": "going_well", "note": _LINE, "better": "yes", "next_on": None})
