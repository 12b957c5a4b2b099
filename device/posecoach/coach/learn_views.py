"""What is in each recording, from which side it is seen, and whether they all show the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from posecoach.coach.learn_cuts import CUTS, Cut, cut_rises
from posecoach.coach.learn_examples import distance, examples_of
from posecoach.coach.learn_fit import is_same, ruler_of, same_from_aside
from posecoach.coach.learn_group import Group, Part
from posecoach.coach.learn_sides import side_of
from posecoach.coach.reference import reference_of, watched
from posecoach.coach.routine import ACROSS, View
from posecoach.coach.view import StepKind
from posecoach.coach.viewpoint import viewpoint
from posecoach.errors import RoutineError
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.track import PoseTrack

TWICE: Final = 2.0
"""Times as far from the model as recordings usually are, from which one may show something else."""
ANOTHER: Final = "shows another movement than the others"
MOST_TOLD: Final = 6
WORDS: Final = {
    StepKind.REPS: "complete repetitions",
    StepKind.HOLD: "pose held still",
    StepKind.FLOW: "sequence",
}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found in one recording.

    Attributes:
        view: The side it was filmed from; `None` where nothing was found.
        parts: The performances that are learned from; empty where the recording is left out.
        sequences: Each of them as it is compared.
        turned: Of each whether it was done on the other side of the body than the reference.
        reason: Why nothing is learned from it; empty where something is.
    """

    view: View | None = None
    parts: tuple[Cut, ...] = ()
    sequences: tuple[PoseSequence, ...] = ()
    turned: tuple[bool, ...] = ()
    reason: str = ""

    def with_sides(self, groups: Mapping[View, Group]) -> Found:
        """The same, knowing which of its performances were done on the other side."""
        turned = {
            id(part.track): is_turned
            for group in groups.values()
            for part, is_turned in zip(group.parts, group.turned, strict=True)
        }
        return replace(self, turned=tuple(turned[id(part.track)] for part in self.parts))

    def when(self) -> str:
        """From when to when the performances last; of many the first and the last."""
        spans = [f"{part.start_s:.1f}-{part.end_s:.1f}" for part in self.parts]
        if len(spans) > MOST_TOLD:
            spans = [*spans[: MOST_TOLD - 2], "...", spans[-1]]
        return f"{', '.join(spans)} s"

    def in_words(self, name: str, kind: StepKind) -> str:
        """A sentence, for whoever made the recording."""
        if not self.parts:
            return f"{name}: left out: {self.reason}"
        count = f"{len(self.parts)} " if kind is StepKind.REPS else ""
        return f"{name}: {count}{WORDS[kind]} ({self.when()}), seen from the {self.view}"


def looked_through(recording: PoseTrack, kind: StepKind, view: View | None) -> Found:
    """Find the performances in a recording; a reason where there is none."""
    try:
        cuts = _cut(recording, kind)
        sequences = [reference_of(cut.track) for cut in cuts]
    except RoutineError as error:
        return Found(reason=str(error))
    seen = Counter(view or viewpoint(each.xy, each.weights) for each in sequences)
    return Found(seen.most_common(1)[0][0], tuple(cuts), tuple(sequences))


def _cut(recording: PoseTrack, kind: StepKind) -> list[Cut]:
    track, poses = watched(recording)
    if not poses:
        raise RoutineError("nobody is in the recording, or never with shoulders and hips in view")
    try:
        return CUTS[kind](track, sequence_of(poses))
    except RoutineError:
        cuts = cut_rises(track, poses) if kind is StepKind.REPS else []
        if not cuts:
            raise
        return cuts


def same_movement(found: Sequence[Found], kind: StepKind, names: Sequence[str]) -> list[Found]:
    """The recordings, those left out that show another movement than most.

    Raises:
        RoutineError: No movement is that of more than half of them; says which are alike.
    """
    kept = list(found)
    models: dict[View, PoseSequence] = {}
    for view in View:
        mine = [number for number, each in enumerate(kept) if each.view is view and each.parts]
        if mine:
            models[view], same = _alike([kept[number] for number in mine], kind, view)
            for number, one in zip(mine, same, strict=True):
                kept[number] = one
    first = max(models, key=lambda view: sum(each.view is view for each in kept))
    for view, model in models.items():
        if not same_from_aside(models[first], model) and not same_from_aside(models[first], model.mirrored()):
            kept = [_left_out(each) if each.view is view else each for each in kept]
    usable = [number for number, each in enumerate(found) if each.parts]
    fitting = [number for number in usable if kept[number].parts]
    if 2 * len(fitting) <= len(usable) and len(usable) > 1:
        alike, apart = (
            ", ".join(names[number] for number in usable if bool(kept[number].parts) is is_in)
            for is_in in (True, False)
        )
        raise RoutineError(
            f"the recordings show different movements ({alike} one, {apart} another): "
            "import each movement by itself"
        )
    return kept


def by_view(found: Sequence[Found]) -> dict[View, list[Part]]:
    """All performances by the side they are seen from, as if done with the side of the body that most use.

    Done with the other one and seen from the right, it is seen from the left as in a mirror.
    """
    sides = [[side_of(sequence) for sequence in each.sequences] for each in found]
    counted = Counter(side for several in sides for side in several if side)
    usual = counted.most_common(1)[0][0] if counted else None
    groups: dict[View, list[Part]] = {}
    for number, each in enumerate(found):
        for index, (cut, sequence) in enumerate(zip(each.parts, each.sequences, strict=True)):
            assert each.view is not None
            other = sides[number][index] not in (None, usual)
            view = ACROSS[each.view] if other else each.view
            as_usual = sequence.mirrored() if other else sequence
            groups.setdefault(view, []).append(Part(number, index, cut.track, as_usual, other))
    return {view: groups[view] for view in View if view in groups}


def _alike(found: Sequence[Found], kind: StepKind, view: View) -> tuple[PoseSequence, list[Found]]:
    """The most typical performance seen from a side, and the recordings, those left out that show another.

    People differ: whatever is no further from the model than the recordings usually are is the same, too.
    """
    either_side = view is View.FRONT
    sequences = [sequence for each in found for sequence in each.sequences]
    origins = [number for number, each in enumerate(found) for _ in each.sequences]
    best = examples_of(sequences, origins, either_side=either_side).best
    model = sequences[best]
    if len(found) == 1:
        return model, list(found)
    ruler = ruler_of(model, kind, view)
    apart = [[distance(sequence, model, either_side)[0] for sequence in each.sequences] for each in found]
    others = [float(np.median(each)) for number, each in enumerate(apart) if number != origins[best]]
    usual = float(np.quantile(others, 0.5, method="lower")) if len(others) > 1 else 0.0
    kept = []
    for each, far in zip(found, apart, strict=True):
        same = [
            away <= TWICE * usual or is_same(done, ruler) or (either_side and is_same(done.mirrored(), ruler))
            for done, away in zip(each.sequences, far, strict=True)
        ]
        kept.append(each if 2 * sum(same) >= len(same) else _left_out(each))
    return model, kept


def _left_out(found: Found) -> Found:
    return Found(view=found.view, reason=ANOTHER)
