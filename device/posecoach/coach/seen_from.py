"""Whether a recording shows a person from a side that a routine can judge."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from posecoach.coach.adapt import variants
from posecoach.coach.body_limits import AS_RECORDED, BodyDifferences, in_words
from posecoach.coach.routine import Routine, View
from posecoach.coach.viewpoint import viewpoint
from posecoach.errors import TrackError
from posecoach.motion.normalise import confidence_weights, torso
from posecoach.track import PoseTrack

MOST_LOOKS: Final = 200
"""So many frames, evenly spread, tell from where a recording was made."""
LEAST_SHARE: Final = 0.25
"""Share of them that must show the person from a side that the routine knows: people walk in, and turn."""
UPRIGHT_TORSO: Final = 90.0
"""Percentile of the torso's lengths that is taken for its length: bending forward shortens it."""


def require_view(routine: Routine, track: PoseTrack, body: BodyDifferences = AS_RECORDED) -> None:
    """Refuse a recording from a side that no step of the routine was recorded from.

    Raises:
        TrackError: It is one; says what to do.
    """
    known: dict[View, None] = {}
    alike: set[View] = set()
    for step in routine.steps:
        for variant in variants(step, body):
            known.update(dict.fromkeys(variant.step.views))
            alike |= {viewpoint(each.xy, each.weights) for each in variant.step.views.values()}
    shares = views_seen(track)
    if not shares or sum(shares.get(view, 0.0) for view in alike | set(known)) >= LEAST_SHARE:
        return
    seen = max(shares, key=lambda view: shares[view])
    turn = "face the camera" if View.FRONT in known else f"turn your {next(iter(known))} side to the camera"
    sides = " and the ".join(known)
    if any(seen in step.views for step in routine.steps):
        parts = in_words(part for step in routine.steps for part in body.parts(seated_step=step.seated))
        raise TrackError(
            f"seen from the {seen}, but without {parts} {routine.name!r} can only be judged from the "
            f"{sides}: {turn}"
        )
    raise TrackError(
        f"seen from the {seen}, but {routine.name!r} was recorded from the {sides}: {turn}, or learn it from "
        f"the {seen} as well"
    )


def views_seen(track: PoseTrack) -> dict[View, float]:
    """From which sides a recording shows the person: shares of the frames with a torso in them, of some."""
    numbers = track.found
    found = []
    for number in numbers[:: max(len(numbers) // MOST_LOOKS, 1)]:
        pose = track.frames[number].pose
        assert pose is not None
        xy = np.asarray(pose.keypoints_xy, dtype=np.float64)
        weights = confidence_weights(pose.keypoint_scores)
        if (body := torso(xy, weights)) is not None:
            found.append((xy, weights, body[1]))
    if not found:
        return {}
    length_px = float(np.percentile([each[2] for each in found], UPRIGHT_TORSO))
    count = Counter(viewpoint(xy[None] / length_px, weights[None]) for xy, weights, _ in found)
    return {view: number / len(found) for view, number in count.items()}
