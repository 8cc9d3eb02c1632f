"""Before anything is sent because of what a person does on a page, the form says who will be told.

Each form of the pages stands here with what comes of it that somebody is told of, and the template
in which it says so: neither a new rule nor a new form can be forgotten.
"""

from pathlib import Path

import pytest

import app
from app.notifications.recipients import RULES
from app.pages import PAGES

TEMPLATES = Path(app.__file__).parent / "templates"
AT = "/handovers/{handover_id}"
UNIT = "/administration/units/{unit_id}"

FORMS: dict[str, dict[str, set[str]]] = {
    f"{AT}/answer": {
        "handovers/answer.html": {
            "handover.acknowledged",
            "handover.accepted",
            "handover.paused",
            "handover.passed_on",
            "handover.declined",
            "handover.returned",
        }
    },
    f"{AT}/reconsideration": {"handovers/answer.html": {"handover.reconsidered"}},
    f"{AT}/follow-ups": {"handovers/journey.html": {"follow_up.recorded"}},
    f"{AT}/ripple": {"handovers/journey.html": {"handover.ripple_answered"}},
    f"{AT}/owner": {"handovers/journey.html": {"handover.owner_named"}},
    f"{AT}/trial": {"handovers/journey.html": {"handover.trial_started"}},
    f"{AT}/use": {"handovers/journey.html": {"handover.put_in_use"}},
    f"{AT}/anchoring": {"handovers/journey.html": {"handover.anchoring_proposed"}},
    f"{AT}/confirmation": {"handovers/journey.html": {"handover.anchored"}},
    f"{AT}/ending": {"handovers/journey.html": {"handover.discontinued"}},
    f"{AT}/refusal": {"handovers/journey.html": {"handover.declined"}},
    f"{AT}/pause": {"handovers/journey.html": {"handover.paused"}},
    f"{AT}/resume": {"handovers/journey.html": {"handover.resumed"}},
    f"{AT}/edition": {"handovers/journey.html": {"handover.edition_taken"}},
    f"{AT}/notes": {"handovers/note.html": {"handover.note_written"}},
    f"{AT}/announcement": {"handovers/giving.html": {"handover.announced"}},
    f"{AT}/delivery": {"handovers/giving.html": {"handover.delivered"}},
    f"{AT}/withdrawal": {"handovers/giving.html": {"handover.withdrawn"}},
    f"{AT}/taking-back": {"handovers/giving.html": {"handover.request_taken_back"}},
    f"{AT}/reopening": {"handovers/giving.html": {"handover.reopened"}},
    f"{AT}/unit": {"handovers/giving.html": {"handover.moved"}},
    "/gifts/{gift_id}/requests": {"gifts/asking.html": {"handover.requested"}},
    "/gifts/{gift_id}/edit": {"gifts/edit.html": {"gift.edition_made"}},
    "/gifts/{gift_id}/contacts": {"gifts/edit.html": {"gift.contact_added"}},
    "/gifts/{gift_id}/contacts/{person_id}/removal": {"gifts/edit.html": {"gift.contact_removed"}},
    "/networks/{network_id}/gifts/new": {"gifts/new.html": {"gift.contact_added"}},
    "/networks/new": {"networks/new.html": {"network.member_joined"}},
    "/networks/{network_id}/members": {"networks/edit.html": {"network.member_joined"}},
    "/administration/people/{person_id}/departure": {
        "administration/person.html": {"unit.post_ended"}
    },
    f"{UNIT}/posts": {"administration/unit.html": {"unit.post_filled"}},
    f"{UNIT}/posts/{{post_id}}/ending": {"administration/unit.html": {"unit.post_ended."}},
    f"{UNIT}/closing": {"administration/closing.html": {"unit.closed"}},
    f"{UNIT}/merger": {"administration/merger.html": {"unit.closed"}},
    "/administration/webhooks/{webhook_id}/deactivation": {
        "administration/webhook.html": {"webhook.switched_off"}
    },
    "/mail/answer": {"mail/answer.html": {"handover.acknowledged"}},
    "/imports/{import_id}/application": {
        "imports/import.html": {"unit.post_filled", "gift.contact_added"}
    },
}
BY_ITSELF = {"/gifts/{gift_id}/deliver": "The whole page is Disse får besked, unit by unit."}
COMES_OF = {
    "gift.edition_made": {"handover.receipt_voided", "handover.edition_offered"},
    "unit.closed": {
        "handover.moved",
        "handover.passed_on",
        "handover.withdrawn",
        "handover.lost_its_unit",
    },
}
"""Told to nobody as such, but to many by what comes of it for each handover."""
TELLS_NOBODY = {
    "/notifications/read",
    "/notifications/{notification_id}/read",
    f"{AT}/follow-ups/{{follow_up_id}}/seen",
    f"{AT}/plan",
    f"{AT}/lead",
    "/networks/{network_id}/edit",
    "/networks/{network_id}/members/{member_id}/ending",
    "/gifts/{gift_id}/files",
    "/gifts/{gift_id}/links",
    "/gifts/{gift_id}/materials/{material_id}/removal",
    "/administration/people/new",
    "/administration/people/{person_id}",
    "/administration/people/{person_id}/roles",
    "/administration/people/{person_id}/sessions/ending",
    "/administration/people/{person_id}/return",
    "/administration/people/{person_id}/pseudonymisation",
    "/administration/units/new",
    UNIT,
    f"{UNIT}/place",
    "/administration/keys",
    "/administration/keys/{key_id}/revocation",
    "/administration/webhooks/new",
    "/administration/webhooks/{webhook_id}/edit",
    "/administration/webhooks/{webhook_id}/secret",
    "/administration/webhooks/{webhook_id}/activation",
    "/administration/webhooks/{webhook_id}/deletion",
    "/administration/webhooks/{webhook_id}/test",
    "/administration/webhooks/{webhook_id}/deliveries/{delivery_id}/redelivery",
    "/administration/settings",
    # What has happened already is told again, to those whom it concerned.
    "/administration/stalled/events/{event_id}/retry",
    "/administration/stalled/{work_id}/retry",
    "/administration/stalled/{work_id}/dropping",
    "/me/mail",
    "/mail/stop",
    "/imports",
}


def forms() -> set[str]:
    return {route.path for router in PAGES for route in router.routes if "POST" in route.methods}


def test_every_form_of_the_pages_stands_here() -> None:
    assert forms() == FORMS.keys() | BY_ITSELF.keys() | TELLS_NOBODY
    assert not TELLS_NOBODY & FORMS.keys()


def test_every_event_that_somebody_is_told_of_is_said_on_a_form() -> None:
    said = {
        event.rstrip(".") for shown in FORMS.values() for one in shown.values() for event in one
    }
    said |= {event for made in said for event in COMES_OF.get(made, ())}
    assert said - COMES_OF.keys() == {event for event, rule in RULES.items() if rule}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_says_who_hears_of_it(form: str) -> None:
    for template, events in FORMS[form].items():
        source = (TEMPLATES / template).read_text("utf-8")
        for event in events:
            assert f'will_hear("{event}' in source, event
