"""A file is brought in by somebody at a screen: looked through, corrected, applied."""

from pathlib import Path
from uuid import uuid4

import pytest

from app.importing.columns import SheetKind
from app.importing.samples import sample
from tests.browser.looks import must_look_right
from tests.browser.window import WAYS, Window

SECRETARY = "Karin Solbjerg"
LONG = "Enheden" * 28


def word() -> str:
    """One that nobody has used, without digits that could be taken for somebody's number."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex)


def upload(window: Window, kind: str, path: Path) -> None:
    window.go("/imports")
    window.page.get_by_role("radio", name=window.said(kind), exact=True).check()
    window.page.locator("input[type=file]").set_input_files(path)
    window.press("Læs filen igennem")


def list_of(folder: Path, *rows: str) -> Path:
    path = folder / "medarbejdere.csv"
    path.write_text("\n".join(["Mail;Navn;Titel;Enhed", *rows]), "utf-8")
    return path


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_a_list_of_people_is_brought_in(open_window, tmp_path, size, language):
    window = open_window(size=size, language=language)
    name = f"imports-{size}-{language}"
    window.sign_in_as(SECRETARY)

    window.go("/imports")
    window.page.locator("summary").nth(1).click()
    must_look_right(window, name)
    with window.refusing(422):
        window.press("Læs filen igennem")
    must_look_right(window, f"{name}-empty")

    wrong = [f"forkert{n};Nr. {n};;{LONG}" for n in range(3)]
    upload(window, "Personer", list_of(tmp_path, *wrong))
    window.page.get_by_text(window.said("Det skal rettes")).wait_for()
    must_look_right(window, f"{name}-faulty")

    them = [f"{word()}@lindborg.example;Nina Nyansat {n};Pædagog;" for n in range(300)]
    upload(window, "Personer", list_of(tmp_path, *them))
    window.page.get_by_text(window.said("Det ville der ske")).wait_for()
    must_look_right(window, f"{name}-ready")
    window.press("Indlæs nu")
    window.page.get_by_text(window.said("Det er indlæst")).wait_for()
    must_look_right(window, f"{name}-receipt")
    window.go("/imports")
    must_look_right(window, f"{name}-list")


def test_without_scripts_a_link_shows_how_far_it_is(open_window, tmp_path):
    window = open_window(scripts=False)
    window.sign_in_as(SECRETARY)
    path = tmp_path / "enheder.csv"
    path.write_bytes(sample(SheetKind.UNITS).replace(b"1", word().encode()))
    upload(window, "Enheder", path)
    look(window, "Det ville der ske")
    window.press("Indlæs nu")
    look(window, "Det er indlæst")


def look(window: Window, until: str) -> None:
    for _ in range(200):
        if window.said(until) in window.page.locator("main").inner_text():
            return
        window.follow("Se, hvor langt det er")
    raise AssertionError("it never came to be")
