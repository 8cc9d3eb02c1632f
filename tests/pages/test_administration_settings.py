"""Settings are changed on a page, which first says what becomes of due days."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.clock import local_day
from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.municipality.models import Setting
from app.people.models import WebSession
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.desk import form_in

pytestmark = ON_ONE

AT = "/administration/settings"
TODAY = local_day(NOON)


def stored(session):
    session.expire_all()
    return {row.name: row.value for row in session.exec(select(Setting))}


def test_texts_are_changed_at_once_and_seen_on_pages(desk, session):
    told = desk.done(AT, AT, organisation="Lindborg <Kommune>", early_days="3")

    assert stored(session) == {"organisation": "Lindborg <Kommune>", "early_days": "3"}
    assert "Indstillingerne er gemt" in told
    assert "ændrede indstillingen Kommunens navn fra »« til »Lindborg &lt;Kommune&gt;«." in told
    assert "Intet var anderledes" in desk.done(AT, AT)


def test_the_days_between_reminders_are_changed_without_moving_any_due_day(desk, make, session):
    quiet = make.handover(days_ago=40)
    before = quiet.life_due_on

    told = desk.done(AT, AT, reminder_workdays="3")

    assert stored(session) == {"reminder_workdays": "3"}
    assert "Arbejdsdage fra én påmindelse til den næste fra »5« til »3«." in told
    session.refresh(quiet)
    assert quiet.life_due_on == before
    assert desk.press(AT, AT, reminder_workdays="31").status_code == 422


def test_another_patience_says_what_it_moves_before_it_is_saved(desk, make, session):
    quiet = make.handover(state=State.IN_USE, days_ago=40)
    agreed = make.handover(state=State.IN_USE, days_ago=40, next_on=TODAY + timedelta(days=60))
    before = quiet.life_due_on

    shown = desk.done(AT, AT, patience_in_use="30", welcome="Hej")
    assert "fra 90 til 30" in shown
    assert "Én åben overrækkelse får en ny dato for næste livstegn." in shown
    assert "Af dem er 0 over tiden i dag. Når du har gemt, er det 1." in shown
    assert stored(session) == {}
    session.refresh(quiet)
    assert quiet.life_due_on == before

    fields = form_in(shown, AT).fields
    assert [desk.send(AT, fields).status_code for _ in range(2)] == [303, 303]
    assert stored(session) == {"patience_in_use": "30", "welcome": "Hej"}
    for row in (quiet, agreed):
        session.refresh(row)
    assert quiet.life_due_on == TODAY - timedelta(days=10)
    assert agreed.life_due_on == TODAY + timedelta(days=60)
    changes = session.exec(select(Event.type).where(Event.type == "setting.changed")).all()
    assert len(changes) == 2


def test_how_a_leader_acknowledges_is_one_of_two_and_is_told_in_words(desk, session):
    told = desk.done(AT, AT, receipt_by="mail")

    assert stored(session) == {"receipt_by": "mail"}
    assert '<option value="mail" selected' in told
    assert "fra »Kun når lederen er logget ind« til »Også fra mailen, uden login«" in told
    assert desk.press(AT, AT, receipt_by="<script>").status_code == 422
    assert stored(session) == {"receipt_by": "mail"}


def test_a_setting_goes_back_to_its_default(desk, make, session):
    desk.done(AT, AT, pause_days="90")
    assert 'name="default" value="pause_days"' in desk.get(AT).text

    told = desk.done(AT, AT, default=["pause_days"], pause_days="")

    assert stored(session) == {"pause_days": None}
    assert 'name="default"' not in told
    assert dict(form_in(told, AT).fields)["pause_days"] == "180"


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"patience_trial": ""}, "Skriv et helt tal, eller sæt kryds ved standarden."),
        ({"patience_trial": "0"}, "mindst 1"),
        ({"patience_trial": "9" * 400}, "Her skal stå et helt tal."),
        ({"patience_trial": "ti"}, "Her skal stå et helt tal."),
        ({"quiet_weeks": "54"}, "Skriv ugernes numre"),
        ({"quiet_weeks": ",".join(map(str, range(1, 50)))}, "Der skal være mindst 26 uger"),
        ({"contact_mail": "ring"}, "Det er ikke en mailadresse."),
        ({"welcome": "Ring 010203-1234"}, "ligner et CPR-nummer"),
        ({"organisation": "a\x00"}, "kan ikke læses"),
    ],
)
def test_what_cannot_be_a_setting_is_said_and_nothing_is_lost(desk, session, filled, said):
    refused = desk.press(AT, AT, **{"organisation": "<script>x</script>", **filled})

    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert "<script>x" not in refused.text
    name, typed = next(iter(filled.items()))
    assert dict(form_in(refused.text, AT).fields)[name] == typed
    assert stored(session) == {}


def test_who_was_slower_is_told_what_has_been_changed(desk, session):
    late = desk.form(AT, AT).with_(organisation="For sent")
    desk.done(AT, AT, organisation="Først")

    refused = desk.send(AT, late)

    assert refused.status_code == 412
    assert "Nogen var hurtigere" in refused.text
    assert "Aksel Administrator ændrede indstillingen Kommunens navn" in refused.text
    assert dict(form_in(refused.text, AT).fields)["organisation"] == "For sent"
    assert stored(session) == {"organisation": "Først"}


def test_a_foresight_that_has_grown_old_is_not_done(desk, make, session):
    make.handover(state=State.IN_USE, days_ago=40)
    shown = desk.done(AT, AT, patience_in_use="30")
    desk.done(AT, AT, organisation="Imens")

    assert desk.send(AT, form_in(shown, AT).fields).status_code == 412
    assert stored(session) == {"organisation": "Imens"}


def test_an_address_that_was_made_up_changes_nothing(desk, session):
    desk.get(f"{AT}/foresight?patience_in_use=x&version=1", 422)
    desk.get(f"{AT}/foresight?patience_in_use=30", 200)
    desk.get(f"{AT}/foresight", 200)
    assert desk.send(AT, [("patience_in_use", "30"), ("version", "x")]).status_code == 404
    assert stored(session) == {}


def test_the_secretariat_reads_and_others_do_not(make, desk_of, session):
    page = desk_of(make.secretary()).get(AT).text
    assert "Indstillingerne ændres af en administrator." in page
    assert f'action="{AT}"' not in page
    fields = [("version", "1"), ("organisation", "Overtaget")]
    for person in (make.secretary(), make.person(), make.person(role=Role.AUDITOR)):
        assert desk_of(person).send(AT, fields).status_code == 403
        desk_of(person).get(f"{AT}/foresight", 403)
    desk_of(make.person()).get(AT, 403)


def test_what_was_typed_is_kept_through_signing_in_again(desk, desk_of, administrator, session):
    fields = desk.form(AT, AT).with_(organisation="Skrevet før")
    for row in session.exec(select(WebSession)):
        row.ended_at, row.ended_by = NOON, "signed_out"
    session.flush()

    assert desk.send(AT, fields).status_code == 401
    kept = form_in(desk_of(administrator).get(f"{AT}?kept=1").text, AT)

    assert dict(kept.fields)["organisation"] == "Skrevet før"
