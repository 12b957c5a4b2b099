"""Downloads that go on where they broke off."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

import posecoach
from posecoach.errors import ModelError, ModelUnavailable, OutputError

_CHUNK: Final = 1 << 16
_PASSES: Final = 4
_MOST_BYTES: Final = 256 << 20
"""Of a file whose size is not known; no network that this box could run comes near it."""
_SCHEMES: Final = ("http", "https")
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-\d+/")
_PART: Final = 206
_BEYOND_THE_END: Final = 416


def download(
    url: str,
    part: Path,
    size: int | None,
    *,
    timeout_s: float,
    advance: Callable[[int], None] = lambda at: None,
) -> None:
    """Bring `part` to `size` bytes from `url`; what it has already is not fetched again.

    A connection that breaks is taken up again while each attempt brings something. After an error of
    the network `part` keeps what came; when it cannot be written it is removed.

    Args:
        url: http or https; redirects are followed, but not from https to http.
        part: The file, absent or begun; its bytes are not judged here.
        size: Of the whole file; `None` where it is not known: then the file ends where the server says or
            stops, and whether that is all of it only a checksum can tell.
        timeout_s: The longest silence of the server.
        advance: Told after each piece how many bytes there are.

    Raises:
        ModelUnavailable: The server is not reached, refuses, is silent or breaks off.
        ModelError: The server's file has another size, or, where none is known, is larger than any model.
        OutputError: `part` cannot be written.
    """
    for attempt in range(_PASSES):
        before = _length(part)
        if before > (_MOST_BYTES if size is None else size):
            part.unlink()
            before = 0
        if before == size:
            return
        try:
            with closing(_pieces(url, before, size, timeout_s)) as pieces:
                _write(part, pieces, advance)
            return
        except ModelUnavailable:
            if _length(part) <= before or attempt == _PASSES - 1:
                raise


def _write(part: Path, pieces: Iterable[tuple[int, bytes]], advance: Callable[[int], None]) -> None:
    try:
        with part.open("ab") as file:
            for at, piece in pieces:
                file.truncate(at)
                file.write(piece)
                file.flush()
                advance(at + len(piece))
    except ModelUnavailable:
        if not _length(part):
            part.unlink()
        raise
    except OSError as error:
        # A disk that is full stays full while half a model lies on it.
        part.unlink(missing_ok=True)
        raise OutputError(f"{part.parent} cannot be written: {error.strerror or error}") from error


def _pieces(
    url: str, have: int, size: int | None, timeout_s: float
) -> Generator[tuple[int, bytes], None, None]:
    """What the server sends, with the place of each piece in the file; all up to its end, or an error."""
    headers = {"User-Agent": f"posecoach/{posecoach.__version__}", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    at, end = have, size
    try:
        with _opener().open(Request(url, headers=headers), timeout=timeout_s) as response:
            at = _first_byte(response, have)
            left = response.length  # None where the server does not say
            if left is not None:
                end = at + left
            if end is not None and end != size and (size is not None or end > _MOST_BYTES):
                raise _another_file(url, f"{end} bytes", size)
            while piece := response.read1(_CHUNK):
                if at + len(piece) > (_MOST_BYTES if end is None else end):
                    raise _another_file(url, "more bytes", size)
                yield at, piece
                at += len(piece)
    except HTTPError as error:
        error.close()
        if error.code == _BEYOND_THE_END and have:
            yield from _pieces(url, 0, size, timeout_s)
            return
        reason = str(error.reason).partition("\n")[0]
        raise ModelUnavailable(f"{url} answers {error.code} {reason}".rstrip()) from error
    except (ModelUnavailable, ModelError):
        raise
    except TimeoutError as error:
        raise ModelUnavailable(f"{_host(url)} was silent for {timeout_s:g} s") from error
    except (OSError, HTTPException, ValueError) as error:
        failed = "broke off" if at > have else "cannot be reached"
        raise ModelUnavailable(f"{_host(url)} {failed}: {_reason(error, timeout_s)}") from error
    if end is not None and at < end:
        raise ModelUnavailable(f"{_host(url)} broke off after {at} of {end} bytes")


def _first_byte(response: HTTPResponse, have: int) -> int:
    """Where in the file the answer begins: not every server can send a part."""
    if response.status != _PART:
        return 0
    match = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if match is None or int(match[1]) > have:
        raise ModelUnavailable(f"{response.url} sends another part of the file than was asked for")
    return int(match[1])


def _another_file(url: str, found: str, size: int | None) -> ModelError:
    expected = f"at most {_MOST_BYTES}" if size is None else str(size)
    return ModelError(
        f"{url} gives {found}, expected {expected}: that is another file, or the page of a network that "
        "wants a login"
    )


def _reason(error: Exception, timeout_s: float) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return f"no answer within {timeout_s:g} s"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is refused ({cause.verify_message}); is the clock of this box right?"
    words = cause.strerror if isinstance(cause, OSError) else None
    return str(words or cause or type(cause).__name__).partition("\n")[0]


class _Redirects(HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request for the new address, with the old one's range."""
        scheme = urlsplit(newurl).scheme
        if scheme not in _SCHEMES or (req.type == "https" and scheme != "https"):
            fp.close()
            raise ModelUnavailable(f"{req.full_url} redirects to {newurl}, where posecoach does not follow")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    """For http and https only: the standard opener would follow ftp and read local files."""
    opener = OpenerDirector()
    handlers: list[Any] = [ProxyHandler(), UnknownHandler(), HTTPHandler(), HTTPSHandler()]
    handlers += [HTTPDefaultErrorHandler(), _Redirects(), HTTPErrorProcessor()]
    for handler in handlers:
        opener.add_handler(handler)
    return opener


def _host(url: str) -> str:
    return urlsplit(url).netloc or url


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
