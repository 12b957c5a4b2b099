"""The way to an Edge TPU, with a stand-in for its library; the last test wants the real one."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters._edgetpu import LIBRARY_VARIABLE, is_device, patiently, pycoral_folder
from posecoach.adapters._edgetpu_probe import probe_pair
from posecoach.adapters._edgetpu_seen import attached
from posecoach.adapters.litert_estimator import LiteRtEstimator
from posecoach.adapters.model_store import ModelStore
from posecoach.adapters.movenet_estimator import MoveNetEstimator
from posecoach.adapters.pictures import write_png
from posecoach.cli import main
from posecoach.errors import ModelUnavailable
from posecoach.frame import Frame
from standin_edgetpu import StandIn, standin_library
from tiny_posenet import INPUT_WH, compiled_posenet, tiny_posenet

WIDTH, HEIGHT = INPUT_WH
DEVICE = Path(__file__).parents[2] / "device"
COMPILED = compiled_posenet()

SIZES = {"353_481": (23, 31), "481_641": (31, 41), "721_1281": (46, 81)}
QUANTISED = [(17, 0.04705882, 128), (34, 0.39215687, 128), (64, 1.3875765, 117)]
"""Channels, scale and zero point of the published files' heads."""


@pytest.fixture
def standin(monkeypatch):
    """The stand-in as this box's library; `STANDIN` sets what it does."""
    monkeypatch.setenv(LIBRARY_VARIABLE, str(standin_library()))
    monkeypatch.delenv("STANDIN", raising=False)
    return StandIn()


def opened(model=COMPILED, **options):
    return LiteRtEstimator(model, model_id="tiny-edgetpu", **options)


def published(shared, name):
    return (shared / "models" / name).read_bytes()


def pattern(place, shape, middle):
    """What the stand-in answers at output number `place`, for a picture of that colour."""
    count = int(np.prod(shape))
    return ((50 * place + np.arange(count) % 40 + middle) % 256).astype(np.uint8).reshape(shape)


def refusal(**options):
    with pytest.raises(ModelUnavailable) as caught:
        opened(**options)
    assert caught.value.exit_code == 69
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("probe", [True, False])
def test_it_is_warm_before_the_first_frame(standin, probe):
    with opened(probe=probe):
        assert (standin.claimed, standin.invoked) == (1, 2)


@pytest.mark.parametrize("device", ["usb", "pci", "usb:1", "pci:0", ":2"])
def test_the_device_that_is_chosen_reaches_the_library(standin, device):
    with opened(tpu=device, probe=False):
        assert standin.options == f"device={device};"


@pytest.mark.parametrize("device", [None, ""])
def test_without_a_choice_the_library_takes_any(standin, device):
    with opened(tpu=device, probe=False):
        assert standin.options == ""


def test_the_heads_come_in_their_order_type_and_scale(standin):
    with opened(probe=False) as estimator:
        heads = estimator.infer(np.full((HEIGHT, WIDTH, 3), 9, np.uint8))
    for place, head in enumerate((heads.heatmaps, heads.short_offsets, heads.mid_offsets)):
        assert np.array_equal(head.values, pattern(place, head.values.shape, 9))
    assert [head.scale for head in (heads.heatmaps, heads.short_offsets, heads.mid_offsets)] == pytest.approx(
        [0.05, 0.4, 0.1]
    )


@pytest.mark.shared
@pytest.mark.parametrize("size", SIZES)
def test_the_published_models_give_their_heads_after_the_edit(standin, shared, size):
    model = published(shared, f"posenet_mobilenet_v1_075_{size}_quant_decoder_edgetpu.tflite")
    rows, columns = map(int, size.split("_"))
    with opened(model, probe=False) as estimator:
        assert estimator.input_wh == (columns, rows)
        heads = estimator.infer(np.full((rows, columns, 3), 77, np.uint8))
    assert standin.claimed == 1
    assert heads.output_stride == 16
    for place, head in enumerate((heads.heatmaps, heads.short_offsets, heads.mid_offsets)):
        channels, scale, zero_point = QUANTISED[place]
        assert head.values.dtype == np.uint8
        assert (head.scale, head.zero_point) == (pytest.approx(scale), zero_point)
        assert np.array_equal(head.values, pattern(place, (*SIZES[size], channels), 77))


@pytest.mark.shared
def test_movenet_runs_what_the_device_leaves_on_the_processor(standin, shared):
    model = published(shared, "movenet_single_pose_lightning_ptq_edgetpu.tflite")
    with MoveNetEstimator(
        model, model_id="movenet-lightning-edgetpu", probe=False, num_threads=1
    ) as estimator:
        answer = estimator.infer(np.zeros((192, 192, 3), np.uint8))
    assert (standin.claimed, standin.invoked) == (1, 3)
    assert (answer.shape, answer.dtype) == ((1, 17, 3), np.float32)
    assert np.isfinite(answer).all()


