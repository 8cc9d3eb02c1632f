"""Where one goes after signing in is a page of ours, whatever somebody put into the address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.signing_in.places import safe_path


@pytest.mark.parametrize(
    "path", ["/", "/handovers/7", "/handovers?state=trial&q=%C3%A5", "/a-b_c.d~e", "/søg"]
)
def test_pages_of_ours_are_kept(path):
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "handovers",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/ /evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/\x00",
        "/" + "a" * 2000,
    ],
)
def test_everything_else_is_the_front_page(path):
    assert safe_path(path) == "/"


@given(st.text())
def test_nothing_leads_to_another_host(text):
    path = safe_path(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isprintable()
