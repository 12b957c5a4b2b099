"""Models arrive whole, verified and edited, or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from threading import Event, Thread

import pytest

pytest.importorskip("ai_edge_litert", reason="the tiny model is built with the interpreter's schema")

from file_server import FileServer, serve, silent
from listed_models import TINY, USED, listed_tiny, listed_unheld
from posecoach.adapters._model_manifest import entry_text, read_manifest
from posecoach.adapters.folder_lock import folder_lock
from posecoach.adapters.model_fetch import fetch, sources_of
from posecoach.errors import InputMissing, ModelError, ModelUnavailable, OutputError

HALF = len(TINY) // 2


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server():
    with FileServer() as server:
        server.files["/tiny.tflite"] = TINY
        yield server


@pytest.fixture
def model(tmp_path):
    return listed_tiny(tmp_path / "manifest", "https://example.org/models/tiny.tflite")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "to"
    folder.mkdir()
    return folder


@pytest.fixture
def stick(tmp_path):
    """A folder on a memory stick with the published file."""
    folder = tmp_path / "stick of mine"
    folder.mkdir()
    (folder / "tiny.tflite").write_bytes(TINY)
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_entry_is_read_as_it_was_written(model, tmp_path):
    odd = replace(model, id="odd", backbone='"\\\x7f\x01é𝄞\n', urls=())
    listed = [model, odd, listed_unheld(model.beside, "https://example.org/unheld.tflite")]
    (tmp_path / "manifest.toml").write_text("\n".join(map(entry_text, listed)), encoding="utf-8")

    read = read_manifest(tmp_path / "manifest.toml")

    assert list(read.values()) == [replace(entry, beside=tmp_path) for entry in listed]


@pytest.mark.parametrize("file", ["../tiny.tflite", "/etc/passwd", "a/b", "", ".", ".."])
def test_a_manifest_names_files_and_no_paths(model, tmp_path, file):
    (tmp_path / "manifest.toml").write_text(entry_text(replace(model, file=file)))
    with pytest.raises(ModelError, match="bare name"):
        read_manifest(tmp_path / "manifest.toml")


class TestSources:
    def test_are_the_manifests_where_none_is_given(self, model):
        assert sources_of(model, None) == model.urls

    def test_are_the_place_beside_the_manifest_for_what_is_published_nowhere(self, model, tmp_path):
        own = replace(model, urls=())
        with pytest.raises(ModelUnavailable, match=r"tiny\.tflite is missing; .*install posecoach again"):
            sources_of(own, None)
        own.beside.mkdir()
        (own.beside / own.file).touch()
        assert sources_of(own, None) == (str(own.beside / own.file),)

    def test_a_folder_is_searched_for_the_published_name(self, model, stick):
        assert sources_of(model, str(stick)) == (str(stick / "tiny.tflite"),)

    @pytest.mark.parametrize("given", ["http://box/models", "https://box/models/", "file:///models/"])
    def test_an_address_stands_for_a_folder(self, model, given):
        assert sources_of(model, given) == (given.rstrip("/") + "/tiny.tflite",)

    def test_a_missing_folder_is_a_missing_input(self, model):
        with pytest.raises(InputMissing, match="no folder /nowhere to fetch from; check --from"):
            sources_of(model, "/nowhere")

    @pytest.mark.parametrize("given", ["ftp://box/models", "javascript:x", "data:,x"])
    def test_other_addresses_are_refused(self, model, given):
        with pytest.raises(ModelUnavailable, match="http, https, file and folders only"):
            sources_of(model, given)

    def test_a_folder_may_look_like_an_address(self, model, tmp_path, monkeypatch):
        (tmp_path / "usb:stick").mkdir()
        (tmp_path / "usb:stick" / "tiny.tflite").write_bytes(TINY)
        monkeypatch.chdir(tmp_path)
        fetch(model, tmp_path, sources_of(model, "usb:stick"))
        assert (tmp_path / "tiny.tflite").read_bytes() == USED


class TestFromAFolder:
    @pytest.mark.parametrize("content", [TINY, USED], ids=["as published", "as used"])
    @pytest.mark.parametrize("address", [str, lambda path: path.as_uri()], ids=["path", "file:"])
    def test_the_edited_file_arrives_and_nothing_else(self, model, folder, stick, content, address):
        (stick / "tiny.tflite").write_bytes(content)

        fetched = fetch(model, folder, sources_of(model, address(stick)))

        assert (folder / "tiny.tflite").read_bytes() == USED
        assert fetched.path == folder / "tiny.tflite"
        assert "tiny.tflite" in fetched.source
        assert names(folder) == ["tiny.tflite"]
        assert (stick / "tiny.tflite").read_bytes() == content

    def test_a_flipped_byte_is_refused(self, model, folder, stick):
        damaged = bytearray(TINY)
        damaged[HALF] ^= 1
        (stick / "tiny.tflite").write_bytes(damaged)

        with pytest.raises(ModelError, match=hashlib.sha256(damaged).hexdigest()):
            fetch(model, folder, sources_of(model, str(stick)))

        assert names(folder) == []

    def test_a_truncated_file_is_refused_with_both_lengths(self, model, folder, stick):
        (stick / "tiny.tflite").write_bytes(TINY[:HALF])

        with pytest.raises(ModelError, match=f"{HALF} bytes of {len(TINY)}"):
            fetch(model, folder, sources_of(model, str(stick)))

        assert names(folder) == []

    def test_what_was_there_stays_when_nothing_better_comes(self, model, folder, stick):
        (folder / "tiny.tflite").write_bytes(b"damaged before")
        (stick / "tiny.tflite").write_bytes(b"damaged as well")

        with pytest.raises(ModelError):
            fetch(model, folder, sources_of(model, str(stick)))

        assert (folder / "tiny.tflite").read_bytes() == b"damaged before"

    def test_a_folder_without_the_file_is_a_missing_input(self, model, folder, stick):
        (stick / "tiny.tflite").unlink()
        with pytest.raises(InputMissing, match=r"cannot read .*tiny\.tflite: No such file"):
            fetch(model, folder, sources_of(model, str(stick)))

    def test_a_file_of_another_machine_is_refused(self, model, folder):
        with pytest.raises(ModelUnavailable, match="another machine"):
            fetch(model, folder, sources_of(model, "file://elsewhere/models"))


class TestWhatIsThere:
    def test_stays_where_it_is_right(self, model, folder):
        (folder / "tiny.tflite").write_bytes(USED)
        before = (folder / "tiny.tflite").stat()

        assert fetch(model, folder, ("/nowhere/tiny.tflite",)).source is None

        assert (folder / "tiny.tflite").stat() == before

    def test_is_edited_in_place_where_it_is_as_published(self, model, folder):
        (folder / "tiny.tflite").write_bytes(TINY)
        fetch(model, folder, ("/nowhere/tiny.tflite",))
        assert (folder / "tiny.tflite").read_bytes() == USED

    def test_is_replaced_where_it_is_damaged(self, model, folder, stick):
        (folder / "tiny.tflite").write_bytes(b"damaged")
        fetch(model, folder, sources_of(model, str(stick)))
        assert (folder / "tiny.tflite").read_bytes() == USED

    def test_leftovers_of_a_power_cut_go(self, model, folder, stick):
        (folder / ".tiny.tflite.123.partial").write_bytes(TINY[:HALF])
        (folder / ".other.tflite.123.partial").touch()
        fetch(model, folder, sources_of(model, str(stick)))
        assert names(folder) == [".other.tflite.123.partial", "tiny.tflite"]

    def test_a_folder_that_cannot_be_written_is_an_output_error(self, model, tmp_path, stick):
        with pytest.raises(OutputError, match="cannot be written"):
            fetch(model, tmp_path / "absent", sources_of(model, str(stick)))


class TestFromAServer:
    def fetch(self, model, folder, server, **options):
        return fetch(model, folder, sources_of(model, server.url), **options)

    def test_the_edited_file_arrives_and_nothing_else(self, model, folder, server):
        told = []
        self.fetch(model, folder, server, advance=told.append)
        assert (folder / "tiny.tflite").read_bytes() == USED
        assert names(folder) == ["tiny.tflite"]
        assert told[-1] == len(TINY)

    def test_a_flipped_byte_is_refused_and_nothing_is_kept_of_it(self, model, folder, server):
        server.files["/tiny.tflite"] = TINY[:-1] + bytes([TINY[-1] ^ 1])
        with pytest.raises(ModelError, match="sha256"):
            self.fetch(model, folder, server)
        assert names(folder) == []

    def test_a_connection_that_breaks_off_goes_on_next_time(self, model, folder, server):
        quarter = len(TINY) // 4
        server.answers["/tiny.tflite"] = lambda exchange, content: serve(
            exchange, content, at_most=quarter if len(server.requests) == 1 else 0
        )
        with pytest.raises(
            ModelUnavailable, match=f"{quarter} of {len(TINY)} bytes are kept.*goes on from there"
        ):
            self.fetch(model, folder, server)
        assert not (folder / "tiny.tflite").exists()
        del server.answers["/tiny.tflite"], server.requests[:]

        self.fetch(model, folder, server)

        assert names(folder) == ["tiny.tflite"]
        assert (folder / "tiny.tflite").read_bytes() == USED
        assert server.requests == [("/tiny.tflite", f"bytes={quarter}-")]

    @pytest.mark.parametrize("kept", [HALF, len(TINY)], ids=["half", "whole length"])
    def test_a_beginning_that_was_damaged_is_fetched_again(self, model, folder, server, kept):
        """A power cut leaves zeros where the length was written before the bytes."""
        (folder / ".tiny.tflite.part").write_bytes(bytes(kept))
        self.fetch(model, folder, server)
        assert (folder / "tiny.tflite").read_bytes() == USED
        assert server.requests[-1] == ("/tiny.tflite", None)

    def test_the_next_address_is_tried_when_one_fails(self, model, folder, server):
        server.files["/wrong"] = b"x" * len(TINY)
        several = tuple(f"{server.url}/{path}" for path in ("absent", "wrong", "tiny.tflite"))
        assert fetch(model, folder, several).source == several[2]
        assert (folder / "tiny.tflite").read_bytes() == USED

    def test_when_all_fail_all_are_told(self, model, folder, server):
        several = (f"{server.url}/one", f"{server.url}/two")
        with pytest.raises(ModelUnavailable, match=r"/one answers 404.*/two answers 404"):
            fetch(model, folder, several)

    def test_without_a_network_the_way_without_one_is_told(self, model, folder):
        with FileServer() as gone:
            url = gone.url
        with pytest.raises(
            ModelUnavailable,
            match=r"cannot be reached: .*posecoach models fetch tiny --from DIR, where DIR has tiny\.tflite",
        ):
            fetch(model, folder, sources_of(model, url))
        assert names(folder) == []

    def test_a_silent_server_is_not_waited_for(self, model, folder, server):
        server.answers["/tiny.tflite"] = silent
        with pytest.raises(ModelUnavailable, match="silent"):
            self.fetch(model, folder, server, timeout_s=0.05)

    def test_two_at_the_same_time_fetch_once(self, model, folder, server):
        waits = Event()
        outcomes = []

        def when_the_other_waits(exchange, content):
            assert waits.wait(10)
            serve(exchange, content)

        def one():
            with folder_lock(folder, waits.set):
                outcomes.append(self.fetch(model, folder, server))

        server.answers["/tiny.tflite"] = when_the_other_waits
        both = [Thread(target=one), Thread(target=one)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(20)

        assert [outcome.source is None for outcome in outcomes] == [False, True]
        assert len(server.requests) == 1
        assert (folder / "tiny.tflite").read_bytes() == USED


class TestTheLock:
    def test_makes_its_folder_and_is_taken_without_waiting_when_free(self, tmp_path):
        def never():
            raise AssertionError("nobody else is here")

        for _ in range(2):
            with folder_lock(tmp_path / "a" / "b", never):
                assert (tmp_path / "a" / "b").is_dir()

    def test_a_file_in_its_place_is_an_output_error(self, tmp_path):
        (tmp_path / "file").touch()
        with (
            pytest.raises(OutputError, match="cannot be written"),
            folder_lock(tmp_path / "file", lambda: None),
        ):
            pass
