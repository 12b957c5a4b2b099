"""What the athlete does wrong, in degrees, in space; and what of it a camera can see."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.performances import athlete
from posecoach.coach.fault import Change
from posecoach.coach.fault import Fault as Told
from posecoach.coach.routine import View
from posecoach.coach.view import StepKind
from posecoach.motion.joint_angles import JOINTS, joint_angles_deg
from posecoach.skeleton import JOINT_LIMB, JOINT_TRIPLETS, LIMB_KEYPOINTS, Joint, Limb
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.naming import limbs_of

Array = NDArray[np.float64]

AT_TURN, AT_START = 0.85, 0.2
"""Share of the way to a turning point: from the one it is the turn, up to the other the start."""
SAMPLES = 160
LEAST_SEEN = 0.7
"""Share of what a fault moves that lies in the picture: less, and it is seen from over 45 degrees away."""
LEAST_MOVED_M = 0.03
"""A limb that a fault moves by less is not where it is seen."""
IN_TIME = {FaultKind.FAST, FaultKind.PAUSE}


def told_of(fault: dict[str, Any]) -> Told:
    """A fault of a report as the coach had it; its severity is not in there."""
    return Told(
        Limb(fault["limb"]) if fault["limb"] else None,
        fault["phase"],
        fault["degrees"],
        fault["text"],
        0.0,
        Change(fault["change"]),
        Joint(fault["joint"]) if fault["joint"] else None,
        fault["both"],
    )


class Truth:
    """What somebody really does, beside the same body that does it right."""

    def __init__(self, performer: Athlete, view: View) -> None:
        self._performer, self._view = performer, view
        self._clean = Athlete(
            performer.motion, camera=performer.camera, body=performer.body, reps=1, variation=0.0, lead_s=0.0
        )

    def off_deg(self, told: Told, rep: int) -> float | None:
        """By how much what was told is so, in its phase of a repetition, in degrees; less than 0, not at all.

        Of a joint told of both sides it is the mean. Where a movement turns more than once it is the turn
        at which it is most so. `None` of what has no angle.
        """
        timeline, motion = self._performer.timeline, self._performer.motion
        here = timeline.reps[rep - 1]
        if told.change in (Change.SLOWER, Change.KEEP_MOVING, Change.GO_FURTHER):
            return None
        times = np.linspace(here.start_s + 0.01, here.end_s - 0.01, SAMPLES)
        place = timeline.motion_time(times)
        clean_s = self._clean.timeline.reps[0].start_s + place
        off = _gauges(self._performer, times) - _gauges(self._clean, clean_s)
        if told.joint is not None:
            columns = [JOINTS.index(told.joint)]
            if told.both:
                columns.append(JOINTS.index(_twin(told.joint)))
            way = 1.0 if told.change in (Change.BEND, Change.LOWER) else -1.0
            off = off[:, columns].mean(axis=1) * way
        else:
            off = off[:, len(JOINTS) + (self._view is not View.FRONT)]
            said_positive = "left" in told.text or "forward" in told.text
            off = off if said_positive == (told.change is Change.LEAN_LESS) else -off
        if told.phase in ("all", "hold"):
            reach = np.abs(motion.angles(place) - motion.start).sum(axis=1)
            return float(off[reach >= AT_TURN * reach.max()].mean())
        return max((float(off[span].mean()) for span in self._spans(told.phase, place)), default=0.0)

    def supports(self, told: Told, rep: int) -> bool:
        """Whether what was told is so at all."""
        here = self._performer.timeline.reps[rep - 1]
        if told.change is Change.SLOWER:
            return here.tempo < 0.85
        if told.change is Change.KEEP_MOVING:
            return here.pause_s > 0.5
        if told.change is Change.GO_FURTHER:
            return any(fault.in_rep(rep) for fault in self._performer.faults)
        return (self.off_deg(told, rep) or 0.0) > 4.0

    def held_s(self, rep: int) -> tuple[float, float]:
        """From when to when somebody is at the turning point of a repetition, or holds a pose."""
        here, motion = self._performer.timeline.reps[rep - 1], self._performer.motion
        times = np.linspace(here.start_s + 0.01, here.end_s - 0.01, SAMPLES)
        rows = motion.angles(self._performer.timeline.motion_time(times))
        reach = np.abs(rows - motion.start).sum(axis=1)
        there = times[reach >= AT_TURN * reach.max()]
        return float(there[0]), float(there[-1])

    def _spans(self, phase: str, place: Array) -> list[NDArray[np.bool_]]:
        motion = self._performer.motion
        reach = np.abs(motion.angles(place) - motion.start).sum(axis=1)
        reach /= reach.max()
        if phase == "start":
            return [reach <= AT_START]
        if phase == "turn":
            at_turn = reach >= AT_TURN
            edges = np.flatnonzero(np.diff(np.concatenate([[0], at_turn.astype(int), [0]])))
            spans = []
            for begin, end in zip(edges[::2], edges[1::2], strict=True):
                span = np.zeros(len(place), dtype=bool)
                span[begin:end] = True
                spans.append(span)
            return spans
        between = (reach > AT_START) & (reach < AT_TURN)
        ahead = np.gradient(reach) > 0
        chosen = between & (ahead if phase == "out" else ~ahead)
        return [chosen] if chosen.any() else []


def _twin(joint: Joint) -> Joint:
    side, _, name = joint.value.partition("_")
    return Joint(f"{'right' if side == 'left' else 'left'}_{name}")


def _gauges(performer: Athlete, at_s: Array) -> Array:
    """``(time, 10)`` angles at the joints, the trunk's lean to the left, the trunk's lean forward."""
    xyz = keypoints_in_space(performer.body, performer.posture(at_s))
    columns = []
    for joint in JOINTS:
        first, corner, last = (xyz[:, k] for k in JOINT_TRIPLETS[joint])
        one, other = first - corner, last - corner
        cross = np.linalg.norm(np.cross(one, other), axis=-1)
        columns.append(np.degrees(np.arctan2(cross, (one * other).sum(axis=-1))))
    up = xyz[:, 5:7].mean(axis=1) - xyz[:, 11:13].mean(axis=1)
    columns.append(np.degrees(np.arctan2(up[:, 1], up[:, 2])))
    columns.append(np.degrees(np.arctan2(up[:, 0], up[:, 2])))
    return np.stack(columns, axis=-1)


def shows(motion: str, view: View, fault: Fault) -> bool:
    """Whether a view supports a fault: an average body's is seen there, and looks like what it is.

    Where it is largest, what it moves most must be seen and move in the picture; of a fault in time that is
    the movement itself. Of a fault of angles the one that it changes most must change in the picture, too.
    """
    clean = athlete(motion, view, None, reps=1, variation=0.0)
    other = athlete(motion, view, None, [] if fault.kind in IN_TIME else [fault], reps=1, variation=0.0)
    rep = clean.timeline.reps[0]
    at_s = np.linspace(rep.start_s, rep.end_s, SAMPLES)
    meant = keypoints_in_space(clean.body, clean.posture(at_s))
    done = keypoints_in_space(other.body, other.posture(at_s))
    moved = done - (meant[:1] if fault.kind in IN_TIME else meant)  # (time, 17, 3) metres
    largest = int(np.linalg.norm(moved, axis=-1).sum(axis=1).argmax())
    if fault.kind in IN_TIME:
        largest = int(np.searchsorted(at_s, rep.start_s + clean.motion.turning_s * rep.tempo))
    seen = other.keypoints(at_s)[1] & clean.keypoints(at_s)[1]
    if clean.motion.kind is StepKind.REPS and not _seen_at_all(meant, clean.camera.axes[:2], seen):
        return False
    seen = seen[0] & seen[largest]  # as the coach has it: the movement is the way between the two
    moved, in_picture = moved[largest], clean.camera.axes[:2]
    cycle = clean.motion.kind is StepKind.REPS
    if fault.kind in IN_TIME or (fault.kind is FaultKind.SHALLOW and cycle):
        return _moves_in(moved, in_picture, seen)
    if fault.kind is FaultKind.LEAN:
        trunk = [k for k in LIMB_KEYPOINTS[Limb.TRUNK] if seen[k]]
        return len(trunk) >= 2 and (view is View.FRONT) == (fault.side is not None)
    at_s = at_s[largest : largest + 1]
    off_deg = np.abs(_gauges(other, at_s) - _gauges(clean, at_s))[0, : len(JOINTS)]
    flat_deg = [joint_angles_deg(each.keypoints(at_s)[0])[0] for each in (other, clean)]
    about = [JOINTS.index(joint) for joint in JOINTS if JOINT_LIMB[joint] in limbs_of(fault, clean.motion)]
    if fault.side is None:  # one of the two sides is enough
        about = [joint for joint in about if seen[list(JOINT_TRIPLETS[JOINTS[joint]])].all()]
    if not about:
        return False
    most = max(about, key=lambda joint: float(off_deg[joint]))
    in_picture_deg = abs(flat_deg[0][most] - flat_deg[1][most])
    visible = bool(seen[list(JOINT_TRIPLETS[JOINTS[most]])].all())
    return visible and bool(in_picture_deg >= LEAST_SEEN * off_deg[most])


def largest_deg(motion: str, view: View, fault: Fault) -> float:
    """By how much a fault changes the angle, of an average body in space, that it changes most."""
    clean, other = (athlete(motion, view, None, faults, reps=1, variation=0.0) for faults in ([], [fault]))
    rep = clean.timeline.reps[0]
    at_s = np.linspace(rep.start_s, rep.end_s, SAMPLES)
    return float(np.abs(_gauges(other, at_s) - _gauges(clean, at_s)).max())


def _seen_at_all(meant: Array, plane: Array, seen: NDArray[np.bool_]) -> bool:
    """Whether the movement itself is seen at one of its turning points: else there is nothing to judge."""
    moved = meant - meant[:1]
    far = np.linalg.norm(moved, axis=-1).sum(axis=1)
    return any(
        _moves_in(moved[at], plane, seen[0] & seen[at]) for at in np.flatnonzero(far >= AT_TURN * far.max())
    )


def _moves_in(moved: Array, plane: Array, seen: NDArray[np.bool_]) -> bool:
    """Whether a limb that moves nearly as much as any is seen, and moves in a plane."""
    in_plane, in_space = np.linalg.norm(moved @ plane.T, axis=-1), np.linalg.norm(moved, axis=-1)
    most_m = max(LEAST_MOVED_M, *(in_space[list(limb)].mean() for limb in LIMB_KEYPOINTS.values()))
    for limb, keypoints in LIMB_KEYPOINTS.items():
        there = [k for k in keypoints if seen[k]]
        enough = 2 if limb is Limb.TRUNK else len(keypoints)
        if len(there) < enough or in_space[there].mean() < LEAST_SEEN * most_m:
            continue
        if in_plane[there].sum() >= LEAST_SEEN * in_space[there].sum():
            return True
    return False
