"""What a webhook can hear of is said in plain words."""

from app.eventlog.log import CATALOG
from app.pages.webhook_words import BUNDLES, OFF, STATES, TROUBLES, heard
from app.webhooks.models import DeliveryState, OffReason, Trouble


def test_every_event_stands_in_one_bundle():
    assert sorted(one for bundle in BUNDLES.values() for one in bundle.events) == sorted(CATALOG)


def test_everything_that_can_become_of_a_delivery_has_a_word():
    assert (set(STATES), set(OFF), set(TROUBLES)) == (
        set(DeliveryState),
        set(OffReason),
        set(Trouble),
    )


def test_of_each_bundle_it_is_said_how_much_is_heard():
    said = heard(["handover.accepted", "network.changed", *BUNDLES["editions"].events])
    assert [(one.name.text, one.chosen, one.of) for one in said] == [
        ("Enheden svarer", 1, 6),
        ("Nye udgaver af gaver", 4, 4),
        ("Netværk", 1, 4),
    ]
