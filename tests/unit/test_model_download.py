"""Downloads over a real socket of this machine, from a server that misbehaves in one way at a time."""

from __future__ import annotations

from email.message import Message
from functools import partial
from io import BytesIO
from urllib.request import Request

import pytest

from file_server import FileServer, dropping, redirecting, serve, silent
from posecoach.adapters import _http_download
from posecoach.adapters._http_download import _Redirects, download
from posecoach.errors import ModelError, ModelUnavailable, OutputError

FILE = bytes(range(256)) * 64
SIZE = len(FILE)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server():
    with FileServer() as server:
        server.files["/model"] = FILE
        yield server


@pytest.fixture
def part(tmp_path):
    return tmp_path / "part"


def endless(exchange, content):
    """Says nothing about the length, and ends by hanging up."""
    exchange.head(200)
    exchange.wfile.write(content)


def get(server, part, path="/model", size=SIZE, **options):
    download(server.url + path, part, size, **{"timeout_s": 10.0} | options)


def test_a_file_arrives_and_says_how_far_it_is(server, part):
    told = []

    get(server, part, advance=told.append)

    assert part.read_bytes() == FILE
    assert told[-1] == SIZE
    assert told == sorted(told)
    assert server.requests == [("/model", None)]


def test_a_begun_file_is_not_fetched_again_from_its_beginning(server, part):
    part.write_bytes(FILE[:1000])

    get(server, part)

    assert part.read_bytes() == FILE
    assert server.requests == [("/model", "bytes=1000-")]


def test_a_complete_file_needs_no_server(part):
    part.write_bytes(FILE)
    download("http://127.0.0.1:1/model", part, SIZE, timeout_s=1)
    assert part.read_bytes() == FILE


def test_a_server_that_cannot_send_a_part_sends_all_of_it(server, part):
    part.write_bytes(b"x" * 1000)
    server.answers["/model"] = lambda exchange, content: serve(exchange, content, ranges=False)

    get(server, part)

    assert part.read_bytes() == FILE
    assert len(server.requests) == 1


def test_what_is_longer_than_the_file_is_begun_anew(server, part):
    part.write_bytes(b"x" * (SIZE + 1))
    get(server, part)
    assert part.read_bytes() == FILE
    assert server.requests == [("/model", None)]


def test_a_server_whose_file_ends_before_what_is_here_is_asked_for_all_of_it(server, part):
    """Then the size tells that it is another file."""
    part.write_bytes(FILE[:1000])
    server.files["/model"] = FILE[:900]

    with pytest.raises(ModelError, match=f"900 bytes, expected {SIZE}"):
        get(server, part)

    assert [asked for _, asked in server.requests] == ["bytes=1000-", None]


