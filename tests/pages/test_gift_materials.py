"""Links and files are laid with a gift on its page, by a plain form."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.gifts.models import Material
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.desk import OURS

pytestmark = ON_ONE

TEXT = b"Dagsorden: 1. Velkommen"


@pytest.fixture
def giver(scene, desk_of):
    return desk_of(scene.giver)


@pytest.fixture
def gift(scene, make):
    return make.gift(network=scene.network, contact=scene.giver)


@pytest.fixture
def at(gift):
    return f"/gifts/{gift.key}/edit"


@pytest.fixture
def files(gift):
    return f"/gifts/{gift.key}/files"


def laid(session):
    found = session.exec(select(Material).order_by(Material.id)).all()
    return [one for one in found if one.removed_at is None]


def upload(desk, path, *, name="dagsorden.txt", content=TEXT, headers=OURS, **fields):
    return desk.client.post(
        path,
        data=fields,
        files={"file": (name, content)},
        headers=headers,
        follow_redirects=False,
    )


def test_a_file_is_laid_with_the_gift_and_can_be_had_again(giver, gift, at, files, session):
    sent = dict(giver.form(at, files).fields)
    answer = upload(giver, files, **{**sent, "title": "Dagsordenen"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{at}?done=changed#materials"
    (material,) = laid(session)
    assert (material.title, material.filename) == ("Dagsordenen", "dagsorden.txt")
    assert material.size == len(TEXT)
    page = giver.get(f"{at}?done=changed").text
    assert "Dagsordenen" in page
    assert f"/gifts/{gift.key}/materials/{material.id}/content" in page


def test_a_large_file_goes_over_the_disk_and_arrives_whole(giver, files, session, files_dir):
    content = b"%PDF-1.7\n" + b"\r\n--x\r\n" * 40_000

    assert upload(giver, files, name="stor.pdf", content=content).status_code == 303

    (material,) = laid(session)
    assert (files_dir / material.digest[:2] / material.digest).read_bytes() == content


def test_pressed_twice_it_lies_there_once(giver, at, files, session):
    fields = dict(giver.form(at, files).fields)

    answers = [upload(giver, files, **fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(laid(session)) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("", b"", "Vælg en fil først."),
        ("tom.txt", b"", "Filen er tom."),
        ("virus.exe", b"MZ", "Filer kan være"),
        ("billede.png", b"%PDF-1.7", "men indholdet er noget andet"),
        ("side.txt", b"<script>alert(1)</script>", "men indholdet er noget andet"),
        ("sag 010203-1234.txt", TEXT, "ligner et CPR-nummer"),
        (f"{'x' * 300}.txt", TEXT, "Navnet er for langt"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_at_its_field(
    giver, files, session, name, content, says
):
    refused = upload(giver, files, name=name, content=content, title="Min titel")

    assert refused.status_code == 422
    assert says in refused.text
    assert re.search('id="f-gifts-[0-9]+-files-file-fault"', refused.text)
    assert "Min titel" in refused.text
    assert laid(session) == []


def test_a_title_that_cannot_be_kept_is_refused(giver, files, session):
    refused = upload(giver, files, title="Sagen om 010203-1234")

    assert refused.status_code == 422
    assert "ligner et CPR-nummer" in refused.text
    assert laid(session) == []


def test_a_form_without_a_file_asks_for_one(giver, at, files):
    assert "Vælg en fil først." in giver.press(at, files).text
    empty = giver.client.post(
        files, content=b"", headers={**OURS, "Content-Type": "multipart/form-data; boundary=x"}
    )
    assert empty.status_code == 400


def test_a_file_over_the_limit_is_refused_on_a_page_with_the_limit(giver, files, app, session):
    most = app.state.settings.max_upload_mib
    head = {**OURS, "Content-Type": "multipart/form-data; boundary=x"}

    refused = giver.client.post(
        files, content=b"x", headers={**head, "Content-Length": str((most + 1) * 1024 * 1024)}
    )

    assert refused.status_code == 413
    assert f"Højst {most} MiB ad gangen." in refused.text
    assert "<h1>Det er for stort</h1>" in refused.text
    assert laid(session) == []


def never_read():
    raise AssertionError("it was read")
    yield b""


@pytest.mark.parametrize("who", ["nobody", "forger", "participant", "stranger", "auditor"])
def test_nothing_is_read_from_those_who_may_not_send_it(
    scene, desk_of, make, files, session, app, who
):
    people = {"participant": scene.participant, "auditor": make.person(role="auditor")}
    desk = desk_of(people.get(who, scene.stranger if who == "stranger" else scene.giver))
    headers = {**OURS, "Content-Type": "multipart/form-data; boundary=x"}
    if who == "nobody":
        app.state.now = NOON + timedelta(hours=13)
    if who == "forger":
        headers["Origin"] = "https://evil.example"

    refused = desk.client.post(files, content=never_read(), headers=headers)

    assert refused.status_code == (401 if who == "nobody" else 403)
    assert laid(session) == []


def test_a_draft_that_one_may_not_see_takes_no_file(scene, desk_of, make):
    gift = make.gift(network=scene.network, is_given=False)

    assert upload(desk_of(scene.stranger), f"/gifts/{gift.key}/files").status_code == 404


def test_a_browser_that_does_not_say_where_it_is_must_show_the_token_before_the_file(
    giver, at, files, session
):
    silent = {"Accept": "text/html"}
    token = dict(giver.form(at, files).fields)["csrf"]

    assert upload(giver, files, headers=silent).status_code == 403
    assert upload(giver, files, headers=silent, csrf="x" * 64).status_code == 403
    assert laid(session) == []
    assert upload(giver, files, headers=silent, csrf=token).status_code == 303


def test_links_are_laid_with_it_and_taken_away(giver, gift, at, session):
    here = f"/gifts/{gift.key}/links"
    page = giver.done(at, here, url="https://lindborg.example/guide", title="Vejledning")
    assert "Vejledning" in page

    (material,) = laid(session)
    away = f"/gifts/{gift.key}/materials/{material.id}/removal"
    assert "Vejledning" not in giver.done(at, away)
    assert giver.send(away, []).status_code == 404


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "lindborg.example", f"https://a.example/{'x' * 1001}"]
)
def test_what_is_no_address_is_refused_and_kept(giver, gift, at, session, url):
    refused = giver.press(at, f"/gifts/{gift.key}/links", url=url, title="Min titel")

    assert refused.status_code == 422
    assert "Min titel" in refused.text
    assert laid(session) == []


def test_pressed_twice_is_once_and_another_file_is_another_one(giver, at, files, session):
    sent = dict(giver.form(at, files).fields)

    for content in (TEXT, TEXT, b"En anden dagsorden"):
        assert upload(giver, files, content=content, **sent).status_code == 303

    assert [one.size for one in laid(session)] == [len(TEXT), len("En anden dagsorden")]
    assert upload(giver, files, name="ny.txt", **sent).status_code == 303
    assert laid(session)[-1].filename == "ny.txt"
