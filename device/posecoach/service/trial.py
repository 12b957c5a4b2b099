"""Try a part of the box in a throw-away process: what crashes or hangs there takes nothing with it.

``python -m posecoach.service.trial WHAT [ARGUMENT...]`` is that process; its last line is a JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

_PACKAGE_PARENT: Final = Path(__file__).resolve().parents[2]


def tried(what: str, *arguments: str, limit_s: float) -> tuple[dict[str, Any] | None, str]:
    """Run a trial in another process.

    Args:
        what: ``camera``, ``inference``, ``picture``, ``screen`` or ``speech``.
        arguments: Of the trial.
        limit_s: It is killed after so long.

    Returns:
        What it found, or `None` and why not.
    """
    # -P: no module is taken from the working directory.
    command = [sys.executable, "-P", "-m", __name__, what, *arguments]
    searched = [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    # Without the compiled kernels: loading them takes longer than what a trial does with them.
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, searched)), "NUMBA_DISABLE_JIT": "1"}
    try:
        done = subprocess.run(command, env=environ, capture_output=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        return None, f"no answer within {limit_s:g} s"
    lines = done.stdout.decode("utf-8", errors="replace").splitlines()
    try:
        said: dict[str, Any] = json.loads(lines[-1])
    except (IndexError, ValueError):
        return None, _ended(done.returncode, done.stderr.decode("utf-8", errors="replace"))
    return (None, str(said["refused"])) if "refused" in said else (said, "")


def _ended(code: int, stderr: str) -> str:
    try:
        how = f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    except ValueError:
        how = f"ended by signal {-code}"
    last = next((line.strip() for line in reversed(stderr.splitlines()) if line.strip()), "")
    return f"{how} ({last})" if last else how


def _camera(source: str) -> dict[str, Any]:
    """Three frames, of one size and in order of time."""
    from posecoach.app import open_camera

    with open_camera(source) as camera:
        frames = [frame for frame, _ in zip(camera.frames(), range(3), strict=False)]
    if not frames:
        return {"refused": "the camera gave no frame"}
    dark = float(frames[-1].image.mean())
    return {"wh": list(frames[-1].wh), "frames": len(frames), "brightness": round(dark, 1)}


def _inference(model: str) -> dict[str, Any]:
    """One picture of the athlete through a model."""
    from posecoach.adapters.model_store import ModelStore
    from posecoach.app import open_estimator
    from posecoach.synthetic.camera import SyntheticCamera

    stored = ModelStore().resolve(model)
    with SyntheticCamera("squat,reps=1") as camera:
        frame = next(iter(camera.frames()))
    with open_estimator(stored.content, stored.model_id) as estimator:
        estimator.estimate(frame)
        began = time.perf_counter()
        poses = estimator.estimate(frame)
        took_s = time.perf_counter() - began
    return {"model": stored.model_id, "people": len(poses), "ms": round(1000.0 * took_s, 1)}


def _picture() -> dict[str, Any]:
    """The first scene of a session, drawn."""
    from posecoach.adapters.routine_folder import STARTER, RoutineFolders
    from posecoach.adapters.track_file import read_track, write_track
    from posecoach.app import open_display
    from posecoach.coach.compose import compose
    from posecoach.coach.session import Session

    store = RoutineFolders(STARTER, read_track=read_track, write_track=write_track)
    with open_display("headless") as display:
        session = Session(store.load("squat"), lambda view: compose(view, display.wh))
        display.show(session.step(0.0, None, ()))
        pixels = display.pixels()
    return {
        "wh": [pixels.shape[1], pixels.shape[0]],
        "shades": len({int(value) for value in pixels[..., 1].flat[::97]}),
    }


def _speech() -> dict[str, Any]:
    """One word, rendered and said."""
    from posecoach.app import open_voice
    from posecoach.coach.utterance import WITHIN_S, Kind, Said, Utterance

    three = Utterance(Kind.COUNT, 0.0, "3", within_s=WITHIN_S)
    began = time.perf_counter()
    with open_voice() as voice:
        opened = time.perf_counter()
        guessed_s = voice.length_s(three)
        voice.say(Said(three, 0.0))
        said = time.perf_counter()
        length_s = voice.length_s(three)
        voice.say(Said(three, 0.0))  # again: on a busy machine the first was too late to be heard
        time.sleep(length_s + 0.2)
    if length_s == guessed_s:
        return {"refused": "nothing here speaks"}
    ms = {"open_ms": 1000.0 * (opened - began), "render_ms": 1000.0 * (said - opened)}
    return {"length_s": round(length_s, 2), **{name: round(took, 1) for name, took in ms.items()}}


def _screen(mode: str) -> dict[str, Any]:
    """The screen itself, opened and drawn on."""
    from posecoach.app import open_display
    from posecoach.coach.scene import Scene

    with open_display(mode) as display:  # type: ignore[arg-type]
        for _ in range(3):  # every one of a driver's pages
            display.show(Scene())
        return {"wh": list(display.wh)}


def _main(what: str, *arguments: str) -> None:
    from posecoach.errors import PosecoachError

    trials = {
        "camera": _camera,
        "inference": _inference,
        "picture": _picture,
        "screen": _screen,
        "speech": _speech,
    }
    try:
        said = trials[what](*arguments)  # type: ignore[operator]
    except PosecoachError as error:
        said = {"refused": str(error)}
    os.write(1, ("\n" + json.dumps(said) + "\n").encode())
    # A driver's own threads may not let the interpreter end.
    os._exit(0)


if __name__ == "__main__":
    _main(*sys.argv[1:])
