"""All performances that are seen from one side: the reference made of them, and how they differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecoach.coach.learn_examples import examples_of
from posecoach.coach.learn_typical import ENOUGH, mirror_track, reads_as, stored, typical
from posecoach.coach.reference import reference_of
from posecoach.coach.routine import View
from posecoach.motion.sequence import PoseSequence
from posecoach.track import PoseTrack


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One performance, as it is seen from a view.

    Attributes:
        recording: The number of the recording it is from, from 0.
        number: Its number there, from 0.
        track: As recorded.
        sequence: What was done; its mirror image where `mirrored`.
        mirrored: Whether it was done on the other side than most.
    """

    recording: int
    number: int
    track: PoseTrack
    sequence: PoseSequence
    mirrored: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Performances seen from one side.

    Attributes:
        parts: All of them.
        track: What the reference is stored as.
        reference: Read from it.
        others: All but the model, as if done on its side.
        measured: What tells how much it varies: all that the reference was made of.
        turned: Of each part whether it was done on the other side than the reference.
        posture, within, between: As `Examples` has them.
        best: The part that the reference has its time from.
    """

    parts: tuple[Part, ...]
    track: PoseTrack
    reference: PoseSequence
    others: tuple[PoseSequence, ...]
    measured: tuple[PoseSequence, ...]
    turned: tuple[bool, ...]
    posture: float
    within: float | None
    between: float | None
    best: Part


def group_of(parts: Sequence[Part], view: View) -> Group:
    """Make the reference of a view: what most of them do, in the time of the most typical one."""
    examples = examples_of(
        [part.sequence for part in parts],
        [part.recording for part in parts],
        either_side=view is View.FRONT,
    )
    best = parts[examples.best]
    own = mirror_track(best.track) if best.mirrored else best.track
    track, measured = own, examples.others
    if len(parts) >= ENOUGH:
        common = typical(examples)
        found = stored(common, best.track, mirrored=best.mirrored)
        if reads_as(found, common):
            track, measured = found, (*examples.others, examples.model)
    return Group(
        parts=tuple(parts),
        track=track,
        reference=reference_of(track),
        others=examples.others,
        measured=measured,
        turned=tuple(part.mirrored != turned for part, turned in zip(parts, examples.turned, strict=True)),
        posture=examples.posture,
        within=examples.within,
        between=examples.between,
        best=best,
    )
