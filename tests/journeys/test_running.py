"""`gavebord` as a process of its own, as a new user starts it."""

import re
import subprocess
import sys

import httpx

from app.settings import Settings
from tests.processes import free_port
from tests.server import command


def as_holder(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def keys_in(lines: list[str]) -> list[str]:
    return [word for line in lines for word in re.findall(r"gvb_\w+", line)]


def test_run_with_the_demo_prints_keys_that_work_and_again_changes_nothing(tmp_path):
    port = str(free_port(Settings(data_dir=tmp_path)))

    words = ("run", "--demo", "--port", port)
    with command(*words, data_dir=tmp_path, is_measured=True) as (address, lines):
        secretary, leader = keys_in(lines)
        me = httpx.get(f"{address}/api/v1/me", headers=as_holder(secretary), timeout=30).json()
        assert me["roles"] == ["secretariat"]
        queue = httpx.get(f"{address}/api/v1/queue", headers=as_holder(leader), timeout=30)
        assert "acknowledge" in {task["verb"] for task in queue.json()["items"]}
        events = newest_event(address, secretary)

    with command("run", "--demo", "--port", port, data_dir=tmp_path) as (address, lines):
        assert keys_in(lines) == [secretary, leader]
        assert newest_event(address, secretary) == events


def test_the_api_page_and_its_files_come_from_the_server_itself(tmp_path):
    port = str(free_port(Settings(data_dir=tmp_path)))
    with command("run", "--port", port, data_dir=tmp_path) as (address, _):
        page = httpx.get(f"{address}/api", timeout=30)
        assert page.status_code == 200
        files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert files
        assert all(file.startswith("/static/") for file in files)
        assert all(httpx.get(address + file, timeout=30).status_code == 200 for file in files)
        assert "'self'" in page.headers["content-security-policy"]


def test_a_taken_port_is_said_in_one_line(tmp_path):
    port = str(free_port(Settings(data_dir=tmp_path)))
    with command("run", "--port", port, data_dir=tmp_path):
        second = subprocess.run(
            [sys.executable, "-m", "app", "run", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert second.returncode == 1
    assert port in second.stderr
    assert "Traceback" not in second.stderr


def test_the_server_stops_when_it_is_told_to(tmp_path):
    port = str(free_port(Settings(data_dir=tmp_path)))
    with command("run", "--port", port, data_dir=tmp_path) as (address, _):
        assert httpx.get(f"{address}/health/ready", timeout=30).json() == {"status": "ready"}
    # `command` has sent SIGTERM and waited: the port is free again.
    words = ("serve", "--port", port)
    with command(*words, data_dir=tmp_path, is_measured=True) as (address, _):
        assert httpx.get(f"{address}/health/ready", timeout=30).status_code == 200


def test_a_watcher_may_ask_for_no_more_than_the_head(tmp_path):
    port = str(free_port(Settings(data_dir=tmp_path)))
    with command("run", "--port", port, data_dir=tmp_path) as (address, _):
        for path in ("/health/live", "/health/ready", "/sign-in", "/api/v1/openapi.json"):
            got = httpx.get(address + path, timeout=30)
            head = httpx.head(address + path, timeout=30)
            assert (head.status_code, head.content) == (200, b""), path
            assert head.headers["Content-Length"] == got.headers["Content-Length"]
        refused = httpx.head(f"{address}/api/v1/units", timeout=30)
        assert (refused.status_code, refused.content) == (401, b"")


def test_it_serves_from_a_folder_of_any_name(tmp_path):
    port, folder = str(free_port(Settings(data_dir=tmp_path))), tmp_path / "data, 100%25? #1"
    with command("run", "--port", port, data_dir=folder) as (address, _):
        assert httpx.get(f"{address}/health/ready", timeout=30).json() == {"status": "ready"}
    assert [*tmp_path.iterdir()] == [folder]
    assert (folder / "gavebord.db").stat().st_size > 0


def newest_event(address: str, key: str) -> int:
    newest, cursor = 0, None
    while True:
        page = httpx.get(
            f"{address}/api/v1/events",
            params={"limit": 200} | ({"cursor": cursor} if cursor else {}),
            headers=as_holder(key),
            timeout=30,
        ).json()
        newest = max([newest, *(event["id"] for event in page["items"])])
        cursor = page["next"]
        if cursor is None:
            return newest
