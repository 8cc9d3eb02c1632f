"""Somebody at their desk: pages over HTTP, and forms as a browser without scripts sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from fastapi.testclient import TestClient
from httpx2 import Response

OURS = {"Origin": "http://testserver", "Accept": "text/html"}


@dataclass
class Form:
    """What a browser sends of it when nothing more is filled in."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def with_(self, **filled: object) -> list[tuple[str, str]]:
        """`__` stands for a dot; a list is several boxes that are ticked."""
        named = {name.replace("__", "."): value for name, value in filled.items()}
        fields = [(name, value) for name, value in self.fields if name not in named]
        for name, value in named.items():
            values = value if isinstance(value, list) else [value]
            fields += [(name, str(one)) for one in values]
        return fields


@dataclass
class Desk:
    client: TestClient

    def get(self, path: str, status: int = 200, **more) -> Response:
        response = self.client.get(
            path, headers={"Accept": "text/html"}, follow_redirects=False, **more
        )
        assert response.status_code == status, (path, response.text)
        return response

    def page(self, path: str) -> str:
        """What is on it. It has one heading."""
        text = self.get(path).text
        assert text.count("<h1") == 1, path
        return text

    def form(self, page: str, action: str) -> Form:
        """The form on the page that is sent there."""
        return form_in(self.get(page).text, action)

    def send(self, action: str, fields: list[tuple[str, str]], **headers: str) -> Response:
        return self.client.post(
            action,
            content=urlencode(fields),
            headers={**OURS, "Content-Type": "application/x-www-form-urlencoded", **headers},
            follow_redirects=False,
        )

    def press(self, page: str, action: str, **filled: object) -> Response:
        """Opens the page, fills in the form, and presses its button."""
        return self.send(action, self.form(page, action).with_(**filled))

    def done(self, page: str, action: str, **filled: object) -> str:
        """Presses, and reads the page that it leads to."""
        response = self.press(page, action, **filled)
        assert response.status_code == 303, response.text
        return self.get(response.headers["Location"]).text


def form_in(html: str, action: str) -> Form:
    reader = _Forms()
    reader.feed(html)
    found = [form for form in reader.forms if form.action == action]
    assert len(found) == 1, (action, [form.action for form in reader.forms])
    return found[0]


class _Forms(HTMLParser):
    """Fields with their values; what is chosen of a list, and what is ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._in: Form | None = None
        self._select: str | None = None
        self._first: str | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in = Form(had.get("action", ""))
            self.forms.append(self._in)
        elif self._in is not None:
            self._handle_field(tag, had, self._in)

    def _handle_field(self, tag: str, had: dict[str, str], form: Form) -> None:
        match tag:
            case "input":
                is_box = had.get("type") in ("radio", "checkbox", "file")
                if had.get("name") and ("checked" in had or not is_box):
                    form.fields.append((had["name"], had.get("value", "")))
            case "select":
                self._select, self._first = had["name"], None
            case "option" if self._select and (self._first is None or "selected" in had):
                self._first = had.get("value", "")
            case "textarea":
                self._text = had["name"]
                form.fields.append((had["name"], ""))

    def handle_data(self, data: str) -> None:
        if self._text and self._in:
            name, said = self._in.fields.pop()
            self._in.fields.append((name, said + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None
        elif tag == "select" and self._select and self._in:
            self._in.fields.append((self._select, self._first or ""))
            self._select = None
        elif tag == "textarea":
            self._text = None
