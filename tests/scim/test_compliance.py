"""What the SCIM project's own checker finds when it goes through everything that is promised."""

import random
import uuid
from collections import Counter

from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from tests.databases import ON_ONE

pytestmark = ON_ONE

FAILED = {Status.DEVIATION, Status.ERROR, Status.CRITICAL}
CHECKS = 60


def test_the_compliance_checker_finds_nothing(directory, monkeypatch):
    # The checker makes things up. Now and then that is a CPR number, which is refused; so it makes
    # up the same every time.
    chance = random.Random(1)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4))
    random.seed(1)
    directory.client.base_url = f"{directory.client.base_url}/scim/v2/"

    results = check_server(SyncSCIMClient(directory.client))

    assert [str(result) for result in results if result.status in FAILED] == []
    counted = Counter(result.status for result in results)
    assert counted[Status.SUCCESS] >= CHECKS
    # Searching people and groups in one list is the one thing that is optional, and not here.
    skipped = {result.title for result in results if result.status == Status.SKIPPED}
    assert skipped == {"search_with_attributes"}
