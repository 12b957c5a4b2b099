"""Making a step from recordings: find the movement, choose the best of it, learn how much it varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from posecoach.coach.learn_cuts import cut_flows, cut_holds, cut_reps
from posecoach.coach.learn_examples import Examples, examples_of
from posecoach.coach.learn_rules import learned_emphasis, learned_tolerances, rules
from posecoach.coach.reference import reference_of, watch
from posecoach.coach.routine import TOLERANCE_FLOOR, Sides, Step, View
from posecoach.coach.view import StepKind
from posecoach.coach.viewpoint import viewpoint
from posecoach.errors import RoutineError
from posecoach.skeleton import Limb
from posecoach.track import PoseTrack

DEFAULT_REPS: Final = 10
DEFAULT_HOLD_S: Final = 5.0


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

    They may be of several people, some of whom do it on the other side: it may then be done on either.

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
    cut = {StepKind.REPS: cut_reps, StepKind.HOLD: cut_holds, StepKind.FLOW: cut_flows}[kind]
    tracks, notes = cut(watched)
    return learned_from(tracks, kind, view, notes)


def learned_from(
    tracks: Sequence[PoseTrack], kind: StepKind, view: View | None = None, notes: Sequence[str] = ()
) -> Learned:
    """Make a step from performances that are cut already.

    Args:
        tracks: Smoothed, each one repetition, held pose or sequence; at least one.
        kind: What they are.
        view: The side they were filmed from; recognised where `None`.
        notes: How they were found.
    """
    references = [reference_of(track) for track in tracks]
    seen_from = view or viewpoint(references[0].xy, references[0].weights)
    examples = examples_of(references, either_side=seen_from is View.FRONT)
    step = _step(kind, seen_from, examples)
    return Learned(
        step, {seen_from: tracks[examples.best]}, len(tracks), (*notes, *_spread_in_words(examples, step))
    )


def _step(kind: StepKind, view: View, examples: Examples) -> Step:
    """What the examples say; tolerances are learned by measuring the others with the floor."""
    emphasis = learned_emphasis(examples.model, examples.others, kind)
    step = Step(
        kind=kind,
        views={view: examples.model},
        limbs=rules(emphasis, dict.fromkeys(Limb, TOLERANCE_FLOOR)),
        reps=DEFAULT_REPS if kind is StepKind.REPS else None,
        hold_s=DEFAULT_HOLD_S if kind is StepKind.HOLD else None,
        sides=Sides.EITHER if examples.mirrored else Sides.BOTH,
        posture=examples.posture if kind is StepKind.REPS else 0.0,
    )
    tolerance = learned_tolerances(step, {view: examples.others})
    return replace(step, limbs=rules(emphasis, tolerance))


def _spread_in_words(examples: Examples, step: Step) -> tuple[str, ...]:
    """Where the tolerances come from."""
    if not examples.others:
        return ("there is only one of it: tolerances are the floor; three would tell how much it varies",)
    told = [f"tolerances come from {len(examples.others) + 1} recordings of it"]
    if examples.mirrored:
        told.append(f"{examples.mirrored} of them are done on the other side: it may be done on either")
    if step.posture:
        told.append(
            f"starting poses differ by up to {step.posture:.2f} torso lengths: so much is one's own posture"
        )
    return tuple(told)
