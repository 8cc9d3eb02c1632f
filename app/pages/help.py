"""What everybody may read, also before they sign in: the words, and who can use the pages."""

from fastapi import Response

from app.pages.drawn import drawn
from app.pages.glossary import CHAPTERS
from app.people.page_route import pages
from app.people.visit import Visit

help_pages = pages()


@help_pages.get("/help")
def show_help(visit: Visit) -> Response:
    return drawn(visit, "help/help.html", chapters=CHAPTERS)


@help_pages.get("/accessibility")
@help_pages.get("/was")
def show_accessibility(visit: Visit) -> Response:
    """Under the second address people look for it on every public site in Denmark."""
    return drawn(visit, "help/accessibility.html")
