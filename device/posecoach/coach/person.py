"""Which of the people in view is coached: the largest, most central, or with a hand up; then always the same.

Everybody in view is followed, so that who walks through keeps being somebody else: whether a pose is of
the person coached is judged against everybody who it could be, by place and by the lengths of the limbs.
Where two answers are about as good, nobody is chosen, and `PersonChoice.unsure` says why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.phrase import Phrase
from posecoach.motion.columns import Column, Layout
from posecoach.motion.extents import fastest_survey
from posecoach.motion.normalise import keypoint_weights
from posecoach.pose import PoseEstimate
from posecoach.skeleton import EDGES, Keypoint

Array = NDArray[np.float64]

LEAST_INSTANCE_SCORE: Final = 0.2
PATIENCE_S: Final = 2.5
"""How long a place is kept for somebody who is not seen."""
STRIDE: Final = 0.4
"""How far somebody may seem to have come between two frames, in their own heights, before it is another
person: as far as the middle of a body jumps when its legs are found or lost."""
STRIDE_PER_S: Final = 1.0
"""How much further for every second without them; together with `STRIDE` never more than their height."""
UNLIKE: Final = 0.3
"""By how much half of the limbs may seem to have changed their length from one frame to the next."""
UNLIKE_PER_S: Final = 0.5
GLITCH_S: Final = 0.25
"""For this long a pose unlike the person may be a bad one of theirs: it makes nobody else known, and what
counts as unlike stays as it is; after that, in `UNLIKE_PER_S`."""
GROWN: Final = 1.5
"""Somebody back after a while is not taken for themselves if larger than they ever were by this factor."""
APART_UNIT: Final = 0.1
UNLIKE_UNIT: Final = 0.15
"""A distance in heights, and a change of the limbs, that weigh the same."""
CLEARLY: Final = 0.6
"""One answer is better than another if its cost is below this share of the other's."""
RAISED: Final = 3.0
"""How many times their size somebody counts who raises a hand."""
ASIDE: Final = 0.5
"""Share of their size that somebody loses at the edge of the picture."""
TWO_PEOPLE: Final = Phrase("Two people in view: one at a time, please")

_BONES: Final = tuple((int(start), int(end)) for start, end, _ in EDGES)
_FEWEST_BONES: Final = 3
_WRISTS: Final = (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)
_FACE: Final = slice(Keypoint.NOSE, Keypoint.RIGHT_EAR + 1)


@dataclass(slots=True, eq=False)
class _Candidate:
    """Somebody in this frame."""

    pose: PoseEstimate
    weights: Column
    centre: tuple[float, float]
    height_px: float
    bones_px: Column
    """``(12,)`` 0 where an end is not seen."""


