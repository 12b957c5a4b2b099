"""The outside world, as the coach sees it. Adapters implement these; nothing inside imports an adapter.

Every port is a context manager whose ``close()`` may be called twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.intent import Intent
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.records import HoldRecord, RepRecord, SessionRecord, SessionStart, SessionSummary
from posecoach.coach.scene import Scene
from posecoach.coach.utterance import Said, Utterance
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate


class Closable(Protocol):
    """Something that holds a device, a file or a window."""

    def close(self) -> None:
        """Let it go; a second call does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Closes:
    """Something that a ``with`` closes: what every implementation of a port would write again."""

    def close(self) -> None:
        """Let it go; a second call does nothing."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Camera(Closable, Protocol):
    """A source of frames: a device, a video file, a folder of pictures."""

    @property
    def live(self) -> bool:
        """Whether frames come at their own time; a recording gives them as fast as they are read."""

    @property
    def duration_s(self) -> float | None:
        """Length of a recording, as far as its container tells; `None` for a device."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames in order of time, ``captured_at`` strictly increasing; may be called once.

        Raises:
            CameraTimeout: A device gave no frame within its time limit.
            CameraError: A device cannot be opened or has gone.
            MediaError: A recording holds no readable picture.
        """


class PoseEstimator(Closable, Protocol):
    """Finds people in a frame."""

    @property
    def model_id(self) -> str:
        """The manifest's id of the model, or the file's name."""

    def estimate(self, frame: Frame) -> list[PoseEstimate]:
        """The people in `frame`, best instance score first; empty when there is nobody."""


class StagedEstimator(PoseEstimator, Protocol):
    """One that can be timed stage by stage: `estimate` is the four, one after another, sometimes twice."""

    def prepare(self, frame: Frame) -> NDArray[np.uint8]:
        """The network's input for `frame`: ``(height, width, 3)``; the next call may overwrite it."""

    def infer(self, pixels: NDArray[np.uint8]) -> Any:
        """Run the network; what it answers is for `decode` alone."""

    def decode(self, answer: Any) -> list[PoseEstimate]:
        """The people in the network's answer, best first, in network pixels."""

    def place(self, poses: list[PoseEstimate], frame: Frame) -> list[PoseEstimate]:
        """The same, in pixels of ``frame.image``, which `prepare` saw last."""


class Display(Closable, Protocol):
    """A screen."""

    @property
    def wh(self) -> tuple[int, int]:
        """Its width and height in pixels; a scene is composed for this shape."""

    def show(self, scene: Scene) -> bool:
        """Draw `scene` and present it. False when the person asked to quit."""

    def intents(self) -> list[Intent]:
        """What somebody has wished since the last call with keys, pad, touch or mouse, oldest first.

        `show` looks for it; a wish to quit is in it too.
        """

    def pixels(self) -> NDArray[np.uint8]:
        """What was shown last: ``(height, width, 3)`` RGB, a copy."""


class Voice(Closable, Protocol):
    """What is heard. No method waits for a sound to end, and once it is closed none does anything."""

    def prepare(self, texts: Iterable[str]) -> None:
        """Get ready to say these, when there is time: what is ready begins at once."""

    def length_s(self, utterance: Utterance) -> float:
        """How long it lasts; a guess for what was never said before."""

    def say(self, said: Said) -> None:
        """Let it be heard from now on.

        Words take the place of those that are being said; a sign is heard beside them. What cannot begin
        within `said.spare_s` is not said at all.

        Raises:
            VoiceError: Nothing can be heard any more.
        """


class History(Closable, Protocol):
    """What was done on this box. Every method raises `HistoryError` where it cannot be read or written."""

    def begin(self, start: SessionStart) -> int:
        """Store that a session has begun; its id, larger than any before."""

    def add_rep(self, session_id: int, rep: RepRecord) -> None:
        """Store a finished repetition or flow; it outlives a power cut once this returns."""

    def add_hold(self, session_id: int, hold: HoldRecord) -> None:
        """Store a finished hold, likewise."""

    def finish(self, session_id: int, summary: SessionSummary) -> None:
        """Store how a session came out."""

    def sessions(
        self,
        limit: int | None = None,
        *,
        person: NamedPerson | None = None,
        routine_id: str | None = None,
        before: int | None = None,
    ) -> list[SessionRecord]:
        """The newest sessions, newest first.

        Args:
            limit: How many; all of them without.
            person: Whose; everybody's, and those of nobody in particular, without.
            routine_id: Of what; of everything without.
            before: Only those with a smaller number.
        """

    def session(self, session_id: int) -> SessionRecord:
        """One session.

        Raises:
            InputMissing: There is none with this id.
        """

    def reps(self, session_id: int) -> list[RepRecord]:
        """The repetitions and flows of a session, in the order they were done."""

    def holds(self, session_id: int) -> list[HoldRecord]:
        """The holds of a session, in the order they were done."""

    def delete(self, session_id: int) -> None:
        """Remove a session and what belongs to it, for good.

        Raises:
            InputMissing: There is none with this id.
        """

    def persons(self) -> list[NamedPerson]:
        """Everybody with a name, each as they were written last, whoever was here last first."""

    def delete_person(self, person: NamedPerson) -> int:
        """Remove all sessions of a person and their name, for good; how many there were."""
