"""Standing before a library: whoever is in view, and the one in it who stands most like them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from posecoach.coach.events import Event
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.perception import Percept, Perception
from posecoach.face.pose_picture import PosePicture
from posecoach.frame import Frame
from posecoach.library.enough import SEEN_FROM
from posecoach.library.metric import FULL, Metric, asked
from posecoach.library.pose_index import Found, PoseIndex
from posecoach.library.steady_choice import SteadyChoice
from posecoach.pose import PoseEstimate

GONE_AFTER_S: Final = 1.5
"""Who is not seen for a moment is still shown their twin."""
_KEPT_PICTURES: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class NamedPicture:
    """A person of the library: their picture, and its name."""

    picture: PosePicture
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class MirrorView:
    """What there is to show.

    Attributes:
        frame: The camera's picture; `None` before the first.
        percept: Whoever is in it; `None` where nobody is, or not enough of them.
        late_s: How much older they are than the picture.
        nearest: Who stands most like them; `None` while nobody is there.
        closeness: 1 where they stand alike, 0 where they might as well be anybody.
        mirrored: Whether it is the mirrored twin that stands so.
    """

    frame: Frame | None
    percept: Percept | None
    late_s: float = 0.0
    nearest: NamedPicture | None = None
    closeness: float = 0.0
    mirrored: bool = False


class Mirroring:
    """Takes frames and poses, as a visit does, and says who to show. Pure but for its own state."""

    def __init__(
        self,
        index: PoseIndex,
        picture: Callable[[int], NamedPicture],
        metric: Metric = Metric.WEIGHTED,
        renewed: Callable[[], PoseIndex | None] = lambda: None,
    ) -> None:
        """Wait for somebody.

        Args:
            index: Of the library; at least one person.
            picture: The person at a place in it.
            metric: By what they are compared.
            renewed: Asked while nobody is there: the index of another library that `picture` is of from now
                on, if there is one.
        """
        self._picture, self._metric, self._renewed = picture, metric, renewed
        self._choice = SteadyChoice(index)
        self._perception = Perception()
        self._pictures: dict[int, NamedPicture] = {}
        self._frame: Frame | None = None
        self._percept: Percept | None = None
        self._found: Found | None = None
        self._seen_at = 0.0
        self.wanted = True
        """Whether to go on: not when somebody has quit."""

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Take a frame and the people in it."""
        self._frame, now = frame, frame.captured_at
        percept = self._perception.perceive(now, [pose.within(frame.wh) for pose in poses], frame.wh)
        enough = percept is not None and 2 * int((percept.weights >= SEEN_FROM).sum()) > len(percept.weights)
        self._percept = percept if enough else None
        if percept is not None and enough:
            self._seen_at = now
            wanted = asked(percept.keypoints_xy, percept.weights, self._metric)
            self._found = self._choice.nearest_to(wanted, now)
        elif now - self._seen_at > GONE_AFTER_S:
            self._found = None
            self._choice.forget()
            index = self._renewed()
            if index is not None:
                self._choice = SteadyChoice(index)
                self._pictures.clear()

    def take(self, intent: Intent, now: float) -> None:
        """Take what somebody wants: there is only leaving."""
        if intent.wish in (Wish.QUIT, Wish.BACK):
            self.wanted = False

    def pass_time(self, now: float) -> None:
        """Nothing happens by itself."""

    def take_events(self) -> list[Event]:
        """Nothing is kept of it."""
        return []

    def view(self, frame: Frame | None = None, late_s: float = 0.0) -> MirrorView:
        """What to show, with a newer picture than the one looked at last if there is one."""
        shown, found = frame or self._frame, self._found
        if found is None:
            return MirrorView(shown, self._percept, late_s)
        closeness = max(0.0, 1.0 - found.distance / FULL[self._metric])
        return MirrorView(shown, self._percept, late_s, self._named(found.at), closeness, found.mirrored)

    def _named(self, at: int) -> NamedPicture:
        if at not in self._pictures:
            if len(self._pictures) >= _KEPT_PICTURES:
                self._pictures.pop(next(iter(self._pictures)))
            self._pictures[at] = self._picture(at)
        return self._pictures[at]
