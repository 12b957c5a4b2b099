"""A whole visit by the athlete, hands-free: comes in, chooses by pointing, exercises, pauses, goes.

What is chosen is where the screen has it on a box that has the starter routines alone; everything else takes
as long as somebody takes who waits for the screen.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.scene import Box, Point
from posecoach.face.compose_choose import plan_tiles
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.motion import Motion
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import CROSS_ARMS, RAISE_LEFT_HAND, RAISE_RIGHT_HAND
from posecoach.synthetic.pointing import pointing
from posecoach.synthetic.stage import Stage
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.track import PoseTrack, TrackFrame

VISIT: Final = "visit"
CHOSEN: Final = "shoulder_abduction"
ASPECT: Final = 16 / 9
TO_THE_SIDE: Final = (1.25, 0.42)
"""Where somebody points who wants the next page: well past the tiles."""
CORRECTED: Final = (-0.05, -0.06)
"""By how much somebody has moved their hand on who saw the cursor come out too low: the network that ships
sees a hand that is held before the body somewhat lower and further out than it is."""
BEFORE_PAUSE: Final = 3
WALK_S: Final = 4.0
READY_S: Final = 6.5
"""From having chosen until the countdown is over."""
LOOKS_S: Final = 2.0
"""How long somebody looks at what has come on the screen."""
RESULTS_S: Final = 11.0


class Visit:
    """One act after the other by one athlete."""

    def __init__(self, camera: ViewCamera, *, seed: int = 0, variation: float = 1.0, reps: int = 10) -> None:
        """Prepare a visit.

        Args:
            camera: Who looks on, from the front.
            seed: Of the body and the natural variation.
            variation: Of the natural variation from one repetition to the next; 0 for none.
            reps: How often the exercise asks to be done.
        """
        self.camera, self.seed = camera, seed
        self.body = Body.sample(np.random.default_rng([seed, 1]))
        self._variation = variation
        exercise, plan = MOTIONS[CHOSEN], plan_tiles(ASPECT)
        index = sorted(MOTIONS).index(CHOSEN)
        page, place = divmod(index, len(plan.tiles))
        on = [self._act(self._points(TO_THE_SIDE), after_s=LOOKS_S) for _ in range(page)]
        self.acts = (
            self._act(RAISE_RIGHT_HAND, walk_in_s=WALK_S, lead_s=LOOKS_S),  # marks the next one
            *on,
            self._act(self._points(_seen_on(plan.tiles[place])), after_s=READY_S),
            self._act(exercise, reps=BEFORE_PAUSE),
            self._act(CROSS_ARMS, after_s=LOOKS_S),
            self._act(RAISE_RIGHT_HAND, after_s=LOOKS_S),  # goes on
            self._act(exercise, reps=reps - BEFORE_PAUSE, after_s=RESULTS_S),
            self._act(RAISE_LEFT_HAND, after_s=LOOKS_S, walk_out_s=WALK_S),  # something else
        )
        self._starts = [0.0, *accumulate(act.duration_s for act in self.acts)]

    @property
    def duration_s(self) -> float:
        """How long the visit takes."""
        return self._starts[-1]

    @property
    def athlete(self) -> Athlete:
        """Who exercises, after the pause."""
        return self.acts[-2]

    def at(self, at_s: float) -> tuple[int, float]:
        """Number of the act at a time, and how long it has gone on."""
        number = int(np.searchsorted(self._starts, at_s, side="right")) - 1
        number = min(max(number, 0), len(self.acts) - 1)
        return number, at_s - self._starts[number]

    def truth(self, rate_hz: float) -> PoseTrack:
        """The exact pose track, as `Athlete.truth` gives it."""
        frames: list[TrackFrame] = []
        for act, start_s in zip(self.acts, self._starts, strict=False):
            seen = act.truth(0.0, act.duration_s - 1.0 / rate_hz, rate_hz, hidden_score=0.3)
            frames += [TrackFrame(start_s + frame.at_s, frame.pose) for frame in seen]
        return PoseTrack(self.camera.image_wh, frames)

    def _points(self, at: Point) -> Motion:
        return pointing(at, body=self.body, camera=self.camera, left=at[0] < 0.4)

    def _act(
        self,
        motion: Motion,
        *,
        reps: int = 1,
        walk_in_s: float = 0.0,
        lead_s: float = 0.3,
        after_s: float = 0.3,
        walk_out_s: float = 0.0,
    ) -> Athlete:
        act = Athlete(
            motion,
            camera=self.camera,
            body=self.body,
            reps=reps,
            seed=self.seed,
            variation=self._variation,
            lead_s=lead_s,
            walk_in_s=walk_in_s,
            walk_out_s=walk_out_s,
        )
        act.duration_s += after_s - lead_s
        return act


class VisitStage:
    """A visit set up to be looked at."""

    def __init__(self, visit: Visit) -> None:
        """Dress the athlete, once for each act, and paint the room."""
        self._visit = visit
        self._stages = [Stage(act, visit.seed) for act in visit.acts]

    def picture(self, at_s: float) -> NDArray[np.uint8]:
        """``(height, width, 3)`` uint8 RGB: what the camera sees at a time."""
        number, since_s = self._visit.at(at_s)
        return self._stages[number].picture(since_s)


def _seen_on(box: Box) -> Point:
    x, y = box.centre
    return x / ASPECT + CORRECTED[0], y + CORRECTED[1]
