"""Whoever follows a list by its cursors meets every row once, whatever is added meanwhile."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.people.models import Person
from tests.make import Make

FILTERS = st.sampled_from([{}, {"q": "enhed"}, {"q": "Åen"}, {"is_closed": "false"}])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=6),
    added=st.lists(st.integers(0, 2), min_size=1, max_size=6),
    filters=FILTERS,
)
def test_no_row_is_met_twice_or_missed_in_pages_of_any_size_while_others_write(
    make: Make,
    signed_in: Callable[[Person], TestClient],
    sizes: list[int],
    added: list[int],
    filters: dict[str, str],
) -> None:
    """`sizes` are those of the pages in turn, `added` how many units come after each of them."""
    client = signed_in(make.person())
    for name in ("Enhed Åen", "Havnen", "Enheden ved Åen"):
        make.unit(name=name)
    there = {unit["id"] for unit in _all(client, filters)}
    met: list[int] = []
    cursor: str | None = None
    turn = 0
    while turn == 0 or cursor is not None:
        params = {**filters, "limit": sizes[turn % len(sizes)]}
        page = client.get(
            "/api/v1/units", params={**params, **({"cursor": cursor} if cursor else {})}
        )
        assert page.status_code == 200, page.text
        met += [unit["id"] for unit in page.json()["items"]]
        for _ in range(added[turn] if turn < len(added) else 0):
            make.unit(name="Enheden ved Åen")
        cursor, turn = page.json()["next"], turn + 1

    assert len(met) == len(set(met))
    assert there <= set(met)
    assert set(met) <= {unit["id"] for unit in _all(client, filters)}


@given(place=st.integers(0), letter=st.sampled_from("Aa0-_"))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cursor_with_one_letter_changed_is_refused(
    make: Make,
    signed_in: Callable[[Person], TestClient],
    place: int,
    letter: str,
) -> None:
    client = signed_in(make.person())
    for _ in range(2):
        make.unit()
    cursor = client.get("/api/v1/units", params={"limit": 1}).json()["next"]
    at = place % len(cursor)
    changed = cursor[:at] + letter + cursor[at + 1 :]
    answer = client.get("/api/v1/units", params={"limit": 1, "cursor": changed})

    assert answer.status_code == (200 if changed == cursor else 422), changed


def _all(client: TestClient, filters: dict[str, str]) -> list[dict[str, int]]:
    page = client.get("/api/v1/units", params={**filters, "limit": 200}).json()
    assert page["next"] is None
    return list(page["items"])
