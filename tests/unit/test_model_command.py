"""``posecoach models``."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace
from threading import Event, Thread

import pytest

pytest.importorskip("ai_edge_litert", reason="the tiny model is built with the interpreter's schema")

from file_server import FileServer
from listed_models import TINY, USED, listed_tiny
from posecoach.adapters._model_manifest import entry_text
from posecoach.adapters.folder_lock import folder_lock
from posecoach.adapters.model_store import ModelStore, default_model_id
from posecoach.adapters.movenet_estimator import MoveNetEstimator
from posecoach.cli import main
from tiny_movenet import tiny_movenet
from tiny_posenet import tiny_posenet

REAL = "posenet-mobilenet-075-353x481"


@pytest.fixture
def box(tmp_path, monkeypatch):
    """A box without models; its own manifest lists the tiny one, under an address that is not there."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "box"))
    monkeypatch.setenv("POSECOACH_SHARED", str(tmp_path / "nothing"))
    monkeypatch.delenv("POSECOACH_MODELS", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    own = tmp_path / "box" / "models" / "own"
    own.mkdir(parents=True)
    tiny = listed_tiny(own, "http://127.0.0.1:1/tiny.tflite")
    other = replace(tiny, id="other", file="other.tflite")
    (own / "manifest.toml").write_text(entry_text(tiny) + entry_text(other))
    return tmp_path / "box" / "models"


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "tiny.tflite").write_bytes(TINY)
    return folder