def test_the_whole_pipeline_runs_on_it(standin, monkeypatch):
    monkeypatch.setenv("STANDIN", "bright")
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[40:57, 56:73] = 255
    with opened(tpu="usb") as estimator:
        [pose] = estimator.estimate(Frame(0, 0.0, image))
    assert pose.keypoints_xy[0] == pytest.approx((64, 48), abs=8)


def test_a_library_that_ends_the_process_is_found_out_in_another_one(standin, monkeypatch):
    monkeypatch.setenv("STANDIN", "segfault")
    said = refusal()
    assert "ended by SIGSEGV when it created the delegate" in said
    assert "ai-edge-litert 2." in said  # the pair, by name
    assert "libedgetpu.so.1, BuildLabel(stand-in), RuntimeVersion(14)" in said
    assert "16.0tf2.19.1-1 on Trixie" in said
    assert "use --model tiny" in said


@pytest.mark.parametrize(
    ("behaviour", "when"),
    [("segfault-prepare", "took the model"), ("segfault-invoke", "ran its first inference")],
)
def test_it_says_how_far_the_pair_came(standin, monkeypatch, behaviour, when):
    monkeypatch.setenv("STANDIN", behaviour)
    assert f"ended by SIGSEGV when it {when}" in refusal()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="known of x86-64")
def test_a_library_for_another_tensorflow_is_found_out(monkeypatch):
    # The interpreter takes what lies behind the short struct for a pointer.
    monkeypatch.setenv(LIBRARY_VARIABLE, str(standin_library(old_struct=True)))
    assert "do not fit each other" in refusal()


def test_a_library_that_hangs_is_given_up(standin):
    with pytest.raises(ModelUnavailable, match=r"did not answer within 0 s.*unplug"):
        probe_pair(COMPILED, "tiny", device="", num_threads=None, timeout_s=0)


@pytest.mark.parametrize("probe", [True, False])
def test_without_a_device_it_says_what_to_plug_in(standin, monkeypatch, probe):
    monkeypatch.setenv("STANDIN", "no-device")
    if attached():
        pytest.skip("there is an Edge TPU on this machine")
    said = refusal(tpu="usb", probe=probe)
    assert "no Edge TPU 'usb' for tiny-edgetpu: none is to be seen on USB or PCIe; plug one in" in said


@pytest.mark.parametrize("probe", [True, False])
def test_without_the_library_it_says_what_to_install(monkeypatch, probe):
    monkeypatch.setenv(LIBRARY_VARIABLE, "/nowhere/libedgetpu.so.1")
    said = refusal(probe=probe)
    assert "/nowhere/libedgetpu.so.1: cannot open shared object file" in said
    assert "install libedgetpu1-std" in said


def test_an_inference_that_fails_later_is_a_device_that_is_gone(standin, monkeypatch):
    monkeypatch.setenv("STANDIN", "fail-invoke")
    gone = pytest.raises(ModelUnavailable, match=r"Edge TPU failed while it ran tiny-edgetpu.*plug it back")
    with opened(probe=False) as estimator, gone:
        estimator.infer(np.zeros((HEIGHT, WIDTH, 3), np.uint8))


def test_a_device_that_nobody_has_is_named():
    assert "no Edge TPU 'gpu': expected usb, pci, usb:N, pci:N or :N" in refusal(tpu="gpu")


@pytest.mark.parametrize("device", ["", "usb", "pci", ":0", "usb:12"])
def test_devices_are_named_as_the_library_names_them(device):
    assert is_device(device)


@pytest.mark.parametrize("device", ["0", "usb:", "usb:-1", "usb1", " usb", "usb\n", "pci:0:1"])
def test_other_names_are_not(device):
    assert not is_device(device)


def test_a_model_for_the_processor_is_not_taken_to_a_device(standin):
    with pytest.raises(ModelUnavailable, match=r"tiny is a model for the processor.*leave --tpu out"):
        LiteRtEstimator(tiny_posenet(), model_id="tiny", tpu="usb")


def test_it_tries_again_while_a_stick_comes_back_with_its_firmware():
    answers = iter([ValueError("no"), ValueError("no"), "delegate"])

    def attempt():
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    assert patiently(attempt, worth_it=lambda: True, pauses_s=(0, 0, 0)) == "delegate"


@pytest.mark.parametrize(("seen", "attempts"), [(False, 1), (True, 3)])
def test_it_gives_up_at_once_where_none_is_to_be_seen(seen, attempts):
    made = []

    def attempt():
        made.append(1)
        raise ValueError("none")

    with pytest.raises(ValueError, match="none"):
        patiently(attempt, worth_it=lambda: seen, pauses_s=(0, 0))
    assert len(made) == attempts


