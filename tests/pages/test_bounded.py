"""Pages ask the database no more often when there is more to show, and stay within bounds."""

from app.pages import PAGES
from tests.house.test_lists import Municipality, questions

NO_PAGES = {
    "/mail/stop",  # It is nothing without the link in a mail.
    "/handovers/{handover_id}/calendar.ics",
    "/imports/example/{name}",
    "/imports/{import_id}/problems.csv",
}
A_FEW, MANY = 12, 30  # More than a page shows at first, and more than that.
MOST_QUESTIONS, MOST_OCTETS = 30, 400_000


def shown() -> list[str]:
    return sorted(
        route.path
        for router in PAGES
        for route in router.routes
        if "GET" in route.methods and route.path not in NO_PAGES
    )


def test_no_page_asks_more_often_when_there_is_more_to_show(database, session, make, desk_of):
    lindborg = Municipality(session, make)
    lindborg.reader.roles = "administrator secretariat"
    session.flush()
    desk = desk_of(lindborg.reader)
    for _ in range(A_FEW):
        lindborg.grow()
    few = questions_of_each_page(database, desk, lindborg.ids())
    for _ in range(MANY - A_FEW):
        lindborg.grow()
    many = questions_of_each_page(database, desk, lindborg.ids())

    # Where there is more than is shown, a page may ask once how much.
    assert {path: count for path, count in many.items() if count > few[path] + 1} == {}
    assert {path: count for path, count in many.items() if count > MOST_QUESTIONS} == {}


def questions_of_each_page(database, desk, ids: dict[str, int]) -> dict[str, int]:
    counted = {}
    for path in shown():
        with questions(database) as asked:
            page = desk.get(path.format(**ids))
        assert len(page.content) < MOST_OCTETS, (path, len(page.content))
        # Once a second, whoever comes first asks for the settings.
        counted[path] = len([one for one in asked if "FROM setting" not in one])
    return counted
