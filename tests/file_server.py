"""A web server on this machine that a test starts and tells how to misbehave."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Self

Answer = Callable[["Exchange", bytes], None]


class FileServer:
    """Serves `files` by path, whole or from a byte on; `answers` by path take over.

    `requests` lists what was asked for: path, and ``Range`` or `None`.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.closing = Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
        self._http.files = self
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    def do_GET(self) -> None:
        files: FileServer = self.server.files
        files.requests.append((self.path, self.headers["Range"]))
        content = files.files.get(self.path, b"")
        if self.path in files.answers:
            files.answers[self.path](self, content)
        elif self.path in files.files:
            serve(self, content)
        else:
            self.send_error(404)

    def head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


def serve(exchange: Exchange, content: bytes, *, at_most: int | None = None, ranges: bool = True) -> None:
    """The usual answer; `at_most` bytes of it, whatever was promised."""
    asked = re.fullmatch(r"bytes=(\d+)-", exchange.headers["Range"] or "")
    first = int(asked[1]) if asked and ranges else 0
    if first and first >= len(content):
        exchange.send_error(416)
        return
    last = len(content) - 1
    if asked and ranges:
        exchange.head(
            206, Content_Length=len(content) - first, Content_Range=f"bytes {first}-{last}/{len(content)}"
        )
    else:
        exchange.head(200, Content_Length=len(content))
    exchange.wfile.write(content[first:][:at_most])


def dropping(after: int, *, ranges: bool = True) -> Answer:
    """Promises the file and hangs up after `after` bytes."""
    return lambda exchange, content: serve(exchange, content, at_most=after, ranges=ranges)


def silent(exchange: Exchange, content: bytes) -> None:
    """Says nothing at all, as long as the test lasts."""
    exchange.server.files.closing.wait()


def redirecting(to: str) -> Answer:
    return lambda exchange, content: exchange.head(302, Location=to, Content_Length=0)