def test_sticks_are_told_apart_by_their_ids(tmp_path):
    for name, vendor, product in (("1-1", "1a6e", "089a"), ("1-2", "18d1", "9302"), ("1-3", "18d1", "4ee7")):
        folder = tmp_path / "sys/bus/usb/devices" / name
        folder.mkdir(parents=True)
        (folder / "idVendor").write_text(vendor + "\n")
        (folder / "idProduct").write_text(product + "\n")
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/apex_0").touch()
    assert attached(tmp_path) == [
        "an Edge TPU on USB, 1a6e:089a, waiting for its firmware",
        "an Edge TPU on USB, 18d1:9302, with its firmware loaded",
        f"an Edge TPU on PCIe, {tmp_path}/dev/apex_0",
    ]
    assert attached(tmp_path / "nothing") == []


@pytest.fixture
def pycoral(tmp_path, monkeypatch):
    """A package named pycoral that must not be run to find out what it is."""
    folder = tmp_path / "pycoral"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('somebody ran me')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def test_the_unrelated_pycoral_is_not_google_s(pycoral, standin):
    assert pycoral_folder() is None
    with opened(probe=False):
        assert standin.claimed == 1


def test_google_s_pycoral_is_known_by_its_module(pycoral):
    (pycoral / "utils").mkdir()
    (pycoral / "utils/edgetpu.py").touch()
    assert pycoral_folder() == pycoral


MAKE_INTERPRETER = """
import os
from ai_edge_litert import interpreter

def make_interpreter(model_path_or_content, device=None):
    print("pycoral makes it for", device, flush=True)
    delegate = interpreter.load_delegate("libedgetpu.so.1", {"device": device} if device else {})
    return interpreter.Interpreter(
        model_content=model_path_or_content, experimental_delegates=[delegate])
"""


def test_google_s_pycoral_makes_the_interpreter_where_it_is(tmp_path):
    folder = tmp_path / "pycoral" / "utils"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent):
        (package / "__init__.py").touch()
    (folder / "edgetpu.py").write_text(MAKE_INTERPRETER)
    (tmp_path / "tiny-edgetpu.tflite").write_bytes(COMPILED)
    script = (
        "from pathlib import Path\n"
        "from posecoach.adapters.litert_estimator import LiteRtEstimator\n"
        f"model = Path({str(tmp_path / 'tiny-edgetpu.tflite')!r}).read_bytes()\n"
        "print(LiteRtEstimator(model, model_id='tiny', tpu='usb', probe=False).input_wh)\n"
    )
    # The loader finds the stand-in under the real library's name.
    environ = os.environ | {
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{DEVICE}",
        "LD_LIBRARY_PATH": str(standin_library().parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines() == ["pycoral makes it for usb", str(INPUT_WH)]


def test_the_command_runs_on_the_device_that_is_chosen(standin, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("STANDIN", "bright")
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[40:57, 56:73] = 255
    write_png(tmp_path / "picture.png", image)
    (tmp_path / "tiny-edgetpu.tflite").write_bytes(COMPILED)
    command = ["pose", str(tmp_path / "picture.png"), "--model", str(tmp_path / "tiny-edgetpu.tflite")]
    assert main([*command, "--tpu", "usb:0", "--threads", "1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["poses"]) == 1
    assert standin.options == "device=usb:0;"


def test_the_command_says_in_one_line_what_is_missing(tmp_path, capsys, monkeypatch):
    (tmp_path / "tiny-edgetpu.tflite").write_bytes(COMPILED)
    (tmp_path / "picture.png").touch()
    monkeypatch.setenv(LIBRARY_VARIABLE, "/nowhere/libedgetpu.so.1")
    command = ["pose", str(tmp_path / "picture.png"), "--model", str(tmp_path / "tiny-edgetpu.tflite")]
    assert main(command) == 69
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "install libedgetpu1-std" in said


@pytest.mark.hardware
@pytest.mark.shared
def test_a_real_edge_tpu_sees_what_the_processor_sees(shared):
    """The couple, with the tolerances of the official test of these models."""
    if not attached():
        pytest.skip("needs a Coral Edge TPU; none is to be seen on USB or PCIe")
    try:
        ctypes.CDLL("libedgetpu.so.1")
    except OSError as error:
        pytest.skip(f"needs the Edge TPU's library: {error}")
    store = ModelStore(environ={"POSECOACH_MODELS": str(shared / "models"), "HOME": "/nowhere"})
    with np.load(shared / "golden" / "test_couple__353_481.npz", allow_pickle=False) as golden:
        frame = Frame(0, 0.0, golden["input"])
    seen = []
    for model_id in ("posenet-mobilenet-075-353x481", "posenet-mobilenet-075-353x481-edgetpu"):
        stored = store.resolve(model_id)
        with LiteRtEstimator(stored.content, model_id=model_id) as estimator:
            seen.append(estimator.estimate(frame))
    for pose, same in zip(*seen, strict=True):
        assert pose.keypoints_xy == pytest.approx(same.keypoints_xy, abs=4.0)
        assert pose.keypoint_scores == pytest.approx(same.keypoint_scores, abs=0.1)
