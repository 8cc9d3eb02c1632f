"""What has happened to one thing since somebody looked."""

import pytest

from app.eventlog import log, queries
from app.eventlog.log import By
from app.gifts.events import GiftChanged, GiftGiven
from app.networks.events import NetworkChanged
from app.rows import rows_of
from tests.conftest import NOON


@pytest.fixture
def happened(session):
    def noted(*events):
        for event in events:
            log.record(session, event, By(), at=NOON)
        return queries.last_about(rows_of(session), "gift", 7)

    return noted


def types_since(session, after_id, limit=10):
    found = queries.since(rows_of(session), "gift", 7, after_id=after_id, limit=limit)
    return [event["type"] for event in found]


def test_only_what_is_about_this_one_thing_is_told_oldest_first(session, happened):
    seen = happened(GiftGiven(subject_id=7))
    happened(
        GiftChanged(subject_id=8, fields=["ask"]),
        NetworkChanged(subject_id=7, fields=["name"]),
        GiftChanged(subject_id=7, fields=["ask"]),
        GiftGiven(subject_id=7),
    )

    assert types_since(session, seen) == ["gift.changed", "gift.given"]
    assert types_since(session, 0, limit=1) == ["gift.given"]


def test_where_nothing_has_happened_nothing_was_seen(session, happened):
    assert happened(NetworkChanged(subject_id=7, fields=["name"])) == 0
    assert types_since(session, 0) == []
