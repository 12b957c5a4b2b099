"""The picture, the person's limbs over it, and the ghost that shows where to be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.close_up import framed
from posecoach.coach.layout import Layout
from posecoach.coach.look import Look, PictureMode
from posecoach.coach.motion_curves import glided
from posecoach.coach.page import Page
from posecoach.coach.scene import BodyItem, Box, Hoop, Ink, PictureBox, Point, Silhouette, Stroke
from posecoach.coach.view import CueView, PersonView, SessionView, Stage
from posecoach.skeleton import LIMB_KEYPOINTS, Keypoint, Limb

GOOD_FROM: Final = 80.0
FAIR_FROM: Final = 60.0
FORGOTTEN_S: Final = 1.0
"""A pose that is so much older than the picture is not drawn on it."""

_DRAWN_FROM: Final = 0.15  # weight
_SURE_FROM: Final = 0.35
_FARTHEST: Final = 3.0  # frames outside the frame

_K = Keypoint
_CHAINS: Final[tuple[tuple[Limb, tuple[Keypoint, ...]], ...]] = (
    (
        Limb.TRUNK,
        (_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER, _K.RIGHT_HIP, _K.LEFT_HIP, _K.LEFT_SHOULDER),
    ),
    (Limb.LEFT_LEG, (_K.LEFT_HIP, _K.LEFT_KNEE, _K.LEFT_ANKLE)),
    (Limb.RIGHT_LEG, (_K.RIGHT_HIP, _K.RIGHT_KNEE, _K.RIGHT_ANKLE)),
    (Limb.LEFT_ARM, (_K.LEFT_SHOULDER, _K.LEFT_ELBOW, _K.LEFT_WRIST)),
    (Limb.RIGHT_ARM, (_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW, _K.RIGHT_WRIST)),
)
_GHOST_WIDTH: Final = {
    Limb.TRUNK: 0.30,
    Limb.LEFT_LEG: 0.30,
    Limb.RIGHT_LEG: 0.30,
    Limb.LEFT_ARM: 0.20,
    Limb.RIGHT_ARM: 0.20,
}
_COMES_NEARER_S: Final = 1.5  # the view of somebody who begins
_CUE_JOINT: Final = {
    Limb.LEFT_ARM: _K.LEFT_ELBOW,
    Limb.RIGHT_ARM: _K.RIGHT_ELBOW,
    Limb.LEFT_LEG: _K.LEFT_KNEE,
    Limb.RIGHT_LEG: _K.RIGHT_KNEE,
}


@dataclass(frozen=True, slots=True)
class LimbLook:
    """How a limb of one level is drawn; width as a share of the person's torso."""

    ink: Ink
    width: float
    rim_ink: Ink
    rim: float
    dashed: bool = False

    def late(self) -> LimbLook:
        """The same limb where it was a moment before the picture: a thin line without a rim."""
        return replace(self, width=0.45 * self.width, rim=0.0)


_GOOD_LOOK: Final = LimbLook(Ink.GOOD, 0.105, Ink.CASING, 0.02)
_FAIR_LOOK: Final = LimbLook(Ink.FAIR, 0.085, Ink.CASING, 0.025, dashed=True)
_POOR_LOOK: Final = LimbLook(Ink.POOR, 0.135, Ink.TEXT, 0.03)
_UNKNOWN_LOOK: Final = LimbLook(Ink.UNKNOWN, 0.045, Ink.CASING, 0.015)
_SEEN_LOOK: Final = LimbLook(Ink.SEEN, 0.07, Ink.CASING, 0.02)


def level_ink(score: float | None) -> Ink:
    """The colour of a score."""
    if score is None:
        return Ink.UNKNOWN
    return Ink.GOOD if score >= GOOD_FROM else Ink.FAIR if score >= FAIR_FROM else Ink.POOR


def limb_look(score: float | None) -> LimbLook:
    """How a limb with this score is drawn: colour, width and pattern each tell the level."""
    if score is None:
        return _UNKNOWN_LOOK
    return _GOOD_LOOK if score >= GOOD_FROM else _FAIR_LOOK if score >= FAIR_FROM else _POOR_LOOK


def picture_box(
    view: SessionView, layout: Layout, page: Page, look: Look, *, brightness: float = 1.0
) -> PictureBox | None:
    """The camera picture in its place; `None` before the first frame."""
    if view.frame is None:
        return None
    return PictureBox(
        image=view.frame.image if look.picture is PictureMode.CAMERA else None,
        image_wh=view.frame.wh,
        stands=page.box(layout.picture),
        shows=_shown(view, layout, look),
        mirrored=look.mirrored,
        brightness=brightness,
        radius=0.022,
    )


