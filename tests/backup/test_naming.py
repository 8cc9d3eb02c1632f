"""A file gets its name whole, and never the name of another."""

import pytest

from app.backup.naming import give_name


@pytest.fixture(params=["links", "no_links"])
def unfinished(request, tmp_path):
    if request.param == "no_links":
        request.getfixturevalue("no_links")
    path = tmp_path / "unfinished"
    path.write_text("ny")
    return path


def test_what_is_whole_gets_its_name(unfinished, tmp_path):
    give_name(tmp_path / "copy.tar", unfinished)
    assert (tmp_path / "copy.tar").read_text() == "ny"


def test_what_has_the_name_already_is_not_written_over_and_is_named(unfinished, tmp_path):
    taken = tmp_path / "copy.tar"
    taken.write_text("gammel")
    with pytest.raises(FileExistsError) as refused:
        give_name(taken, unfinished)
    assert refused.value.filename == str(taken)
    assert taken.read_text() == "gammel"