class _Known:
    """Somebody followed from frame to frame."""

    def __init__(self, seen: _Candidate, at_s: float) -> None:
        self.centre, self.height_px, self.seen_at = seen.centre, seen.height_px, at_s
        self.bones_px, self.longest_px = seen.bones_px, seen.bones_px
        self._speed = (0.0, 0.0)

    def update(self, seen: _Candidate, at_s: float) -> None:
        """They were seen there."""
        step_s = at_s - self.seen_at
        if step_s > 0.0:
            (x, y), (was_x, was_y), (speed_x, speed_y) = seen.centre, self.centre, self._speed
            self._speed = 0.5 * (speed_x + (x - was_x) / step_s), 0.5 * (speed_y + (y - was_y) / step_s)
        self.centre, self.height_px, self.seen_at = seen.centre, seen.height_px, at_s
        self.bones_px = [new or old for new, old in zip(seen.bones_px, self.bones_px, strict=True)]
        kept = max(1.0 - 0.1 * step_s, 0.5)
        self.longest_px = [
            new if new > kept * old else kept * old
            for new, old in zip(seen.bones_px, self.longest_px, strict=True)
        ]

    def cost(self, seen: _Candidate, at_s: float) -> float:
        """How unlikely it is that this is them; infinite where it cannot be."""
        away_s = at_s - self.seen_at
        (x, y), (speed_x, speed_y), ahead_s = self.centre, self._speed, min(away_s, 0.2)
        goes = x + speed_x * ahead_s, y + speed_y * ahead_s
        apart_px = min(math.dist(seen.centre, goes), math.dist(seen.centre, self.centre))
        apart = apart_px / max(self.height_px, seen.height_px)
        if apart > min(STRIDE + STRIDE_PER_S * away_s, 1.0):
            return np.inf
        if not 0.4 <= seen.height_px / self.height_px <= 2.5:
            return np.inf
        unlike = self._unlike(seen)
        if unlike > UNLIKE + UNLIKE_PER_S * max(away_s - GLITCH_S, 0.0) or (
            away_s > 0.5 and self._outgrown(seen)
        ):
            return np.inf
        # How much is allowed grows with time, how likely it is does not: somebody seen all the while wins.
        return apart / APART_UNIT + unlike / UNLIKE_UNIT

    def _unlike(self, seen: _Candidate) -> float:
        """By how much half of the bones have changed, as a share of their length; 0 where few are seen."""
        soft_px = 0.05 * self.height_px
        change = sorted(
            [
                (new - old) / (new + soft_px) if new > old else (old - new) / (old + soft_px)
                for new, old in zip(seen.bones_px, self.bones_px, strict=True)
                if new > 0.0 and old > 0.0
            ]
        )
        return change[len(change) // 2] if len(change) >= _FEWEST_BONES else 0.0

    def _outgrown(self, seen: _Candidate) -> bool:
        growth = sorted(
            [
                new / longest
                for new, longest in zip(seen.bones_px, self.longest_px, strict=True)
                if new > 0.0 and longest > 0.0
            ]
        )
        return len(growth) >= _FEWEST_BONES and growth[(3 * len(growth)) // 4] > GROWN


class PersonChoice:
    """Keep to one person from frame to frame."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._person: _Known | None = None
        self._others: list[_Known] = []
        self.newcomer = False
        """Whether the one chosen last was taken up anew: nothing known of the one before holds for them."""
        self.unsure: str | None = None
        """Why nobody was chosen in the latest frame though somebody is in view; `None` if that is clear."""

    def choose(
        self, at_s: float, poses: Sequence[PoseEstimate], wh: tuple[int, int] | None = None
    ) -> PoseEstimate | None:
        """The pose of the person being coached, `None` while they are not in view, or nobody knows who it is.

        Somebody too far away, of another size or of other proportions is not taken for them until their
        place has been empty for `PATIENCE_S`.

        Args:
            at_s: When the frame was taken; later than the one before.
            poses: Everybody found in it.
            wh: Size of the picture, so that who stands in its middle is preferred at first.
        """
        seen = [_candidate(pose) for pose in poses if pose.score >= LEAST_INSTANCE_SCORE]
        self.unsure = None
        self._others = [known for known in self._others if at_s - known.seen_at <= PATIENCE_S]
        if self._person is not None and at_s - self._person.seen_at > PATIENCE_S:
            self._person = None
        if not seen:
            return None
        if self._person is None:
            return self._take_up(at_s, seen, wh)
        chosen = self._same(at_s, seen, self._person)
        if chosen is None:
            return None
        self.newcomer = False
        self._person.update(chosen, at_s)
        return chosen.pose

    def _take_up(self, at_s: float, seen: list[_Candidate], wh: tuple[int, int] | None) -> PoseEstimate:
        chosen = max(seen, key=lambda candidate: _prominence(candidate, wh))
        self.newcomer = True
        self._person = _Known(chosen, at_s)
        self._others = [_Known(candidate, at_s) for candidate in seen if candidate is not chosen]
        return chosen.pose

    def _same(self, at_s: float, seen: list[_Candidate], person: _Known) -> _Candidate | None:
        """Who of those in view is the person; the others are followed on."""
        if len(seen) == 1 and not self._others:
            if person.cost(seen[0], at_s) < np.inf:
                return seen[0]
            if at_s - person.seen_at > GLITCH_S:
                self._others = [_Known(seen[0], at_s)]
            return None
        everybody = [person, *self._others]
        costs = np.array([[known.cost(candidate, at_s) for candidate in seen] for known in everybody])
        whose = _assigned(costs)
        mine = whose.index(0) if 0 in whose else None
        if mine is None:
            self.unsure = TWO_PEOPLE if (costs[0] < np.inf).any() else None
        elif self._unclear(costs, whose, mine):
            self.unsure = TWO_PEOPLE
        settled = self.unsure is None and (mine is not None or at_s - person.seen_at > GLITCH_S)
        for number, candidate in enumerate(seen):
            known = whose[number]
            if known is None and settled:
                self._others.append(_Known(candidate, at_s))
            elif known and costs[known, number] < CLEARLY * costs[0, number]:
                everybody[known].update(candidate, at_s)
        return None if mine is None or self.unsure else seen[mine]

    @staticmethod
    def _unclear(costs: Array, whose: list[int | None], mine: int) -> bool:
        """Whether another answer to "who is the person" is about as good as the best one."""
        cost = costs[0, mine]
        rivals = np.delete(costs[0], mine)
        claims = costs[1:, mine]
        if (cost <= CLEARLY * rivals).all() and (cost <= CLEARLY * claims).all():
            return False
        for number, other in enumerate(whose):
            if number != mine and costs[0, number] < np.inf:
                # Nobody's pose may be anybody's; somebody else's is compared with the two exchanged.
                kept, exchanged = cost, costs[0, number]
                if other is not None:
                    kept, exchanged = kept + costs[other, number], exchanged + costs[other, mine]
                if kept > CLEARLY * exchanged:
                    return True
        return any(
            cost > CLEARLY * costs[other, mine] for other in range(1, len(costs)) if other not in whose
        )


def _assigned(costs: Array) -> list[int | None]:
    """For each candidate, who it is: the cheapest pairs first, each person and candidate once."""
    whose: list[int | None] = [None] * costs.shape[1]
    left = costs.copy()
    while left.min() < np.inf:
        known, number = divmod(int(left.argmin()), left.shape[1])
        whose[number] = known
        left[known, :] = np.inf
        left[:, number] = np.inf
    return whose


def _candidate(pose: PoseEstimate) -> _Candidate:
    """What tells people apart: the weighted middle of the keypoints, the extent of the seen ones, bones."""
    survey, layout = fastest_survey()
    weights = keypoint_weights(pose.keypoint_scores.tolist())
    bones_px = layout.kept([0.0] * len(_BONES))
    xy = np.asarray(pose.keypoints_xy, dtype=np.float64)
    starts, ends = _bone_ends(layout)
    x, y, extent = survey(*layout.columns(xy), layout.kept(weights), starts, ends, bones_px)
    return _Candidate(pose, weights, (x, y), extent, layout.listed(bones_px))


@cache
def _bone_ends(layout: Layout) -> tuple[Any, Any]:
    """The keypoints in which bones start, and in which they end."""
    return layout.kept([start for start, _ in _BONES]), layout.kept([end for _, end in _BONES])


def _prominence(seen: _Candidate, wh: tuple[int, int] | None) -> float:
    """How much somebody asks to be coached."""
    size = seen.height_px * seen.pose.score
    if wh is not None:
        size *= 1.0 - ASIDE * min(abs(seen.centre[0] / wh[0] - 0.5) * 2.0, 1.0)
    return size * RAISED if _hand_raised(seen) else size


def _hand_raised(seen: _Candidate) -> bool:
    """Whether a wrist is clearly above the head."""
    face_y = [
        y
        for y, weight in zip(seen.pose.keypoints_xy[_FACE, 1], seen.weights[_FACE], strict=True)
        if weight > 0.3
    ]
    if not face_y:
        return False
    top = float(min(face_y)) - 0.05 * seen.height_px
    return any(seen.weights[wrist] > 0.3 and seen.pose.keypoints_xy[wrist, 1] < top for wrist in _WRISTS)
