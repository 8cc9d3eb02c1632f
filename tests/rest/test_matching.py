"""If-Match: nobody changes what they have not seen."""

import pytest

UNITS = "/api/v1/units"


@pytest.fixture
def change(make, signed_in):
    """Changes a unit of version 1 with the header, or without one."""
    secretary, unit = signed_in(make.secretary()), make.unit(name="Før")

    def change(if_match=None):
        headers = {} if if_match is None else {"If-Match": if_match.encode()}
        return secretary.patch(f"{UNITS}/{unit.id}", json={"name": "Efter"}, headers=headers)

    return change


def test_without_it_the_change_is_refused_with_how_to_say_it(change):
    refused = change()

    assert (refused.status_code, refused.json()["code"]) == (428, "match_required")
    assert "If-Match" in refused.json()["detail"]


NO_CLIENT_SENDS = pytest.mark.in_process("no client sends a header with space around it")


@pytest.mark.parametrize(
    "etag",
    [
        '"1"',
        '"000001"',
        "*",
        pytest.param(' "1" ', marks=NO_CLIENT_SENDS),
        pytest.param(" * ", marks=NO_CLIENT_SENDS),
    ],
)
def test_the_version_that_was_seen_or_any_version_lets_the_change_through(change, etag):
    changed = change(etag)

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("etag", ['"2"', '"0"', '"999999999999999"'])
def test_another_version_is_stale_and_told_the_present_one(change, etag):
    refused = change(etag)

    assert (refused.status_code, refused.json()["code"]) == (412, "stale")
    assert refused.json()["current_version"] == 1


@pytest.mark.parametrize("etag", ["1", 'W/"1"', '"1', '"a"', '""', "", '"1", "2"', '"-1"', '"½"'])
def test_what_is_no_version_is_refused_at_the_header(change, etag):
    refused = change(etag)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["parameter"], error["code"]) == ("If-Match", "etag")


def test_every_answer_about_one_thing_has_its_version(make, signed_in):
    secretary, unit = signed_in(make.secretary()), make.unit()
    at = f"{UNITS}/{unit.id}"

    etags = [secretary.get(at).headers["ETag"]]
    for name in ("Et", "To", "Tre"):
        changed = secretary.patch(at, json={"name": name}, headers={"If-Match": etags[-1]})
        etags.append(changed.headers["ETag"])
        assert secretary.get(at).headers["ETag"] == etags[-1]

    assert etags == ['"1"', '"2"', '"3"', '"4"']
