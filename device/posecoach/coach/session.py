"""A session: somebody steps into view, gets ready, does the routine's steps, and hears how it went.

Pure but for its own state: time comes in as an argument, poses come in as data, a scene goes out.
What must outlive the session leaves as events, which the caller stores before it shows the scene.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from posecoach.coach.adapt import require_doable, variants
from posecoach.coach.agenda import NOTHING, Agenda, views_of
from posecoach.coach.close_up import CloseUp
from posecoach.coach.events import Event, Finished, PartFinished, Started
from posecoach.coach.getting_ready import BEFORE, FLICKER_S, GettingReady
from posecoach.coach.hidden_torso import HiddenTorso
from posecoach.coach.perception import Percept, Perception
from posecoach.coach.phrase import Phrase
from posecoach.coach.progress import Part
from posecoach.coach.routine import Routine
from posecoach.coach.scene import Scene
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.session_view import FinishedParts, countdown_left_s, person_view, prompt
from posecoach.coach.standpoint import Standpoint
from posecoach.coach.summary import Performance, summary_view
from posecoach.coach.view import SessionView, Stage, StepKind, SummaryView
from posecoach.frame import Frame
from posecoach.motion.local_cost import fastest_costs
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.warping_path import fastest_path
from posecoach.pose import PoseEstimate
from posecoach.vision.brightness import mean_luminance

Compose = Callable[[SessionView], Scene]

JOINED_S: Final = 8.0
"""How long after the beginning of their movement somebody who began by themselves is told what it is."""
LEFT_AFTER_S: Final = 6.0
"""Nobody in view for this long while coaching ends the session."""


class Session:
    """One person doing one routine."""

    def __init__(
        self, routine: Routine, compose: Compose | None = None, options: SessionOptions | None = None
    ) -> None:
        """Wait for somebody.

        Args:
            routine: What is to be done.
            compose: Lays out what there is to show; `None` where nothing is shown.
            options: When the session begins and ends, and for whom.

        Raises:
            RoutineError: Of a step too little is left for this body.
        """
        self._routine = routine
        self._compose = compose
        self._options = options or SessionOptions()
        require_doable(routine, self._options.body)
        self._first = variants(routine.steps[0], self._options.body)
        self._perception = Perception()
        self._standpoint = Standpoint()
        self._stage = Stage.IDLE
        self._stage_since = 0.0
        self._getting_ready = GettingReady(self._first[0].step, self._options.place_s)
        self._found_at = self._seen_at = 0.0
        self._torso = HiddenTorso()
        self._close_up = CloseUp()
        self._frame: Frame | None = None
        self._percept: Percept | None = None
        self._agenda: Agenda | None = None
        self._started_at = self._now = self._rest_s = 0.0
        self._finished = FinishedParts()
        self._summary: SummaryView | None = None
        self._events: list[Event] = []
        self._performance: Performance | None = None
        self._joined = False
        for load in (fastest_costs, fastest_path):  # while nobody waits for a frame
            load()

    @property
    def stage(self) -> Stage:
        """Where the session is."""
        return self._stage

    @property
    def now(self) -> float:
        """The latest time this session knows of."""
        return self._now

    @property
    def percept(self) -> Percept | None:
        """What was seen of the person in the latest frame; `None` for nobody."""
        return self._percept

    @property
    def performance(self) -> Performance | None:
        """What was done, once the session is over."""
        return self._performance

    def join(self) -> None:
        """Take it that somebody is exercising already: nobody places them or counts them in."""
        self._joined = True

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

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Take a frame and the people in it, without composing a scene."""
        self._frame = frame
        if self._stage in BEFORE:
            self._getting_ready.brightness = mean_luminance(frame.image)
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
            self._seen_at = at_s if self._percept.pose is not None else self._seen_at
        if self._stage in BEFORE:
            self._getting_ready.look(at_s, self._percept, poses, wh)
        self._tick(at_s)
        if self._stage is Stage.ACTIVE or not self._options.gated:
            self._torso.look(self._percept)
            self._close_up.look(at_s, self._percept, wh)
        if self._percept is not None and self._performance is None:
            for sample in self._percept.samples:
                self._attend(sample)
            if self._agenda is not None and self._agenda.over:
                self.finish(at_s)

    def finish(self, now: float) -> Performance:
        """End the session now: judge what can be judged, and sum up."""
        if self._performance is None:
            if self._stage is Stage.ACTIVE:
                self._go_on(self._standpoint.end())
            if self._agenda is not None:
                self._note(self._agenda.end_step())
            self._performance = Performance(
                routine=self._routine,
                view=self._agenda.view if self._agenda else next(iter(self._first[0].step.views)),
                steps=self._agenda.outcomes if self._agenda else (),
                duration_s=max(now - self._started_at, 0.0) if self._agenda else 0.0,
                hidden=self._torso.words(self._first[0].step),
            )
            self._summary = summary_view(self._performance, self._options.last)
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
                self._getting_ready.forget()
                self._enter(Stage.IDLE, now)
            elif self._joined or not self._options.gated:
                self._start(now)
            elif self._getting_ready.ready(now, self._percept):
                self._enter(Stage.COUNTDOWN, now)
        elif self._stage is Stage.COUNTDOWN:
            if gone:
                self._getting_ready.forget()
                self._enter(Stage.PLACING, now)
            elif now - self._stage_since >= self._options.countdown_s:
                self._start(now)
        elif self._stage is Stage.REST and now - self._stage_since >= self._rest_s:
            self._standpoint.forget_waiting()
            self._enter(Stage.ACTIVE, now)
            self._seen_at = now
        elif self._stage is Stage.ACTIVE and self._options.gated and now - self._seen_at > LEFT_AFTER_S:
            self.finish(now)

    def _enter(self, stage: Stage, now: float) -> None:
        self._stage, self._stage_since = stage, now

    def _start(self, now: float) -> None:
        """Begin coaching, as soon as somebody is seen well enough to be compared with the routine."""
        if self._percept is None or not self._percept.samples:
            return
        self._started_at = now
        self._standpoint.forget_waiting()
        self._enter(Stage.ACTIVE, now)

    def _attend(self, sample: NormalisedPose) -> None:
        """See from where somebody is seen, and go on with what they do once that is clear."""
        if self._agenda is None:
            released = self._standpoint.take(sample, lambda seen: views_of(self._first, seen))
        else:
            released = self._standpoint.take(sample, self._agenda.measured_from, judged=self._agenda.judged)
        if self._stage is Stage.ACTIVE:
            self._go_on(released)

    def _go_on(self, samples: Sequence[NormalisedPose]) -> None:
        view = self._standpoint.view
        if view is None or not samples:
            return
        if self._agenda is None:
            self._agenda = Agenda(
                self._routine, view, open_ended=self._options.open_ended, body=self._options.body
            )
            self._events.append(Started(self._started_at, self._agenda.view))
        if view is not self._agenda.seen_from:
            self._agenda.turn(view)
        for sample in samples:
            before = self._agenda.step
            self._note(self._agenda.advance(sample))
            if self._options.gated and before is not self._agenda.step and before.rest_s > 0:
                self._rest_s = before.rest_s
                self._enter(Stage.REST, self._now)
                return

    def _note(self, finished: Sequence[tuple[int, Part]]) -> None:
        self._events += [PartFinished(number, part) for number, part in finished]

    def _welcome(self) -> str:
        """What is said to somebody who has just begun by themselves."""
        if self._joined and self._stage is Stage.ACTIVE and self._now - self._started_at < JOINED_S:
            return Phrase("{name}: go on, this counts", name=self._routine.name)
        return ""

    def view(self, now: float) -> SessionView:
        """What there is to show."""
        step = self._agenda.step if self._agenda else self._routine.steps[0]
        progress = self._agenda.progress(now) if self._agenda else NOTHING
        self._finished.show(self._agenda.parts if self._agenda else ())
        asks = self._getting_ready.asks(nobody=self._stage is Stage.IDLE)
        unsupported = self._agenda.unsupported if self._agenda else ""
        lasts_s = self._rest_s if self._stage is Stage.REST else self._options.countdown_s
        return SessionView(
            now=now,
            stage=self._stage,
            stage_since=self._stage_since,
            frame=self._frame,
            person=person_view(self._percept, self._agenda, self._first[0].step, progress),
            routine_name=self._routine.name,
            kind=step.kind,
            prompt=prompt(self._stage, self._perception.unsure, asks, unsupported) or self._welcome(),
            countdown_s=countdown_left_s(self._stage, self._stage_since + lasts_s - now),
            score=self._finished.score,
            reps=self._finished.reps,
            reps_target=step.reps,
            hold_s=progress.held_s if step.kind is StepKind.HOLD else None,
            hold_target_s=step.hold_s,
            phase=progress.phase,
            reach=progress.reach,
            best_reach=progress.best_reach,
            pace=progress.pace,
            cue=progress.cue,
            summary=self._summary,
            instructions=self._routine.instructions,
            step=self._agenda.number if self._agenda else 0,
            place=self._getting_ready.place(self._percept) if self._stage is Stage.PLACING else None,
            close_up=self._close_up.at(now),
        )
