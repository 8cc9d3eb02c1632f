"""The colours and the logo reach whoever opens a page, signed in or not."""

import re

import pytest
from fastapi.testclient import TestClient

from app.errors import Conflict
from app.main import create_app
from app.settings import Settings
from tests.look.test_logo import PNG, svg


@pytest.fixture
def looking(tmp_path):
    """A client of an application with this look; nothing here asks the database."""
    opened = []

    def with_look(**chosen):
        app = create_app(Settings(data_dir=tmp_path, mode="development", _env_file=None, **chosen))
        opened.append(app)
        return TestClient(app, base_url="http://localhost")

    yield with_look
    for app in opened:
        app.state.places.close()
        app.state.database.close()


def linked(client, pattern):
    """The address in the page that the pattern finds."""
    page = client.get("/no-such-page", headers={"Accept": "text/html"}).text
    found = re.search(pattern, page)
    return found and found[1]


STYLESHEET = r'<link rel="stylesheet" href="(/look\.css[^"]*)">'
LOGO = r'<img class="brand-logo" src="(/logo[^"]*)" alt="">'


def test_every_page_has_the_colours_after_the_products_own(looking):
    client = looking(colour="#00594f", colour_dark="#003b34")
    page = client.get("/no-such-page", headers={"Accept": "text/html"}).text
    assert page.index("/static/own/gavebord.css") < page.index("/look.css")

    answer = client.get(linked(client, STYLESHEET))
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.text == ":root { --prim: #00594f; --prim-dark: #003b34 }\n"


def test_browsers_keep_it_only_under_the_digest_of_what_is_in_it(looking):
    client = looking(colour="#00594f")
    address = linked(client, STYLESHEET)
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert linked(looking(), STYLESHEET) != address

    for other in ("/look.css", "/look.css?v=", "/look.css?v=0123456789abcdef"):
        answer = client.get(other)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    assert client.get("/look.css", headers=known).status_code == 304


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (svg("<rect/>"), "image/svg+xml")]
)
def test_the_logo_stands_where_the_gift_did_and_can_do_nothing(looking, tmp_path, content, kind):
    (tmp_path / "logo").write_bytes(content)
    client = looking(logo=tmp_path / "logo")

    answer = client.get(linked(client, LOGO))
    assert (answer.content, answer.headers["Content-Type"]) == (content, kind)
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "brand-mark" not in client.get("/no-such-page", headers={"Accept": "text/html"}).text


def test_without_a_logo_there_is_none(looking):
    client = looking()
    assert linked(client, LOGO) is None
    assert "brand-mark" in client.get("/no-such-page", headers={"Accept": "text/html"}).text
    assert client.get("/logo").status_code == 404


def test_the_product_does_not_start_with_a_logo_that_is_more(tmp_path):
    (tmp_path / "logo.svg").write_bytes(svg("<script/>"))
    with pytest.raises(Conflict) as refused:
        create_app(Settings(data_dir=tmp_path, logo=tmp_path / "logo.svg", _env_file=None))
    assert "GAVEBORD_LOGO kan ikke bruges: der står <script> i SVG-filen" in str(refused.value)
