"""A mail server on loopback that answers as a test says, or hangs, or goes away."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HANGS, CLOSES, NEVER_ENDS = "hangs", "closes", "never ends"
GREETING, END = "greeting", "end of mail"
"""What is answered besides the words that the client says."""

_FRIENDLY = {
    GREETING: "220 mail.lindborg.example",
    "EHLO": "250 mail.lindborg.example",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 Go on",
    END: "250 2.0.0 Queued",
    "RSET": "250 Ok",
    "QUIT": "221 Bye",
}


@dataclass
class Hostile:
    """`mails` are those that it had whole, whatever it said to them."""

    port: int
    answers: Mapping[str, str]
    mails: list[bytes] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        while not self.is_over.is_set():
            with suppress(OSError):
                client, _ = listener.accept()
                with client, suppress(OSError):
                    self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        lines = client.makefile("rb")
        is_on = self._answered(client, GREETING)
        while is_on and (line := lines.readline()):
            word = line[:4].decode().upper()
            is_on = self._answered(client, word)
            if word == "DATA" and is_on and self.answers["DATA"].startswith("354"):
                self.mails.append(b"".join(iter(lines.readline, b".\r\n")))
                is_on = self._answered(client, END)

    def _answered(self, client: socket.socket, word: str) -> bool:
        """Whether the talk goes on."""
        match self.answers.get(word, "502 Not known"):
            case answer if answer == CLOSES:
                return False
            case answer if answer == HANGS:
                while client.recv(1024):
                    continue
                return False
            case answer if answer == NEVER_ENDS:
                while not self.is_over.wait(0.01):
                    client.sendall(b"220-Wait\r\n")
                return False
            case answer:
                client.sendall(f"{answer}\r\n".encode())
                return True


@contextmanager
def hostile(**answers: str) -> Iterator[Hostile]:
    """`RCPT="451 4.7.1 Later"`; what it is not told it does well."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        kept = Hostile(listener.getsockname()[1], {**_FRIENDLY, **answers})
        thread = threading.Thread(target=kept.serve, args=[listener])
        thread.start()
        try:
            yield kept
        finally:
            kept.is_over.set()
            thread.join(10)
