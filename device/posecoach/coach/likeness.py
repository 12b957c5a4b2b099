"""Whether what somebody did was the movement at all: less of it, or worse, but on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.reps import SMALL
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

MATTERS: Final = 0.5
"""Share of the greatest emphasis from which a keypoint is what a movement is about."""
UNLIKE: Final = 0.6
"""How far off the way of the reference a repetition may be, as a share of how far it went."""
UNLIKE_AS_A_WHOLE: Final = 0.7
"""The same of all that matters at all."""
UNLIKE_SMALL: Final = 0.38
"""The same of a small movement."""
UNLIKE_STAY: Final = 0.3
"""The same, of all that matters, of whoever stops in a pose: somebody on a chair is not in a squat."""
UNLIKE_PAUSE: Final = 0.5
"""And of whoever stays in it for a moment."""
BENT: Final = 0.15
"""Chord between the limbs and their way, from which it is another: about 9 degrees, over the whole of it."""
ASIDE: Final = 0.33
"""Torso lengths further aside of the way than of its end, from which it is another: an arm that is raised
forwards ends where one does that is raised sideways, and comes by nothing of its way."""
NEARLY: Final = 0.95
"""Share of somebody's reach up to which the way is asked for."""
MOST_OF_IT: Final = 0.9
"""Share of a performance that is no further aside than that: a moment may be."""
WELL_BENT: Final = 0.05
"""And up to which each limb that moved was where it should be."""
ALL_THE_WAY: Final = 0.9
"""Reach of whoever went as far as the reference, or very nearly."""
SWAYS_DEG: Final = 5.0
"""Up to which a trunk stays as it is: leaning is a fault then, and no other movement."""
ENOUGH_POSES: Final = 48
"""Poses of a performance that are compared; of more, an even choice."""

