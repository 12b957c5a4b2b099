"""A whole visit by the athlete, hands-free: comes in, chooses by pointing, exercises, pauses, goes.

Or comes in, records a movement, keeps it, does it, and goes.

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
RECORDED: Final = 3
"""How often a movement is shown that is to be learned."""
SHOWN_VARIATION: Final = 5.0 / 1.1
"""Of such a showing: joints differ from one time to the next by 5 degrees, as standard deviation."""
LEARNED_S: Final = 6.0
"""How long somebody stands still until the screen asks whether to keep it, and looks at that."""


class Visit:
    """One act after the other by one athlete."""

    def __init__(
        self,
        camera: ViewCamera,
        *,
        seed: int = 0,
        variation: float = 1.0,
        reps: int = 10,
        record: str | None = None,
        corrected: Point = CORRECTED,
    ) -> None:
        """Prepare a visit.

        Args:
            camera: Who looks on, from the front.
            seed: Of the body and the natural variation.
            variation: Of the natural variation from one repetition to the next; 0 for none.
            reps: How often the exercise asks to be done.
            record: Name of a motion that is shown, to be learned, kept and done; `None` for an exercise that
                is there.
            corrected: By how much they move their hand on when they see the cursor; nothing where it is seen
                where it is.
        """
        self.camera, self.seed = camera, seed
        self.body = Body.sample(np.random.default_rng([seed, 1]))
        self._variation, self._corrected = variation, corrected
        self.acts = self._exercises(reps) if record is None else self._records(MOTIONS[record], reps)
        self._starts = [0.0, *accumulate(act.duration_s for act in self.acts)]

    def _exercises(self, reps: int) -> tuple[Athlete, ...]:
        """Somebody who chooses an exercise, pauses it, and goes."""
        exercise = MOTIONS[CHOSEN]
        return (
            *self._chooses(sorted(MOTIONS).index(CHOSEN)),
            self._act(exercise, reps=BEFORE_PAUSE),
            self._act(CROSS_ARMS, after_s=LOOKS_S),
            self._act(RAISE_RIGHT_HAND, after_s=LOOKS_S),  # goes on
            self._act(exercise, reps=reps - BEFORE_PAUSE, after_s=RESULTS_S),
            self._act(RAISE_LEFT_HAND, after_s=LOOKS_S, walk_out_s=WALK_S),  # something else
        )

    def _records(self, motion: Motion, reps: int) -> tuple[Athlete, ...]:
        """Somebody who shows a movement, keeps it, does it, and goes; the tile is the last."""
        return (
            *self._chooses(len(MOTIONS) + 1),
            self._act(motion, reps=RECORDED, variation=SHOWN_VARIATION, after_s=LEARNED_S),
            self._act(RAISE_RIGHT_HAND, after_s=LOOKS_S),  # keeps it
            self._act(RAISE_RIGHT_HAND, after_s=READY_S),  # does it now
            self._act(motion, reps=reps, after_s=RESULTS_S),
            self._act(RAISE_LEFT_HAND, after_s=LOOKS_S, walk_out_s=WALK_S),
        )

    def _chooses(self, index: int) -> tuple[Athlete, ...]:
        """Somebody who comes in and points at the tile with a number."""
        plan = plan_tiles(ASPECT)
        page, place = divmod(index, len(plan.tiles))
        return (
            self._act(RAISE_RIGHT_HAND, walk_in_s=WALK_S, lead_s=LOOKS_S),  # marks the next one
            *(self._act(self._points(TO_THE_SIDE), after_s=LOOKS_S) for _ in range(page)),
            self._act(self._points(_seen_on(plan.tiles[place], self._corrected)), after_s=READY_S),
        )

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
        variation: float | None = None,
    ) -> Athlete:
        act = Athlete(
            motion,
            camera=self.camera,
            body=self.body,
            reps=reps,
            seed=self.seed,
            variation=self._variation if variation is None else variation,
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


def _seen_on(box: Box, corrected: Point) -> Point:
    x, y = box.centre
    return x / ASPECT + corrected[0], y + corrected[1]
