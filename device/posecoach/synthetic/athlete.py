"""The athlete: a body that does a motion, well or with faults, and knows exactly where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.view import StepKind
from posecoach.pose import PoseEstimate
from posecoach.synthetic.angles import Angle
from posecoach.synthetic.body import Body
from posecoach.synthetic.faults import Fault, FaultKind, bent
from posecoach.synthetic.fidgets import Fidget, fidgeted, planned, stance_for
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.kinematics import Posture, posture
from posecoach.synthetic.motion import Motion, eased_share
from posecoach.synthetic.passer import Passer
from posecoach.synthetic.timeline import Timeline
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.synthetic.visibility import hidden_behind, visible_keypoints
from posecoach.synthetic.walking import gait, grounded
from posecoach.track import PoseTrack, TrackFrame, track_pose

Array = NDArray[np.float64]

_TURN_IN_S: Final = 0.8
"""How long somebody who has walked in takes to stop and turn to the camera, and to start the other way."""
_NEAREST_M: Final = 1.3
"""How near to the camera somebody comes who reaches for it."""
_SHARES: Final = [Angle.SEATED, Angle.LEFT_PLANTED, Angle.RIGHT_PLANTED]


class Athlete:
    """Somebody who does a motion before a camera.

    Everything is a function of time and of what was given here: the same arguments give the same numbers.
    """

    def __init__(
        self,
        motion: Motion,
        *,
        camera: ViewCamera,
        body: Body | None = None,
        faults: Sequence[Fault] = (),
        reps: int | None = None,
        seed: int = 0,
        variation: float = 1.0,
        lead_s: float = 1.0,
        walk_in_s: float = 0.0,
        walk_out_s: float = 0.0,
        fidgets: Sequence[Fidget] = (),
    ) -> None:
        """Prepare a performance.

        Args:
            motion: What is done.
            camera: Who looks on.
            body: Who does it; drawn from the seed where it is `None`.
            faults: What goes wrong, and when.
            reps: How often; by default 5 times, a hold or flow once.
            seed: Of the body and the natural variation.
            variation: Of the natural variation from one repetition to the next; 0 for none.
            lead_s: How long it stands at the start before the first repetition, and after the last.
            walk_in_s: How long it takes to come in from the side; 0 to be there at once.
            walk_out_s: How long it takes to go; 0 to stay.
            fidgets: What is done before, between and after the repetitions; each takes its time.
        """
        self.motion, self.camera, self.faults = motion, camera, tuple(faults)
        self.body = body or Body.sample(np.random.default_rng([seed, 1]))
        self._walk_in_s, self._walk_out_s = walk_in_s, walk_out_s
        count = reps or (5 if motion.kind is StepKind.REPS else 1)
        rng = np.random.default_rng([seed, 2])
        moves = np.abs(motion.rows - motion.start).max(axis=0) > 4.0
        moves[_SHARES] = False
        self._jitter = rng.normal(0.0, 1.1 * variation, (count + 1, len(moves))) * moves
        self._jitter[0] = 0.0
        self._amplitude = 1.0 + np.clip(rng.normal(0.0, 0.018 * variation, count + 1), -0.04, 0.04)
        self._sway = rng.uniform(0.0, 2.0 * np.pi, 4), 0.5 * variation
        self._side = 1.0 if rng.random() < 0.5 else -1.0
        spent_s = [sum(f.whole_s for f in fidgets if f.after_rep == rep) for rep in range(count + 1)]
        self.timeline = Timeline(
            motion, count, self.faults, start_s=walk_in_s + lead_s + spent_s[0],
            tempos=(1.0 + np.clip(rng.normal(0.0, 0.04 * variation, count), -0.1, 0.1)).tolist(),
            rests_s=(0.25 + 0.25 * variation * rng.random(count) + spent_s[1:]).tolist(),
        )  # fmt: skip
        self.duration_s = self.timeline.end_s + spent_s[-1] + lead_s + walk_out_s
        ends_s = [walk_in_s + (0.5 * lead_s if fidgets else 0.0), *(rep.end_s for rep in self.timeline.reps)]
        self._fidgeting = [each for rep, at in enumerate(ends_s) for each in planned(fidgets, rep, at)]
        self._stance = stance_for(motion.stance, fidgets)
        self.passers = tuple(
            Passer(fault.seconds[0] if fault.seconds else 0.0, fault.amount, camera, seed + number)
            for number, fault in enumerate(self.faults)
            if fault.kind is FaultKind.CROSSING
        )

    def angles(self, at_s: Array) -> Array:
        """``(time, 34)`` the joint angles at some times, faults and natural variation in them."""
        number = self.timeline.number(at_s)
        place = self.timeline.motion_time(at_s)
        number = np.where((number == 0) & (place > 0), len(self._amplitude) - 1, number)  # stopped for good
        rows = self.motion.angles(place)
        start = self.motion.start
        varied = start + (rows - start) * self._amplitude[number][:, None]
        varied += self._jitter[number] * self.timeline.activity(at_s)[:, None]
        varied[:, _SHARES] = rows[:, _SHARES]
        for fault in self.faults:
            varied = bent(varied, start, fault, self.timeline.strength(at_s, fault))
        for fidgeting in self._fidgeting:
            varied = fidgeted(varied, at_s, fidgeting)
        phases, sway_deg = self._sway
        breath = np.sin(2.0 * np.pi * np.array([0.23, 0.31, 0.17, 0.27]) * at_s[:, None] + phases) * sway_deg
        varied[:, Angle.SPINE_FLEX] += breath[:, 0]
        varied[:, Angle.SPINE_SIDE] += 0.6 * breath[:, 1]
        varied[:, Angle.NECK_TURN] += 2.0 * breath[:, 2]
        varied[:, Angle.NECK_FLEX] += 1.5 * breath[:, 3]
        return np.asarray(varied)

    def posture(self, at_s: Array) -> Posture:
        """Where every part of the body is at some times, in metres."""
        at_s = np.atleast_1d(np.asarray(at_s, dtype=np.float64))
        place, heading, walk, walked_m = self._walk(at_s)
        rows = self.angles(at_s)
        still = posture(self.body, rows, self._stance)
        shift = np.zeros((len(at_s), 3))
        if (walk > 0).any():
            strides = gait(walked_m, self.body.stature_m)
            # From the walk to where the motion begins, without a jump.
            mixed = rows + (strides - rows) * np.maximum(walk, 0.0)[:, None]
            walked = posture(self.body, mixed, self._stance)
            moving = walk > 0
            still = _chosen(still, walked, moving)
            seated = rows[:, Angle.SEATED] * (1.0 - walk)
            shift[:, 2] = np.where(moving & (seated < 1e-6), grounded(self.body, still), 0.0)
        shift += place
        for fault in self.faults:
            if fault.kind is FaultKind.TURN:
                heading = heading + fault.amount * self.timeline.strength(at_s, fault) * (1.0 - walk)
        return still.moved(shift, heading)

    def keypoints(self, at_s: Array) -> tuple[Array, NDArray[np.bool_]]:
        """``(time, 17, 2)`` pixels and ``(time, 17)`` whether each keypoint is seen.

        Not seen is what is outside the picture, behind the body itself, or behind somebody who passes.
        """
        at_s = np.atleast_1d(np.asarray(at_s, dtype=np.float64))
        body = self.posture(at_s)
        points = keypoints_in_space(self.body, body)
        xy, depth = self.camera.project(points)
        seen = visible_keypoints(self.body, body, points, self.camera)
        for passer in self.passers:
            there = passer.present(at_s)
            if there.any():
                outline = passer.outline(at_s[there], self.camera)
                seen[there] &= ~hidden_behind(outline, xy[there], depth[there], 0.0)
        return xy, seen

    def truth(self, start_s: float, end_s: float, rate_hz: float, *, hidden_score: float = 0.0) -> PoseTrack:
        """The exact pose track of a span of time, as a perfect network would see it.

        Args:
            start_s: From when, included; times in the track start at 0.
            end_s: Until when, included.
            rate_hz: Frames a second.
            hidden_score: Score of keypoints in the picture that cannot be seen; those that can have 1,
                those outside it 0.
        """
        count = int(np.floor((end_s - start_s) * rate_hz + 1e-6)) + 1
        since = np.arange(max(count, 1)) / rate_hz
        xy, seen = self.keypoints(start_s + since)
        inside = ((xy >= 0) & (xy <= np.asarray(self.camera.image_wh) - 1)).all(axis=-1)
        scores = np.where(seen, 1.0, hidden_score * inside)
        frames: list[TrackFrame] = []
        for at, points, score in zip(since.tolist(), xy, scores, strict=True):
            pose: PoseEstimate | None = track_pose(points, score) if score.any() else None
            frames.append(TrackFrame(at, pose))
        return PoseTrack(self.camera.image_wh, frames)

    def _walk(self, at_s: Array) -> tuple[Array, Array, Array, Array]:
        """``(time, 3)`` how far off its place, where it faces, how much it walks, how far it has gone."""
        offset, heading, walk, walked_m = (np.zeros(len(at_s)) for _ in range(4))
        width, _ = self.camera.image_wh
        outside_m = self.camera.distance_m * width / 2.0 / self.camera.focal + 1.1
        right = self.camera.across
        for begin, length_s, sign in (
            (0.0, self._walk_in_s, -1.0),
            (self.duration_s - self._walk_out_s, self._walk_out_s, 1.0),
        ):
            if length_s <= 0:
                continue
            gone = (at_s - begin) / length_s  # 0..1 while walking
            away = 1.0 - gone if sign < 0 else gone
            now = (gone < 1.0) if sign < 0 else (gone >= 0.0)
            turn_share = min(_TURN_IN_S / length_s, 0.5)
            way = np.clip((away - turn_share) / (1.0 - turn_share), 0.0, 1.0)
            offset[now] = (self._side * outside_m * way)[now]
            walked_m[now] = (sign * outside_m * way)[now]
            walk[now] = eased_share(away / turn_share)[now]
            towards = right * (self._side * sign)
            facing = float(np.degrees(np.arctan2(towards[1], towards[0])))
            facing = (facing + 180.0) % 360.0 - 180.0
            heading[now] = (facing * eased_share(away / turn_share))[now]
        place = offset[:, None] * right
        for fidgeting in self._fidgeting:
            nearness = fidgeting.nearness(at_s)
            if nearness.any():
                now = nearness > 0
                way = self.camera.place * (1.0, 1.0, 0.0)
                reach_m = max(self.camera.distance_m - _NEAREST_M, 0.0)
                place[now] = (nearness[:, None] * way / np.hypot(*way[:2]) * reach_m)[now]
                walked_m[now] = (nearness * reach_m)[now]
                walk[now] = (4.0 * nearness * (1.0 - nearness))[now]
                towards_deg = (self.camera.yaw_deg + 180.0) % 360.0 - 180.0
                heading[now] = (towards_deg * eased_share(4.0 * nearness))[now]
        return place, heading, walk, walked_m


def _chosen(first: Posture, second: Posture, where: NDArray[np.bool_]) -> Posture:
    return Posture(
        np.where(where[:, None, None], second.origins, first.origins),
        np.where(where[:, None, None, None], second.frames, first.frames),
        np.where(where[:, None, None], second.tips, first.tips),
    )
