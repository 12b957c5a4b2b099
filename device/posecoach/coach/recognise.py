"""Which routine is this, from which side, and which side of the body: told from the first repetition on.

All candidates are followed at once by subsequence DTW over the whole body (`many_subsequences`). One is taken
for what is done where it has come past its turning point and no longer gets nearer; where it explains
clearly more than standing still, and than every other candidate that explains as long a time; and where each
part of the body agrees (`explained`). A pose that is held must stay, and be like no starting pose. Where all
that holds of none, it is none of these: nobody who stands, walks or does something else is told anything.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.candidates import BETTER_THAN_STILL, NEAR, Candidate, CandidateRows
from posecoach.coach.explained import Explained, explained
from posecoach.coach.facing import ON_THE_WAY, ON_THE_WAY_S, Facing
from posecoach.coach.recognised import Recognised, speaking_against
from posecoach.coach.rest_pose import RestPoses
from posecoach.coach.routine import View
from posecoach.coach.staying import POSE_APART, STAYS_S, Staying
from posecoach.motion.body_vectors import COUNT, body_vectors
from posecoach.motion.floor_level import FloorLevel
from posecoach.motion.many_subsequences import ManySubsequences
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import LONGEST_GAP_S, SAMPLE_RATE_HZ

Array = NDArray[np.float64]

ENOUGH: Final = 0.93
"""Share of a candidate's movement that must have been done: well past the turning point."""
CLEARLY: Final = 1.5
"""How many times as far off every other routine must be."""
OTHER_SIDE: Final = 1.1
"""The same of another view, or the other side of the body, of the same one."""
LIKENED: Final = 0.97
"""It has come as near as it will where it does not fall below this share from one sample to the next."""
STARTS_WITH: Final = 5
"""Samples that a rival may begin later and still explain the same."""
AS_MUCH: Final = 0.5
"""Share of the movement that a rival must explain."""
_VIEWS: Final = tuple(View)
_FAINT: Final = ("from this side it hardly differs from standing about",)
LONGEST_S: Final = 40.0
"""What began longer ago than this, or than three times the longest candidate lasts, is given up."""
LOOKED_AT: Final = 3
"""Of the nearest candidates so many are looked at a second time."""
BELIEVED: Final = 0.3
"""Confidence below which it is none of these."""
DOUBTED: Final = 0.29
"""Share of its confidence that is left of what is not like it in some part: it is none of these."""


