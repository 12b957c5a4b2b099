"""Plausible things to show, for tests of the screen and for the gallery."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from posecoach.coach.scene import Box
from posecoach.coach.view import (
    CueView,
    LastTime,
    PersonView,
    RepView,
    SessionView,
    Stage,
    StepKind,
    SummaryView,
    Verdict,
)
from posecoach.frame import Frame
from posecoach.skeleton import Limb

# A person seen from the front, in heights of the body, origin between the feet; the subject's left
# is at the picture's right.
STANDING_XY = np.array(
    [
        [0.0, -0.92], [0.02, -0.94], [-0.02, -0.94], [0.045, -0.93], [-0.045, -0.93],
        [0.12, -0.80], [-0.12, -0.80], [0.19, -0.63], [-0.19, -0.63], [0.22, -0.47], [-0.22, -0.47],
        [0.075, -0.48], [-0.075, -0.48], [0.095, -0.26], [-0.095, -0.26], [0.10, -0.04], [-0.10, -0.04],
    ]
)  # fmt: skip

LANDSCAPE, PORTRAIT, SQUARE = (1280, 720), (720, 1280), (576, 576)
PICTURES = {"landscape": LANDSCAPE, "portrait": PORTRAIT, "square": SQUARE}

FAULTY = {
    Limb.HEAD: 92.0,
    Limb.TRUNK: 88.0,
    Limb.LEFT_ARM: 86.0,
    Limb.RIGHT_ARM: None,
    Limb.LEFT_LEG: 41.0,
    Limb.RIGHT_LEG: 71.0,
}
SOUND = dict.fromkeys(Limb, 93.0)


@cache
def gradient(wh):
    """A drawn stand-in for a camera picture: lighter to the right, warmer to the bottom; read-only."""
    width, height = wh
    x = np.linspace(40, 200, width)[None, :].repeat(height, 0)
    y = np.linspace(60, 140, height)[:, None].repeat(width, 1)
    image = np.stack([x, (x + y) / 2, 190 - y / 2], axis=2).astype(np.uint8)
    image.setflags(write=False)
    return image


def frame(wh=LANDSCAPE):
    return Frame(index=0, captured_at=0.0, image=gradient(wh))


def person(wh=LANDSCAPE, limb_scores=None, *, ghost=True, weights=None):
    foot = np.array([wh[0] / 2, wh[1] * 0.93])
    height = wh[1] * 0.8
    xy = foot + STANDING_XY * height
    low = foot + STANDING_XY * height * np.array([1.1, 0.86])
    return PersonView(
        keypoints_xy=xy,
        weights=np.full(17, 0.9) if weights is None else weights,
        limb_scores=FAULTY if limb_scores is None else limb_scores,
        ghost_xy=low if ghost else None,
        ghost_weights=np.ones(17) if ghost else None,
    )


def close_up(xy, wh):
    """What a session says is needed of the frame to see somebody."""
    (left, top), (right, bottom) = xy.min(axis=0) / wh, xy.max(axis=0) / wh
    return Box(left, top, right - left, bottom - top)


def reps(count):
    """Mostly good ones, with attempts and a gap between them."""
    verdicts = [Verdict.GOOD, Verdict.GOOD, Verdict.ATTEMPT, Verdict.GOOD, Verdict.NOT_JUDGED, Verdict.GOOD]
    reasons = {
        Verdict.GOOD: "",
        Verdict.ATTEMPT: "14 degrees short at the bottom",
        Verdict.NOT_JUDGED: "left side hidden: turn to the camera",
    }
    out = []
    for i in range(count):
        verdict = verdicts[i % len(verdicts)]
        score = {Verdict.GOOD: 92.0 - i % 7, Verdict.ATTEMPT: 63.0, Verdict.NOT_JUDGED: None}[verdict]
        out.append(RepView(verdict, score, reasons[verdict], finished_at=4.0 * (i + 1)))
    return tuple(out)


CORRECTION = CueView("Bend your left knee 14 degrees more at the bottom", Limb.LEFT_LEG, since=17.0)
PRAISE = CueView("That's it!", Limb.LEFT_LEG, since=17.0, praise=True)

SUMMARY = SummaryView(
    score=84.0,
    reason="",
    coverage=0.93,
    limb_scores=FAULTY,
    range_of_motion_deg={"Left knee": 96.0, "Right knee": 112.0, "Left hip": 88.0, "Right hip": 91.0},
    best="Trunk",
    worst="Left leg",
    advice="Go a little deeper on the left: 14 degrees more at the knee",
    duration_s=83.0,
)
COMPARED = replace(
    SUMMARY,
    tempo=0.88,
    reference_deg={"Left knee": 118.0, "Right knee": 118.0, "Left hip": 96.0, "Right hip": 96.0},
    last=LastTime(78.0, 0.95),
    last_deg={"Left knee": 81.0, "Right knee": 112.5, "Left hip": 95.0, "Right hip": 80.0},
)
NO_SCORE = SummaryView(
    score=None,
    reason="Left side hidden most of the time: turn to the camera",
    coverage=0.31,
    limb_scores=dict.fromkeys(Limb),
    range_of_motion_deg={},
    best=None,
    worst=None,
    advice="",
    duration_s=21.0,
)


INSTRUCTIONS = (
    "Face the camera, feet very wide, left toes turned out.",
    "Keep your trunk upright, look over your left hand; change sides.",
)


def view(stage=Stage.ACTIVE, wh=LANDSCAPE, **changes):
    """A session in the middle of ten squats, or at another stage."""
    base = SessionView(
        now=18.0,
        stage=stage,
        stage_since=12.0,
        frame=frame(wh),
        person=person(wh),
        routine_name="Squat",
        kind=StepKind.REPS,
        reps_target=10,
    )
    if stage is Stage.IDLE:
        base = replace(base, person=None, prompt="Step into view")
    elif stage is Stage.PLACING:
        base = replace(base, prompt="Take a step back, so that your feet are in the picture")
    elif stage is Stage.COUNTDOWN:
        base = replace(base, countdown_s=2.4, prompt="Get ready")
    elif stage is Stage.SUMMARY:
        base = replace(base, person=None, summary=SUMMARY, reps=reps(10), score=84.0, now=15.0)
    else:
        base = replace(
            base,
            close_up=close_up(base.person.keypoints_xy, wh),
            score=87.0,
            reps=reps(4),
            phase=0.62,
            reach=0.78,
            best_reach=0.86,
            pace=1.1,
            cue=CORRECTION,
        )
    return replace(base, **changes)


def all_stages(wh=LANDSCAPE):
    """One view of everything there is to show, by name."""
    return {
        "idle": view(Stage.IDLE, wh),
        "idle_no_camera": view(Stage.IDLE, wh, frame=None),
        "placing": view(Stage.PLACING, wh),
        "placing_instructed": view(Stage.PLACING, wh, routine_name="Warrior II", instructions=INSTRUCTIONS),
        "countdown": view(Stage.COUNTDOWN, wh),
        "rest": view(Stage.REST, wh, countdown_s=18.2, reps=(), cue=None, kind=StepKind.HOLD,
                     hold_target_s=20.0, prompt="Rest. The next part comes"),
        "active_first": view(Stage.ACTIVE, wh, reps=(), score=None, cue=None, reach=0.1, best_reach=None,
                             phase=0.1, pace=None, person=person(wh, dict.fromkeys(Limb))),
        "active_cue": view(Stage.ACTIVE, wh),
        "active_praise": view(Stage.ACTIVE, wh, cue=PRAISE, reach=1.0, best_reach=1.02,
                              person=person(wh, SOUND)),
        "active_quiet": view(Stage.ACTIVE, wh, cue=None, reps=reps(3), pace=0.55),
        "active_many": view(Stage.ACTIVE, wh, reps=reps(40), reps_target=None, pace=2.1),
        "active_lost": view(Stage.ACTIVE, wh, person=None, cue=None, reach=None, best_reach=None, phase=None,
                            reps=reps(5)),
        "hold": view(Stage.ACTIVE, wh, kind=StepKind.HOLD, hold_s=18.4, hold_target_s=30.0, reps=(),
                     reps_target=None, routine_name="Warrior II",
                     cue=CueView("Lift your right arm to shoulder height", Limb.RIGHT_ARM, since=17.0)),
        "flow": view(Stage.ACTIVE, wh, kind=StepKind.FLOW, reps=(), reps_target=None, phase=0.42,
                     routine_name="Sun salutation", cue=None),
        "summary": view(Stage.SUMMARY, wh),
        "summary_compared": view(Stage.SUMMARY, wh, summary=COMPARED),
        "summary_alike": view(Stage.SUMMARY, wh, summary=replace(COMPARED, limb_scores=SOUND, best=None,
                              worst=None, tempo=1.02)),
        "summary_no_score": view(Stage.SUMMARY, wh, summary=NO_SCORE, reps=reps(2), score=None),
    }  # fmt: skip
