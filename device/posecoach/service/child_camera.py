"""A live camera in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from posecoach.errors import CameraError, CameraTimeout
from posecoach.frame import Frame
from posecoach.ports import Camera
from posecoach.service.child_part import ChildPart
from posecoach.service.slot import TornPicture
from posecoach.service.spawned import Gone, Spawned
from posecoach.service.wire import FRAME, FREE, OPEN, FrameNote

OPEN_WITHIN_S: Final = 20.0
FIRST_WITHIN_S: Final = 10.0
"""The longest wait for a first frame: a camera finds its exposure."""
DEADLINE_S: Final = 1.0
"""The longest wait for a frame; a webcam in a dark room gives five a second."""
SAME_CLOCK_S: Final = 5.0
"""A frame's time further from now than this is of another clock than ours."""


class CameraLost(CameraError):
    """The process of a camera has ended, or does not do as it should; it is killed."""


class CameraStalled(CameraLost, CameraTimeout):
    """A camera gives no frame any more; its process is killed."""


class ChildCamera(ChildPart):
    """Runs a live camera in a child process. One process: when it fails, this fails, and another is made.

    ``captured_at`` is on the monotonic clock of this machine, whatever clock the camera has: after one
    process, the next goes on in the same time.
    """

    failure = CameraError

    live = True
    duration_s = None

    def __init__(
        self,
        make: Callable[[], Camera],
        *,
        child: Spawned | None = None,
        deadline_s: float = DEADLINE_S,
        open_within_s: float = OPEN_WITHIN_S,
        first_within_s: float = FIRST_WITHIN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Have the camera opened; `frames` waits for it.

        Args:
            make: Opens the real one, in the child; picklable.
            child: A process that was prepared for it.
            deadline_s: The longest wait for a frame; then the process is killed.
            open_within_s: The longest `make` may take.
            first_within_s: The longest wait for the first frame.
            clock: Of this process.

        Raises:
            CameraLost: The process has ended at once.
        """
        self._deadline_s, self._open_within_s = deadline_s, open_within_s
        self._first_within_s = first_within_s
        self._clock = clock
        self._read = False
        super().__init__(child)
        try:
            self._child.open(make)
        except Gone as error:
            raise self._lost(f"could not be opened: {error}") from error

    def frames(self) -> Iterator[Frame]:
        """Yield the newest frames; may be called once.

        Raises:
            CameraStalled: The camera gave no frame in time.
            CameraLost: Its process has ended, or gives frames that cannot be true.
            CameraError: What the camera itself has raised, or it is closed, or `frames` was called before.
        """
        if self._closed or self._read:
            state = "closed" if self._closed else "already read"
            raise CameraError(f"the camera is {state}; make a new one")
        self._read = True
        return self._as_frames()

    def _as_frames(self) -> Iterator[Frame]:
        self._told(self._open_within_s, OPEN)
        index, newest_s, offset_s = 0, float("-inf"), 0.0
        image_hw: tuple[int, int] | None = None
        while True:
            note = FrameNote.unpacked(self._told(self._deadline_s if index else self._first_within_s, FRAME))
            if image_hw is None:
                image_hw = note.image_hw
                offset_s = self._offset_s(note.captured_at)
            captured_at = note.captured_at + offset_s
            if note.image_hw != image_hw or not captured_at > newest_s:
                raise self._lost(
                    f"gives frames that cannot be true: of {note.image_hw} after {image_hw} pixels (height,"
                    f" width), of {captured_at:.3f} s after {newest_s:.3f} s"
                )
            newest_s = captured_at
            frame = self._copied(note, index, captured_at)
            yield frame
            index += 1

    def _copied(self, note: FrameNote, index: int, captured_at: float) -> Frame:
        """The frame in the slot, which is then free for the next."""
        try:
            image, *lores = self._child.slot.read(note.number, *note.pictures)
            self._child.send(FREE)
        except TornPicture as error:
            raise self._lost(f"breaks its word: {error}") from error
        except (Gone, OSError):  # the frame was whole; what has happened is told at the next
            pass
        return Frame(index, captured_at, image, lores[0] if lores else None)

    def _told(self, within_s: float, kind: bytes) -> bytes:
        if self._closed:
            raise CameraError("the camera was closed while its frames were being read")
        try:
            return super()._told(within_s, kind)
        except Gone as error:
            raise self._lost(f"stopped: {error}") from error

    def _offset_s(self, captured_at: float) -> float:
        """What to add to the camera's times."""
        now = self._clock()
        return 0.0 if abs(now - captured_at) < SAME_CLOCK_S else now - captured_at

    def _hangs(self, within_s: float) -> CameraStalled:
        self.close()
        return CameraStalled(f"the camera gave no frame within {within_s:g} s; its process was killed")

    def _lost(self, why: str) -> CameraLost:
        self.close()
        return CameraLost(f"the camera's process {why}")