def _shown(view: SessionView, layout: Layout, look: Look) -> Box:
    """The part of the frame that is shown: around somebody who exercises, where no camera's picture is.

    It glides there when the exercise begins, and back when it rests. Where nothing shall move it stays.
    """
    if look.picture is PictureMode.CAMERA or look.calm or view.close_up is None:
        return layout.shows
    share = glided(view.now - view.stage_since, _COMES_NEARER_S)
    nearer = {Stage.ACTIVE: share, Stage.REST: 1.0 - share}.get(view.stage, 0.0)
    return framed(layout.shows, view.close_up, nearer)


def body_items(view: SessionView, look: Look, *, scored: bool, ghost: bool = True) -> tuple[BodyItem, ...]:
    """The ghost, the person's limbs over it, and a sign at the limb that the cue is about."""
    if view.frame is None or view.person is None or view.late_s > FORGOTTEN_S:
        return ()
    person, wh = view.person, view.frame.wh
    points = _in_frame(person.keypoints_xy, wh)
    torso = _torso(person.keypoints_xy, person.weights, wh)
    items: list[BodyItem] = []
    if look.picture is PictureMode.SILHOUETTE:
        items += _shape(points, person.weights, torso)
    if ghost:
        items += _ghost(person, wh, torso)
    looks = {limb: limb_look(person.limb_scores.get(limb)) if scored else _SEEN_LOOK for limb in Limb}
    items += _limbs(points, person.weights, torso, looks, late=bool(view.late_s))
    if scored and view.cue is not None and not view.cue.praise:
        items += _sign(view.cue, points, person.weights, torso, look.breathing(view.now - view.cue.since))
    return tuple(items)


def pose_items(
    keypoints_xy: NDArray[np.floating],
    weights: NDArray[np.floating],
    wh: tuple[int, int],
    *,
    late: bool = False,
    limb_scores: Mapping[Limb, float | None] | None = None,
) -> tuple[BodyItem, ...]:
    """A pose by itself, in fractions of a picture of this size.

    Args:
        keypoints_xy: ``(17, 2)`` in its pixels.
        weights: ``(17,)`` in [0, 1]; what is not seen is left out.
        wh: Its width and height.
        late: Whether it was there a moment before the picture.
        limb_scores: Of the limbs, 0..100; `None` where nobody judges: as it is seen.
    """
    if limb_scores is None:
        looks = dict.fromkeys(Limb, _SEEN_LOOK)
    else:
        looks = {limb: limb_look(limb_scores.get(limb)) for limb in Limb}
    points, torso = _in_frame(keypoints_xy, wh), _torso(keypoints_xy, weights, wh)
    return tuple(_limbs(points, weights, torso, looks, late=late))


def _limbs(
    points: list[Point],
    weights: NDArray[np.floating],
    torso: float,
    looks: Mapping[Limb, LimbLook],
    *,
    late: bool,
) -> Iterator[BodyItem]:
    """The limbs that are seen, and the head."""
    for limb, chain in _CHAINS:
        for run, sure in _visible_runs(chain, weights):
            drawn = looks[limb] if sure else _UNKNOWN_LOOK
            drawn = drawn.late() if late else drawn
            yield Stroke(
                tuple(points[k] for k in run),
                drawn.width * torso,
                drawn.ink,
                drawn.rim_ink,
                drawn.rim * torso,
                drawn.dashed,
            )
    head = _head(points, weights, torso)
    if head is not None:
        level = looks[Limb.HEAD]
        yield Hoop(
            head, 0.27 * torso, 0.65 * level.width * torso, level.ink, level.rim_ink, level.rim * torso
        )


def _in_frame(xy: NDArray[np.floating], wh: tuple[int, int]) -> list[Point]:
    """Fractions of the frame; what lies absurdly far outside is drawn towards it, not for ever."""
    relative = np.clip(xy / np.array(wh, dtype=float), -_FARTHEST, 1 + _FARTHEST)
    return [(float(x), float(y)) for x, y in relative]


