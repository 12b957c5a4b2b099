"""Parts that fail on demand, each in its own process: what is supervised then really hangs, or is gone."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.intent import Intent
from posecoach.coach.scene import Scene
from posecoach.coach.utterance import Said, Utterance
from posecoach.errors import CameraError, DisplayError
from posecoach.frame import Frame
from posecoach.ports import Camera, Closes, Display, PoseEstimator, Voice
from posecoach.pose import PoseEstimate
from posecoach.service.faults import Injection
from posecoach.skeleton import NUM_KEYPOINTS

Clock = Callable[[], float]


class Faults:
    """The faults of one part in one process."""

    def __init__(
        self, injections: Sequence[Injection], begun_at: float, clock: Clock = time.monotonic
    ) -> None:
        """A process is opened now; for one that stood by, `serve` says when it is used.

        Args:
            injections: Of this part.
            begun_at: When the coach has begun, on the clock of all processes.
            clock: That clock.
        """
        self._injections, self._begun_at, self._clock = injections, begun_at, clock
        self._opened_s = clock() - begun_at

    def serve(self) -> None:
        """The process is used from now on: what has struck the one before it was not its fault."""
        self._opened_s = self._clock() - self._begun_at

    def now(self) -> dict[str, Injection]:
        """Those that strike now, by kind."""
        now_s = self._clock() - self._begun_at
        return {each.kind: each for each in self._injections if each.strikes(now_s, self._opened_s)}


def die_if(faults: dict[str, Injection]) -> None:
    """End or stop this process, or hang, if that is the fault."""
    if "kill" in faults:
        os.kill(os.getpid(), signal.SIGKILL)
    if "stop" in faults:
        os.kill(os.getpid(), signal.SIGSTOP)
    if "abort" in faults:
        os.abort()
    if "hang" in faults or "stall" in faults:
        threading.Event().wait()  # for ever


class FaultyCamera(Closes):
    """A live camera with faults."""

    live = True
    duration_s = None

    def __init__(self, camera: Camera, faults: Faults) -> None:
        """Spoil `camera`."""
        self._camera, self._faults = camera, faults

    def frames(self) -> Iterator[Frame]:
        """Yield its frames, until a fault strikes."""
        for frame in self._camera.frames():
            faults = self._faults.now()
            die_if(faults)
            if "unplug" in faults:
                raise CameraError("the camera was unplugged (injected)")
            if "black" in faults:
                yield replace(
                    frame,
                    image=np.zeros_like(frame.image),
                    lores=None if frame.lores is None else np.zeros_like(frame.lores),
                )
            else:
                yield frame

    def close(self) -> None:
        """Close it."""
        self._camera.close()


class FaultyEstimator(Closes):
    """An estimator with faults."""

    def __init__(self, estimator: PoseEstimator, faults: Faults) -> None:
        """Spoil `estimator`."""
        self._estimator, self._faults = estimator, faults
        self._serves = False
        self._random = np.random.default_rng(os.getpid())

    @property
    def model_id(self) -> str:
        """Of what is spoilt."""
        return self._estimator.model_id

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        """The people in `frame`, or nonsense, or nothing ever."""
        if not self._serves:  # one that stood by was opened long ago
            self._serves = True
            self._faults.serve()
        faults = self._faults.now()
        die_if(faults)
        if "nonsense" in faults:
            return [self._nonsense(frame.wh)]
        begun_at = time.monotonic()
        poses = self._estimator.estimate(frame)
        if "slow" in faults:
            time.sleep((time.monotonic() - begun_at) * (faults["slow"].factor - 1))
        return poses

    def close(self) -> None:
        """Close it."""
        self._estimator.close()

    def _nonsense(self, wh: tuple[int, int]) -> PoseEstimate:
        """A pose of the right form that nobody has."""
        return PoseEstimate(
            self._random.uniform((0, 0), wh, (NUM_KEYPOINTS, 2)),
            self._random.uniform(0.5, 1.0, NUM_KEYPOINTS),
            float(self._random.uniform(0.5, 1.0)),
        )


class FaultyDisplay(Closes):
    """A screen with faults."""

    def __init__(self, display: Display, faults: Faults) -> None:
        """Spoil `display`."""
        self._display, self._faults = display, faults

    @property
    def wh(self) -> tuple[int, int]:
        """Of what is spoilt."""
        return self._display.wh

    def show(self, scene: Scene) -> bool:
        """Show it, unless a fault strikes."""
        if "gone" in self._faults.now():
            raise DisplayError("the screen was lost (injected)")
        return self._display.show(scene)

    def intents(self) -> list[Intent]:
        """Of what is spoilt."""
        return self._display.intents()

    def pixels(self) -> NDArray[np.uint8]:
        """What was shown last."""
        return self._display.pixels()

    def close(self) -> None:
        """Close it."""
        self._display.close()


class FaultyVoice(Closes):
    """A voice with faults: they strike when it is to say something."""

    def __init__(self, voice: Voice, faults: Faults) -> None:
        """Spoil `voice`."""
        self._voice, self._faults = voice, faults

    def prepare(self, texts: Iterable[str]) -> None:
        """Get ready to say these."""
        self._voice.prepare(texts)

    def length_s(self, utterance: Utterance) -> float:
        """Of what is spoilt."""
        return self._voice.length_s(utterance)

    def say(self, said: Said) -> None:
        """Say it, unless a fault strikes."""
        die_if(self._faults.now())
        self._voice.say(said)

    def close(self) -> None:
        """Close it."""
        self._voice.close()


def open_faulty_camera(
    make: Callable[[], Camera],
    injections: Sequence[Injection],
    begun_at: float,
    clock: Clock = time.monotonic,
) -> FaultyCamera:
    """Open a camera with faults; none while it is unplugged."""
    faults = Faults(injections, begun_at, clock)
    if "unplug" in faults.now():
        raise CameraError("no camera found: it was unplugged (injected)")
    return FaultyCamera(make(), faults)


def open_faulty_estimator(
    make: Callable[[], PoseEstimator], injections: Sequence[Injection], begun_at: float
) -> FaultyEstimator:
    """Open an estimator with faults."""
    return FaultyEstimator(make(), Faults(injections, begun_at))


def open_faulty_display(
    make: Callable[[], Display],
    injections: Sequence[Injection],
    begun_at: float,
    clock: Clock = time.monotonic,
) -> FaultyDisplay:
    """Open a screen with faults; none while it is gone."""
    faults = Faults(injections, begun_at, clock)
    if "gone" in faults.now():
        raise DisplayError("no screen found: it was lost (injected)")
    return FaultyDisplay(make(), faults)


def open_faulty_voice(
    make: Callable[[], Voice], injections: Sequence[Injection], begun_at: float
) -> FaultyVoice:
    """Open a voice with faults."""
    return FaultyVoice(make(), Faults(injections, begun_at))
