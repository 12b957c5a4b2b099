"""When to look and when to draw: frames come at their times, the screen at its own steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from posecoach.errors import CameraError, CameraTimeout
from posecoach.frame import Frame
from posecoach.newest import Ended, Newest
from posecoach.ports import Camera

SCREEN_RATE_HZ: Final = 30.0
HELD_RATE_HZ: Final = 5.0
FIRST_FRAME_WITHIN_S: Final = 20.0
STOP_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Tick:
    """One turn of the loop.

    Attributes:
        now: Seconds on the camera's clock.
        frame: A frame to look at, or `None` where there is none since the tick before.
        draw: Whether the screen is due.
    """

    now: float
    frame: Frame | None
    draw: bool


def held_start(frames: Iterable[Frame], hold_s: float) -> Iterator[Frame]:
    """Hold the first frame for a while, then go on: a recording cannot wait for the coach to count it in."""
    stream = iter(frames)
    first = next(stream, None)
    if first is None:
        return
    held = round(held_s(hold_s) * HELD_RATE_HZ)
    for index in range(held):
        yield replace(first, index=index, captured_at=index / HELD_RATE_HZ)
    offset_s = held / HELD_RATE_HZ - first.captured_at
    for frame in chain([first], stream):
        yield replace(frame, index=frame.index + held, captured_at=frame.captured_at + offset_s)


def held_s(hold_s: float) -> float:
    """For how long `held_start` really holds it: a whole number of its own frames."""
    return int(hold_s * HELD_RATE_HZ) / HELD_RATE_HZ


def recorded_ticks(
    frames: Iterable[Frame], rate_hz: float = SCREEN_RATE_HZ, *, paced: bool = False
) -> Iterator[Tick]:
    """Play a recording: every frame is looked at, and the screen is drawn at a steady rate.

    Args:
        frames: In order of time.
        rate_hz: Of the screen.
        paced: Whether to wait for the time of each tick, for somebody to watch; without it the
            recording goes by as fast as it can be coached.
    """
    due, start = 0, time.monotonic()
    for frame in frames:
        while (now := due / rate_hz) < frame.captured_at - 1e-6:
            _wait_until(start + now, paced)
            yield Tick(now, None, draw=True)
            due += 1
        yield Tick(frame.captured_at, frame, draw=False)
    yield Tick(due / rate_hz, None, draw=True)


def still_ticks(
    start_s: float, for_s: float, rate_hz: float = SCREEN_RATE_HZ, *, paced: bool = False
) -> Iterator[Tick]:
    """Go on drawing when no frame comes any more."""
    begun = time.monotonic()
    for number in range(1, int(for_s * rate_hz) + 1):
        _wait_until(begun + number / rate_hz, paced)
        yield Tick(start_s + number / rate_hz, None, draw=True)


def live_ticks(
    camera: Camera, rate_hz: float = SCREEN_RATE_HZ, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Tick]:
    """Watch a live camera: a thread keeps its newest frame, older ones are dropped.

    Raises:
        CameraTimeout: No first frame came.
        CameraError: Whatever the camera raised, in the thread of the caller.
    """
    newest = Newest(lambda: (frame for frame in camera.frames()), name="camera")
    try:
        first = _first(newest)
        if first is None:
            raise CameraTimeout(
                f"the camera gave no frame within {FIRST_FRAME_WITHIN_S:.0f} s; check its cable"
            )
        frame: Frame | None = first
        now = first.captured_at
        offset_s = now - clock()
        while True:
            now = max(now, clock() + offset_s, frame.captured_at if frame else now)
            yield Tick(now, frame, draw=True)
            frame = _taken(newest, max(1.0 / rate_hz - (clock() + offset_s - now), 0.001))
    except Ended:
        return
    finally:
        newest.stop(STOP_WITHIN_S)


def _first(newest: Newest[Frame]) -> Frame | None:
    try:
        return _taken(newest, FIRST_FRAME_WITHIN_S)
    except Ended as error:
        raise CameraError("the camera ended before its first frame; check its cable") from error


def _taken(newest: Newest[Frame], within_s: float) -> Frame | None:
    """The newest frame, `None` where there was none in time; raises what the camera raised."""
    try:
        return newest.take(within_s)
    except CameraError:  # its own time-out is an error, ours is an empty tick
        raise
    except TimeoutError:
        return None


def _wait_until(at: float, paced: bool) -> None:
    if paced and (left := at - time.monotonic()) > 0:
        time.sleep(left)
