"""Is every fault of the athlete named, and nothing else? A table of motions, views and faults.

Each performance has its faults in every second repetition. The coach sees the exact keypoints, with or
without noise. What it says is held against the athlete's own angles in space: a correction of a joint that
is not off that way contradicts the truth.

Usage: python tests/bench/faults.py [MOTION...] [--view V] [--seeds N] [--noise PX...] [--hidden-score S]
           [--fault F...] [--verbose]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "device"))

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.fault import Change
from posecoach.coach.fault import Fault as Told
from posecoach.coach.progress import Part
from posecoach.coach.reference import reference_of
from posecoach.coach.routine import LimbRule, Routine, Step, View
from posecoach.coach.session import Session, SessionOptions
from posecoach.coach.view import StepKind
from posecoach.motion.joint_angles import JOINTS
from posecoach.skeleton import JOINT_TRIPLETS, Limb
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.naming import named_by
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame, track_pose

STARTER = Path(__file__).resolve().parents[2] / "device" / "posecoach" / "starter"
RATE_HZ = 15.0
ANY = ("shallow:0.35", "shallow:0.5", "shallow:0.2", "fast:2", "pause:2.5", "skip")
ARMS = ("low_arm.left:30", "low_arm.right:20", "low_arm:35", "asymmetry.left:0.35", "asymmetry.right:0.25")
UNEVEN = ("asymmetry.left:0.4", "asymmetry.right:0.4")
SIDEWAYS = ("lean.left:20", "lean.right:25")
FORWARD = ("lean:20",)
TWO_SIDED = ("knee_raise", "trunk_side_bend")
PLAN: dict[tuple[str, str], tuple[str, ...]] = {
    ("squat", "front"): (*ANY, *SIDEWAYS),
    ("squat", "left"): (*ANY, *FORWARD),
    ("squat", "right"): (*ANY, *FORWARD),
    ("shoulder_abduction", "front"): (*ANY, *ARMS, *SIDEWAYS),
    ("shoulder_press", "front"): (*ANY, *ARMS, *SIDEWAYS),
    ("shoulder_flexion", "left"): (*ANY, *FORWARD, "low_arm.left:30"),
    ("lunge", "left"): (*ANY, *FORWARD),
    ("lunge", "right"): (*ANY, *FORWARD),
    ("side_leg_raise", "front"): (*ANY, *SIDEWAYS, "asymmetry.left:0.4"),
    ("knee_raise", "front"): ("shallow:0.35", "fast:2", "pause:2.5", "skip", *SIDEWAYS, *UNEVEN),
    ("knee_raise", "left"): (*ANY, *FORWARD, "asymmetry.left:0.4"),
    ("knee_raise", "right"): (*ANY, *FORWARD, "asymmetry.right:0.4"),
    ("sit_to_stand", "left"): ("shallow:0.35", "fast:1.8", "pause:2.5", "skip", *FORWARD),
    ("trunk_side_bend", "front"): ANY,
    ("heel_raise", "left"): ("fast:2", "pause:2.5", *FORWARD),
    ("seated_arm_raise", "left"): (*ANY, "low_arm.left:30"),
    ("seated_knee_extension", "left"): (*ANY, "asymmetry.left:0.4", *FORWARD),
}  # fmt: skip


@dataclass
class Row:
    """What became of one fault, over seeds."""

    tried: int = 0
    counted: int = 0
    named: int = 0
    first: int = 0
    said: int = 0
    against: int = 0


def main() -> None:
    chosen = _options()
    rows: dict[tuple[str, str, str], Row] = {}
    for (motion, view), faults in PLAN.items():
        if (chosen.motions and motion not in chosen.motions) or (chosen.view and view != chosen.view):
            continue
        for noise_px in chosen.noise:
            for seed in range(chosen.seeds):
                for told in performed(motion, view, chosen.fault or faults, seed + 1, noise_px, chosen):
                    row = rows.setdefault((motion, view, told.fault), Row())
                    row.tried += 1
                    row.counted += told.counted
                    row.named += told.named
                    row.first += told.first
                    row.said += told.said
                    row.against += told.against
    _table(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("motions", nargs="*")
    parser.add_argument("--view")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--noise", type=float, nargs="*", default=[0.0, 1.5])
    parser.add_argument("--hidden-score", type=float, default=0.25)
    parser.add_argument("--fault", nargs="*")
    parser.add_argument("--own", action="store_true", help="not the starter routines but the clean motions")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def _table(rows: dict[tuple[str, str, str], Row]) -> None:
    print(f"{'':44s} reps counted   named  first   said   contradictions")
    total: Counter[str] = Counter()
    for (motion, view, fault), row in rows.items():
        clean = fault == "-"
        wrong = row.counted < row.tried or row.against or (row.named < row.tried)
        print(
            f"{motion:22s}{view:6s}{fault:16s} {row.tried:4d} {row.counted:7d} {row.named:7d} {row.first:6d} "
            f"{row.said:6d} {row.against:6d}{'   <--' if wrong else ''}"
        )
        kind = "clean" if clean else "faulty"
        for name in ("tried", "counted", "named", "first", "said", "against"):
            total[f"{kind} {name}"] += getattr(row, name)
    print("; ".join(f"{name} {count}" for name, count in total.items()))


@dataclass
class Outcome:
    fault: str
    counted: bool
    named: bool
    first: bool
    said: bool
    against: int


def performed(
    name: str, view: str, faults: tuple[str, ...], seed: int, noise_px: float, chosen: argparse.Namespace
) -> Iterator[Outcome]:
    """One performance: the first repetition clean, then each fault with a clean one behind it."""
    given = [replace(Fault.parse(text), reps=(2 * n + 2,) * 2) for n, text in enumerate(faults)]
    athlete = Athlete(
        MOTIONS[name], camera=_camera(view), faults=given, reps=2 * len(faults) + 1, seed=seed, lead_s=1.5
    )
    track = noisy(
        athlete.truth(0.0, athlete.duration_s, RATE_HZ, hidden_score=chosen.hidden_score), noise_px, seed
    )
    session = Session(routine(name, own=chosen.own), options=SessionOptions(gated=False, open_ended=True))
    for frame in track:
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
    done = session.finish(track.frames[-1].at_s)
    parts = list(done.parts)
    cues = [cue for outcome in done.steps for cue in outcome.cues]
    truth = Truth(athlete, seed)
    used: set[int] = set()
    for rep in athlete.timeline.reps:
        fault = next((each for each in given if each.in_rep(rep.number)), None)
        text = "-" if fault is None else faults[given.index(fault)]
        own = [p for p in parts if rep.start_s < 0.5 * (p.start_s + p.end_s) < rep.end_s]
        used |= {id(part) for part in own}
        told = own[0].faults if len(own) == 1 else ()
        against = [each for each in told if not truth.supports(each, rep.number, View(view))]
        said = [c.text for c in cues if rep.start_s + 0.6 <= c.since <= rep.end_s + 1.5 and not c.praise]
        counted = len(own) == (0 if rep.skipped else 1)
        if fault is None:
            named = first = not told and len(own) == 1 and own[0].verdict == "good"
            spoken = not said
        elif fault.kind is FaultKind.SKIP:
            named = first = spoken = True
        else:
            found = named_by(told, fault, View(view))
            named, first = found is not None, found is not None and found is told[0]
            spoken = found is not None and any(c.lower().startswith(told[0].text.lower()) for c in said)
        yield Outcome(text, counted, named, first, spoken, len(against))
        if chosen.verbose and not (counted and named and first and spoken and not against):
            _explain(name, view, seed, rep.number, text, own, against, said)
    for part in parts:
        if id(part) not in used:
            yield Outcome("(ghost)", False, False, False, False, 0)
            if chosen.verbose:
                _explain(name, view, seed, -1, "ghost", [part], [], [])


def _explain(
    name: str,
    view: str,
    seed: int,
    rep: int,
    text: str,
    own: list[Part],
    against: list[Told],
    said: list[str],
) -> None:
    print(f"{name} {view} seed {seed} rep {rep} {text}: {len(own)} counted; said {said}")
    for part in own:
        score = None if part.score is None else round(part.score)
        print(
            f"    {part.start_s:.1f}-{part.end_s:.1f} {part.verdict} {score} {part.reason!r} {part.tempo:.2f}"
        )
        for each in part.faults:
            mark = "AGAINST" if each in against else ""
            print(f"      {each.severity:5.1f} {each.text} {mark}")


class Truth:
    """What an athlete really does wrong, in degrees, in space."""

    def __init__(self, athlete: Athlete, seed: int) -> None:
        self._athlete = athlete
        body = Body.sample(np.random.default_rng([seed, 1]))
        self._clean = Athlete(
            athlete.motion, camera=athlete.camera, body=body, reps=1, variation=0.0, lead_s=0.0
        )

    def supports(self, told: Told, rep: int, view: View) -> bool:
        """Whether what was told is so; at its turning point for what is told of that, else at any time."""
        timeline = self._athlete.timeline
        here = timeline.reps[rep - 1]
        if told.change in (Change.SLOWER, Change.KEEP_MOVING):
            return here.tempo < 0.85 if told.change is Change.SLOWER else here.pause_s > 0.5
        if told.change is Change.GO_FURTHER:
            return any(fault.in_rep(rep) for fault in self._athlete.faults)
        times = np.linspace(here.start_s + 0.01, here.end_s - 0.01, 120)
        place = timeline.motion_time(times)
        start_s = self._clean.timeline.reps[0].start_s
        off = self._gauges(self._athlete, times) - self._gauges(self._clean, start_s + place)
        if told.joint is not None:
            off_deg = off[:, list(JOINTS).index(told.joint)]
            more = told.change in (Change.BEND, Change.LOWER)
        else:
            off_deg = off[:, 8 if view is View.FRONT else 9]
            way = "left" in told.text or "forward" in told.text
            more = way == (told.change is Change.LEAN_LESS)
        off_deg = off_deg if more else -off_deg
        if told.phase == "turn" and self._athlete.motion.name not in TWO_SIDED:
            near = np.abs(place - self._athlete.motion.turning_s) < 0.25
            return bool(off_deg[near].mean() > 4.0)
        return bool(off_deg.max() > 6.0)

    @staticmethod
    def _gauges(athlete: Athlete, at_s: np.ndarray) -> np.ndarray:
        xyz = keypoints_in_space(athlete.body, athlete.posture(at_s))
        columns = []
        for joint in JOINTS:
            first, corner, last = (xyz[:, k] for k in JOINT_TRIPLETS[joint])
            one, other = first - corner, last - corner
            cross = np.linalg.norm(np.cross(one, other), axis=-1)
            columns.append(np.degrees(np.arctan2(cross, (one * other).sum(axis=-1))))
        up = xyz[:, 5:7].mean(axis=1) - xyz[:, 11:13].mean(axis=1)
        columns.append(np.degrees(np.arctan2(up[:, 1], up[:, 2])))
        columns.append(np.degrees(np.arctan2(up[:, 0], up[:, 2])))
        return np.stack(columns, axis=-1)


def noisy(track: PoseTrack, noise_px: float, seed: int) -> PoseTrack:
    """A track with noise on every coordinate."""
    rng = np.random.default_rng([seed, 7])
    frames = []
    for frame in track:
        pose = frame.pose
        if pose is not None and noise_px > 0:
            xy = pose.keypoints_xy + rng.normal(0.0, noise_px, pose.keypoints_xy.shape)
            pose = track_pose(xy, np.asarray(pose.keypoint_scores))
        frames.append(TrackFrame(frame.at_s, pose))
    return PoseTrack(track.image_wh, frames)


def _camera(view: str) -> ViewCamera:
    return ViewCamera(yaw_deg=VIEW_YAW_DEG[View(view)])


# What an exercise is about: emphasis of arms, legs and trunk, where no starter routine says it.
_ABOUT = {"squat": (0.3, 1.0, 0.6), "lunge": (0.2, 1.0, 0.6), "sit_to_stand": (0.2, 1.0, 0.8),
          "side_leg_raise": (0.2, 1.0, 0.6), "knee_raise": (0.3, 1.0, 0.6), "heel_raise": (0.2, 1.0, 0.5),
          "trunk_side_bend": (0.3, 0.3, 1.0), "seated_knee_extension": (0.2, 1.0, 0.5)}  # fmt: skip


@cache
def routine(name: str, *, own: bool = False) -> Routine:
    """The starter routine, or one made of the clean motion."""
    store = RoutineFolders(STARTER, read_track=read_track, write_track=write_track)
    for known in (name, name.replace("_", "-")):
        if not own and (STARTER / known / "routine.toml").is_file():
            return store.load(known)
    views = {}
    for view in View:
        model = Athlete(MOTIONS[name], camera=_camera(view), reps=1, seed=77, variation=0.0, lead_s=0.0)
        rep = model.timeline.reps[0]
        views[view] = reference_of(model.truth(rep.start_s, rep.end_s, RATE_HZ, hidden_score=0.25))
    arms, legs, trunk = _ABOUT.get(name, (1.0, 0.3, 0.5))
    emphasis = {Limb.HEAD: 0.2, Limb.TRUNK: trunk}
    rules = {limb: LimbRule(emphasis.get(limb, arms if limb.endswith("arm") else legs), 0.1) for limb in Limb}
    step = Step(StepKind.REPS, views, rules, reps=10)
    return Routine(name, name, (step,))


if __name__ == "__main__":
    main()
