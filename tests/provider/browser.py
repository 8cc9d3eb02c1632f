"""What a person does at the provider, in a browser without scripts."""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from tests.provider.process import BACK, SIGNED_OUT


class Browser:
    """Keeps the provider's cookies, and stops where the provider sends it back to us."""

    def __init__(self, *, ends_at: tuple[str, ...] = (BACK, SIGNED_OUT)) -> None:
        # No connection is left open for a test that is over.
        self.client = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0), timeout=60)
        self.ends_at = ends_at

    def sign_in(self, address: str, login: str) -> dict[str, str]:
        """What stands in the address that the provider sends back to."""
        page = self._follow(self.client.get(address))
        if not isinstance(page, httpx.Response):
            return page
        sent = self._send(page, login=login, password="1234")
        assert isinstance(sent, dict), sent.text
        return sent

    def cancel(self, address: str) -> dict[str, str]:
        page = self._follow(self.client.get(address))
        assert isinstance(page, httpx.Response)
        (link,) = re.findall(r'href="([^"]+/abort)"', page.text)
        sent = self._follow(self.client.get(urljoin(str(page.url), link)))
        assert isinstance(sent, dict), sent.text
        return sent

    def sign_out(self, address: str) -> dict[str, str]:
        page = self._follow(self.client.get(address))
        assert isinstance(page, httpx.Response), page
        sent = self._send(page, logout="yes")
        assert isinstance(sent, dict), sent.text
        return sent

    def _send(self, page: httpx.Response, **typed: str) -> dict[str, str] | httpx.Response:
        action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
        assert action, page.text
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        target = urljoin(str(page.url), action[1])
        return self._follow(self.client.post(target, data={**hidden, **typed}))

    def _follow(self, response: httpx.Response) -> dict[str, str] | httpx.Response:
        while response.is_redirect:
            target = urljoin(str(response.url), response.headers["Location"])
            if target.startswith(self.ends_at):
                return dict(parse_qsl(urlsplit(target).query))
            response = self.client.get(target)
        return response
