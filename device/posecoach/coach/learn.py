"""Making a step from recordings: find the movement, choose the best of it, learn how much it varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.learn_reps import most_typical, repetitions
from posecoach.coach.measure import measure
from posecoach.coach.reference import reference_of, watch
from posecoach.coach.routine import TOLERANCE_FLOOR, LimbRule, Step, View, shown
from posecoach.coach.view import StepKind
from posecoach.coach.viewpoint import viewpoint
from posecoach.coach.yardstick import yardstick
from posecoach.errors import RoutineError
from posecoach.motion.pose_distance import keypoint_distances
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, Limb
from posecoach.track import PoseTrack

Array = NDArray[np.float64]

TOLERANCE_CEILING: Final = 0.35
"""Most tolerance of a limb, in torso lengths: more would forgive everything."""
LEAST_EMPHASIS: Final = 0.15
DEFAULT_REPS: Final = 10
LONGEST_HOLD_S: Final = 60.0
STILL_SPEED: Final = 0.25
"""Mean speed of the keypoints, in torso lengths per second, up to which somebody holds still."""
LEAST_DISPLACEMENT: Final = 0.12
"""How far some keypoint comes within a second, in torso lengths, while a sequence goes on, however slowly."""
LEAST_STILL_S: Final = 1.0
LONGEST_FLOW_S: Final = 180.0


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """A step made from recordings.

    Attributes:
        step: Ready to be performed.
        tracks: The track each view's reference was made from; what a routine folder stores.
        examples: How many repetitions, holds or sequences were found in all recordings together.
        notes: What was found, a sentence each.
    """

    step: Step
    tracks: dict[View, PoseTrack]
    examples: int
    notes: tuple[str, ...]


def learn(recordings: Sequence[PoseTrack], kind: StepKind, view: View | None = None) -> Learned:
    """Make a step from one or several recordings of the same movement from the same side.

    Args:
        recordings: At least one.
        kind: What the movement is.
        view: The side it was filmed from; recognised where `None`.

    Raises:
        RoutineError: The recordings do not show what `kind` says; says what was found and what to do.
    """
    if not recordings:
        raise RoutineError("a routine needs at least one recording")
    watched = [watch(recording) for recording in recordings]
    cut = {StepKind.REPS: _reps, StepKind.HOLD: _holds, StepKind.FLOW: _flows}[kind]
    tracks, notes = cut(watched)
    references = [reference_of(track) for track in tracks]
    seen_from = view or viewpoint(references[0].xy, references[0].weights)
    best = most_typical(references)
    step = _step(kind, seen_from, references[best], _rules(references[best], (), kind, seen_from))
    others = [reference for index, reference in enumerate(references) if index != best]
    step = _step(kind, seen_from, references[best], _rules(references[best], others, kind, seen_from, step))
    spread = (
        f"tolerances come from {len(references)} recordings of it"
        if others
        else "there is only one of it: tolerances are the floor; three would tell how much it varies"
    )
    return Learned(step, {seen_from: tracks[best]}, len(tracks), (*notes, spread))


def _step(kind: StepKind, view: View, reference: PoseSequence, limbs: dict[Limb, LimbRule]) -> Step:
    return Step(
        kind=kind,
        views={view: reference},
        limbs=limbs,
        reps=DEFAULT_REPS if kind is StepKind.REPS else None,
        hold_s=5.0 if kind is StepKind.HOLD else None,
    )


def _rules(
    reference: PoseSequence,
    others: Sequence[PoseSequence],
    kind: StepKind,
    view: View,
    provisional: Step | None = None,
) -> dict[Limb, LimbRule]:
    """Emphasis from how much each limb moves, tolerance from how far the other recordings are off.

    A limb that the reference does not show does not matter.
    """
    moved = keypoint_distances(reference.xy, reference.directions, reference.xy[:1], reference.directions[:1])
    moved = np.average(moved, axis=0, weights=reference.weights + 1e-9)
    seen = {limb: [k for k in keypoints if shown(reference)[k]] for limb, keypoints in LIMB_KEYPOINTS.items()}
    most = max(float(moved[keypoints].mean()) for keypoints in seen.values() if keypoints)
    tolerances = dict.fromkeys(Limb, TOLERANCE_FLOOR)
    if provisional is not None:
        tolerances = learned_tolerances(provisional, {view: others})
    rules = {}
    for limb, keypoints in seen.items():
        emphasis = 1.0
        if not keypoints:
            emphasis = 0.0
        elif kind is not StepKind.HOLD:
            emphasis = float(np.clip(moved[keypoints].mean() / max(most, 1e-9), LEAST_EMPHASIS, 1.0))
        elif limb is Limb.HEAD:
            emphasis = 0.3
        rules[limb] = LimbRule(round(emphasis, 2), tolerances[limb])
    return rules


def learned_tolerances(step: Step, others: Mapping[View, Sequence[PoseSequence]]) -> dict[Limb, float]:
    """How far other performances of the same are off, in torso lengths, limb by limb.

    It is the keypoint and the performance that is furthest off, of what is mostly seen, from
    `TOLERANCE_FLOOR` to `TOLERANCE_CEILING`.

    Args:
        step: What they are measured by.
        others: Performances seen from each side; none of a view says nothing.
    """
    widest = dict.fromkeys(Limb, TOLERANCE_FLOOR)
    for view, performances in others.items():
        reference = yardstick(step, view)
        for performed in performances:
            measured = measure(performed, reference)
            costs = np.where(shown(reference.reference) & (measured.weights >= 0.5), measured.costs, 0.0)
            for limb, keypoints in LIMB_KEYPOINTS.items():
                widest[limb] = max(widest[limb], float(costs[list(keypoints)].max()))
    return {limb: round(min(varied, TOLERANCE_CEILING), 3) for limb, varied in widest.items()}


Watched = tuple[PoseTrack, PoseSequence]


def _reps(watched: Sequence[Watched]) -> tuple[list[PoseTrack], list[str]]:
    tracks, notes = [], []
    for number, (track, samples) in enumerate(watched, 1):
        spans = repetitions(samples)
        tracks += [track.between(start_s, end_s) for start_s, end_s in spans]
        when = ", ".join(f"{start_s:.1f}-{end_s:.1f} s" for start_s, end_s in spans)
        notes.append(f"recording {number}: {len(spans)} complete repetitions ({when})")
    if not tracks:
        raise RoutineError(
            "no complete repetition found: start and end in the starting pose with all of you in view, "
            "and do it at least once (three times is better)"
        )
    return tracks, notes


def _holds(watched: Sequence[Watched]) -> tuple[list[PoseTrack], list[str]]:
    tracks, notes = [], []
    for number, (track, samples) in enumerate(watched, 1):
        first, last = _longest_still(samples)
        start_s, end_s = float(samples.at_s[first]), float(samples.at_s[last])
        if end_s - start_s < LEAST_STILL_S:
            raise RoutineError(
                f"recording {number}: no pose is held for {LEAST_STILL_S:.0f} s; hold still for a few seconds"
            )
        middle = np.median(samples.xy[first : last + 1], axis=0)
        nearest = first + int(np.argmin(np.abs(samples.xy[first : last + 1] - middle).sum(axis=(1, 2))))
        moment_s = min(
            (frame.at_s for frame in track if frame.pose), key=lambda at_s: abs(at_s - samples.at_s[nearest])
        )
        tracks.append(track.between(moment_s, moment_s))
        notes.append(f"recording {number}: held still from {start_s:.1f} to {end_s:.1f} s")
    return tracks, notes


def _flows(watched: Sequence[Watched]) -> tuple[list[PoseTrack], list[str]]:
    tracks, notes = [], []
    for number, (track, samples) in enumerate(watched, 1):
        moving = np.flatnonzero(_displacement(samples) > LEAST_DISPLACEMENT)
        if len(moving) < 2:
            raise RoutineError(f"recording {number}: nothing moves; record the whole sequence once")
        start_s, end_s = float(samples.at_s[moving[0]]), float(samples.at_s[moving[-1]])
        if end_s - start_s > LONGEST_FLOW_S:
            raise RoutineError(
                f"recording {number}: lasts {end_s - start_s:.0f} s, a flow at most {LONGEST_FLOW_S:.0f} s; "
                "cut it into several routines"
            )
        tracks.append(track.between(start_s, end_s))
        notes.append(f"recording {number}: the sequence runs from {start_s:.1f} to {end_s:.1f} s")
    return tracks, notes


def _speed(samples: PoseSequence) -> Array:
    """``(time,)`` mean speed of the seen keypoints over half a second, in torso lengths per second."""
    moved = np.diff(samples.xy, axis=0, prepend=samples.xy[:1])
    step_s = np.maximum(np.diff(samples.at_s, prepend=samples.at_s[0] - 1.0), 1e-3)
    weights = samples.weights + 1e-9
    speed = np.average(np.sqrt((moved * moved).sum(axis=-1)), axis=-1, weights=weights) / step_s
    window = np.ones(7) / 7.0
    return np.convolve(np.pad(speed, 3, mode="edge"), window, mode="valid")


def _displacement(samples: PoseSequence) -> Array:
    """``(time,)`` how far the keypoint that moves most comes within the second around each sample."""
    time, half = np.arange(len(samples)), round(SAMPLE_RATE_HZ / 2)
    before, after = np.maximum(time - half, 0), np.minimum(time + half, time[-1])
    apart = np.linalg.norm(samples.xy[after] - samples.xy[before], axis=-1)
    seen = np.minimum(samples.weights[before], samples.weights[after]) >= 0.5
    return np.asarray((apart * seen).max(axis=-1))


def _longest_still(samples: PoseSequence) -> tuple[int, int]:
    """First and last sample of the longest time that somebody holds still; the first of equals."""
    still = np.concatenate(([False], _speed(samples) <= STILL_SPEED, [False])).astype(int)
    starts, ends = np.flatnonzero(np.diff(still) == 1), np.flatnonzero(np.diff(still) == -1) - 1
    if len(starts) == 0:
        return 0, 0
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])
