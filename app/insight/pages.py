"""The front page."""

from fastapi import Response

from app.people.visit import Visit, pages

front = pages()


@front.get("/")
def front_page(visit: Visit) -> Response:
    visit.must_be_signed_in()
    return visit.page("home/home.html")
