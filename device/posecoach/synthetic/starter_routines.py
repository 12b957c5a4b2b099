"""The routines that ship, made from the built-in athlete.

One average body, without any natural variation, does each motion once, seen from the front, the left and the
right: these are the references. What matters how much, how far off is still perfect, and every word, a
person has written: `starter_standing`, `starter_seated`, `starter_yoga`. How well other bodies do by it,
``tests/bench/starter.py`` tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from posecoach.coach.learn import Learned
from posecoach.coach.reference import reference_of
from posecoach.coach.routine import Step, View
from posecoach.coach.view import StepKind
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint, Limb
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.motion import Motion
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.starter import Starter
from posecoach.synthetic.starter_seated import SEATED
from posecoach.synthetic.starter_standing import STANDING
from posecoach.synthetic.starter_yoga import YOGA
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame, track_pose

STARTERS: Final[dict[str, Starter]] = {name: {**STANDING, **SEATED, **YOGA}[name] for name in MOTIONS}
"""What is written about every motion, by its name."""

GUESSED_SCORE: Final = 0.5
"""Of what the body hides, where that is the shoulders or hips: there is no comparing without them."""


class Save(Protocol):
    """Stores a routine; `RoutineFolders.save` is one."""

    def __call__(
        self, id_: str, name: str, learned: Learned, *, summary: str = "", instructions: Sequence[str] = ()
    ) -> Path:
        """Store it, and say where."""
        ...


_PAIRS: Final = ([Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER], [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP])


def write_starters(save: Save, names: Iterable[str] = tuple(MOTIONS)) -> list[Path]:
    """Make and store starter routines: the same bytes every time."""
    return [
        save(
            name,
            STARTERS[name].name,
            made(name),
            summary=STARTERS[name].summary,
            instructions=STARTERS[name].instructions,
        )
        for name in names
    ]


def made(name: str) -> Learned:
    """The step of one starter routine."""
    words, motion = STARTERS[name], MOTIONS[name]
    tracks = {view: _reference(motion, view) for view in VIEW_YAW_DEG}
    step = Step(
        kind=motion.kind,
        views={view: reference_of(track) for view, track in tracks.items()},
        limbs={limb: words.rule(limb) for limb in Limb},
        reps=words.reps,
        hold_s=words.hold_s,
        cues=words.cues,
        seated=words.seated,
        sides=words.sides,
        best_views=words.best_views,
    )
    return Learned(step, tracks, 1, ("made from the built-in athlete by: make starter",))


def cycle_s(athlete: Athlete) -> tuple[float, float]:
    """From when to when the first repetition lasts, without the rests around it; of a hold the middle."""
    rep, motion = athlete.timeline.reps[0], athlete.motion
    if motion.kind is StepKind.HOLD:
        middle_s = rep.start_s + motion.turning_s * rep.tempo
        return middle_s, middle_s
    begin_s, end_s = (
        rep.start_s + float(at_s) * rep.tempo for at_s in (motion.times_s[1], motion.times_s[-2])
    )
    return begin_s, end_s


def _reference(motion: Motion, view: View) -> PoseTrack:
    """One exact cycle at the rate at which poses are compared, in tenths of a pixel to keep files short.

    What the body hides has no score, and yet its right place: it may be seen a moment later. Of somebody
    who sits facing the camera the thighs hide the hips, and of a warrior from the side an arm the
    shoulders; there is no comparing without them, and networks place them well all the same.
    """
    camera = ViewCamera(yaw_deg=VIEW_YAW_DEG[view])
    athlete = Athlete(motion, camera=camera, body=Body.average(), reps=1, variation=0.0)
    begin_s, end_s = cycle_s(athlete)
    seen = athlete.truth(begin_s, end_s, SAMPLE_RATE_HZ)
    guessed = athlete.truth(begin_s, end_s, SAMPLE_RATE_HZ, hidden_score=GUESSED_SCORE)
    frames = [
        TrackFrame(frame.at_s, _coarse(_with_torso(frame.pose, guess.pose)))
        for frame, guess in zip(seen, guessed, strict=True)
    ]
    return PoseTrack(seen.image_wh, frames)


def _with_torso(seen: PoseEstimate | None, guessed: PoseEstimate | None) -> PoseEstimate | None:
    """What is seen, with both shoulders guessed where neither is, and both hips likewise.

    Of somebody who squats facing the camera that is for a moment only, but the one that matters.
    """
    if seen is None or guessed is None:
        return guessed
    scores = np.array(seen.keypoint_scores)
    for pair in _PAIRS:
        if not scores[pair].any():
            scores[pair] = guessed.keypoint_scores[pair]
    return track_pose(seen.keypoints_xy, scores)


def _coarse(pose: PoseEstimate | None) -> PoseEstimate | None:
    return None if pose is None else track_pose(pose.keypoints_xy.round(1), pose.keypoint_scores)
