"""A session: somebody steps into view, gets ready, does the routine's steps, and hears how it went.

Pure but for its own state: time comes in as an argument, poses come in as data, a scene goes out.
What must outlive the session leaves as events, which the caller stores before it shows the scene.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from posecoach.coach.agenda import NOTHING, Agenda
from posecoach.coach.events import Event, Finished, PartFinished, Started
from posecoach.coach.perception import Percept, Perception
from posecoach.coach.placing import ghost, ready_to_start, turn_words
from posecoach.coach.progress import Part, StepProgress
from posecoach.coach.routine import Routine
from posecoach.coach.scene import Scene
from posecoach.coach.summary import Performance, mean, summary_view
from posecoach.coach.view import (
    PersonView,
    RepView,
    SessionView,
    Stage,
    StepKind,
    SummaryView,
    TroubleView,
)
from posecoach.coach.viewpoint import viewpoint
from posecoach.frame import Frame
from posecoach.motion.sequence import sequence_of
from posecoach.pose import PoseEstimate

Compose = Callable[[SessionView], Scene]

FLICKER_S: Final = 0.7
"""Not being found, or not wholly, for less than this does not stop somebody from getting ready."""
TURN_S: Final = 4.0
"""How long somebody who stands where a step is judged worse is asked to turn before it goes on."""
LEFT_AFTER_S: Final = 6.0
"""Nobody in view for this long while coaching ends the session."""


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """When a session begins and ends.

    Attributes:
        gated: Whether somebody has to stand in view and be counted in first. Not for a recording that
            is only scored: its first frame is already the performance.
        place_s: How long somebody must stand ready before the countdown.
        countdown_s: Length of the countdown.
        open_ended: Whether to go on past what the step asks for; of the last step only.
    """

    gated: bool = True
    place_s: float = 1.0
    countdown_s: float = 3.0
    open_ended: bool = False


class Session:
    """One person doing one routine."""

    def __init__(
        self, routine: Routine, compose: Compose | None = None, options: SessionOptions | None = None
    ) -> None:
        """Wait for somebody.

        Args:
            routine: What is to be done.
            compose: Lays out what there is to show; `None` where nothing is shown.
            options: When the session begins and ends.
        """
        self._routine = routine
        self._compose = compose
        self._options = options or SessionOptions()
        self._perception = Perception()
        self._stage = Stage.IDLE
        self._stage_since = 0.0
        self._ready_since: float | None = None
        self._ready_at = 0.0
        self._turn_words = ""
        self._turn_since: float | None = None
        self._found_at = 0.0
        self._seen_at = 0.0
        self._frame: Frame | None = None
        self._percept: Percept | None = None
        self._agenda: Agenda | None = None
        self._started_at = 0.0
        self._now = 0.0
        self._parts: tuple[Part, ...] = ()
        self._reps: tuple[RepView, ...] = ()
        self._score: float | None = None
        self._summary: SummaryView | None = None
        self._events: list[Event] = []
        self._performance: Performance | None = None

    @property
    def stage(self) -> Stage:
        """Where the session is."""
        return self._stage

    @property
    def now(self) -> float:
        """The latest time this session knows of."""
        return self._now

    @property
    def performance(self) -> Performance | None:
        """What was done, once the session is over."""
        return self._performance

    def take_events(self) -> list[Event]:
        """What has happened since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def step(self, now: float, frame: Frame | None, poses: Sequence[PoseEstimate]) -> Scene:
        """Take the newest frame and the people in it; the scene to show now.

        Args:
            now: Seconds on the clock of the frames; never goes back.
            frame: The newest frame, or `None` where there is none since the last call: time still
                advances, and what moves on the screen moves on.
            poses: Everybody in `frame`; nobody is an ordinary input.
        """
        if self._compose is None:
            raise TypeError("this session was made without a composer; call look() or advance() instead")
        if frame is None:
            self._tick(now)
        else:
            self.look(frame, poses)
        return self._compose(self.view(now))

    def show(
        self,
        now: float,
        frame: Frame | None,
        *,
        late_s: float = 0.0,
        troubles: tuple[TroubleView, ...] = (),
    ) -> Scene:
        """The scene to show now, on another picture than the one that was looked at last.

        Nothing is judged and no time goes by: a session that cannot look waits.

        Args:
            now: As for `step`.
            frame: The picture; `None` for the one that was looked at last.
            late_s: How much older than `frame` that one is; 0 where they are the same.
            troubles: What is wrong with the box.
        """
        if self._compose is None:
            raise TypeError("this session was made without a composer; call look() or advance() instead")
        view = self.view(now)
        return self._compose(replace(view, frame=frame or view.frame, late_s=late_s, troubles=troubles))

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Take a frame and the people in it, without composing a scene."""
        self._frame = frame
        self.advance(frame.captured_at, [pose.within(frame.wh) for pose in poses], frame.wh)

    def advance(self, at_s: float, poses: Sequence[PoseEstimate], wh: tuple[int, int] | None = None) -> None:
        """Take the people of one frame that is not shown.

        Args:
            at_s: When the frame was taken; later than the one before.
            poses: Everybody in it, as `PoseEstimate.within` gives them.
            wh: Its size, if known: who stands in its middle is preferred at first.
        """
        self._percept = self._perception.perceive(at_s, poses, wh)
        if self._percept is not None:
            self._found_at = at_s
        if self._percept is not None and self._percept.pose is not None:
            self._seen_at = at_s
        self._tick(at_s)
        if self._stage is Stage.ACTIVE and self._percept is not None and self._agenda is not None:
            for sample in self._percept.samples:
                self._note(self._agenda.advance(sample))
            if self._agenda.over:
                self.finish(at_s)

    def finish(self, now: float) -> Performance:
        """End the session now: judge what can be judged, and sum up."""
        if self._performance is None:
            if self._agenda is not None:
                self._note(self._agenda.end_step())
            self._performance = Performance(
                routine=self._routine,
                view=self._agenda.view if self._agenda else next(iter(self._routine.steps[0].views)),
                steps=self._agenda.outcomes if self._agenda else (),
                duration_s=max(now - self._started_at, 0.0) if self._agenda else 0.0,
            )
            self._summary = summary_view(self._performance)
            self._enter(Stage.SUMMARY, now)
            self._events.append(Finished(now, self._performance))
        return self._performance

    def _tick(self, now: float) -> None:
        """Let time do what it does in each stage."""
        self._now = now
        gone = self._percept is None and now - self._found_at > FLICKER_S
        if self._stage is Stage.IDLE and self._percept is not None:
            self._enter(Stage.PLACING, now)
        if self._stage is Stage.PLACING:
            if gone:
                self._ready_since = None
                self._enter(Stage.IDLE, now)
            elif self._options.gated:
                self._place(now)
            else:
                self._start(now)
        elif self._stage is Stage.COUNTDOWN:
            if gone:
                self._ready_since = None
                self._enter(Stage.PLACING, now)
            elif now - self._stage_since >= self._options.countdown_s:
                self._start(now)
        elif self._stage is Stage.ACTIVE and self._options.gated and now - self._seen_at > LEFT_AFTER_S:
            self.finish(now)

    def _place(self, now: float) -> None:
        """Wait until somebody has stood ready for long enough."""
        self._turn_words = ""
        if self._percept is not None and ready_to_start(self._percept, self._routine.steps[0]):
            if self._asked_to_turn(self._percept, now):
                self._ready_since = None
                return
            self._ready_at = now
            if self._ready_since is None:
                self._ready_since = now
            if now - self._ready_since >= self._options.place_s:
                self._enter(Stage.COUNTDOWN, now)
        elif now - self._ready_at > FLICKER_S:
            self._ready_since = None

    def _asked_to_turn(self, percept: Percept, now: float) -> bool:
        """Whether somebody is being told to turn; once a session, and only for a moment."""
        if self._turn_since is not None and now - self._turn_since > TURN_S:
            return False
        self._turn_words = turn_words(percept, self._routine.steps[0])
        if self._turn_words and self._turn_since is None:
            self._turn_since = now
        return bool(self._turn_words)

    def _enter(self, stage: Stage, now: float) -> None:
        self._stage, self._stage_since = stage, now

    def _start(self, now: float) -> None:
        """Begin coaching, as soon as somebody is seen well enough to be compared with the routine."""
        if self._percept is None or not self._percept.samples:
            return
        self._started_at = now
        seen = sequence_of(self._percept.samples)
        view = viewpoint(seen.xy, seen.weights)
        self._enter(Stage.ACTIVE, now)
        self._agenda = Agenda(self._routine, view, open_ended=self._options.open_ended)
        self._events.append(Started(now, self._agenda.view))

    def _note(self, finished: Sequence[tuple[int, Part]]) -> None:
        self._events += [PartFinished(number, part) for number, part in finished]

    def view(self, now: float) -> SessionView:
        """What there is to show."""
        step = self._agenda.step if self._agenda else self._routine.steps[0]
        progress = self._agenda.progress(now) if self._agenda else NOTHING
        self._show_parts(self._agenda.parts if self._agenda else ())
        return SessionView(
            now=now,
            stage=self._stage,
            stage_since=self._stage_since,
            frame=self._frame,
            person=self._person(progress),
            routine_name=self._routine.name,
            kind=step.kind,
            prompt=self._prompt(),
            countdown_s=self._countdown_s(now),
            score=self._score,
            reps=self._reps,
            reps_target=step.reps,
            hold_s=progress.held_s if step.kind is StepKind.HOLD else None,
            hold_target_s=step.hold_s,
            phase=progress.phase,
            reach=progress.reach,
            best_reach=progress.best_reach,
            cue=progress.cue,
            summary=self._summary,
            instructions=self._routine.instructions,
        )

    def _show_parts(self, parts: tuple[Part, ...]) -> None:
        """Make what is shown of finished parts, once for each: a session may be long."""
        if parts is not self._parts:
            self._parts = parts
            self._reps = tuple(RepView(part.verdict, part.score, part.reason, part.end_s) for part in parts)
            self._score = mean(part.score for part in parts)

    def _person(self, progress: StepProgress) -> PersonView | None:
        if self._percept is None:
            return None
        ghost_xy, ghost_weights = None, None
        reference = self._agenda.reference if self._agenda else None
        if self._percept.pose is not None and reference is not None and self._agenda is not None:
            rise = self._agenda.rise_ahead(progress.reference_index)
            ghost_xy = ghost(self._percept.pose, reference.xy[progress.reference_index], rise)
            ghost_weights = reference.weights[progress.reference_index]
        return PersonView(
            self._percept.keypoints_xy, self._percept.weights, progress.limb_scores, ghost_xy, ghost_weights
        )

    def _prompt(self) -> str:
        if self._perception.unsure is not None:
            return self._perception.unsure
        if self._stage is Stage.IDLE:
            return "Step into view"
        if self._stage is Stage.PLACING:
            if self._ready_since is not None:
                return "Stand still"
            return self._turn_words or "Step back until all of you is in the picture"
        return "Get ready" if self._stage is Stage.COUNTDOWN else ""

    def _countdown_s(self, now: float) -> float | None:
        if self._stage is not Stage.COUNTDOWN:
            return None
        return max(self._options.countdown_s - (now - self._stage_since), 0.0)
