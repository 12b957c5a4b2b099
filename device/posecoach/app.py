"""Where everything is put together: the only module that knows every adapter."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from posecoach.coach.intent import Wish
from posecoach.errors import CameraError, DisplayError, InputMissing, VoiceError
from posecoach.ports import Camera, Display, StagedEstimator, Voice
from posecoach.vision.letterbox import Resize
from posecoach.vision.movenet import is_movenet
from posecoach.vision.multi_pose import DecodeOptions

if TYPE_CHECKING:  # an adapter is imported when it is asked for
    from posecoach.adapters._espeak import Phrases
    from posecoach.adapters.recorded_voice import RecordedVoice


def open_camera(source: str) -> Camera:
    """The camera that ``--camera`` names: auto, picamera2, v4l2:DEVICE, file:PATH, synthetic[:ROUTINE].

    Raises:
        CameraError: There is no such device, or what drives it is not installed.
        InputMissing: There is no such file.
    """
    kind, _, rest = source.partition(":")
    if source == "auto":
        kind = _camera_here()
    if kind == "file" and rest:
        from posecoach.adapters.file_camera import FileCamera

        return FileCamera(Path(rest))
    if kind == "v4l2":
        from posecoach.adapters.v4l2_camera import V4l2Camera

        return V4l2Camera(rest or "/dev/video0")
    if kind == "picamera2":
        from posecoach.adapters.picamera2_camera import Picamera2Camera

        return Picamera2Camera()
    if kind == "synthetic":
        from posecoach.synthetic.camera import SyntheticCamera

        return SyntheticCamera(rest)
    if Path(source).exists():
        return open_camera(f"file:{source}")
    raise InputMissing(f"no camera {source!r}: expected auto, picamera2, v4l2:DEVICE, file:PATH or synthetic")


def import_camera(source: str) -> None:
    """Import what `open_camera` will need, so that it is quick then; never raises."""
    from importlib import import_module

    kind = source.partition(":")[0]
    module = {
        "picamera2": "posecoach.adapters.picamera2_camera",
        "v4l2": "posecoach.adapters.v4l2_camera",
        "synthetic": "posecoach.synthetic.camera",
    }
    with suppress(Exception):  # whoever opens it says why not
        kind = _camera_here() if kind == "auto" else kind
        import_module(module[kind])


def import_estimator() -> None:
    """Import what `open_estimator` will need, so that it is quick then; never raises."""
    with suppress(Exception):  # whoever opens it says why not
        from posecoach.adapters import litert_estimator, movenet_estimator  # noqa: F401
        from posecoach.vision.letterbox_compiled import fastest_resampler
        from posecoach.vision.multi_pose_compiled import fastest_decoder

        fastest_resampler()
        fastest_decoder()


def is_live(source: str) -> bool:
    """Whether ``--camera`` names something that does not wait for whoever looks."""
    kind, _, rest = source.partition(":")
    if kind == "synthetic":
        from posecoach.synthetic.scenario import Scenario

        return Scenario.parse(rest).live
    return kind in ("auto", "picamera2", "v4l2")


def _camera_here() -> str:
    """The kind of camera this machine has."""
    from importlib.util import find_spec

    if find_spec("picamera2") is not None:
        return "picamera2"
    if Path("/dev/video0").exists():
        return "v4l2"
    raise CameraError(
        "no camera found: neither picamera2 is installed nor is there a /dev/video0; "
        "plug one in, or use a recording with --camera file:PATH"
    )


def open_estimator(
    model: bytes,
    model_id: str,
    *,
    options: DecodeOptions | None = None,
    single: bool = False,
    resize: Resize = Resize.LETTERBOX,
    scale_factor: float = 1.0,
    flip_horizontal: bool = False,
    num_threads: int | None = None,
    tpu: str | None = None,
    probe: bool = True,
) -> StagedEstimator:
    """The estimator for a model, PoseNet or MoveNet, where its file says that it runs.

    Args:
        model: A .tflite file.
        model_id: The manifest's id of it, or the file's name.
        options: What counts as a person; of these MoveNet, which finds one, knows the score threshold.
        single: Decode one person, where there is a choice.
        resize: How the whole picture goes into the network's input.
        scale_factor: In (0, 1]: shrinks the picture inside the input.
        flip_horizontal: For pictures that are a mirror image.
        num_threads: Threads of the interpreter; by default one per core, at most 4.
        tpu: Which Edge TPU: ``usb``, ``pci``, ``usb:N``, ``pci:N`` or ``:N``.
        probe: Try an Edge TPU in a throw-away process first; not where this is one.

    Raises:
        ModelUnavailable: No interpreter is installed, or there is no Edge TPU that can be used.
        ModelError: `model` is not a model that can be used.
    """
    from posecoach.adapters.litert_estimator import LiteRtEstimator
    from posecoach.adapters.movenet_estimator import MoveNetEstimator

    options = options or DecodeOptions()
    if is_movenet(model):
        return MoveNetEstimator(
            model,
            model_id=model_id,
            score_threshold=options.score_threshold,
            resize=resize,
            scale_factor=scale_factor,
            flip_horizontal=flip_horizontal,
            num_threads=num_threads,
            tpu=tpu,
            probe=probe,
        )
    return LiteRtEstimator(
        model,
        model_id=model_id,
        options=options,
        single=single,
        resize=resize,
        scale_factor=scale_factor,
        flip_horizontal=flip_horizontal,
        num_threads=num_threads,
        tpu=tpu,
        probe=probe,
    )


def open_display(
    mode: Literal["auto", "fullscreen", "window", "headless"],
    wh: tuple[int, int] = (1280, 720),
    *,
    keys: Mapping[Wish, str] | None = None,
) -> Display:
    """The screen that ``--display`` names: auto is a window on a desktop, else the whole screen.

    Args:
        mode: Which.
        wh: Of a window, or of what is only drawn.
        keys: What further keys mean: names of keys with commas between.

    Raises:
        DisplayError: It cannot be opened.
    """
    from posecoach.adapters.pygame_display import PygameDisplay

    if mode != "auto":
        return PygameDisplay(mode, wh=wh, keys=keys)
    if has_desktop():
        return PygameDisplay("window", wh=wh, keys=keys)
    if any(Path("/sys/class/drm").glob("card*-*/status")):
        return PygameDisplay("fullscreen", wh=wh, keys=keys)
    raise DisplayError("no screen found: connect one, or use --display headless --record-screen OUT.mp4")


def open_voice(
    *, volume: float = 1.0, voice: str = "en-gb", words_per_minute: int = 170, folder: Path | None = None
) -> Voice:
    """The voice on this machine's sound device; signs alone where espeak-ng is not installed.

    Args:
        volume: From 0 to 1.
        voice: Of espeak-ng.
        words_per_minute: How fast it speaks.
        folder: Where phrases are kept.

    Raises:
        VoiceError: There is no sound device.
    """
    from posecoach.adapters.mixer_voice import MixerVoice

    return MixerVoice(_phrases(voice, words_per_minute, folder), volume=volume)


def open_recorded_voice(
    *, voice: str = "en-gb", words_per_minute: int = 170, folder: Path | None = None
) -> RecordedVoice:
    """The voice of a film of the screen; arguments as of `open_voice`."""
    from posecoach.adapters.recorded_voice import RecordedVoice

    return RecordedVoice(_phrases(voice, words_per_minute, folder))


def has_sound(root: Path = Path("/"), environ: Mapping[str, str] = os.environ) -> bool:
    """Whether something may be heard here: asked now and then, and much cheaper than to try."""
    if driver := environ.get("SDL_AUDIODRIVER"):
        return driver != "dummy"
    if environ.get("PULSE_SERVER") or any(root.glob("dev/snd/pcmC*p")):
        return True
    sockets = root / environ.get("XDG_RUNTIME_DIR", "nowhere").lstrip("/")
    return any((sockets / name).exists() for name in ("pulse/native", "pipewire-0"))


def import_voice() -> None:
    """Import what `open_voice` will need, so that it is quick then; never raises."""
    with suppress(Exception):  # whoever opens it says why not
        from posecoach.adapters import mixer_voice  # noqa: F401


def _phrases(voice: str, words_per_minute: int, folder: Path | None) -> Phrases | None:
    from posecoach.adapters._espeak import Phrases

    try:
        return Phrases(folder, voice=voice, words_per_minute=words_per_minute)
    except VoiceError:
        return None  # signs are worth hearing without words


def has_desktop() -> bool:
    """Whether a window can be opened here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
