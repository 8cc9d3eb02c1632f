"""Links and files that lie with a gift: laid there, read, and taken away again."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.gifts.files import path_of
from app.gifts.models import Material
from tests.gifts.test_files import PDF, PNG

GIFTS = "/api/v1/gifts"
ANY = {"If-Match": "*"}


@pytest.fixture
def giver(make):
    return make.person()


@pytest.fixture
def gift(make, giver):
    return make.gift(network=make.network(leader=giver))


@pytest.fixture
def client(signed_in, giver):
    return signed_in(giver)


def upload(client, gift, data=PDF, **params):
    return client.post(
        f"{GIFTS}/{gift.id}/files", params={"filename": "dagsorden.pdf", **params}, content=data
    )


def test_a_file_is_laid_with_the_gift_and_everyone_who_sees_the_gift_can_fetch_it(
    client, gift, make, signed_in, session
):
    added = upload(client, gift, title="Dagsorden til første møde")

    assert added.status_code == 201
    body = added.json()
    assert body == {
        "id": body["id"],
        "gift_id": gift.id,
        "kind": "file",
        "title": "Dagsorden til første møde",
        "url": None,
        "filename": "dagsorden.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
        "added_at": "2026-03-02T12:00:00Z",
    }
    reader = signed_in(make.person())
    assert reader.get(f"{GIFTS}/{gift.id}").json()["materials"] == [body]
    assert reader.get(f"{GIFTS}/{gift.id}/materials").json()["items"] == [body]
    fetched = reader.get(added.headers["Location"])
    assert (fetched.status_code, fetched.content) == (200, PDF)
    event = session.exec(select(Event).where(Event.type == "gift.material_added")).one()
    assert event.data == {"material_id": body["id"], "title": "Dagsorden til første møde"}


def test_a_fetched_file_is_saved_and_never_run_by_a_browser(client, gift):
    added = upload(client, gift, filename='Årets plan; "ny".pdf')

    headers = client.get(added.headers["Location"]).headers

    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "%C3%85rets%20plan" in headers["Content-Disposition"]
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"].startswith("private")


@pytest.mark.in_process("reads what the server logs")
def test_a_file_that_is_gone_from_the_disk_is_not_found_and_the_log_says_which(
    client, gift, session, files_dir, caplog
):
    added = upload(client, gift)
    material = session.exec(select(Material)).one()
    path_of(files_dir, material.digest).unlink()

    fetched = client.get(added.headers["Location"])

    assert (fetched.status_code, fetched.json()["code"]) == (404, "not_found")
    assert material.digest in caplog.text


def test_a_file_without_a_title_is_called_by_its_name(client, gift):
    assert upload(client, gift, filename="C:\\plan.pdf").json()["title"] == "plan.pdf"


@pytest.mark.parametrize(
    ("filename", "data"),
    [("plakat.png", PDF), ("plakat.pdf", PNG), ("virus.exe", b"MZ"), ("side.html", b"<p>")],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(
    client, gift, session, files_dir, filename, data
):
    before = _kept(files_dir)

    refused = upload(client, gift, data, filename=filename)

    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_file")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert not session.exec(select(Material)).all()
    assert _kept(files_dir) == before


def test_an_empty_file_is_refused(client, gift):
    refused = upload(client, gift, b"")

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "empty_file")


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"filename": "a\u202e.pdf"}, "filename"),
        ({"filename": "010190-1234.pdf"}, "filename"),
        ({"filename": "x" * 201 + ".pdf"}, "filename"),
        ({"filename": ""}, "filename"),
        ({"title": "Om 010190-1234"}, "title"),
        ({"title": "x" * 201}, "title"),
    ],
)
def test_a_name_or_title_that_cannot_be_kept_is_refused_by_name(client, gift, params, parameter):
    refused = upload(client, gift, **params)

    assert refused.status_code == 422
    assert [error["parameter"] for error in refused.json()["errors"]] == [parameter]


def test_a_file_may_be_larger_than_other_bodies_but_not_too_large(client, gift, app, session):
    settings = app.state.settings
    larger = PDF + b"\0" * (settings.max_body_kib * 1024)
    too_large = PDF + b"\0" * (settings.max_upload_mib * 1024 * 1024)

    assert upload(client, gift, larger).status_code == 201
    refused = upload(client, gift, too_large)

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert f"{settings.max_upload_mib} MiB" in refused.json()["detail"]
    assert len(session.exec(select(Material)).all()) == 1


def test_a_link_is_laid_with_the_gift_and_called_by_its_address_without_a_title(client, gift):
    titled = client.post(
        f"{GIFTS}/{gift.id}/links", json={"url": "https://a.example/møde?x=1", "title": "Mødet"}
    )
    bare = client.post(f"{GIFTS}/{gift.id}/links", json={"url": "https://a.example"})

    assert [titled.status_code, bare.status_code] == [201, 201]
    assert (titled.json()["kind"], titled.json()["title"]) == ("link", "Mødet")
    assert titled.json()["url"] == "https://a.example/m%C3%B8de?x=1"
    assert bare.json()["title"] == bare.json()["url"] == "https://a.example/"
    assert [row["id"] for row in client.get(f"{GIFTS}/{gift.id}").json()["materials"]] == [
        titled.json()["id"],
        bare.json()["id"],
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lindborg.dk",
        "javascript:alert(1)",
        "data:text/html,hej",
        "file:///etc/passwd",
        "ftp://a.example",
        "https://",
        "https://a.example/" + "x" * 1000,
        "https://a.example/010190-1234",
        "https://a.example/\u202egpj",
    ],
)
def test_only_a_web_address_is_a_link(client, gift, session, url):
    refused = client.post(f"{GIFTS}/{gift.id}/links", json={"url": url})

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["#/url"]
    assert not session.exec(select(Material)).all()


def test_laying_something_with_a_gift_changes_the_gift(client, gift):
    upload(client, gift)
    client.post(f"{GIFTS}/{gift.id}/links", json={"url": "https://a.example"})

    assert client.get(f"{GIFTS}/{gift.id}").headers["ETag"] == '"3"'


def test_what_is_taken_away_is_gone_from_the_gift_but_not_from_the_log(
    client, gift, session, files_dir
):
    added = upload(client, gift)
    at = f"{GIFTS}/{gift.id}/materials/{added.json()['id']}"
    kept = _kept(files_dir)

    removed = client.delete(at)

    assert (removed.status_code, removed.content) == (204, b"")
    assert client.get(f"{GIFTS}/{gift.id}").json()["materials"] == []
    assert client.get(f"{at}/content").status_code == 404
    assert client.delete(at).status_code == 404
    event = session.exec(select(Event).where(Event.type == "gift.material_removed")).one()
    assert event.data["title"] == "dagsorden.pdf"
    assert _kept(files_dir) == kept


def test_the_same_file_can_be_laid_with_two_gifts(client, gift, make, giver):
    other = make.gift(network=make.network(leader=giver))

    first, second = upload(client, gift), upload(client, other)
    client.delete(f"{GIFTS}/{gift.id}/materials/{first.json()['id']}")

    assert client.get(second.headers["Location"]).content == PDF


def test_materials_are_found_with_their_own_gift_only(client, gift, make, giver):
    other = make.gift(network=make.network(leader=giver))
    material = upload(client, gift).json()

    assert client.get(f"{GIFTS}/{other.id}/materials/{material['id']}/content").status_code == 404
    assert client.delete(f"{GIFTS}/{other.id}/materials/{material['id']}").status_code == 404


def test_a_link_has_no_content_to_fetch(client, gift):
    link = client.post(f"{GIFTS}/{gift.id}/links", json={"url": "https://a.example"}).json()

    assert client.get(f"{GIFTS}/{gift.id}/materials/{link['id']}/content").status_code == 404


def test_an_upload_sent_twice_with_one_idempotency_key_is_one_file(client, gift, session):
    def send(data=PDF, filename="dagsorden.pdf"):
        return client.post(
            f"{GIFTS}/{gift.id}/files",
            params={"filename": filename},
            content=data,
            headers={"Idempotency-Key": "en"},
        )

    first, second = send(), send()

    assert second.json() == first.json()
    assert len(session.exec(select(Material)).all()) == 1
    assert send(PDF + b"mere").status_code == 422
    assert send(filename="andet.pdf").status_code == 422


def _kept(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_part_of_a_file_is_given_and_one_that_is_not_there_is_a_problem_like_any_other(
    client, gift
):
    at = upload(client, gift).headers["Location"]

    def part(asked: str):
        return client.get(at, headers={"Range": asked, "Accept-Language": "en"})

    some = part("bytes=1-4")
    assert (some.status_code, some.content) == (206, PDF[1:5])
    assert part("bytes=-3").content == PDF[-3:]
    beyond = part(f"bytes={len(PDF)}-")
    assert (beyond.status_code, beyond.json()["code"]) == (416, "no_such_part")
    assert beyond.headers["Content-Range"] == f"bytes */{len(PDF)}"
    for wrong in ("bytes=abc", "bytes=", "lines=1-2", "bytes=4-1", "nothing"):
        refused = part(wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, "unreadable"), wrong
        assert "bytes=0-499" in refused.json()["detail"]
        assert refused.json()["instance"] == at
    for refused in (beyond, part("bytes=abc")):
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.headers["X-Content-Type-Options"] == "nosniff"
        assert int(refused.headers["Content-Length"]) == len(refused.content)
