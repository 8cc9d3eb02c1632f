"""Units and people as somebody writes them: units by name, people by mail or by name."""

from collections.abc import Sequence

from app.errors import Invalid, Message
from app.pages.units_by_name import no_such_unit, unit_names
from app.people import queries as people
from app.people.typed import Typed
from app.people.visit import Visit
from app.text import folded, unreadable_position
from app.units import queries as units

MOST_SUGGESTED = 200


def with_unit(visit: Visit, name: str, *, present: tuple[int, str] | None = None) -> Typed:
    """What was typed, with the id of the unit in that field. `present` is the one that stood there,
    and may have closed since. Invalid where there is no such unit."""
    text = visit.typed.get(name).strip()
    if not text:
        return visit.typed
    return visit.typed.but(**{name: str(_unit(visit, text, f"/{name}", present))})


def with_units(visit: Visit, name: str) -> Typed:
    """The same with several."""
    texts = [text.strip() for text in visit.typed.all(name) if text.strip()]
    found = [str(_unit(visit, text, f"/{name}", None)) for text in texts]
    return visit.typed.also(name, list(dict.fromkeys(found)))


def unit_of(visit: Visit, text: str, pointer: str) -> int:
    return _unit(visit, text, pointer, None)


def _unit(visit: Visit, text: str, pointer: str, present: tuple[int, str] | None) -> int:
    wanted = folded(text)
    if present is not None and folded(present[1]) == wanted:
        return present[0]
    for unit_id, label in unit_names(visit).items():
        if folded(label) == wanted:
            return unit_id
    if not unreadable_position(text) and len(text) <= MOST_SUGGESTED:
        found = units.page(visit.session, after_id=0, limit=50, is_closed=False, q=text)
        same = [unit.key for unit in found if folded(unit.name) == wanted]
        if len(same) == 1:
            return same[0]
        if same:
            raise Invalid.at(pointer, Message(_SAME_NAME.text, name=text[:100]), code="unknown")
    raise Invalid(no_such_unit(text, pointer))


def with_person(visit: Visit, name: str) -> Typed:
    """What was typed, with the id of the person in that field. Invalid where there is nobody who
    is called that, or several."""
    text = visit.typed.get(name).strip()
    if not text:
        return visit.typed
    found = _people(visit, text)
    if len(found) != 1:
        say = _SEVERAL if found else _NOBODY
        raise Invalid.at(f"/{name}", Message(say.text, name=text[:100]), code="unknown")
    return visit.typed.but(**{name: str(found[0])})


def suggested_people(visit: Visit, unit_id: int) -> Sequence[tuple[str, str]]:
    """Those who work in the unit: what is written, and who it is."""
    there = people.page(
        visit.session, after_id=0, limit=MOST_SUGGESTED, unit_ids=[unit_id], has_left=False
    )
    return [(person.mail or person.name, person.name) for person in there]


def person_asked_for(visit: Visit) -> tuple[int | None, str]:
    """Whose log is asked for, and what they are called: by number, or as somebody wrote it in
    `person`. Where there is nobody like that, it is said at the field, and nobody is chosen."""
    person_id, text = visit.asked("person_id"), visit.query.get("person", "").strip()
    name = people.get(visit.session, person_id).name if person_id is not None else ""
    if "person" not in visit.query or text == name:
        return person_id, name
    if not text:
        return None, ""
    found = _people(visit, text, has_left=None)
    if len(found) == 1:
        return found[0], people.get(visit.session, found[0]).name
    say = _SEVERAL if found else _NOBODY
    refusal = Invalid.at("/person", Message(say.text, name=text[:100]), code="unknown")
    visit.refusal, visit.acted = refusal, visit.path
    visit.typed = Typed(list(visit.query.items()))
    return None, ""


def _people(visit: Visit, text: str, *, has_left: bool | None = False) -> Sequence[int]:
    if unreadable_position(text) or len(text) > MOST_SUGGESTED:
        return []
    wanted = folded(text)
    by_mail = people.by_mail(visit.session, text)
    if by_mail is not None and has_left in (None, by_mail.has_left):
        return [by_mail.key]
    found = people.page(visit.session, after_id=0, limit=50, has_left=has_left, q=text)
    return [person.key for person in found if folded(person.name) == wanted]


_NOBODY = Message("Ingen her hedder »%(name)s«. Skriv mailadressen eller hele navnet.")
_SAME_NAME = Message("Flere enheder hedder »%(name)s«. Vælg den på listen.")
_SEVERAL = Message("Der er flere, der hedder »%(name)s«. Skriv mailadressen.")
