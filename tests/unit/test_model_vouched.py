"""Models whose checksum nobody here knows are fetched with one that their user vouches for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

pytest.importorskip("ai_edge_litert", reason="the tiny models are built with the interpreter's schema")

from file_server import FileServer, dropping, serve
from listed_models import listed_unheld
from posecoach.adapters._model_manifest import entry_text, read_manifest
from posecoach.adapters.model_store import ModelStore
from posecoach.cli import main
from posecoach.errors import ModelUnavailable
from posecoach.vision.tflite_edit import without_decoder
from tiny_movenet import tiny_movenet
from tiny_posenet import compiled_posenet, tiny_posenet

THUNDER, RESNET = "movenet-thunder", "posenet-resnet-50-288x416"
# In place of the real files, which nobody here has: the same ends, and far fewer weights.
MOVENET = tiny_movenet(side=256)
POSENET = tiny_posenet(wh=(416, 288))
PLAIN = tiny_posenet(wh=(416, 288), last_operator=None)
REAL = "posenet-mobilenet-075-353x481"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def box(tmp_path, monkeypatch):
    """A box without models."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "box"))
    monkeypatch.setenv("POSECOACH_SHARED", str(tmp_path / "nothing"))
    monkeypatch.delenv("POSECOACH_MODELS", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "box" / "models"


@pytest.fixture
def stick(box, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    for model_id, content in (
        (THUNDER, MOVENET),
        (RESNET, POSENET),
        (f"{RESNET}-edgetpu", compiled_posenet((416, 288))),
    ):
        (folder / ModelStore().listed(model_id).file).write_bytes(content)
    return folder


def models(*arguments):
    return main(["models", *map(str, arguments)])


def installed(box):
    return sorted(path.name for path in box.rglob("*") if path.is_file() and path.name != ".lock")


class TestWithoutAChecksum:
    def test_it_is_refused_in_a_line_that_says_what_to_do(self, box, stick, capsys):
        assert models("fetch", THUNDER, "--from", stick) == 69
        err = capsys.readouterr().err
        assert "never held" in err
        assert f"posecoach models fetch {THUNDER} --sha256 HEX" in err
        assert err.count("\n") == 1
        assert installed(box) == []

    def test_the_others_are_fetched_all_the_same(self, box, stick, tmp_path):
        assert models("fetch", THUNDER, "posecoach-athlete", "--to", tmp_path / "to") == 69
        assert installed(tmp_path / "to") == ["posecoach-athlete.tflite"]

    def test_all_leaves_it_out_and_says_so(self, box, stick, capsys):
        models("fetch", "--all", "--from", stick)
        told = [line for line in capsys.readouterr().err.splitlines() if "left out" in line]
        assert len(told) == 1
        assert f"{RESNET}, {RESNET}-edgetpu, {THUNDER}, {THUNDER}-edgetpu" in told[0]
        assert installed(box) == []

    def test_the_list_says_that_the_size_is_not_known(self, box, capsys):
        assert models("list") == 0
        lines = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()}
        assert lines[THUNDER][1:4] == ["cpu", "?", "-"]
        models("list", "--json")
        rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
        assert (rows[THUNDER]["bytes"], rows[THUNDER]["checksum_known"]) == (None, False)
        assert rows[REAL]["checksum_known"]

    def test_a_file_that_lies_there_is_neither_whole_nor_damaged_nor_used(self, box, capsys):
        box.mkdir(parents=True)
        path = box / ModelStore().listed(THUNDER).file
        path.write_bytes(MOVENET)
        assert models("verify") == 69
        out, err = capsys.readouterr()
        assert f"{THUNDER}: of unknown checksum: {path}" in out
        assert err.count("\n") == 1
        with pytest.raises(ModelUnavailable, match="--sha256 HEX"):
            ModelStore().resolve(THUNDER)

    def test_and_where_none_lies_the_way_to_get_it_is_told(self, box):
        with pytest.raises(ModelUnavailable, match=r"not on this box: .* --sha256 HEX"):
            ModelStore().resolve(THUNDER)


class TestTheOption:
    @pytest.mark.parametrize("which", [[], ["--all"], [THUNDER, RESNET]])
    def test_goes_with_exactly_one_model(self, box, which, capsys):
        with pytest.raises(SystemExit) as caught:
            models("fetch", *which, "--sha256", sha256(MOVENET))
        assert caught.value.code == 2
        assert "exactly one ID" in capsys.readouterr().err

    @pytest.mark.parametrize("text", ["", "abc", "g" * 64, "0" * 63, "0" * 65])
    def test_is_64_hexadecimal_digits(self, box, text, capsys):
        with pytest.raises(SystemExit) as caught:
            models("fetch", THUNDER, f"--sha256={text}")
        assert caught.value.code == 2
        assert "64 hexadecimal digits" in capsys.readouterr().err

    def test_must_agree_with_what_the_manifest_says(self, box, tmp_path, capsys):
        known = ModelStore().listed("posecoach-athlete")
        where = ("fetch", known.id, "--to", tmp_path / "to", "--sha256")
        assert models(*where, known.sha256_published) == 0
        assert models(*where, "0" * 64) == 65
        assert known.sha256_published in capsys.readouterr().err


class TestWithOne:
    def fetch(self, stick, content=MOVENET, model_id=THUNDER, *more):
        return models("fetch", model_id, "--from", stick, "--sha256", sha256(content), *more)

    def test_it_is_run_put_in_place_and_recorded(self, box, stick, capsys):
        assert self.fetch(stick) == 0

        out = capsys.readouterr().out
        assert "runs: MoveNet, input 256 x 256" in out
        assert sha256(MOVENET) in out
        store = ModelStore()
        model = store.listed(THUNDER)
        assert installed(box) == sorted(["manifest.toml", model.file])
        assert store.resolve(THUNDER).content == MOVENET
        assert (model.file_bytes, model.sha256_used) == (len(MOVENET), sha256(MOVENET))
        assert [known.id for known in store.models].count(THUNDER) == 1

    def test_capital_digits_are_digits(self, box, stick):
        assert models("fetch", THUNDER, "--from", stick, "--sha256", sha256(MOVENET).upper()) == 0

    def test_from_then_on_it_is_a_model_like_any_other(self, box, stick, tmp_path, capsys):
        self.fetch(stick)
        capsys.readouterr()

        assert models("fetch", THUNDER) == 0
        assert "is here already, verified" in capsys.readouterr().out
        assert self.fetch(stick) == 0
        assert models("verify", THUNDER) == 0
        assert models("fetch", THUNDER, "--from", stick, "--to", tmp_path / "to") == 0
        assert models("list", "--json") == 0
        [row] = [row for row in json.loads(capsys.readouterr().out.splitlines()[-1]) if row["id"] == THUNDER]
        assert (row["bytes"], row["checksum_known"], row["own"]) == (len(MOVENET), True, False)

    def test_a_flipped_byte_is_seen_from_then_on(self, box, stick, capsys):
        self.fetch(stick)
        path = box / ModelStore().listed(THUNDER).file
        path.write_bytes(MOVENET[:-1] + bytes([MOVENET[-1] ^ 1]))
        capsys.readouterr()

        assert models("verify", THUNDER) == 65
        assert "damaged" in capsys.readouterr().out
        assert models("fetch", THUNDER, "--from", stick) == 0
        assert path.read_bytes() == MOVENET

    def test_another_checksum_from_then_on_is_refused(self, box, stick, capsys):
        self.fetch(stick)
        assert self.fetch(stick, POSENET) == 65
        assert "delete its entry in own/manifest.toml" in capsys.readouterr().err
        assert ModelStore().resolve(THUNDER).content == MOVENET

    def test_its_name_stays_that_of_the_published_one(self, box, stick, tmp_path, capsys):
        self.fetch(stick)
        (tmp_path / "mine.tflite").write_bytes(POSENET)
        assert models("add", tmp_path / "mine.tflite", "--id", THUNDER) == 65
        assert "choose another --id" in capsys.readouterr().err

    def test_a_wrong_one_is_refused_and_leaves_nothing(self, box, stick, capsys):
        assert self.fetch(stick, b"another file") == 65
        err = capsys.readouterr().err
        assert sha256(MOVENET) in err
        assert sha256(b"another file") in err
        assert err.count("\n") == 1
        assert installed(box) == []
        assert not ModelStore().listed(THUNDER).checksum_known

    def test_a_decoder_is_taken_out_and_what_is_left_is_known_too(self, box, stick, capsys):
        assert self.fetch(stick, POSENET, RESNET) == 0

        out = capsys.readouterr().out
        used = without_decoder(POSENET)
        assert out.index(sha256(POSENET)) < out.index("its decoder is taken out") < out.index(sha256(used))
        assert "runs: PoseNet, input 416 x 288, output stride 16" in out
        assert ModelStore().resolve(RESNET).content == used
        assert models("verify", RESNET) == 0
        assert models("fetch", RESNET, "--from", stick) == 0
        assert models("fetch", RESNET, "--from", stick, "--sha256", sha256(used)) == 0

    def test_a_file_without_one_is_left_as_it_is_and_that_is_said(self, box, stick, capsys):
        (stick / ModelStore().listed(RESNET).file).write_bytes(PLAIN)

        assert self.fetch(stick, PLAIN, RESNET) == 0

        assert "does not end in a decoder: left as it is" in capsys.readouterr().out
        assert ModelStore().listed(RESNET).edit == "none"
        assert ModelStore().resolve(RESNET).content == PLAIN

    def test_the_size_of_the_input_is_what_the_file_says(self, box, stick):
        other = tiny_posenet(wh=(129, 97))
        (stick / ModelStore().listed(RESNET).file).write_bytes(other)
        self.fetch(stick, other, RESNET)
        assert ModelStore().listed(RESNET).input_wh == (129, 97)

    def test_one_for_an_edge_tpu_is_not_tried_and_that_is_said(self, box, stick, capsys):
        assert self.fetch(stick, compiled_posenet((416, 288)), f"{RESNET}-edgetpu") == 0
        assert "not tried: it is for an Edge TPU" in capsys.readouterr().out
        assert models("verify", f"{RESNET}-edgetpu") == 0

    @pytest.mark.parametrize(
        ("model_id", "content", "words"),
        [
            (THUNDER, POSENET, "another model than movenet-thunder: PoseNet"),
            (RESNET, MOVENET, f"another model than {RESNET}: MoveNet"),
            (f"{THUNDER}-edgetpu", MOVENET, "not compiled for an Edge TPU"),
            (THUNDER, compiled_posenet(), "compiled for an Edge TPU, but movenet-thunder is for cpu"),
            (RESNET, tiny_posenet(channels=(17, 34, 60), last_operator=None), "not a PoseNet"),
            (THUNDER, b"<html>the right checksum of the wrong thing</html>", "not a TensorFlow Lite model"),
        ],
    )
    def test_what_is_another_thing_is_refused_before_it_is_put_in_place(
        self, box, stick, model_id, content, words, capsys
    ):
        (stick / ModelStore().listed(model_id).file).write_bytes(content)
        assert self.fetch(stick, content, model_id) == 65
        err = capsys.readouterr().err
        assert words in err
        assert err.count("\n") == 1
        assert installed(box) == []

    def test_a_program_is_told_the_same(self, box, stick, capsys):
        assert self.fetch(stick, POSENET, RESNET, "--json") == 0
        file = ModelStore().listed(RESNET).file
        assert json.loads(capsys.readouterr().out) == {
            "id": RESNET,
            "path": str(box / file),
            "source": str(stick / file),
            "sha256": sha256(without_decoder(POSENET)),
            "sha256_published": sha256(POSENET),
            "edit": "remove-decoder",
            "tried": "PoseNet, input 416 x 288, output stride 16",
        }

    def test_what_lies_there_already_needs_its_checksum_only(self, box, stick, capsys):
        file = stick / ModelStore().listed(THUNDER).file
        assert models("fetch", THUNDER, "--to", stick, "--sha256", sha256(MOVENET)) == 0
        assert f"is here already, verified: {file}" in capsys.readouterr().out
        assert ModelStore().listed(THUNDER).checksum_known

    def test_it_may_go_where_ones_own_models_are(self, box, stick):
        """One lock at a time: this folder is locked for the file, and for the entry."""
        assert self.fetch(stick, MOVENET, THUNDER, "--to", box / "own") == 0

    def test_an_entry_of_ones_own_manifest_may_lack_its_checksum_too(self, box, stick, tmp_path):
        own = box / "own"
        own.mkdir(parents=True)
        unheld = listed_unheld(own, "http://127.0.0.1:1/unheld.tflite")
        (own / "manifest.toml").write_text("# mine\n" + entry_text(unheld))
        (stick / unheld.file).write_bytes(POSENET)

        assert models("fetch", "unheld", "--from", stick) == 69
        assert self.fetch(stick, POSENET, "unheld") == 0

        assert (own / "manifest.toml").read_text().startswith("# mine\n")
        assert read_manifest(own / "manifest.toml")["unheld"].checksum_known
        assert ModelStore().resolve("unheld").content == without_decoder(POSENET)


class TestFromAServer:
    """It says how long the file is, and the manifest does not."""

    @pytest.fixture
    def server(self, box):
        with FileServer() as server:
            server.files[self.path] = MOVENET
            yield server

    @property
    def path(self):
        return f"/{ModelStore().listed(THUNDER).file}"

    def fetch(self, server, *more):
        return models("fetch", THUNDER, "--from", server.url, "--sha256", sha256(MOVENET), *more)

    def test_without_a_checksum_nothing_is_asked_for(self, box, server):
        assert models("fetch", THUNDER, "--from", server.url) == 69
        assert server.requests == []

    def test_it_arrives_whole(self, box, server):
        assert self.fetch(server) == 0
        assert (box / Path(self.path).name).read_bytes() == MOVENET

    def test_what_breaks_off_goes_on_next_time(self, box, server, capsys):
        quarter = len(MOVENET) // 4
        server.answers[self.path] = lambda exchange, content: serve(
            exchange, content, at_most=quarter if len(server.requests) == 1 else 0
        )
        assert self.fetch(server) == 69
        assert f"{quarter} bytes are kept, and the same command goes on" in capsys.readouterr().err
        del server.answers[self.path], server.requests[:]

        assert self.fetch(server) == 0
        assert server.requests == [(self.path, f"bytes={quarter}-")]

    def test_nothing_at_all_says_the_way_without_a_network(self, box, server, capsys):
        server.answers[self.path] = dropping(0)
        assert self.fetch(server) == 69
        assert f"models fetch {THUNDER} --sha256 HEX --from DIR" in capsys.readouterr().err

    def test_the_page_of_a_network_that_wants_a_login_leaves_nothing(self, box, server, capsys):
        server.files[self.path] = b"<html>log in</html>"
        assert self.fetch(server) == 65
        assert "it has 19 bytes and sha256" in capsys.readouterr().err
        assert installed(box) == []

    def test_too_much_leaves_nothing(self, box, server):
        server.answers[self.path] = lambda exchange, _: exchange.head(200, Content_Length=1 << 40)
        assert self.fetch(server) == 65
        assert installed(box) == []

    def test_a_terminal_sees_how_much_has_come(self, box, server, monkeypatch, capsys):
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        assert self.fetch(server) == 0
        assert f"{THUNDER} {len(MOVENET) / 1e3:.0f} kB" in capsys.readouterr().err
