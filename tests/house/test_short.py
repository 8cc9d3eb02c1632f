"""What the short form of the tests leaves out: only what repeats, and nothing of who sees what."""

from types import SimpleNamespace

import pytest

from tests.short import repeats


def item(test: str, **params: str) -> SimpleNamespace:
    name = f"tests/{test}[{'-'.join(params.values())}]" if params else f"tests/{test}"
    return SimpleNamespace(nodeid=name, callspec=SimpleNamespace(params=params))


def left_out(*items: SimpleNamespace) -> list[str]:
    return [one.nodeid for one in repeats(items)]


def test_on_postgresql_the_first_input_is_tried_and_on_sqlite_all():
    inputs = [
        item("gifts/test_a.py::test_it", database=kind, word=word)
        for word in ("one", "two", "three")
        for kind in ("sqlite", "postgresql")
    ]
    assert left_out(*inputs, item("gifts/test_a.py::test_other", database="postgresql")) == [
        "tests/gifts/test_a.py::test_it[postgresql-two]",
        "tests/gifts/test_a.py::test_it[postgresql-three]",
    ]


@pytest.mark.parametrize("folder", ["access", "house"])
def test_who_sees_what_and_what_the_database_refuses_is_tried_whole(folder):
    test = f"{folder}/test_a.py::test_it"
    assert left_out(*(item(test, database="postgresql", word=word) for word in "abc")) == []


def test_a_database_of_the_tests_own_is_there_because_of_what_the_database_does():
    test = "work/test_a.py::test_it"
    assert left_out(*(item(test, own_database="postgresql", word=word) for word in "abc")) == []


def test_of_two_ways_to_look_at_a_page_each_has_its_turn():
    pages = [
        item(f"browser/test_{page}.py::test_it", language=language, size=size)
        for page in "ab"
        for language, size in (("da", "wide"), ("en", "phone"))
    ]
    others = [
        item("browser/test_a.py::test_narrow", language="da", size=size, name="Ida")
        for size in ("wide", "phone")
    ]
    assert left_out(*others, *pages) == [
        "tests/browser/test_a.py::test_it[en-phone]",
        "tests/browser/test_b.py::test_it[da-wide]",
    ]


def test_what_has_no_inputs_is_tried():
    assert left_out(item("test_a.py::test_it")) == []
