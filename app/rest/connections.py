"""Connections that get nowhere are ended: the web server itself waits for them for ever."""

import logging
from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.errors import AppError, Message
from app.rest.problems import Unreadable, plain_problem

_log = logging.getLogger(__name__)
MOST_HEADERS = 64 * 1024
"""Bytes that may come without ending the headers, or being part of a body."""


class HeadersTooLarge(AppError):
    """They have no end, or none in sight."""

    status = 431
    title = Message("Forespørgslens headere er for store")


class Connection(HttpToolsProtocol):
    """Ends a connection that has sent no whole request in `seconds`, that does not take what it
    has asked for, or whose headers have no end. A body has its own limits, see `BodyLimit`."""

    seconds: ClassVar[float] = 20

    _ends: TimerHandle | None = None
    _unheard = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._end_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stay()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unheard += len(data)
        super().data_received(data)
        if self._unheard > MOST_HEADERS and not self.transport.is_closing():
            if self._is_answering():
                self.transport.abort()
            else:
                _log.warning("headers without an end were refused")
                self._refuse(HeadersTooLarge())

    def on_headers_complete(self) -> None:
        self._unheard = 0
        self._stay()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unheard = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answering():
            self._end_soon()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._end_soon()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._is_answering():
            self._stay()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered as every other refusal; uvicorn has written it in the log."""
        self._refuse(Unreadable(Message("Det er ikke en HTTP-forespørgsel.")))

    def _refuse(self, refusal: AppError) -> None:
        """Nothing of the request is known, so it is told in Danish."""
        answer = plain_problem(refusal)
        head = [f"HTTP/1.1 {answer.status_code} {HTTPStatus(answer.status_code).phrase}".encode()]
        head += [name + b": " + value for name, value in answer.raw_headers]
        self.transport.write(b"\r\n".join([*head, b"connection: close", b"", bytes(answer.body)]))
        self.transport.close()

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _end_soon(self) -> None:
        """Also where the answer has been given: what the client does not fetch is never sent."""
        self._stay()
        self._ends = self.loop.call_later(self.seconds, self.transport.abort)

    def _stay(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None


def ended_after(seconds: float) -> type[Connection]:
    """The kind of connection that is ended after so many seconds."""
    return type("EndedConnection", (Connection,), {"seconds": seconds})
