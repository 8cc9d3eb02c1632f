"""What few municipalities use, costs the others no memory and no time at the start."""

import subprocess
import sys

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from app.rest.later import Later

LIBRARIES = {"scim2_models", "authlib", "joserfc", "cryptography", "httpx"}
LOADED = f"""
import sys
import app.serving
from app.settings import Settings
app.serving.create_app(Settings(_env_file=None))
print(*sorted({LIBRARIES} & set(sys.modules)))
print("app.scim.forgetting" in sys.modules)
"""


def test_a_start_loads_neither_scim_nor_single_sign_on():
    told = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )

    assert told.stdout.splitlines() == ["", "True"], "names are forgotten from the start"


@pytest.fixture
def loads():
    return []


@pytest.fixture
def client(loads):
    far = APIRouter(prefix="/far")

    @far.get("/{name}")
    def read(name: str) -> str:
        return name

    def load():
        loads.append(far)
        return [far]

    app = FastAPI()
    app.get("/near")(lambda: "near")
    app.router.middleware_stack = Later(app.router.middleware_stack, prefix="/far/", load=load)
    with TestClient(app) as client:
        yield client


def test_routes_are_loaded_when_one_is_asked_for_and_once(client, loads):
    assert client.get("/near").json() == "near"
    assert loads == []

    assert [client.get(f"/far/{name}").json() for name in ("a", "b")] == ["a", "b"]
    assert len(loads) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/far/a/b", 404), ("POST", "/far/a", 405), ("GET", "/farther", 404)],
)
def test_what_is_not_there_is_said_as_anywhere(client, method, path, status):
    assert client.request(method, path).status_code == status
