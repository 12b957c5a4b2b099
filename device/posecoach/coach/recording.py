"""Somebody shows a movement to the coach: finds their place, is counted in, shows it, stands still.

Pure but for its own state, as a session is. What is kept meanwhile are keypoints.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.coach.excursions import HOME_S, Home
from posecoach.coach.gesture import Gesture
from posecoach.coach.getting_ready import BEFORE, FLICKER_S, GettingReady
from posecoach.coach.own_gestures import signs_in
from posecoach.coach.perception import Percept, Perception
from posecoach.coach.phrase import Phrase
from posecoach.coach.session_view import countdown_left_s, prompt
from posecoach.coach.showing import found_in, refusal_of
from posecoach.coach.standing import ANYTHING
from posecoach.coach.view import PersonView, RepView, SessionView, Stage, StepKind, Verdict
from posecoach.frame import Frame
from posecoach.motion.floor_level import FloorLevel
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import sequence_of
from posecoach.pose import PoseEstimate
from posecoach.track import PoseTrack, TrackFrame, track_pose
from posecoach.vision.brightness import mean_luminance

STAND: Final = Phrase("Stand as the movement begins")
TITLE: Final = Phrase("New movement")
BEFORE_S: Final = HOME_S + 0.3
"""How much of the countdown's end is recorded: somebody stands still then."""
COUNTED_EVERY_S: Final = 2.0
"""How often what was shown is counted anew, at least: all of it is gone through, and the screen waits."""
BACK_S: Final = 0.3
"""And so long after somebody has come back to how they began: once more may be over then."""
ENOUGH_S: Final = 2.0
"""Standing still for so long after as many times as were asked for is the end."""
STILL_S: Final = 8.0
"""The same after fewer."""
NOTHING_S: Final = 30.0
"""Who has shown nothing at all for so long, and stands there, is not going to."""
NOTHING_WHOLE_S: Final = 60.0
"""The same of somebody who moves, but never comes back to how they began."""
LONGEST_SIGN_S: Final = 8.0
"""It takes no longer to give a sign that it is over, or to walk out."""
LONGEST_S: Final = 120.0
_HANDS: Final = frozenset({Gesture.LEFT_HAND, Gesture.RIGHT_HAND})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whoever records.

    Attributes:
        times: How often to show it.
        place_s: How long to stand ready before the countdown.
        countdown_s: Its length.
    """

    times: int = 3
    place_s: float = 1.0
    countdown_s: float = 3.0


class Recording:
    """One movement being shown."""

    def __init__(self, asked: Asked | None = None) -> None:
        """Wait for somebody."""
        self.asked = asked or Asked()
        self._perception = Perception()
        self._getting_ready = GettingReady(ANYTHING, self.asked.place_s)
        self.stage = Stage.IDLE
        """Where it is; `SUMMARY` once it is over."""
        self._since = self._found_at = self._now = 0.0
        self.percept: Percept | None = None
        self.frame: Frame | None = None
        self._frames: deque[TrackFrame] = deque()
        self._samples: deque[NormalisedPose] = deque()
        self._floor, self._rises = FloorLevel(), deque[float]()
        self._home: Home | None = None
        self._at_home_s: float | None = None  # when somebody was there last
        self._left_home_s = 0.0  # and was not
        self._counted_at = self._furthest = 0.0
        self._seen_at: list[float] = []
        self._was_seen = False
        self._unheard: frozenset[Gesture] = _HANDS  # until a movement was seen: it may be of one

    @property
    def times(self) -> int:
        """How often the movement was seen so far."""
        return len(self._seen_at)

    @property
    def over(self) -> bool:
        """Whether nothing more is recorded."""
        return self.stage is Stage.SUMMARY

    @property
    def unheard(self) -> frozenset[Gesture]:
        """Signs that are none here: they belong to the movement, or may, as long as it was not seen."""
        return self._unheard

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Take a frame and the people in it."""
        now = self._now = frame.captured_at
        self.frame = frame
        here = [pose.within(frame.wh) for pose in poses]
        if self.over:
            return
        self.percept = self._perception.perceive(now, here, frame.wh)
        if self.percept is not None:
            self._found_at = now
        if self.stage in BEFORE:
            self._getting_ready.brightness = mean_luminance(frame.image)
            self._getting_ready.look(now, self.percept, here, frame.wh)
        if self.stage in (Stage.COUNTDOWN, Stage.ACTIVE):
            self._note(now)
        self._pass(now)

    def end(self) -> None:
        """Take it that somebody has shown what they wanted to show; before they began it means nothing."""
        if self.stage is Stage.ACTIVE:
            self._enter(Stage.SUMMARY, self._now)

    def track(self) -> PoseTrack | None:
        """What was recorded; `None` of nothing.

        Of a movement that was seen, up to where somebody was last as they began: what comes behind that is
        the sign that it is over, or the way out.
        """
        last_s = self._at_home_s
        ends_there = self._was_seen and last_s is not None and self._now - last_s <= LONGEST_SIGN_S
        until_s = last_s if ends_there and last_s is not None else self._now
        frames = [each for each in self._frames if each.at_s <= until_s]
        if not frames or self.frame is None:
            return None
        first_s = frames[0].at_s
        kept = [TrackFrame(round(each.at_s - first_s, 6), each.pose) for each in frames]
        return PoseTrack(self.frame.wh, kept)

    def view(self, now: float) -> SessionView:
        """What there is to show."""
        seen, percept = self._seen_at, self.percept
        person = None if percept is None else PersonView(percept.keypoints_xy, percept.weights)
        asks = self._getting_ready.asks(nobody=self.stage is Stage.IDLE)
        reach = None
        if self._home is not None and percept is not None and percept.pose is not None:
            reach = self._home.away(percept.pose) / max(self._furthest, 0.25)
        before = self.stage in BEFORE
        times = Phrase("Show it {n} times, all of it, from how you stand now", n=str(self.asked.times))
        return SessionView(
            now=now,
            stage=self.stage,
            stage_since=self._since,
            frame=self.frame,
            person=person,
            routine_name=TITLE,
            kind=StepKind.REPS,
            prompt=prompt(self.stage, self._perception.unsure, asks, ""),
            countdown_s=countdown_left_s(self.stage, self._since + self.asked.countdown_s - now),
            reps=tuple(RepView(Verdict.GOOD, None, "", at_s) for at_s in seen),
            reps_target=self.asked.times,
            reach=reach,
            best_reach=1.0 if seen and not before else None,
            instructions=(STAND, times),
            place=self._getting_ready.place(percept) if self.stage is Stage.PLACING else None,
        )

    def _enter(self, stage: Stage, now: float) -> None:
        if stage is not self.stage:
            self.stage, self._since = stage, now

    def _note(self, now: float) -> None:
        """Keep what is seen; of the countdown its end."""
        percept = self.percept
        pose = None if percept is None else percept.measured
        kept = pose and track_pose(pose.keypoints_xy, np.asarray(pose.keypoint_scores))
        self._frames.append(TrackFrame(now, kept))
        for sample in () if percept is None else percept.samples:
            self._samples.append(sample)
            self._rises.append(self._floor.rise(sample))
            if self._home is not None:
                self._furthest = max(self._furthest, self._home.away(sample))
        if self.stage is Stage.COUNTDOWN:
            while self._frames[0].at_s < now - BEFORE_S:
                self._frames.popleft()
            while self._samples and self._samples[0].captured_at < now - BEFORE_S:
                self._samples.popleft()
                self._rises.popleft()

    def _pass(self, now: float) -> None:
        """Let time do what it does at each stage."""
        gone = self.percept is None and now - self._found_at > FLICKER_S
        if self.stage is Stage.IDLE and self.percept is not None:
            self._enter(Stage.PLACING, now)
        if self.stage in (Stage.PLACING, Stage.COUNTDOWN) and gone:
            self._getting_ready.forget()
            self._frames.clear()
            self._samples.clear()
            self._rises.clear()
            self._enter(Stage.IDLE, now)
        elif self.stage is Stage.PLACING and self._getting_ready.ready(now, self.percept):
            self._enter(Stage.COUNTDOWN, now)
        elif self.stage is Stage.COUNTDOWN and now - self._since >= self.asked.countdown_s and self._samples:
            self._home = Home(list(self._samples))
            self._left_home_s = now
            self._enter(Stage.ACTIVE, now)
        elif self.stage is Stage.ACTIVE:
            self._watch(now)

    def _watch(self, now: float) -> None:
        """Count what was shown, and see whether it is over."""
        percept = self.percept
        if percept is not None and percept.samples and self._home is not None:
            if self._home.holds(percept.samples[-1], self._rises[-1]):
                self._at_home_s = now
            else:
                self._left_home_s = now
        came_back = self._counted_at < self._left_home_s + BACK_S <= now
        if came_back or now - self._counted_at >= COUNTED_EVERY_S:
            self._counted_at = now
            self._count(now)
        home_s, shown_s = now - self._left_home_s, now - self._since
        if self._seen_at:
            over = home_s >= (ENOUGH_S if self.times >= self.asked.times else STILL_S)
        else:
            over = shown_s >= (NOTHING_S if home_s >= STILL_S else NOTHING_WHOLE_S)
        if over or shown_s >= LONGEST_S:
            self.end()

    def _count(self, now: float) -> None:
        shown, performed, samples = found_in(list(self._samples), np.array(self._rises))
        if len(performed) != len(self._seen_at):
            self._seen_at = [*self._seen_at[: len(performed)]]
            self._seen_at += [now] * (len(performed) - len(self._seen_at))
        if refusal_of(shown, performed) is None:
            self._was_seen = True
            first, last = performed[0][0].start, performed[0][-1].end
            self._unheard = signs_in(sequence_of(samples[first : last + 1]))
