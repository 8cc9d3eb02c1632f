from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.people.models import Person
from tests.handovers.scene import Scene
from tests.make import Make


@pytest.fixture
def scene(make: Make, signed_in: Callable[[Person], TestClient]) -> Scene:
    return Scene(make, signed_in)
