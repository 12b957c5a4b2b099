"""The frame loop: from the camera to the screen, recorded or live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final, Protocol, TypeVar

from posecoach.coach.events import Event
from posecoach.coach.intent import Intent
from posecoach.coach.scene import Scene
from posecoach.coach.session import Session
from posecoach.coach.view import Stage
from posecoach.frame import Frame
from posecoach.live import Turn
from posecoach.ports import Camera, Display, PoseEstimator
from posecoach.pose import PoseEstimate
from posecoach.ticks import SCREEN_RATE_HZ, Tick, held_start, live_ticks, recorded_ticks, still_ticks

RECORDED_SUMMARY_S: Final = 6.0
"""How long the summary of a recording stays on the screen."""
LIVE_SUMMARY_S: Final = 15.0
"""The same for a person, before the coach waits for the next one."""


class Watched(Protocol):
    """What stands between poses and scenes while somebody is there: a visit, or the mirror."""

    @property
    def wanted(self) -> bool:
        """Whether to go on: not when somebody has quit."""

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Take a frame and the people in it."""

    def take(self, intent: Intent, now: float) -> None:
        """Take what somebody wants."""

    def pass_time(self, now: float) -> None:
        """Let time do what it does."""

    def take_events(self) -> list[Event]:
        """What there is to keep since the last call, oldest first."""


_Watched = TypeVar("_Watched", bound=Watched)


def coach(
    ticks: Iterable[Tick],
    estimator: PoseEstimator,
    session: Session,
    display: Display,
    *,
    store: Callable[[Event], None],
    shown: Callable[[Display], None],
) -> tuple[float, bool]:
    """Walk each frame from the camera to the screen until the session is over.

    Args:
        ticks: When to look and when to draw.
        estimator: Finds the people in a frame.
        session: Makes a scene of them.
        display: Shows it.
        store: Called with every event before the scene that shows it.
        shown: Called after every scene.

    Returns:
        The time of the last tick, and whether to go on: not when somebody has quit.
    """
    now = 0.0
    for tick in ticks:
        now = tick.now
        poses = estimator.estimate(tick.frame) if tick.frame is not None else []
        if not tick.draw:
            if tick.frame is not None:
                session.look(tick.frame, poses)
            scene = None
        else:
            scene = session.step(now, tick.frame, poses)
        for event in session.take_events():
            store(event)
        if scene is not None:
            if not display.show(scene):
                return now, False
            shown(display)
            if session.stage is Stage.SUMMARY:
                break
    return now, True


def coach_live(
    turns: Iterator[Turn],
    visit: _Watched,
    display: Display,
    *,
    compose: Callable[[_Watched, Turn], Scene],
    store: Callable[[Event], None],
    shown: Callable[[Display, Turn], None],
) -> None:
    """Walk frames and poses to the screen, each at its own pace, until somebody quits or the camera ends.

    Only frames that were looked at take a session's time on: while nobody can look, it waits.

    Args:
        turns: What to draw when.
        visit: Knows what is on the screen.
        display: Shows it.
        compose: Makes a scene of it.
        store: Called with every event before the scene that shows it.
        shown: Called after every scene.
    """
    for turn in turns:
        for looked in turn.looked:
            visit.look(looked.frame, looked.poses)
            for event in visit.take_events():
                store(event)
        for intent in display.intents():
            visit.take(intent, turn.now)
        visit.pass_time(turn.now)
        for event in visit.take_events():
            store(event)
        if not visit.wanted or not display.show(compose(visit, turn)):
            return
        shown(display, turn)


def show_summary(
    ticks: Iterable[Tick], session: Session, display: Display, *, shown: Callable[[Display], None]
) -> bool:
    """Show how it went, for as long as `ticks` last. False when somebody has quit."""
    for tick in ticks:
        if not tick.draw:
            continue
        if not display.show(session.step(tick.now, None, ())):
            return False
        shown(display)
    return True


def ticks_of(camera: Camera, *, lead_in_s: float, paced: bool, limit_s: float | None) -> Iterator[Tick]:
    """The turns of the loop for a camera.

    Args:
        camera: Live or recorded.
        lead_in_s: How long a recording's first frame is held, for the coach to count it in.
        paced: Whether a recording plays at its own speed.
        limit_s: When to stop, `None` never.
    """
    if camera.live:
        ticks = live_ticks(camera)
    else:
        ticks = recorded_ticks(held_start(camera.frames(), lead_in_s), paced=paced)
    start: float | None = None
    for tick in ticks:
        start = tick.now if start is None else start
        if limit_s is not None and tick.now - start >= limit_s:
            return
        yield tick


def summary_ticks(ticks: Iterator[Tick], camera: Camera, now: float, *, paced: bool) -> Iterator[Tick]:
    """The turns of the loop while a summary is shown: the camera's own, or time alone behind a recording."""
    if camera.live:
        return takewhile(lambda tick: tick.now < now + LIVE_SUMMARY_S, ticks)
    return still_ticks(now, RECORDED_SUMMARY_S, SCREEN_RATE_HZ, paced=paced)
