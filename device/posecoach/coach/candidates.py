"""What somebody may be doing: the routines, each from every side it was recorded from, and mirrored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.adapt import doable, variants
from posecoach.coach.body_limits import AS_RECORDED, BodyDifferences
from posecoach.coach.routine import Routine, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.errors import RoutineError
from posecoach.motion.body_vectors import COUNT, body_vectors
from posecoach.motion.floor_level import risen
from posecoach.motion.many_subsequences import ManySubsequences

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A routine as it begins, seen from one side.

    Attributes:
        routine: What is done.
        view: From where it is seen.
        mirrored: Whether it is done with the other side of the body than it was recorded with.
        kind: Of its first step, which is all that tells it.
        vectors: ``(time, 13, 2)`` its reference, see `body_vectors`.
        known: ``(time, 13)`` how well the reference shows each.
        judged: Whether the coach judges it from there: whether nothing says that it cannot.
    """

    routine: Routine
    view: View
    mirrored: bool
    kind: StepKind
    vectors: Array
    known: Array
    judged: bool


def candidates_of(routines: Iterable[Routine], body: BodyDifferences = AS_RECORDED) -> tuple[Candidate, ...]:
    """All that somebody with a body may be doing; what they cannot do is left out."""
    found = []
    for routine in routines:
        if not doable(routine, body):
            continue
        for variant in variants(routine.steps[0], body):
            step = variant.step
            for view in step.views:
                measured_by = yardstick(step, view)
                reference = measured_by.reference
                rise = np.zeros(len(reference))
                if measured_by.rise:
                    rises = (risen(*pose) for pose in zip(reference.xy, reference.weights, strict=True))
                    rise = np.array([max(each or 0.0, 0.0) for each in rises])
                vectors, known = body_vectors(reference.xy, reference.weights, rise)
                judged = not measured_by.unsupported and view in (step.best_views or step.views)
                found.append(Candidate(routine, view, variant.mirrored, step.kind, vectors, known, judged))
    return tuple(found)


BETTER_THAN_STILL: Final = 0.7
"""Share of the cost of standing still that a candidate's may be: a limb of a small movement seen from
its worse side hardly goes further than bodies differ."""
NEAR: Final = 0.04
"""Mean square of torso lengths that a candidate may be off; the athlete's bodies are off by a tenth of it."""
MOST_NAMED: Final = 400
"""More than so many routines nobody tells apart, and no small computer in time."""


class CandidateRows:
    """Every pose of every candidate, laid out so that one pose is compared with all of them at once.

    The cost is the mean squared distance of the vectors, weighted by how well both show each.
    """

    def __init__(self, candidates: tuple[Candidate, ...]) -> None:
        """Lay them out.

        Raises:
            RoutineError: There are none, or far too many.
        """
        if not 0 < len(candidates) <= 6 * MOST_NAMED:
            raise RoutineError(f"expected 1 to {6 * MOST_NAMED} ways to do routines, got {len(candidates)}")
        self.all = candidates
        self.lengths = [len(candidate.vectors) for candidate in candidates]
        grid = ManySubsequences(self.lengths)
        self.first, self.of = grid.first, grid.of
        vectors = np.concatenate([candidate.vectors for candidate in candidates])
        known = np.concatenate([candidate.known for candidate in candidates])
        squares = (vectors**2).sum(axis=-1)
        weighted = (known[..., None] * vectors).reshape(len(vectors), -1)
        self._known = known
        self._terms = np.concatenate([known, weighted, known * squares], axis=1)
        starts = vectors[self.first][self.of]
        moved = (known * ((vectors - starts) ** 2).sum(axis=-1)).sum(axis=1)
        self.energy = self.summed(moved / np.maximum(known.sum(axis=1), 1e-9))
        """``(rows,)`` cost of somebody who stands in the starting pose, summed up to each row."""
        self.most = 2.0 * self.energy
        """``(rows,)`` what standing still is taken to cost at most: who stood elsewhere did not begin."""
        total = self.energy[self.first + np.array(self.lengths) - 1]
        self.progress = self.energy / np.maximum(total[self.of], 1e-9)
        """``(rows,)`` how much of its movement a candidate has done, 0..1."""
        self.holds = np.array([candidate.kind is StepKind.HOLD for candidate in candidates])
        """``(candidates,)`` whether each is a pose that is held."""

    def costs(self, vectors: Array, known: Array) -> Array:
        """``(rows,)`` how far one pose is from each row, in squares of torso lengths.

        Args:
            vectors: ``(13, 2)`` of the pose.
            known: ``(13,)`` how well each is known.
        """
        squares = known * (vectors**2).sum(axis=-1)
        query = np.concatenate([squares, (-2.0 * known[:, None] * vectors).reshape(2 * COUNT), known])
        total = np.maximum(self._known @ known, 1e-6)
        return np.asarray(np.maximum(self._terms @ query, 0.0) / total)

    def summed(self, costs: Array) -> Array:
        """``(rows,)`` costs summed up from the beginning of each candidate."""
        total = np.cumsum(costs)
        return np.asarray(total - np.concatenate([[0.0], total])[self.first][self.of])
