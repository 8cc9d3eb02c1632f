"""What an administrator changes while the product runs, who may, and what is refused."""

import pytest
from sqlmodel import select

from app.changeable import CHANGEABLE, ChangeableSettings
from app.eventlog.models import Event
from app.municipality.forms import SettingsChange
from tests.conftest import NOON
from tests.rest.refusals import codes

SETTINGS = "/api/v1/settings"
ANY = {"If-Match": "*"}


@pytest.fixture
def administrator(make):
    return make.administrator()


@pytest.fixture
def change(administrator, signed_in):
    client = signed_in(administrator)

    def sent(version="*", **said):
        return client.patch(SETTINGS, json=said, headers={"If-Match": version})

    return sent


def by_name(answer):
    assert answer.status_code == 200, answer.text
    return {setting.pop("name"): setting for setting in answer.json()["settings"]}


def told(session):
    rows = session.exec(select(Event).where(Event.type == "setting.changed").order_by(Event.id))
    return [row.data for row in rows]


def test_every_setting_that_may_change_is_shown_with_its_default(make, signed_in):
    answer = signed_in(make.secretary()).get(SETTINGS)

    assert answer.headers["ETag"] == '"1"'
    shown = by_name(answer)
    assert tuple(shown) == CHANGEABLE
    assert tuple(SettingsChange.model_fields) == CHANGEABLE
    assert shown["patience_delivered"] == {
        "value": 10,
        "default": 10,
        "is_changed": False,
        "changed_at": None,
        "changed_by_id": None,
    }


def test_a_change_counts_at_once_and_says_who_made_it(change, administrator, session):
    answer = change('"1"', patience_delivered=15, organisation="  Lindborg Kommune ")

    assert answer.headers["ETag"] == '"2"'
    shown = by_name(answer)
    assert shown["patience_delivered"] == {
        "value": 15,
        "default": 10,
        "is_changed": True,
        "changed_at": NOON.isoformat().replace("+00:00", "Z"),
        "changed_by_id": administrator.key,
    }
    assert shown["organisation"]["value"] == "Lindborg Kommune"
    assert not shown["pause_days"]["is_changed"]
    assert told(session) == [
        {"name": "organisation", "former": "", "value": "Lindborg Kommune", "is_default": False},
        {"name": "patience_delivered", "former": "10", "value": "15", "is_default": False},
    ]


def test_null_is_back_to_the_default_and_what_is_left_out_stays(change, session):
    change(patience_delivered=15, pause_days=90)
    answer = change('"2"', patience_delivered=None)

    shown = by_name(answer)
    assert (shown["patience_delivered"]["value"], shown["pause_days"]["value"]) == (10, 90)
    assert not shown["patience_delivered"]["is_changed"]
    assert shown["patience_delivered"]["changed_at"] is not None
    assert answer.headers["ETag"] == '"3"'
    back = {"name": "patience_delivered", "former": "15", "value": "10", "is_default": True}
    assert told(session)[-1] == back


def test_what_it_is_already_is_no_change(change, session):
    """Also where a form sends all of them: nothing is held fast that nobody has changed."""
    change(patience_delivered=15)
    for again in ({"patience_delivered": 15, "pause_days": 180}, {"anchor_days": None}, {}):
        answer = change('"2"', **again)
        assert answer.headers["ETag"] == '"2"'
        assert not by_name(answer)["pause_days"]["is_changed"]
    assert len(told(session)) == 1


def test_what_was_changed_goes_before_what_the_environment_says(change, session, monkeypatch):
    given = session.info["settings"].model_copy(update={"pause_days": 60, "welcome": "Hej"})
    monkeypatch.setitem(session.info, "settings", given)

    assert by_name(change(pause_days=90))["pause_days"]["value"] == 90
    shown = by_name(change(pause_days=None))
    assert (shown["pause_days"]["value"], shown["pause_days"]["default"]) == (60, 60)
    assert by_name(change(welcome=""))["welcome"]["value"] == ""


def test_two_who_saw_the_same_do_not_overwrite_each_other(change, administrator, signed_in):
    assert change('"1"', pause_days=90).status_code == 200
    late = change('"1"', early_days=3)

    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert late.json()["current_version"] == 2
    unseen = signed_in(administrator).patch(SETTINGS, json={"early_days": 3})
    assert unseen.status_code == 428


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"patience_trial": 0}, "greater_than_equal"),
        ({"patience_trial": 3651}, "less_than_equal"),
        ({"patience_trial": "90"}, "int_type"),
        ({"patience_trial": True}, "int_type"),
        ({"early_days": -1}, "greater_than_equal"),
        ({"early_days": 91}, "less_than_equal"),
        ({"reminder_workdays": 0}, "greater_than_equal"),
        ({"reminder_workdays": 31}, "less_than_equal"),
        ({"quiet_weeks": "28-30"}, "week_numbers"),
        ({"quiet_weeks": ",".join(map(str, range(1, 40)))}, "too_quiet"),
        ({"quiet_weeks": "28," * 100}, "string_too_long"),
        ({"contact_mail": "sekretariatet"}, "mail_address"),
        ({"organisation": "x" * 81}, "string_too_long"),
        ({"organisation": "Lindborg\nKommune"}, "several_lines"),
        ({"welcome": "Ring om 010203-1234"}, "cpr_number"),
        ({"welcome": "\x00"}, "unreadable_character"),
        ({"database_url": "sqlite:///x.db"}, "extra_forbidden"),
    ],
)
def test_what_the_environment_may_not_say_an_administrator_may_not_either(change, said, code):
    (name,) = said
    refused = change(**said)
    assert refused.status_code == 422
    assert codes(refused) == [{"code": code, "pointer": f"#/{name}"}]


def test_weeks_and_mail_are_kept_in_one_form(change):
    shown = by_name(change(quiet_weeks=" 30, 7,7 ", contact_mail=" gaver@lindborg.example "))
    assert shown["quiet_weeks"]["value"] == "7,30"
    assert shown["contact_mail"]["value"] == "gaver@lindborg.example"


def test_the_environment_is_held_to_the_same_limits():
    for said in ({"contact_mail": "x"}, {"welcome": "a\nb"}, {"early_days": "91"}):
        with pytest.raises(ValueError, match=next(iter(said))):
            ChangeableSettings(**said)


def test_only_administrators_change_and_only_keepers_read(make, signed_in):
    secretary, leader = make.secretary(), make.person()
    make.unit(leader=leader)
    assert signed_in(secretary).get(SETTINGS).status_code == 200
    assert signed_in(leader).get(SETTINGS).status_code == 403
    for person in (secretary, leader):
        refused = signed_in(person).patch(SETTINGS, json={"pause_days": 90}, headers=ANY)
        assert refused.status_code == 403


def test_the_rules_of_a_handover_are_the_new_ones_at_once(change, make, signed_in):
    leader = make.person()
    handover = make.handover(unit=make.unit(leader=leader), state="accepted")
    path = f"/api/v1/handovers/{handover.key}/pause"
    body = {"until": "2026-05-01", "reason": "Vi flytter."}
    change(pause_days=30)

    refused = signed_in(leader).post(path, json=body, headers=ANY)
    assert refused.status_code == 422
    change(pause_days=None)
    assert signed_in(leader).post(path, json=body, headers=ANY).status_code == 200
