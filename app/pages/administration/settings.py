"""Indstillinger: the numbers and texts that are changed while the product runs."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from app.changeable import CHANGEABLE
from app.errors import Fault, Invalid, Message, Stale
from app.eventlog.latest import latest, latest_of_types
from app.i18n import translate
from app.insight import setting_words
from app.municipality import service
from app.municipality.forms import SettingsChange
from app.municipality.queries import Shown, Value
from app.pages.administration.log import types_of
from app.pages.drawn import drawn, options, today_of
from app.pages.log_words import told_in_words
from app.people import queries as people
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_administer
from app.people.typed import Typed
from app.people.visit import Visit, see_other

all_settings = pages()
AT = "/administration/settings"
DEFAULTS = "default"
"""The names of the settings that go back to their defaults."""

MOST_TOLD = 10
Said = Mapping[str, Value | None]


@all_settings.get(AT)
def show_settings(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    version, found = service.read(visit.session, me)
    told = told_in_words(
        visit, latest(visit.rows, latest_of_types(types_of("settings")), limit=MOST_TOLD)
    )
    since = visit.seen if isinstance(visit.refusal, Stale) else None
    return drawn(
        visit,
        "administration/settings.html",
        version=version,
        settings_by_name={setting.name: setting for setting in found},
        groups=setting_words.GROUPS,
        labels=setting_words.SETTINGS,
        hints=setting_words.HINTS,
        choices=setting_words.CHOICES,
        choices_shown={
            name: options(visit, words) for name, words in setting_words.CHOICES.items()
        },
        may_change=me.is_administrator,
        who=people.names(visit.rows, {one.changed_by_id for one in found if one.changed_by_id}),
        entries=told,
        seen=told[0]["event_id"] if told else 0,
        meanwhile=[one for one in reversed(told) if since is not None and one["event_id"] > since],
        done=visit.query.get("done", ""),
    )


@all_settings.post(AT)
@stands_on(show_settings)
def change_settings(visit: Visit) -> Response:
    """What moves due days is shown first, and done when that has been seen."""
    me = visit.must_be_signed_in()
    may_administer(me)
    said = _news(said_in(visit, visit.typed), service.read(visit.session, me)[1])
    if not visit.typed.get("is_foreseen"):
        foreseen = service.foresee(visit.session, me, said, today=today_of(visit))
        if foreseen.changed:
            asked = [*_as_typed(said), ("version", str(visit.version))]
            asked.append(("seen", visit.typed.get("seen")))
            return see_other(f"{AT}/foresight?{urlencode(asked)}")
    service.change(visit.session, me, said, version=visit.version, now=visit.now)
    return see_other(AT, done="changed" if said else "unchanged")


@all_settings.get(f"{AT}/foresight")
def show_foresight(visit: Visit) -> Response:
    """What the change in the address would do, with the button that does it."""
    me = visit.must_be_signed_in()
    may_administer(me)
    typed = Typed(visit.request.query_params.multi_items())
    said = said_in(visit, typed)
    present = {setting.name: setting for setting in service.read(visit.session, me)[1]}
    return drawn(
        visit,
        "administration/foresight.html",
        at=AT,
        fields=[*_as_typed(said), ("version", typed.get("version")), ("seen", typed.get("seen"))],
        changes=[
            (
                setting_words.SETTINGS[name],
                _shown(visit, name, present[name].value),
                _shown(visit, name, present[name].default if value is None else value),
            )
            for name, value in said.items()
        ],
        foreseen=service.foresee(visit.session, me, said, today=today_of(visit)),
    )


def said_in(visit: Visit, typed: Typed) -> Said:
    """Invalid where a number was taken away and nothing put in its place."""
    back = {name for name in typed.all(DEFAULTS) if name in CHANGEABLE}
    kept = Typed([(name, value) for name, value in typed.fields if name not in back])
    form = visit.read(SettingsChange, kept)
    left = [name for name in CHANGEABLE if name in kept.last and name not in form.said()]
    if left:
        raise Invalid(*(Fault("missing", _A_NUMBER, pointer=f"/{name}") for name in left))
    return {**form.said(), **dict.fromkeys(sorted(back))}


def _news(said: Said, present: Sequence[Shown]) -> Said:
    """Only what is another value than now, or goes back to its default."""
    now = {setting.name: setting for setting in present}
    return {
        name: value
        for name, value in said.items()
        if (now[name].is_changed if value is None else value != now[name].value)
    }


def _as_typed(said: Said) -> list[tuple[str, Any]]:
    return [
        (DEFAULTS, name) if value is None else (name, str(value)) for name, value in said.items()
    ]


def _shown(visit: Visit, name: str, value: Value) -> Value:
    word = setting_words.CHOICES.get(name, {}).get(str(value))
    return value if word is None else translate(word, visit.locale)


_A_NUMBER = Message("Skriv et helt tal, eller sæt kryds ved standarden.")