class Recogniser:
    """Take one person's samples one after another; pure but for its own state, which is bounded."""

    def __init__(self, candidates: tuple[Candidate, ...]) -> None:
        """Start before the first sample.

        Raises:
            RoutineError: There is no candidate, or there are far too many.
        """
        self._rows = rows = CandidateRows(candidates)
        self._paths = ManySubsequences(rows.lengths)
        self._rest, self._level, self._facing = RestPoses(rows), FloorLevel(), Facing()
        self._views = np.array([_VIEWS.index(candidate.view) for candidate in candidates], dtype=np.int8)
        self._view_of_rows = self._views[rows.of]
        self._routine = np.array([_number(candidate, candidates) for candidate in candidates])
        self._claims = (rows.progress >= ENOUGH) & ~rows.holds[rows.of]
        kept = int(max(LONGEST_S * SAMPLE_RATE_HZ, 3 * max(rows.lengths)))
        self._vectors, self._known = np.zeros((kept, COUNT, 2)), np.zeros((kept, COUNT))
        self._seen_from, self._at_s = np.full(kept, -1, dtype=np.int8), np.zeros(kept)
        self._places: deque[tuple[float, float]] = deque()
        self._staying = Staying(rows)
        self._held: int | None = None  # the candidate that was told while somebody stays in it
        self._before: Array | None = None
        self._ranked: dict[int, Recognised] = {}

    @property
    def ranking(self) -> tuple[Recognised, ...]:
        """All that was thought of until now, the likeliest first."""
        return tuple(sorted(self._ranked.values(), key=lambda each: (-each.times, -each.confidence)))

    @property
    def best(self) -> Recognised | None:
        """The likeliest of all until now; `None` where it is none of these."""
        ranking = self.ranking
        return ranking[0] if ranking and ranking[0].confidence >= BELIEVED else None

    def forget(self) -> None:
        """Take it that somebody else comes, or that something else has been done meanwhile."""
        self._paths.forget()
        self._rest.forget()
        self._staying.forget()
        self._places.clear()
        self._before = self._held = None

    def look(self, sample: NormalisedPose) -> Recognised | None:
        """Take the next sample; what is now clear to be done, once for each repetition, hold or flow."""
        number, kept = self._paths.taken, len(self._at_s)
        at_s = sample.captured_at
        since_s = at_s - self._at_s[(number - 1) % kept] if number else 0.0
        if since_s > LONGEST_GAP_S or self._goes(sample):
            self.forget()
        self._facing.look(sample)
        rise = np.array([self._level.rise(sample)])
        vectors, known = (each[0] for each in body_vectors(sample.xy[None], sample.weights[None], rise))
        slot = number % kept
        self._vectors[slot], self._known[slot], self._at_s[slot] = vectors, known, at_s
        self._seen_from[slot] = -1 if self._facing.view is None else _VIEWS.index(self._facing.view)
        self._rest.look(number, at_s, vectors, known)
        costs = self._rows.costs(vectors, known)
        self._paths.advance(costs)
        self._paths.forget(before=number + 2 - kept)
        return self._decide(at_s, costs)

    def _goes(self, sample: NormalisedPose) -> bool:
        """Whether somebody walks: what they do meanwhile is nothing."""
        x_px = float(sample.origin_xy[0])
        self._places.append((sample.captured_at, x_px))
        while sample.captured_at - self._places[0][0] > ON_THE_WAY_S + 1e-6:
            self._places.popleft()
        return abs(x_px - self._places[0][1]) > ON_THE_WAY * sample.torso_px

    def _decide(self, at_s: float, costs: Array) -> Recognised | None:
        rows, paths = self._rows, self._paths
        mean, still = paths.mean_cost, self._rest.still(paths.starts)
        begun_from = self._seen_from[paths.starts % len(self._at_s)] == self._view_of_rows
        fits = self._claims & begun_from & (paths.accumulated <= 2.0 * BETTER_THAN_STILL * still)
        claimed = np.where(fits & (mean <= NEAR), mean, np.inf)
        nearest = np.minimum.reduceat(claimed, rows.first)
        turned_so = self._views[rows.holds] == self._seen_from[(paths.taken - 1) % len(self._at_s)]
        self._staying.look(at_s, costs, turned_so, self._rest.furthest())
        nearest[rows.holds] = self._staying.off
        before, self._before = self._before, nearest
        if self._held is not None and not np.isfinite(nearest[self._held]):
            self._held = None
        for which in np.argsort(nearest)[:LOOKED_AT].tolist():
            if not np.isfinite(nearest[which]):
                break
            if rows.holds[which]:
                found = self._hold(which, nearest)
            elif before is not None and nearest[which] >= LIKENED * before[which]:
                found = self._movement(which, claimed, mean, still, nearest)
            else:
                continue
            if found is None:
                continue
            self._note(which, found)
            if found.decided:
                self._held = which if rows.holds[which] else self._held
                self._before = None
                paths.forget()
                return found
        for which, share in self._staying.faintly():
            self._note(
                which, self._found(which, DOUBTED * (1.0 - share), at_s - STAYS_S, _FAINT, decided=False)
            )
        return None

    def _hold(self, which: int, nearest: Array) -> Recognised | None:
        """What to think of a pose that somebody stays in; nothing more while they stay on."""
        if self._held is not None:
            return None
        rivals = np.where(self._rows.holds, nearest, nearest * CLEARLY**2)  # nobody stays at a turning point
        return self._compared(which, nearest[which], rivals, self._staying.since_s, None)

    def _movement(
        self, which: int, claimed: Array, mean: Array, still: Array, nearest: Array
    ) -> Recognised | None:
        """What to think of a candidate that has come as near as it will."""
        rows, paths = self._rows, self._paths
        first = int(rows.first[which])
        row = first + int(np.argmin(claimed[first : first + rows.lengths[which]]))
        start = int(paths.starts[row])
        contends = (paths.starts <= start + STARTS_WITH) & (still >= AS_MUCH * still[row])
        contends &= ~rows.holds[rows.of] & np.isfinite(mean)
        rivals = np.minimum.reduceat(np.where(contends, mean, np.inf), rows.first)
        rivals[rows.holds] = nearest[rows.holds]
        span = np.arange(start, paths.taken) % len(self._at_s)
        told = explained(rows.all[which], row - first, self._vectors[span], self._known[span])
        return self._compared(which, float(nearest[which]), rivals, float(self._at_s[span[0]]), told)

    def _compared(
        self, which: int, off: float, rivals: Array, from_s: float, told: Explained | None
    ) -> Recognised | None:
        """A candidate beside its rivals, and with what speaks against it."""
        same = self._routine == self._routine[which]
        others = np.where(same, np.inf, rivals)
        sides = np.where(same, rivals, np.inf)
        sides[which] = np.inf
        other, side = int(np.argmin(others)), int(np.argmin(sides))
        against = [] if told is None else list(speaking_against(told))
        if told is not None and not told.back:
            return None  # not yet: it is only at its turning point
        names = [each.routine.name for each in self._rows.all]
        if others[other] < CLEARLY * off:
            against.append(f"{names[other]} fits nearly as well")
        if sides[side] < OTHER_SIDE * off:
            against.append("another side fits as well")
        nearer = min(float(others[other]), CLEARLY**2 * float(sides[side]))
        apart = 1.0 if not np.isfinite(nearer) else nearer / max(nearer + off, 1e-9)
        left = off / POSE_APART if told is None else told.left
        confidence = max(0.0, 1.0 - left) * apart * (DOUBTED if told is not None and not told.good else 1.0)
        decided = not against and confidence >= BELIEVED
        return self._found(which, confidence, from_s, tuple(against), decided=decided)

    def _found(
        self, which: int, confidence: float, from_s: float, against: tuple[str, ...], *, decided: bool
    ) -> Recognised:
        now = float(self._at_s[(self._paths.taken - 1) % len(self._at_s)])
        candidate = self._rows.all[which]
        if not candidate.judged:
            against = (*against, "the coach does not judge it from this side")
        return Recognised(candidate, confidence, from_s, now, decided, against)

    def _note(self, which: int, found: Recognised) -> None:
        """Keep the best that was thought of each candidate."""
        known = self._ranked.get(which)
        times = (known.times if known else 0) + found.decided
        if known is None or (found.decided, found.confidence) > (known.decided, known.confidence):
            known = found
        self._ranked[which] = replace(known, times=times)


def _number(candidate: Candidate, candidates: tuple[Candidate, ...]) -> int:
    """The same for every side of one routine."""
    return next(i for i, each in enumerate(candidates) if each.routine is candidate.routine)