_K = Keypoint
_SHOULDERS: Final = [_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER]
_HIPS: Final = [_K.LEFT_HIP, _K.RIGHT_HIP]
_ELBOWS: Final = [_K.LEFT_ELBOW, _K.RIGHT_ELBOW]
_ABOVE: Final = np.arange(len(_K)) < _K.LEFT_HIP
_LEFT: Final = [_K.LEFT_ELBOW, _K.LEFT_WRIST, _K.LEFT_KNEE, _K.LEFT_ANKLE]
_RIGHT: Final = [_K.RIGHT_ELBOW, _K.RIGHT_WRIST, _K.RIGHT_KNEE, _K.RIGHT_ANKLE]
# Each limb by its two bones: where they start, and where they end.
_STARTS: Final = np.array(
    [[_K.LEFT_SHOULDER, _K.LEFT_ELBOW], [_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW],
     [_K.LEFT_HIP, _K.LEFT_KNEE], [_K.RIGHT_HIP, _K.RIGHT_KNEE]]
)  # fmt: skip
_ENDS: Final = np.array(
    [[_K.LEFT_ELBOW, _K.LEFT_WRIST], [_K.RIGHT_ELBOW, _K.RIGHT_WRIST],
     [_K.LEFT_KNEE, _K.LEFT_ANKLE], [_K.RIGHT_KNEE, _K.RIGHT_ANKLE]]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unlikeness:
    """How far off the way of the reference somebody was.

    Attributes:
        places: Of what the movement is about: how far its keypoints were from any pose of the way, as a share
            of how far they went. 0 is the movement, as far as it may have gone; 1 is none of it.
        whole: The same of all that matters at all.
        limbs: Whether it is about the limbs alone.
        turned: How far the limb that turned most did, as a share of what the reference turns it.
        bent: Chord between the directions of the bones and those of the way, each limb for itself.
        aside: How far from any pose of the way `MOST_OF_IT` stayed, and how far all of it stayed from that
            pose of the way which it came least near: the mean of both, less how near it came to the turning
            point, in torso lengths. 0 where it is not about the arms: people lift their legs as they like.
    """

    places: float
    whole: float
    limbs: bool
    turned: float
    bent: float
    aside: float


def unlikeness(
    performed: PoseSequence, home: NormalisedPose, yardstick: Yardstick, reach: float = 1.0
) -> Unlikeness | None:
    """Compare a performance with the way of the reference, whatever its pace and however far it went.

    What is compared is how each keypoint has moved since the body rested: another body, or a posture of
    one's own, does not matter. Whoever does half of a movement is on its way all the time; whoever moves
    something else, by as much, is not. Left less right counts as a keypoint does: somebody who shifts their
    weight moves both legs, as seen from the hips, and who lifts one only that. Where the trunk is not what it
    is about, all is seen from the trunk, so that leaning is a fault and no other movement.

    Args:
        performed: From its start to its end.
        home: The same person's own starting pose.
        yardstick: What is to be done.
        reach: How far it went, 1 for all the way: what comes behind that is not asked for.

    Returns:
        `None` where nothing of what matters was seen.
    """
    wanted = yardstick.reference
    chosen = np.unique(np.linspace(0, len(performed) - 1, ENOUGH_POSES).round().astype(int))
    weights = performed.weights[chosen] * home.weights  # (poses, 17)
    shown = wanted.weights * wanted.weights[0]  # (time, 17)
    about = np.where(yardstick.emphasis >= MATTERS * yardstick.emphasis.max(), yardstick.emphasis, 0.0)
    own_xy, rest_xy = performed.xy[chosen], home.xy
    ref_xy, ref_rest_xy = wanted.xy, wanted.xy[0]
    # Shoulders matter as the trunk's own or as the arms'.
    limbs = bool(not about[_SHOULDERS].any() or about[_ELBOWS].any())
    if limbs or _stays_upright(wanted):
        own_xy = _seen_from_trunk(own_xy, weights, rest_xy)
        ref_xy = _seen_from_trunk(ref_xy, shown, ref_rest_xy)
    places, whole = (
        _apart(own_xy - rest_xy, weights, ref_xy - ref_rest_xy, shown, emphasis)
        for emphasis in (about, yardstick.emphasis)
    )
    if places is None or whole is None:
        return None
    turned, bent = _bent(own_xy, rest_xy, weights, ref_xy, shown, yardstick.emphasis * yardstick.trust)
    before_turn = yardstick.reaches(performed)[chosen] <= 1.0  # beyond it is too far, and not aside
    asked = _asked(yardstick, performed, reach) if about[_ELBOWS].any() else np.zeros(len(wanted), dtype=bool)
    aside = _aside(places.off, before_turn, asked)
    return Unlikeness(places.share, whole.share, limbs, turned, bent, aside)


def another(off: Unlikeness, reach: float) -> bool:
    """Whether it was another movement, and so nothing: no worse repetition, and no attempt at one.

    The less far it went the more like the movement it has to be, unless its limbs turned as they should.
    Whoever went all the way, or turned a limb as far as it was to be turned, may have bent what was to be
    straight; and a limb that did its share well did it, whatever its twin left out.

    Args:
        off: How far off the way it was.
        reach: How far it went, 1 for all the way.
    """
    on_its_way = _limbs_as_they_should(off)
    if reach < SMALL:
        as_far = off.turned < ALL_THE_WAY  # who turned a limb all the way and got nowhere did something else
        return off.places > (UNLIKE if on_its_way and as_far else UNLIKE_SMALL) or off.bent > BENT
    if off.limbs and on_its_way:
        return False
    if off.aside > ASIDE:
        return True
    if off.places > UNLIKE or off.whole > UNLIKE_AS_A_WHOLE:
        return True
    # A bent knee takes the foot, and with it the reach, back from where a lifted leg has it.
    turned = off.limbs and off.turned >= ALL_THE_WAY and off.places <= UNLIKE_SMALL
    return reach < ALL_THE_WAY and off.bent > BENT and not turned


def stays_in_another(there: Unlikeness, *, stopped: bool) -> bool:
    """Whether somebody stayed in a pose of another movement.

    Args:
        there: How far off its way they were meanwhile.
        stopped: Whether they stopped there, and not only stayed a moment.
    """
    if stopped:
        return there.whole > UNLIKE_STAY
    return there.whole > UNLIKE_PAUSE and not (there.limbs and _limbs_as_they_should(there))


def _limbs_as_they_should(off: Unlikeness) -> bool:
    return off.turned >= SMALL and off.bent <= WELL_BENT


@dataclass(frozen=True, slots=True)
class _Apart:
    """How far from the way: as a share of how far at all, and ``(poses, time)`` each pose from each of it.

    In the latter, in torso lengths, left less right does not count once more.
    """

    share: float
    off: Array


def _apart(moved: Array, weights: Array, way: Array, shown: Array, emphasis: Array) -> _Apart | None:
    """How far from the way, of what an emphasis says that matters; `None` where nothing of it was seen."""
    moved, way = (np.concatenate([each, each[:, _LEFT] - each[:, _RIGHT]], axis=1) for each in (moved, way))
    weights, shown = (
        np.concatenate([each, each[:, _LEFT] * each[:, _RIGHT]], axis=1) for each in (weights, shown)
    )
    matters = np.concatenate([emphasis, emphasis[_LEFT]])
    known = weights * matters
    if (known * shown[0]).sum() <= 1e-6:
        return None
    apart, weigh = _lengths(moved[:, None] - way[None]), known[:, None] * shown[None]
    off = weighted_mean(apart, weigh)
    far = float(weighted_mean(_lengths(moved), known * shown[0]).sum())
    share = float(off.min(axis=1).sum()) / far if far > 1e-6 else 1.0  # nothing of it has moved
    alone = slice(0, len(emphasis))
    return _Apart(share, weighted_mean(apart[..., alone], weigh[..., alone]))


def _asked(yardstick: Yardstick, performed: PoseSequence, reach: float) -> NDArray[np.bool_]:
    """``(time,)`` the poses of the way that somebody comes by who goes so far: to one side, of two."""
    asked = yardstick.reaches(yardstick.reference) <= NEARLY * min(reach, 1.0)
    if len(yardstick.turns) > 1:
        furthest = int(yardstick.reaches(performed).argmax())
        side = yardstick.side(performed.xy[furthest], performed.weights[furthest])
        asked &= (np.arange(len(asked)) > yardstick.middle) == bool(side)
    return np.asarray(asked)


def _aside(off: Array, before_turn: NDArray[np.bool_], asked: NDArray[np.bool_]) -> float:
    """How far aside of the way, and how far it stayed from what of it is asked, see `Unlikeness`."""
    if not asked.any() or asked.all() or not before_turn.any():
        return 0.0
    near, nearest = np.sort(off[before_turn].min(axis=1)), off.min(axis=0)
    beside = near[min(int(MOST_OF_IT * len(near)), len(near) - 1)]
    return float(0.5 * (beside + nearest[asked].max()) - nearest[~asked].min())


def _bent(
    xy: Array, rest_xy: Array, weights: Array, way_xy: Array, shown: Array, emphasis: Array
) -> tuple[float, float]:
    """How far the limb that did most turned, and the mean chord between each limb and its own way.

    What turns most on the way tells most.
    """
    own, rest, way = _directions(xy), _directions(rest_xy[None]), _directions(way_xy)  # (poses, 4, 2, 2)
    turns = _lengths(way - way[0]).max(axis=0)  # (4, 2)
    telling = turns * emphasis[_ENDS]
    known = weights[:, _ENDS] * weights[:, _STARTS] * telling  # (poses, 4, 2)
    there = shown[:, _ENDS] * shown[:, _STARTS]  # (time, 4, 2)
    total = float(known.sum())
    if total <= 1e-9:
        return 0.0, 0.0
    off = weighted_mean(_lengths(own[:, None] - way[None]), known[:, None] * there[None]).min(axis=1)
    most = np.maximum(weighted_mean(turns, telling), 1e-9)  # (4,)
    turned = float((weighted_mean(_lengths(own - rest), known) / most).max())
    return turned, float((off * known.sum(axis=-1)).sum()) / total


def _directions(xy: Array) -> Array:
    bones = xy[:, _ENDS] - xy[:, _STARTS]
    lengths = _lengths(bones)[..., None]
    return np.asarray(np.divide(bones, lengths, out=np.zeros_like(bones), where=lengths > 1e-9))


def _stays_upright(reference: PoseSequence) -> bool:
    """Whether the trunk of a reference leans no further than somebody sways."""
    cos, sin = _lean(reference.xy, reference.weights, reference.xy[0])
    return float(np.abs(np.degrees(np.arctan2(sin, cos))).max()) < SWAYS_DEG


def _seen_from_trunk(xy: Array, weights: Array, rest_xy: Array) -> Array:
    """``(poses, 17, 2)`` all above the hips turned about them, so that the trunk is as in a pose at rest."""
    cos, sin = _lean(xy, weights, rest_xy)
    length = np.maximum(np.hypot(cos, sin), 1e-9)
    cos, sin = (cos / length)[:, None], (sin / length)[:, None]
    x, y = xy[..., 0], xy[..., 1]
    turned = np.stack([cos * x + sin * y, cos * y - sin * x], axis=-1)
    return np.where(_ABOVE[:, None], turned, xy)


def _lean(xy: Array, weights: Array, rest_xy: Array) -> tuple[Array, Array]:
    """``(poses,)`` cosine and sine of how far the trunk leans from a pose at rest, times its lengths."""
    pairs = np.maximum(weights[:, [*_SHOULDERS, *_HIPS]], 1e-6)
    ups = []
    for poses in (xy, np.broadcast_to(rest_xy, xy.shape)):
        shoulders = np.average(poses[:, _SHOULDERS], axis=1, weights=np.repeat(pairs[:, :2, None], 2, axis=2))
        hips = np.average(poses[:, _HIPS], axis=1, weights=np.repeat(pairs[:, 2:, None], 2, axis=2))
        ups.append(shoulders - hips)
    now, rest = ups
    cos = (now * rest).sum(axis=-1)
    sin = rest[:, 0] * now[:, 1] - rest[:, 1] * now[:, 0]
    return cos, sin


def _lengths(vectors: Array) -> Array:
    return np.asarray(np.sqrt(vectors[..., 0] ** 2 + vectors[..., 1] ** 2))
