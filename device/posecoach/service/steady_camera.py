"""A camera that goes on: its process is replaced whenever it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from posecoach.coach.phrase import Phrase
from posecoach.coach.view import TroubleView
from posecoach.errors import CameraError, PosecoachError
from posecoach.frame import Frame
from posecoach.ports import Closes
from posecoach.service.board import Board
from posecoach.service.child_camera import CameraLost, CameraStalled, ChildCamera
from posecoach.service.ladder import CAMERA_LADDER, Cause, Climb, Remedy
from posecoach.service.last_resort import LastResort
from posecoach.service.spawned import Gone, Spawned, usable
from posecoach.service.verify import is_black

PART: Final = "camera"
BLACK_S: Final = 1.5
"""A picture that is wholly black for longer is a fault, once: then it may be the lens cap."""
TRUSTED_AFTER: Final = 3
"""Frames before a camera counts as working again."""

_STARTING: Final = TroubleView("C0", Phrase("Starting the camera"))
_BLACK: Final = TroubleView("C5", Phrase("The picture is black. Uncover the camera, or switch the light on"))

StartCamera = Callable[[Spawned | None], ChildCamera]


class BlackPicture(CameraLost):
    """The camera gives black pictures only."""


class SteadyCamera(Closes):
    """A live camera that heals: `frames` waits while it does, and ends only for systemd's sake."""

    live = True
    duration_s = None

    def __init__(
        self,
        start: StartCamera,
        board: Board,
        last_resort: LastResort,
        *,
        spare: Callable[[], Spawned] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start nothing yet.

        Args:
            start: Makes the process, of a spare one if there is any.
            board: Where troubles are told.
            last_resort: Asked when no new process helps.
            spare: Makes a spare process, so that the next one is quick.
            clock: Of this process.
        """
        self._start, self._make_spare = start, spare
        self._board, self._last_resort = board, last_resort
        self._clock = clock
        self._climb = Climb(CAMERA_LADDER)
        self._closing = threading.Event()
        self._read = False
        self._camera: ChildCamera | None = None
        self._spare: Spawned | None = None
        self._black_tried = False
        board.tell(PART, _STARTING)

    def frames(self) -> Iterator[Frame]:
        """Yield frames, from one process after the other; may be called once.

        Raises:
            RestartWanted: Only a new start of the coach, or of the box, can help.
            CameraError: It is closed, or `frames` was called before.
        """
        if self._closing.is_set() or self._read:
            raise CameraError(f"the camera is {'closed' if self._closing.is_set() else 'already read'}")
        self._read = True
        return self._frames()

    def close(self) -> None:
        """End its processes, from any thread; a second call does nothing."""
        self._closing.set()
        camera = self._camera
        if camera is not None:
            camera.kill()

    def _frames(self) -> Generator[Frame, None, None]:
        index, newest_s = 0, float("-inf")
        try:
            while not self._closing.is_set():
                try:
                    for frame in self._of_one_process():
                        if frame.captured_at > newest_s:  # after the one before has gone, as well
                            newest_s = frame.captured_at
                            yield replace(frame, index=index)
                            index += 1
                except PosecoachError as error:
                    if not self._closing.is_set():
                        self._heal(error)
        finally:
            self._let_go()
        raise CameraError("the camera was closed while its frames were being read")

    def _of_one_process(self) -> Iterator[Frame]:
        spare, self._spare = self._spare, None
        self._camera = camera = self._start(usable(spare))
        if self._closing.is_set():
            return
        black_since: float | None = None
        for number, frame in enumerate(camera.frames(), 1):
            if not is_black(frame.image):
                black_since = None
                self._black_tried = self._black_tried and number < TRUSTED_AFTER
            elif black_since is None:
                black_since = frame.captured_at
            black = black_since is not None and frame.captured_at - black_since >= BLACK_S
            if black and not self._black_tried:
                self._black_tried = True
                raise BlackPicture("the camera gives black pictures only")
            if number >= TRUSTED_AFTER:
                self._works(black=black)
            yield frame

    def _works(self, *, black: bool) -> None:
        self._climb.stood(self._clock())
        self._board.tell(PART, _BLACK if black else None)
        if not black:
            self._last_resort.worked()
        self._have_spare()

    def _have_spare(self) -> None:
        if self._spare is None and self._make_spare is not None:
            with suppress(Gone):  # then there is none for now
                self._spare = self._make_spare()

    def _heal(self, error: PosecoachError) -> None:
        """Do what the ladder says, and wait as long as it says."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()
        step = self._climb.fell(self._clock(), _cause(error, camera))
        self._board.tell(PART, TroubleView(step.rung.code, step.rung.words), str(error))
        if step.wait_s and not self._closing.is_set():
            self._have_spare()  # it gets ready while we wait
        self._closing.wait(step.wait_s)
        if step.rung.remedy is Remedy.EXIT and not self._closing.is_set():
            self._last_resort.ask(str(error))

    def _let_go(self) -> None:
        camera, self._camera = self._camera, None
        spare, self._spare = self._spare, None
        for part in (camera, spare):
            if part is not None:
                part.close()


def _cause(error: PosecoachError, camera: ChildCamera | None) -> Cause:
    if camera is not None and not camera.gone:
        return Cause.STUCK
    if isinstance(error, (CameraStalled, TimeoutError)):
        return Cause.HUNG
    if isinstance(error, BlackPicture):
        return Cause.NONSENSE
    if isinstance(error, CameraLost):
        return Cause.DIED
    return Cause.ABSENT  # the camera itself has said why: it is not there, or somebody has it