def test_a_connection_that_breaks_is_taken_up_again_at_once(server, part):
    server.answers["/model"] = dropping(SIZE // 2)

    get(server, part)

    assert part.read_bytes() == FILE
    assert server.requests == [("/model", None), ("/model", f"bytes={SIZE // 2}-")]


def test_a_connection_that_breaks_again_and_again_ends_with_what_came(server, part):
    server.answers["/model"] = dropping(SIZE // 8)

    with pytest.raises(
        ModelUnavailable, match=rf"127\.0\.0\.1:\d+ broke off after {SIZE // 2} of {SIZE} bytes"
    ):
        get(server, part)

    assert part.read_bytes() == FILE[: SIZE // 2]


def test_a_server_that_gives_nothing_is_asked_once(server, part):
    server.answers["/model"] = dropping(0)
    with pytest.raises(ModelUnavailable, match="broke off after 0"):
        get(server, part)
    assert len(server.requests) == 1
    assert not part.exists()


def test_more_bytes_than_promised_by_the_manifest_are_not_read_without_end(server, part):
    server.files["/model"] = FILE + b"more"
    server.answers["/model"] = endless
    with pytest.raises(ModelError, match=f"more bytes, expected {SIZE}"):
        get(server, part)
    assert part.stat().st_size <= SIZE


def test_the_page_of_a_network_that_wants_a_login_leaves_what_is_here(server, part):
    part.write_bytes(FILE[:1000])
    server.answers["/model"] = lambda exchange, _: serve(exchange, b"<html>log in</html>", ranges=False)

    with pytest.raises(ModelError, match=r"19 bytes.*login"):
        get(server, part)

    assert part.read_bytes() == FILE[:1000]


def test_another_part_than_was_asked_for_is_refused(server, part):
    part.write_bytes(FILE[:1000])
    server.answers["/model"] = lambda exchange, content: exchange.head(
        206, Content_Length=SIZE - 2000, Content_Range=f"bytes 2000-{SIZE - 1}/{SIZE}"
    )
    with pytest.raises(ModelUnavailable, match="another part"):
        get(server, part)
    assert part.read_bytes() == FILE[:1000]


@pytest.mark.parametrize(("status", "words"), [(404, "404 Not Found"), (500, "500"), (403, "403")])
def test_a_refusal_is_told_with_its_number(server, part, status, words):
    server.answers["/model"] = lambda exchange, _: exchange.send_error(status)
    with pytest.raises(ModelUnavailable, match=f"/model answers {words}"):
        get(server, part)


def test_a_silent_server_is_not_waited_for(server, part):
    server.answers["/model"] = silent
    with pytest.raises(ModelUnavailable, match=r"silent for 0\.05 s"):
        get(server, part, timeout_s=0.05)


def test_a_server_that_falls_silent_half_way_is_asked_for_the_rest(server, part):
    def falls_silent(exchange, content):
        serve(exchange, content, at_most=1000 if len(server.requests) == 1 else None)
        if len(server.requests) == 1:
            silent(exchange, content)

    server.answers["/model"] = falls_silent
    get(server, part, timeout_s=0.5)
    assert part.read_bytes() == FILE
    assert server.requests == [("/model", None), ("/model", "bytes=1000-")]


def test_nobody_at_the_address(part):
    with FileServer() as gone:
        url = gone.url
    with pytest.raises(ModelUnavailable, match="cannot be reached: Connection refused"):
        download(f"{url}/model", part, SIZE, timeout_s=10)


def test_redirects_are_followed_with_the_range(server, part):
    part.write_bytes(FILE[:1000])
    server.answers["/old"] = redirecting("/model")

    get(server, part, "/old")

    assert part.read_bytes() == FILE
    assert server.requests == [("/old", "bytes=1000-"), ("/model", "bytes=1000-")]


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/model"])
def test_redirects_to_files_and_other_schemes_are_not_followed(server, part, to):
    server.answers["/old"] = redirecting(to)
    with pytest.raises(ModelUnavailable, match=f"/old .*{to}"):
        get(server, part, "/old")
    assert not part.exists()


def test_a_redirect_does_not_leave_encryption():
    request = Request("https://example.org/model")
    follow = partial(_Redirects().redirect_request, request, BytesIO(), 302, "Found", Message())

    assert follow("https://example.com/model").full_url == "https://example.com/model"
    with pytest.raises(ModelUnavailable, match="redirects to http://example"):
        follow("http://example.com/model")


def test_a_redirect_in_a_circle_ends(server, part):
    server.answers["/round"] = redirecting("/round")
    with pytest.raises(ModelUnavailable) as caught:
        get(server, part, "/round")
    assert "\n" not in str(caught.value)
    assert len(server.requests) <= 7


def test_addresses_of_other_schemes_are_refused(part, tmp_path):
    (tmp_path / "model").write_bytes(FILE)
    with pytest.raises(ModelUnavailable, match="unknown url type: file"):
        download((tmp_path / "model").as_uri(), part, SIZE, timeout_s=1)


def test_a_folder_that_cannot_be_written_is_an_output_error(server, tmp_path):
    with pytest.raises(OutputError, match="absent cannot be written: No such file"):
        get(server, tmp_path / "absent" / "part")


class TestOfUnknownSize:
    """The server may say how much there is; only a checksum can tell whether it is right."""

    def test_a_file_arrives_and_says_how_far_it_is(self, server, part):
        told = []
        get(server, part, size=None, advance=told.append)
        assert part.read_bytes() == FILE
        assert told[-1] == SIZE

    def test_a_server_that_does_not_say_either_ends_by_hanging_up(self, server, part):
        server.answers["/model"] = endless
        get(server, part, size=None)
        assert part.read_bytes() == FILE

    def test_a_connection_that_breaks_is_taken_up_again_at_once(self, server, part):
        server.answers["/model"] = dropping(SIZE // 2)
        get(server, part, size=None)
        assert part.read_bytes() == FILE
        assert server.requests == [("/model", None), ("/model", f"bytes={SIZE // 2}-")]

    def test_a_connection_that_breaks_again_and_again_ends_with_what_came(self, server, part):
        server.answers["/model"] = dropping(SIZE // 8)
        with pytest.raises(ModelUnavailable, match=f"broke off after {SIZE // 2} of {SIZE} bytes"):
            get(server, part, size=None)
        assert part.read_bytes() == FILE[: SIZE // 2]

    @pytest.mark.parametrize("begun", [FILE[:1000], FILE])
    def test_what_is_here_already_is_begun_or_whole(self, server, part, begun):
        part.write_bytes(begun)
        get(server, part, size=None)
        assert part.read_bytes() == FILE
        assert server.requests[0] == ("/model", f"bytes={len(begun)}-")

    def test_more_than_any_model_has_is_refused_before_it_is_read(self, server, part):
        server.answers["/model"] = lambda exchange, _: exchange.head(200, Content_Length=1 << 40)
        with pytest.raises(ModelError, match=f"{1 << 40} bytes, expected at most {256 << 20}"):
            get(server, part, size=None)
        assert part.stat().st_size == 0

    def test_more_than_any_model_has_is_not_read_without_end(self, server, part, monkeypatch):
        monkeypatch.setattr(_http_download, "_MOST_BYTES", SIZE - 1)
        server.answers["/model"] = endless
        with pytest.raises(ModelError, match="more bytes, expected at most"):
            get(server, part, size=None)
        assert part.stat().st_size < SIZE
