"""A client generated from the OpenAPI document does real work against the real server."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.databases import DATABASES
from tests.server import running


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that generates the client of a server and imports it."""

    def generate(address: str):
        document = tmp_path / "openapi.json"
        document.write_bytes(httpx.get(f"{address}/api/v1/openapi.json", timeout=30).content)
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"package_name_override": "gave_client", "post_hooks": []}))
        made = subprocess.run(
            [
                Path(sys.executable).with_name("openapi-python-client"),
                "generate",
                "--path",
                document,
                "--config",
                config,
                "--output-path",
                tmp_path / "client",
                "--fail-on-warning",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        monkeypatch.syspath_prepend(str(tmp_path / "client"))
        return importlib.import_module("gave_client")

    yield generate
    for name in [name for name in sys.modules if name.split(".")[0] == "gave_client"]:
        del sys.modules[name]


@pytest.mark.parametrize("own_database", DATABASES[:1], indirect=True)
def test_a_generated_client_acknowledges_and_accepts_a_handover(own_database, committed, generated):
    leader = committed.person()
    unit = committed.unit(leader=leader)
    handover = committed.handover(unit=unit)
    key = committed.key(leader)
    committed.session.commit()

    with running(own_database.info["settings"], now=lambda: NOON) as address:
        package = generated(address)
        models = importlib.import_module("gave_client.models")
        acknowledge = importlib.import_module("gave_client.api.steps.acknowledge")
        accept = importlib.import_module("gave_client.api.steps.accept")
        read = importlib.import_module("gave_client.api.handovers.read_handover")

        with package.AuthenticatedClient(base_url=address, token=key) as client:
            receipt = acknowledge.sync(handover.key, client=client, body=models.Receipt())
            assert receipt.state == models.State.ACKNOWLEDGED
            accepted = accept.sync(
                handover.key,
                client=client,
                body=models.AcceptanceForm.from_dict(
                    {"owner_id": leader.key, "next_on": "2026-04-01"}
                ),
                if_match=f'"{receipt.version}"',
            )
            assert accepted.owner_id == leader.key
            assert read.sync(handover.key, client=client).state == State.ACCEPTED.value