def _torso(xy: NDArray[np.floating], weights: NDArray[np.floating], wh: tuple[int, int]) -> float:
    """A person's size as a fraction of the frame's height, from what is seen of them."""
    shoulders = xy[[_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER]].mean(axis=0)
    hips = xy[[_K.LEFT_HIP, _K.RIGHT_HIP]].mean(axis=0)
    torso = float(np.hypot(*(shoulders - hips))) / wh[1]
    # A bent-over or half-hidden torso looks short; limbs must not become threads for it.
    seen = xy[weights >= _DRAWN_FROM]
    tall = float(np.ptp(seen[:, 1])) / wh[1] if len(seen) else 0.0
    return min(0.45, max(torso, 0.22 * tall, 0.08))


def _visible_runs(
    chain: tuple[Keypoint, ...], weights: NDArray[np.floating]
) -> list[tuple[tuple[Keypoint, ...], bool]]:
    """The chain's parts that are seen, each with whether it is seen surely."""
    runs: list[tuple[tuple[Keypoint, ...], bool]] = []
    for start, end in itertools.pairwise(chain):
        weight = min(float(weights[start]), float(weights[end]))
        if weight < _DRAWN_FROM:
            continue
        sure = weight >= _SURE_FROM
        if runs and runs[-1][0][-1] == start and runs[-1][1] == sure:
            runs[-1] = ((*runs[-1][0], end), sure)
        else:
            runs.append(((start, end), sure))
    return runs


def _head(points: list[Point], weights: NDArray[np.floating], torso: float) -> Point | None:
    seen = [k for k in LIMB_KEYPOINTS[Limb.HEAD] if weights[k] >= _DRAWN_FROM]
    if not seen:
        return None
    x = sum(points[k][0] for k in seen) / len(seen)
    y = sum(points[k][1] for k in seen) / len(seen)
    return x, y - 0.03 * torso


def _ghost(person: PersonView, wh: tuple[int, int], torso: float) -> list[BodyItem]:
    if person.ghost_xy is None:
        return []
    weights = person.ghost_weights if person.ghost_weights is not None else np.ones(len(Keypoint))
    points = _in_frame(person.ghost_xy, wh)
    strokes, discs = outlined(points, weights, torso)
    return [Silhouette(strokes, discs, Ink.GHOST, 0.03 * torso, 0.2, Ink.CASING)] if strokes else []


def place_to_fill(view: SessionView) -> tuple[BodyItem, ...]:
    """The pose it begins with, where somebody should stand; theirs once they do."""
    if view.frame is None or view.place is None or view.late_s > FORGOTTEN_S:
        return ()
    place, wh = view.place, view.frame.wh
    torso = _torso(place.start_xy, place.weights, wh)
    strokes, discs = outlined(_in_frame(place.start_xy, wh), place.weights, torso)
    ink = Ink.GOOD if place.good else Ink.GHOST
    return (Silhouette(strokes, discs, ink, 0.035 * torso, 0.14, Ink.CASING),) if strokes else ()


def _shape(points: list[Point], weights: NDArray[np.floating], torso: float) -> list[BodyItem]:
    """The person as a filled figure, in place of their picture."""
    strokes, discs = outlined(points, weights, torso)
    return [Silhouette(strokes, discs, Ink.FAINT, 0.0, 1.0)] if strokes else []


def outlined(
    points: list[Point], weights: NDArray[np.floating], torso: float
) -> tuple[tuple[tuple[tuple[Point, ...], float], ...], tuple[tuple[Point, float], ...]]:
    """A body as strokes with their widths and discs with their radii: what a `Silhouette` is made of.

    Args:
        points: One for each keypoint, in units of which a size of 1 is as much down as across.
        weights: ``(17,)`` in [0, 1]; what is not seen is left out.
        torso: Length of the torso, in the same units.
    """
    strokes = tuple(
        (tuple(points[k] for k in run), _GHOST_WIDTH[limb] * torso)
        for limb, chain in _CHAINS
        for run, _ in _visible_runs(chain, weights)
    )
    head = _head(points, weights, torso)
    return strokes, () if head is None else ((head, 0.3 * torso),)


def _sign(
    cue: CueView, points: list[Point], weights: NDArray[np.floating], torso: float, swell: float
) -> list[BodyItem]:
    joint = _CUE_JOINT.get(cue.limb) if cue.limb is not None else None
    if joint is None or weights[joint] < _DRAWN_FROM:
        return []
    radius = (0.24 + 0.05 * swell) * torso
    return [Hoop(points[joint], radius, 0.035 * torso, Ink.TEXT, Ink.CASING, 0.02 * torso)]
