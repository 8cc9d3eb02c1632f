"""Somebody who is signed in, with pages before them."""

import re
from dataclasses import dataclass

from fastapi.testclient import TestClient
from httpx2 import Response

from app.people.models import Person
from tests.signing_in.browser import OURS


@dataclass
class Desk:
    person: Person
    client: TestClient

    def get(self, path: str) -> Response:
        return self.client.get(path, follow_redirects=False)

    def page(self, path: str) -> str:
        """The page itself: it is there, and has one heading."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        assert len(re.findall("<h1", answer.text)) == 1
        return answer.text

    def send(self, path: str, **fields: object) -> Response:
        return self.client.post(path, data=fields, headers=OURS, follow_redirects=False)
