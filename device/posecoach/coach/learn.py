"""Making a step from recordings: find the movement, choose the best of it, learn how much it varies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from posecoach.coach.learn_examples import most_of
from posecoach.coach.learn_group import Group, group_of
from posecoach.coach.learn_rules import learned_emphasis, learned_tolerances, rules
from posecoach.coach.learn_views import Found, by_view, looked_through, same_movement
from posecoach.coach.pace import tempo
from posecoach.coach.routine import TOLERANCE_FLOOR, Origin, Sides, Step, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.errors import RoutineError
from posecoach.skeleton import Limb
from posecoach.track import PoseTrack

DEFAULT_REPS: Final = 10
DEFAULT_HOLD_S: Final = 5.0
MOST_TEMPO: Final = 2.0
"""Times as fast, or as slow, as the reference that recordings may be: more is another way of doing it."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """A step made from recordings.

    Attributes:
        step: Ready to be performed.
        tracks: The track each view's reference was made from; what a routine folder stores.
        examples: How many repetitions, holds or sequences it was learned from.
        notes: What was found, a sentence each.
        found: What was found in each recording, in their order.
    """

    step: Step
    tracks: dict[View, PoseTrack]
    examples: int
    notes: tuple[str, ...]
    found: tuple[Found, ...] = ()


def learn(
    recordings: Sequence[PoseTrack],
    kind: StepKind,
    view: View | None = None,
    *,
    names: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Learned:
    """Make a step from one or several recordings of the same movement.

    They may be of several people, from several sides (each side becomes a view), and some of them of the
    other side of the body: it may then be done on either. A recording that shows nothing of the kind, or
    another movement than most, is left out; `Learned.found` says why.

    Args:
        recordings: At least one.
        kind: What the movement is.
        view: The side that all of them were filmed from; recognised in each where `None`.
        names: What to call the recordings where they are refused; by their numbers without. What is kept says
            the number: a file may be called after a person.
        progress: Called with how many recordings have been looked through.

    Raises:
        RoutineError: The recordings do not show what `kind` says, or not the same; says what was found and
            what to do.
    """
    if not recordings:
        raise RoutineError("a routine needs at least one recording")
    called = names or [f"recording {number}" for number in range(1, len(recordings) + 1)]
    found: list[Found] = []
    for recording in recordings:
        found.append(looked_through(recording, kind, view))
        if progress:
            progress(len(found))
    if not any(each.parts for each in found):
        reasons = [each.reason for each in found]
        if len(found) > 1:
            reasons = [f"{name}: {reason}" for name, reason in zip(called, reasons, strict=True)]
        raise RoutineError("; ".join(reasons))
    return learned_from(same_movement(found, kind, called), kind)


def learned_from(found: Sequence[Found], kind: StepKind) -> Learned:
    """Make a step of performances that were found already, in recordings of the same movement."""
    groups = {seen_from: group_of(parts, seen_from) for seen_from, parts in by_view(found).items()}
    found = [each.with_sides(groups) for each in found]
    step = _step(kind, groups, found)
    examples = sum(len(group.parts) for group in groups.values())
    told = [
        *(each.in_words(f"recording {number}", kind) for number, each in enumerate(found, 1)),
        *_spread_in_words(groups, step, examples),
    ]
    tracks = {seen_from: group.track for seen_from, group in groups.items()}
    return Learned(step, tracks, examples, tuple(told), tuple(found))


def _step(kind: StepKind, groups: Mapping[View, Group], found: Sequence[Found]) -> Step:
    """What the examples say; tolerances are learned by measuring the performances with the floor."""
    emphasis = learned_emphasis({view: (each.reference, each.others) for view, each in groups.items()}, kind)
    mirrored = any(any(group.turned) for group in groups.values())
    step = Step(
        kind=kind,
        views={view: group.reference for view, group in groups.items()},
        limbs=rules(emphasis, dict.fromkeys(Limb, TOLERANCE_FLOOR)),
        reps=DEFAULT_REPS if kind is StepKind.REPS else None,
        hold_s=DEFAULT_HOLD_S if kind is StepKind.HOLD else None,
        sides=Sides.EITHER if mirrored else Sides.BOTH,
        posture=max(group.posture for group in groups.values()) if kind is StepKind.REPS else 0.0,
    )
    tolerance = learned_tolerances(step, {view: group.measured for view, group in groups.items()})
    return replace(
        step,
        limbs=rules(emphasis, tolerance),
        tempo=_tempo(step, groups) if kind is not StepKind.HOLD else (1.0, 1.0),
        origin=Origin(
            recordings=sum(bool(each.parts) for each in found),
            performances={view: len(group.parts) for view, group in groups.items()},
            within=_widest([group.within for group in groups.values()]),
            between=_widest([group.between for group in groups.values()]),
        ),
    )


def _tempo(step: Step, groups: Mapping[View, Group]) -> tuple[float, float]:
    """The slowest and the fastest of the recordings, in times as fast as the reference."""
    times = [
        tempo(performed, yardstick(step, view))
        for view, group in groups.items()
        for performed in group.others
    ]
    slowest = 1.0 / max(most_of([1.0 / each for each in times]), 1.0)
    fastest = max(most_of(times), 1.0)
    return round(max(slowest, 1.0 / MOST_TEMPO), 2), round(min(fastest, MOST_TEMPO), 2)


def _widest(known: Sequence[float | None]) -> float | None:
    return max((each for each in known if each is not None), default=None)


def _spread_in_words(groups: Mapping[View, Group], step: Step, examples: int) -> tuple[str, ...]:
    """Where the tolerances come from."""
    if examples == 1:
        return ("there is only one of it: tolerances are the floor; three would tell how much it varies",)
    told = [f"tolerances come from {examples} performances of it"]
    if turned := sum(sum(group.turned) for group in groups.values()):
        told.append(f"{turned} of them are done on the other side: it may be done on either")
    if step.posture:
        told.append(
            f"starting poses differ by up to {step.posture:.2f} torso lengths: so much is one's own posture"
        )
    slowest, fastest = step.tempo
    if fastest > slowest:
        told.append(f"they are done {slowest:.2f} to {fastest:.2f} times as fast as the reference")
    return tuple(told)
