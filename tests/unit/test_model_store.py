"""Which model ``--model`` names."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import urlparse

import pytest

pytest.importorskip("ai_edge_litert", reason="the tiny model is built with the interpreter's schema")

from posecoach.adapters.model_store import ModelStore, default_model_id
from posecoach.errors import InputMissing, ModelError, ModelUnavailable
from posecoach.vision.tflite_edit import without_decoder
from tiny_posenet import tiny_posenet

TINY = tiny_posenet()
USED = without_decoder(TINY)

ENTRY = """
[[model]]
id = "{id}"
family = "{family}"
backbone = "tiny"
target = "{target}"
input_wh = [129, 97]
output_stride = 16
heads = ["heatmaps", "short_offsets", "mid_offsets"]
file = "tiny.tflite"
bytes = 1
edit = "remove-decoder"
sha256_published = "{published}"
sha256_used = "{used}"
licence = "Apache-2.0"
urls = ["https://example.org/tiny.tflite"]
"""


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def entry(**changes):
    values = {
        "id": "tiny",
        "family": "posenet",
        "target": "cpu",
        "published": sha256(TINY),
        "used": sha256(USED),
    }
    return ENTRY.format(**values | changes)


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "manifest" / "manifest.toml"
    path.parent.mkdir()
    path.write_text(
        entry()
        + entry(id="tiny-edgetpu", target="edgetpu")
        + entry(id="tiny-hailo", target="hailo")
        + entry(id="blazer", family="blazepose")
        + entry(id="other", published="0" * 64, used="1" * 64)
        + entry(id="mistaken", used="1" * 64)
    )
    return path


def store(manifest, tmp_path, **environ):
    return ModelStore(
        manifest=manifest, environ={"HOME": str(tmp_path / "home")} | environ, checkout=tmp_path
    )


def put(folder: Path, content=TINY) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny.tflite"
    path.write_bytes(content)
    return path


def test_an_id_is_found_verified_and_edited(manifest, tmp_path):
    put(tmp_path / "home/.local/share/posecoach/models")
    assert store(manifest, tmp_path).resolve("tiny") == ("tiny", USED)


def test_a_file_that_was_edited_before_is_taken_as_it_is(manifest, tmp_path):
    put(tmp_path / "home/.local/share/posecoach/models", USED)
    assert store(manifest, tmp_path).resolve("tiny").content == USED


def test_folders_are_searched_in_their_order(manifest, tmp_path):
    checkout = tmp_path
    (checkout / "models").mkdir()
    (checkout / "models/manifest.toml").write_text(entry())
    found = ModelStore(
        environ={
            "POSECOACH_MODELS": os.pathsep.join(["/first", "/second"]),
            "POSECOACH_DATA": "/data",
            "HOME": "/home/somebody",
        },
        checkout=checkout,
    ).folders
    parent = checkout.parent
    assert found == (
        Path("/first"),
        Path("/second"),
        Path("/data/models"),
        checkout / "models",
        parent / "shared/models",
    )


def test_the_data_home_is_the_xdg_one_where_none_is_named(manifest, tmp_path):
    assert store(manifest, tmp_path, XDG_DATA_HOME="/xdg").folders[0] == Path("/xdg/posecoach/models")
    home = Path(tmp_path / "home/.local/share/posecoach/models")
    assert store(manifest, tmp_path).folders[0] == home
    assert store(manifest, tmp_path, POSECOACH_DATA="/data", XDG_DATA_HOME="/xdg").folders[0] == Path(
        "/data/models"
    )


def test_the_shared_folder_may_be_named(manifest, tmp_path):
    assert Path("/elsewhere/models") in store(manifest, tmp_path, POSECOACH_SHARED="/elsewhere").folders


def test_the_first_folder_that_has_the_file_wins(manifest, tmp_path):
    put(tmp_path / "a", b"damaged")
    put(tmp_path / "b")
    both = os.pathsep.join([str(tmp_path / "b"), str(tmp_path / "a")])
    assert store(manifest, tmp_path, POSECOACH_MODELS=both).resolve("tiny").content == USED


def test_a_wrong_checksum_is_an_error_that_names_both(manifest, tmp_path):
    put(tmp_path / "a", TINY + b"\0")
    with pytest.raises(ModelError, match=f"{sha256(TINY + bytes(1))}.*{sha256(TINY)}"):
        store(manifest, tmp_path, POSECOACH_MODELS=str(tmp_path / "a")).resolve("tiny")


def test_an_edit_that_comes_out_otherwise_is_an_error(manifest, tmp_path):
    put(tmp_path / "a")
    with pytest.raises(ModelError, match=f"{sha256(USED)}.*{'1' * 64}"):
        store(manifest, tmp_path, POSECOACH_MODELS=str(tmp_path / "a")).resolve("mistaken")


def test_an_unknown_id_gets_near_ones_and_all_of_them(manifest, tmp_path):
    with pytest.raises(
        ModelUnavailable, match=r"'tinny'; did you mean tiny.*known are tiny, tiny-edgetpu, tiny-hailo"
    ):
        store(manifest, tmp_path).resolve("tinny")


def test_a_known_model_that_is_absent_says_what_where_and_whence(manifest, tmp_path):
    with pytest.raises(ModelUnavailable) as caught:
        store(manifest, tmp_path, POSECOACH_MODELS="/some/folder").resolve("tiny")
    for part in ("tiny.tflite", "/some/folder", str(tmp_path / "home"), "https://example.org/tiny.tflite"):
        assert part in str(caught.value)


@pytest.mark.parametrize("model_id", ["tiny-hailo", "blazer"])
def test_models_that_this_version_cannot_run_say_so_even_when_present(manifest, tmp_path, model_id):
    put(tmp_path / "a")
    with pytest.raises(
        ModelUnavailable,
        match=rf"{model_id} is a .*; this version runs posenet and movenet on cpu and edgetpu only",
    ):
        store(manifest, tmp_path, POSECOACH_MODELS=str(tmp_path / "a")).resolve(model_id)


def test_an_edge_tpu_model_runs_where_one_is_plugged_in(manifest, tmp_path):
    models = {model.id: model for model in store(manifest, tmp_path).models}
    assert models["tiny"].why_not_here(tmp_path) is None
    assert models["tiny-edgetpu"].why_not_here(tmp_path) == "no Edge TPU is plugged in"
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "apex_0").touch()
    assert models["tiny-edgetpu"].why_not_here(tmp_path) is None
    assert "this version" in models["tiny-hailo"].why_not_here(tmp_path)


def test_a_path_is_read_and_edited_and_its_name_is_the_id(manifest, tmp_path):
    path = put(tmp_path / "a")
    assert store(manifest, tmp_path).resolve(str(path)) == ("tiny.tflite", USED)


def test_a_file_of_any_name_will_do(manifest, tmp_path):
    path = put(tmp_path / "a").rename(tmp_path / "weights.bin")
    assert store(manifest, tmp_path).resolve(str(path)).model_id == "weights.bin"


def test_a_path_to_nothing_is_a_missing_input(manifest, tmp_path):
    with pytest.raises(InputMissing, match=r"nowhere\.tflite"):
        store(manifest, tmp_path).resolve("nowhere.tflite")


def test_a_path_to_no_model_is_an_error_that_names_it(manifest, tmp_path):
    path = put(tmp_path / "a", b"<html>404</html>")
    with pytest.raises(ModelError, match=r"a/tiny\.tflite: not a TensorFlow Lite model"):
        store(manifest, tmp_path).resolve(str(path))


@pytest.mark.parametrize("left_out", ["bytes", "sha256_published", "sha256_used"])
def test_a_checksum_is_known_whole_or_not_at_all(tmp_path, left_out):
    path = tmp_path / "manifest.toml"
    path.write_text(
        "\n".join(line for line in entry().splitlines() if not line.startswith(left_out)), encoding="utf-8"
    )
    with pytest.raises(ModelError, match=r"'tiny' must have all of .* or none"):
        ModelStore(manifest=path, environ={"HOME": "/x"})


@pytest.mark.parametrize(
    "text", ["model = 3", "[[model]]\nid = 'x'", "not toml", '[[model]]\nid="x"\ninput_wh=[1]']
)
def test_a_malformed_manifest_is_an_error_that_names_it(tmp_path, text):
    path = tmp_path / "manifest.toml"
    path.write_text(text)
    with pytest.raises(ModelError, match=r"manifest\.toml is malformed"):
        ModelStore(manifest=path, environ={"HOME": "/x"})


def test_a_missing_manifest_is_an_error_that_names_it(tmp_path):
    with pytest.raises(ModelError, match=r"manifest\.toml is missing"):
        ModelStore(manifest=tmp_path / "manifest.toml", environ={"HOME": "/x"})


class TestTheManifest:
    def models(self):
        return ModelStore(environ={"HOME": "/nowhere"}).models

    def test_ids_and_files_are_there_once(self):
        models = self.models()
        assert len({model.id for model in models}) == len(models)
        assert len({model.file for model in models}) == len(models)

    def test_the_default_is_in_it_and_can_be_run(self):
        [model] = [model for model in self.models() if model.id == default_model_id()]
        assert model.why_not_run is None

    def test_checksums_have_their_length_and_an_edit_changes_them(self):
        for model in filter(lambda model: model.checksum_known, self.models()):
            assert len(bytes.fromhex(model.sha256_published)) == len(bytes.fromhex(model.sha256_used)) == 32
            assert (model.sha256_published == model.sha256_used) == (model.edit == "none")

    def test_what_nobody_here_held_is_published_somewhere_and_its_size_is_not_made_up(self):
        unheld = [model for model in self.models() if not model.checksum_known]
        assert [model.id for model in unheld] == [
            "posenet-resnet-50-288x416",
            "posenet-resnet-50-288x416-edgetpu",
            "movenet-thunder",
            "movenet-thunder-edgetpu",
        ]
        for model in unheld:
            assert model.urls
            assert (model.file_bytes, model.sha256_published, model.sha256_used) == (None, None, None)

    def test_addresses_are_of_a_commit_and_end_in_the_file(self):
        for model in self.models():
            for url in model.urls:
                address = urlparse(url)
                assert address.scheme == "https"
                assert address.path.endswith("/" + model.file)
                assert any(len(part) == 40 for part in address.path.split("/"))

    def test_edge_tpu_models_are_named_so(self):
        for model in self.models():
            assert model.id.endswith("-edgetpu") == (model.target == "edgetpu")

    @pytest.mark.shared
    def test_published_models_are_as_the_manifest_says(self, shared):
        listed = {model.file: model for model in self.models() if model.urls and model.checksum_known}
        files = sorted((shared / "models").glob("*.tflite"))
        assert {file.name for file in files} == listed.keys()
        for file in files:
            content = file.read_bytes()
            model = listed[file.name]
            assert len(content) == model.file_bytes
            assert sha256(model.as_used(content, file)) == model.sha256_used
