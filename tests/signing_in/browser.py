"""A browser: pages over HTTP, and the mails that were sent."""

import re
from dataclasses import dataclass
from pathlib import Path

from fastapi.testclient import TestClient
from httpx2 import Response

from app import mail

OURS = {"Origin": "http://testserver"}


@dataclass
class Browser:
    """`sent` is what a form of ours sends; nothing is followed unless it is asked for."""

    client: TestClient
    mail_dir: Path

    def get(self, path: str, **more) -> Response:
        return self.client.get(path, follow_redirects=False, **more)

    def sent(self, path: str, headers=OURS, **fields) -> Response:
        return self.client.post(path, data=fields, headers=headers, follow_redirects=False)

    def mails(self):
        return mail.kept(self.mail_dir, most=50)

    def link(self) -> str:
        """What stands in the newest mail, as a path."""
        text = self.mails()[0].get_content()
        return re.search(r"http://testserver(/sign-in/link\S+)", text)[1]

    def token(self) -> str:
        return re.search(r"token=([\w-]+)", self.link())[1]

    def sign_in(self, person) -> Response:
        assert self.sent("/sign-in/links", mail=person.mail).status_code == 303
        return self.sent("/sign-in/link", token=self.token())

    @property
    def cookie(self) -> str | None:
        return self.client.cookies.get("gavebord")

    def is_signed_in(self) -> bool:
        return self.get("/").status_code == 200
