"""A small service with a hole in it: an attacker that does not find this one finds nothing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Leaky(BaseHTTPRequestHandler):
    """Puts what it is asked for straight into its SQL, and shows it unescaped."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query).get("id", ["1"])[0]
        rows = sqlite3.connect(":memory:")
        rows.execute("CREATE TABLE thing (id INTEGER, name TEXT)")
        rows.execute("INSERT INTO thing VALUES (1, 'den ene'), (2, 'den anden')")
        try:
            found = rows.execute(f"SELECT name FROM thing WHERE id = {asked}").fetchall()  # noqa: S608 - the hole
            status, text = 200, f"<html><body>{asked}: {found}</body></html>"
        except sqlite3.Error as error:
            status, text = 500, f"<html><body>sqlite3.OperationalError: {error}</body></html>"
        finally:
            rows.close()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads along."""


@contextmanager
def leaky() -> Iterator[str]:
    """The address of the service with the hole."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Leaky)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
