"""The starter routines: written by --write, and tried by people who were not asked when they were made.

Usage: python tests/bench/starter.py [ID...] [--write] [--people N] [--views all]

For each routine and recommended view: repetitions (or holds, or flows) done and counted, the mean and the
lowest score of a good performance, the same with 1.5 px of noise, and the score under a fault that fits.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "device"))

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.score import scored
from posecoach.coach.learn_rules import learned_tolerances
from posecoach.coach.reference import reference_of, watch
from posecoach.coach.routine import TOLERANCE_FLOOR, LimbRule, Routine, View
from posecoach.coach.view import StepKind
from posecoach.motion.sequence import PoseSequence
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.starter_routines import cycle_s, write_starters
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame, track_pose

STARTER = Path(__file__).resolve().parents[2] / "device" / "posecoach" / "starter"
REPS = 5
FAULTS = {
    "squat": ("shallow:0.4", "lean:20"),
    "sit_to_stand": ("shallow:0.4", "lean:20"),
    "lunge": ("shallow:0.4", "lean:20"),
    "side_leg_raise": ("shallow:0.4", "lean.right:20"),
    "shoulder_abduction": ("shallow:0.4", "low_arm.left:25", "lean.left:20"),
    "shoulder_flexion": ("shallow:0.4", "low_arm:25", "lean:-20"),
    "shoulder_press": ("shallow:0.4", "low_arm.left:25", "lean.left:20"),
    "knee_raise": ("shallow:0.4", "lean:20"),
    "trunk_side_bend": ("shallow:0.4", "asymmetry.left:0.5"),
    "heel_raise": ("shallow:0.4", "bent_knee:25@2-5"),
    "tree": ("low_arm:25", "lean.right:20"),
    "warrior_two": ("low_arm:25", "lean.left:20"),
    "chair": ("shallow:0.2", "low_arm:25", "lean:20"),
    "half_sun_salutation": ("shallow:0.4", "bent_knee:25@1"),
    "seated_arm_raise": ("shallow:0.4", "low_arm:25", "lean:-20"),
    "seated_knee_extension": ("shallow:0.4", "bent_knee.left:25@1-5", "lean:-20"),
}


def starters() -> RoutineFolders:
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track)


def write(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        store = RoutineFolders(Path(made), read_track=read_track, write_track=write_track)
        for folder in write_starters(store.save, names):
            shutil.rmtree(STARTER / folder.name, ignore_errors=True)
            shutil.copytree(folder, STARTER / folder.name)
            print(STARTER / folder.name)


def performed(name: str, view: View, seed: int, *faults: str, noise_px: float = 0.0) -> PoseTrack:
    athlete = Athlete(
        MOTIONS[name],
        camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[view]),
        seed=seed,
        faults=[Fault.parse(text) for text in faults],
        reps=REPS if MOTIONS[name].kind is StepKind.REPS else None,
    )
    track = athlete.truth(0.0, athlete.duration_s, 30.0)
    if not noise_px:
        return track
    rng = np.random.default_rng([seed, 3])
    frames = [
        TrackFrame(
            frame.at_s,
            frame.pose
            and track_pose(
                frame.pose.keypoints_xy + rng.normal(0.0, noise_px, (17, 2)), frame.pose.keypoint_scores
            ),
        )
        for frame in track
    ]
    return PoseTrack(track.image_wh, frames)


def outcome(routine: Routine, view: View, seed: int, *faults: str, noise_px: float = 0.0) -> dict:
    return scored(performed(routine.id, view, seed, *faults, noise_px=noise_px), routine)


def parts(outcome: dict) -> list[dict]:
    return outcome["reps"] or outcome["holds"]


def good(outcome: dict) -> int:
    return sum(part["verdict"] == "good" for part in parts(outcome))


def in_short(outcomes: list[dict]) -> str:
    scores = [outcome["score"] for outcome in outcomes if outcome["score"] is not None]
    if not scores:
        return f"  -   -  ({outcomes[0]['reason']})"
    return f"{np.mean(scores):4.0f}{min(scores):4.0f}"


def table(names: list[str], people: int, every_view: bool, verbose: bool) -> None:
    print(
        f"{'routine':22s}{'view':6s} {'done':>4s} {'counted':>8s} {'good':>5s}  mean low  noisy      faults"
    )
    for name in names:
        routine = starters().load(name)
        (step,) = routine.steps
        expected = REPS if step.kind is StepKind.REPS else 1
        for view in step.views if every_view else step.best_views:
            clean = [outcome(routine, view, seed) for seed in range(people)]
            noisy = [outcome(routine, view, seed, noise_px=1.5) for seed in range(people)]
            counts = [len(parts(each)) for each in (*clean, *noisy)]
            exact = sum(count == expected for count in counts)
            fine = sum(good(each) == expected for each in (*clean, *noisy))
            line = (
                f"{name:22s}{view:6s} {expected:4d} {exact:4d}/{len(counts):<3d} {fine:2d}/{len(counts):<3d} "
            )
            line += f"{in_short(clean)}  {in_short(noisy)}  "
            for fault in FAULTS[name]:
                wrong = [outcome(routine, view, seed, fault) for seed in range(min(people, 3))]
                line += f"  {fault} {in_short(wrong)}"
                if verbose:
                    line += f" {wrong[0]['cues'][:2]}"
            print(line, flush=True)


def example(name: str, view: View, seed: int) -> PoseSequence:
    """One cycle of somebody else who does it, with natural variation, as the coach sees it."""
    athlete = Athlete(MOTIONS[name], camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[view]), reps=1, seed=seed)
    whole, _ = watch(athlete.truth(0.0, athlete.duration_s, 30.0))
    begin_s, end_s = cycle_s(athlete)
    return reference_of(whole.between(begin_s - 0.02, end_s + 0.02))


def spread(names: list[str], people: int) -> None:
    """How far other bodies are off, which the tolerances are to cover."""
    for name in names:
        (step,) = starters().load(name).steps
        floors = {limb: LimbRule(rule.emphasis, TOLERANCE_FLOOR) for limb, rule in step.limbs.items()}
        others = {
            view: [example(name, view, 900 + seed) for seed in range(people)] for view in step.best_views
        }
        varied = learned_tolerances(replace(step, limbs=floors), others)
        wide = [f"{limb} {off:.2f} of {step.limbs[limb].tolerance:.2f}" for limb, off in varied.items()]
        print(f"{name:22s} {', '.join(wide)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("routines", nargs="*", metavar="ID", default=list(MOTIONS))
    parser.add_argument("--write", action="store_true", help="make the folders anew, and nothing else")
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--views", choices=["best", "all"], default="best")
    parser.add_argument("--spread", action="store_true", help="how far other bodies are off, and no more")
    parser.add_argument("--cues", action="store_true", help="what is said about the faults")
    chosen = parser.parse_args()
    names = chosen.routines or list(MOTIONS)
    if chosen.write:
        write(names)
    elif chosen.spread:
        spread(names, chosen.people)
    else:
        table(names, chosen.people, chosen.views == "all", chosen.cues)


if __name__ == "__main__":
    main()
