"""What the product tells people, for tests: tasks, without a worker that holds them."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest

from tests.conftest import OneTransaction


@pytest.fixture
def own_task(database, session) -> Callable[[Mapping[str, object]], SimpleNamespace]:
    """An item in the test's own transaction."""
    inner = OneTransaction(database, session)
    return lambda payload: SimpleNamespace(payload=payload, database=inner)