def models(*arguments):
    return main(["models", *map(str, arguments)])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class TestFetch:
    def test_says_what_was_there_before_and_after_the_edit(self, box, stick, capsys):
        assert models("fetch", "tiny", "--from", stick) == 0

        said = capsys.readouterr().out
        assert said.index(hashlib.sha256(TINY).hexdigest()) < said.index(hashlib.sha256(USED).hexdigest())
        assert str(box / "tiny.tflite") in said
        assert ModelStore().resolve("tiny").content == USED

    def test_a_second_time_changes_nothing(self, box, stick, capsys):
        models("fetch", "tiny", "--from", stick)
        assert models("fetch", "tiny") == 0
        assert "here already" in capsys.readouterr().out

    def test_a_server_may_be_the_source_and_a_pipe_sees_no_progress(self, box, capsys):
        with FileServer() as server:
            server.files["/models/tiny.tflite"] = TINY
            assert models("fetch", "tiny", "--from", f"{server.url}/models/", "--json") == 0
        out, err = capsys.readouterr()
        assert json.loads(out) == {
            "id": "tiny",
            "path": str(box / "tiny.tflite"),
            "source": f"{server.url}/models/tiny.tflite",
            "sha256": hashlib.sha256(USED).hexdigest(),
        }
        assert err == ""

    def test_one_that_fails_does_not_stop_the_others(self, box, stick, capsys):
        assert models("fetch", "other", "tiny", "--from", stick) == 66
        out, err = capsys.readouterr()
        assert err.startswith("posecoach: other: cannot read")
        assert err.count("\n") == 1
        assert str(box / "tiny.tflite") in out

    def test_no_network_is_one_line_that_tells_the_other_way(self, box, capsys):
        assert models("fetch", "tiny", "--timeout", 5) == 69
        err = capsys.readouterr().err
        assert "--from DIR" in err
        assert err.count("\n") == 1

    def test_a_folder_of_models_is_made_on_one_machine_and_used_on_another(
        self, box, stick, tmp_path, monkeypatch
    ):
        assert models("fetch", "tiny", "--from", stick, "--to", tmp_path / "carried") == 0
        assert names(box) == ["own"]
        assert models("fetch", "tiny", "--from", tmp_path / "carried") == 0
        assert ModelStore().resolve("tiny").content == USED

    def test_a_full_disk_is_one_line_and_leaves_nothing(self, box, stick):
        """As seen by the program: no file may grow beyond half the model."""
        limited = (
            "import resource, sys; from posecoach.cli import main; "
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(TINY) // 2},) * 2); "
            "print([main(['models', 'fetch', 'tiny', '--from', source]) for source in sys.argv[1:]])"
        )
        with FileServer() as server:
            server.files["/tiny.tflite"] = TINY
            run = subprocess.run(
                [sys.executable, "-c", limited, str(stick), server.url],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        assert run.stdout == "[74, 74]\n"
        for line in run.stderr.splitlines():
            assert line.startswith(f"posecoach: tiny: {box}")
            assert line.endswith("cannot be written: File too large")
        assert run.stderr.count("\n") == 2
        assert names(box) == [".lock", "own"]

    def test_a_second_fetch_waits_and_says_so(self, box, stick, monkeypatch):
        held, said = Event(), Event()

        class Told(io.StringIO):
            def write(self, text):
                said.set()
                return super().write(text)

        def another():
            with folder_lock(box, held.set):
                held.set()
                assert said.wait(10)

        other = Thread(target=another)
        other.start()
        assert held.wait(10)
        monkeypatch.setattr(sys, "stderr", told := Told())

        assert models("fetch", "tiny", "--from", stick) == 0

        other.join()
        assert told.getvalue() == f"posecoach: another posecoach is at work in {box}: waiting for it\n"

    def test_what_is_published_nowhere_is_here_already_or_is_missing(self, box, tmp_path, capsys):
        own = tmp_path / "mine.tflite"
        own.write_bytes(TINY)
        models("add", own, "--id", "mine")
        capsys.readouterr()

        assert models("fetch", "mine") == 0
        assert f"is here already, verified: {box / 'own' / 'mine.tflite'}" in capsys.readouterr().out
        assert models("fetch", "mine", "--to", tmp_path / "carried") == 0
        assert (tmp_path / "carried" / "mine.tflite").read_bytes() == USED
        (box / "own" / "mine.tflite").unlink()
        assert models("fetch", "mine") == 69
        assert "add your own model again" in capsys.readouterr().err

    def test_ids_and_all_exclude_each_other(self, box, capsys):
        with pytest.raises(SystemExit) as caught:
            models("fetch", "tiny", "--all")
        assert caught.value.code == 2

    def test_an_unknown_id_fetches_nothing(self, box, stick, capsys):
        assert models("fetch", "tiny", "tinny", "--from", stick) == 69
        assert "did you mean" in capsys.readouterr().err
        assert names(box) == ["own"]

    @pytest.mark.shared
    def test_a_published_model_becomes_the_edited_one(self, box, shared, capsys):
        assert models("fetch", "--from", shared / "models", REAL) == 0
        [file] = box.glob("*.tflite")
        assert hashlib.sha256(file.read_bytes()).hexdigest() == (
            "be0d285d1e806bc449dce87980edf50885ea113f649d05a9fc3e781a217b3bd5"
        )

    @pytest.mark.shared
    def test_all_published_models_come_from_a_folder_and_none_named_means_the_default(
        self, box, shared, capsys
    ):
        (box / "own" / "manifest.toml").unlink()
        assert models("fetch", "--from", shared / "models") == 0
        assert default_model_id() in capsys.readouterr().out
        assert models("fetch", "--from", shared / "models", "--all") == 0
        assert models("verify") == 0
        lines = capsys.readouterr().out.splitlines()
        unheld = [model.id for model in ModelStore().models if not model.checksum_known]
        assert [line for line in lines if "absent" in line or "damaged" in line] == [
            f"{model}: absent" for model in unheld
        ]


class TestVerify:
    def test_a_flipped_byte_is_65_and_names_the_file(self, box, stick, capsys):
        models("fetch", "tiny", "--from", stick)
        (box / "other.tflite").write_bytes(TINY[:-1] + bytes([TINY[-1] ^ 1]))
        capsys.readouterr()

        assert models("verify") == 65

        out, err = capsys.readouterr()
        lines = dict(line.split(": ", 1) for line in out.splitlines())
        assert lines["tiny"] == f"whole: {box / 'tiny.tflite'}"
        assert lines["other"] == f"damaged: {box / 'other.tflite'}"
        assert lines[REAL] == "absent"
        assert "posecoach models fetch other" in err
        assert err.count("\n") == 1

    def test_a_truncated_file_is_65(self, box, capsys):
        (box / "tiny.tflite").write_bytes(USED[:-1])
        assert models("verify", "tiny", "--json") == 65
        [row] = json.loads(capsys.readouterr().out)
        assert (row["id"], row["state"]) == ("tiny", "damaged")
        assert f"{len(TINY) - 1} bytes of {len(TINY)}" in row["problem"]

    def test_a_copy_that_another_hides_is_verified_too(self, box, stick, monkeypatch, capsys):
        (box / "tiny.tflite").write_bytes(b"damaged")
        monkeypatch.setenv("POSECOACH_MODELS", str(stick))
        assert models("verify", "tiny") == 65
        assert capsys.readouterr().out.splitlines() == [
            f"tiny: whole, as published: {stick / 'tiny.tflite'}",
            f"tiny: damaged: {box / 'tiny.tflite'}",
        ]

    def test_absent_models_are_an_error_where_they_are_named(self, box):
        assert models("verify") == 0
        assert models("verify", "tiny") == 69


class TestAdd:
    @pytest.fixture
    def mine(self, tmp_path):
        file = tmp_path / "somewhere" / "net.tflite"
        file.parent.mkdir()
        file.write_bytes(TINY)
        return file

    def test_a_model_of_ones_own_is_run_copied_and_listed(self, box, mine, capsys):
        assert models("add", mine, "--id", "mine", "--licence", 'my "own"', "--json") == 0

        row = json.loads(capsys.readouterr().out)
        assert (row["input_wh"], row["own"], row["runs"]) == ([129, 97], True, True)
        mine.unlink()
        store = ModelStore()
        assert store.resolve("mine").content == USED
        assert store.listed("mine").output_stride == 16
        assert store.listed("mine").licence == 'my "own"'
        assert store.listed("tiny").id == "tiny"
        assert models("verify", "mine") == 0

    def test_a_movenet_is_known_by_what_comes_out_of_it(self, box, mine, capsys):
        mine.write_bytes(tiny_movenet(side=256))

        assert models("add", mine, "--id", "my-thunder") == 0

        assert "MoveNet, input 256 x 256, output stride 4" in capsys.readouterr().out
        added = ModelStore().listed("my-thunder")
        assert (added.family, added.input_wh, added.heads) == ("movenet", (256, 256), ("keypoints",))
        assert ModelStore().resolve("my-thunder").content == mine.read_bytes()
        with MoveNetEstimator(mine.read_bytes(), model_id="my-thunder") as estimator:
            assert estimator.input_wh == (256, 256)

    def test_a_network_that_pads_has_the_stride_that_it_has(self, box, mine, capsys):
        """18 x 26 cells on 288 x 416 pixels: PoseNet ResNet-50 is of such a size."""
        mine.write_bytes(tiny_posenet(wh=(416, 288)))
        assert models("add", mine, "--id", "mine") == 0
        assert "PoseNet, input 416 x 288, output stride 16" in capsys.readouterr().out

    def test_the_first_one_makes_the_manifest(self, box, mine):
        (box / "own" / "manifest.toml").unlink()
        assert models("add", mine, "--id", "mine") == 0
        assert (box / "own" / "manifest.toml").read_text().startswith("# Models of one's own")
        assert ModelStore().resolve("mine").content == USED

    def test_the_same_again_changes_nothing_and_other_weights_are_refused(self, box, mine, capsys):
        models("add", mine, "--id", "mine")
        before = (box / "own" / "manifest.toml").read_text()
        assert models("add", mine, "--id", "mine") == 0
        mine.write_bytes(tiny_posenet("int8"))
        assert models("add", mine, "--id", "mine") == 65
        assert "other weights" in capsys.readouterr().err
        assert (box / "own" / "manifest.toml").read_text() == before
        assert ModelStore().resolve("mine").content == USED

    @pytest.mark.parametrize("name", ["Mine", "a b", "../x", "x", "mine.tflite", "-x", "a_b", ""])
    def test_an_id_that_would_be_a_path_or_hard_to_type_is_refused(self, box, mine, name, capsys):
        assert models("add", mine, f"--id={name}") == 65
        assert "cannot be the id" in capsys.readouterr().err
        assert names(box / "own") == ["manifest.toml"]

    def test_an_id_of_the_shipped_manifest_is_refused(self, box, mine, capsys):
        assert models("add", mine, "--id", REAL) == 65
        assert "choose another --id" in capsys.readouterr().err

    def test_a_network_that_is_no_posenet_is_refused_with_what_it_has(self, box, mine, capsys):
        mine.write_bytes(tiny_posenet(channels=(17, 34, 60), last_operator=None))
        assert models("add", mine, "--id", "mine") == 65
        assert "(1, 7, 9, 60) uint8" in capsys.readouterr().err
        assert names(box / "own") == ["manifest.toml"]

    @pytest.mark.parametrize(("content", "code"), [(b"<html>", 65), (TINY[:-100], 65), (None, 66)])
    def test_what_is_no_model_is_refused(self, box, mine, content, code, capsys):
        if content is None:
            mine.unlink()
        else:
            mine.write_bytes(content)
        assert models("add", mine, "--id", "mine") == code
        assert capsys.readouterr().err.count("\n") == 1
        assert names(box / "own") == ["manifest.toml"]

    def test_a_shipped_id_wins_over_ones_own(self, box):
        own = box / "own" / "manifest.toml"
        own.write_text(own.read_text().replace('id = "tiny"', f'id = "{REAL}"'))
        assert ModelStore().listed(REAL).urls[0].startswith("https://")


class TestList:
    def test_says_what_is_here_and_what_runs_and_why_not(self, box, stick, capsys):
        models("fetch", "tiny", "--from", stick)
        capsys.readouterr()

        assert models("list") == 0

        lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
        assert lines["tiny"].split()[1:] == ["cpu", "0.0", "MB", str(box), "yes"]
        assert " -  " in lines[REAL]
        assert lines[default_model_id()].endswith("yes, the default")
        assert list(lines)[1] == ModelStore().models[0].id

    def test_as_json_tells_the_same_to_a_program(self, box, capsys):
        assert models("list", "--json") == 0
        rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
        for model in ModelStore().models:
            assert rows[model.id]["runs"] == (model.why_not_here() is None)
            assert rows[model.id]["why_not"] == model.why_not_here()
        assert (rows["tiny"]["installed"], rows["tiny"]["own"], rows[REAL]["own"]) == (None, True, False)
        assert rows[REAL]["bytes"] == 1299352
