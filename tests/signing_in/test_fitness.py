"""In production nothing of development is left, and what is missing is said."""

import httpx
import pytest

from app.errors import Conflict
from app.fitness import must_be_fit, unfit
from app.settings import Settings
from tests.processes import free_port
from tests.server import command

FIT = {"public_url": "https://gavebordet.lindborg.example", "smtp_host": "smtp.lindborg.example"}

AS_A_PERSON = {"Accept": "text/html"}


def settings(**over):
    return Settings(_env_file=None, **{**FIT, **over})


def test_what_is_needed_is_enough():
    assert list(unfit(settings())) == []


@pytest.mark.parametrize(
    ("over", "named"),
    [
        ({"public_url": ""}, "GAVEBORD_PUBLIC_URL"),
        ({"public_url": "http://gavebordet.lindborg.example"}, "GAVEBORD_PUBLIC_URL"),
        ({"demo_sign_in": True}, "GAVEBORD_DEMO_SIGN_IN"),
        ({"trusted_proxies": "*"}, "GAVEBORD_TRUSTED_PROXIES"),
        ({"trusted_proxies": "127.0.0.1, 0.0.0.0/0"}, "GAVEBORD_TRUSTED_PROXIES"),
        ({"trusted_proxies": "::/0"}, "GAVEBORD_TRUSTED_PROXIES"),
        ({"smtp_host": ""}, "GAVEBORD_SMTP_HOST"),
    ],
)
def test_each_development_setting_is_named(over, named):
    with pytest.raises(Conflict) as refused:
        must_be_fit(settings(**over))
    assert named in str(refused.value.detail)
    must_be_fit(settings(**over, mode="development"))


@pytest.mark.parametrize(
    "url", ["gavebordet.dk", "https://a.dk/sti", "https://u:p@a.dk", "ftp://a.dk", "https://a.dk?x"]
)
def test_a_public_url_is_an_origin(url):
    with pytest.raises(ValueError, match="public_url"):
        settings(public_url=url)
    assert settings(public_url="https://A.dk:8443/").public_url == "https://a.dk:8443"


def get(address: str, **headers: dict[str, str]) -> httpx.Response:
    return httpx.get(address, timeout=60, **headers)


def test_the_server_answers_only_to_its_own_name_but_tells_its_health(tmp_path):
    port = str(free_port(Settings(data_dir=tmp_path, _env_file=None)))
    named = {"GAVEBORD_HOSTS": "gavebordet.lindborg.example"}
    with command("run", "--port", port, data_dir=tmp_path, **named) as (address, lines):
        assert any("udviklingstilstand" in line or "development" in line for line in lines)
        assert get(f"{address}/health/live").status_code == 200
        ours = {"Host": "gavebordet.lindborg.example:8000"}
        assert get(f"{address}/sign-in", headers=ours).status_code == 200
        for host in ("evil.example", "127.0.0.1", "gavebordet.lindborg.example.evil.example"):
            refused = get(f"{address}/sign-in", headers={"Host": host})
            assert refused.status_code == 421
            assert refused.json()["code"] == "wrong_host"
        seen = get(f"{address}/sign-in", headers={"Host": "evil.example"} | AS_A_PERSON)
        assert seen.status_code == 421
        assert "Gavebordet har en anden adresse" in seen.text
        elsewhere = {"Host": "evil.example"}
        assert get(f"{address}/look.css", headers=elsewhere).status_code == 200
        assert get(f"{address}/logos", headers=elsewhere).status_code == 421


def test_in_development_it_is_called_by_the_names_of_the_machine_itself():
    ours = {"localhost", "127.0.0.1", "[::1]"}
    assert Settings(_env_file=None, mode="development").known_hosts == ours
    named = Settings(_env_file=None, mode="development", hosts="gavebordet.test")
    assert named.known_hosts == {"gavebordet.test"}
