"""Pose tracks as files: our own JSON, and COCO keypoint results for reading.

A reader trusts nothing: every number is checked, and the message names the frame and the field.
"""

from __future__ import annotations

import json
import math
from array import array
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from posecoach.adapters._brief import brief
from posecoach.errors import InputMissing, TrackError
from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS
from posecoach.track import PoseTrack, StoredFrames, TrackFrame, track_pose
from posecoach.whole_file import write_whole

FORMAT: Final = "posecoach-track"
VERSION: Final = 1
LARGEST_BYTES: Final = 512 << 20
LARGEST_NUMBER: Final = 1e9
LARGEST_SIDE_PX: Final = 1 << 16
COCO_RATE_HZ: Final = 30.0
"""COCO results carry image ids instead of times; consecutive ids are taken to be this far apart."""

_NUMBERS: Final = frozenset((int, float))  # and not bool, which is an int in Python
_NOBODY: Final = (0.0,) * (3 * NUM_KEYPOINTS)
_TAKEN: Final = object()


def read_track(path: Path) -> PoseTrack:
    """Read a pose track.

    Raises:
        InputMissing: There is no such file.
        TrackError: It is not a track, or something in it is missing or wrong; names where.
    """
    try:
        too_large = path.stat().st_size > LARGEST_BYTES
        content = b"" if too_large else path.read_bytes()
        track = None if too_large else _well_formed(content)
        document = json.loads(content) if track is None and not too_large else None
    except FileNotFoundError as error:
        raise InputMissing(f"{path}: no such track") from error
    except (ValueError, RecursionError) as error:
        raise TrackError(f"{path}: not a pose track: not JSON ({error})") from error
    except OSError as error:
        raise InputMissing(f"{path}: cannot be read: {error.strerror}") from error
    if too_large:
        raise TrackError(f"{path}: larger than {LARGEST_BYTES >> 20} MiB; cut it into shorter tracks")
    try:
        if track is not None:
            return track
        return _coco_track(document) if isinstance(document, list) else _track(document)
    except TrackError as error:
        raise TrackError(f"{path}: {error}") from error


def write_track(path: Path, track: PoseTrack) -> None:
    """Write a pose track, whole or not at all.

    Raises:
        OutputError: The file cannot be written.
    """
    write_whole(path, track_json(track).encode("utf-8"))


def track_json(track: PoseTrack) -> str:
    """The track as JSON, one frame a line."""
    head = {"format": FORMAT, "version": VERSION, "image_size": list(track.image_wh)}
    lines = ",\n".join(json.dumps(_frame_json(frame), separators=(",", ":")) for frame in track)
    return f'{json.dumps(head, separators=(",", ":"))[:-1]},"frames":[\n{lines}\n]}}\n'


def _frame_json(frame: TrackFrame) -> dict[str, Any]:
    if frame.pose is None:
        return {"t": round(frame.at_s, 6), "keypoints": None}
    keypoints = [
        [round(float(x), 2), round(float(y), 2), round(float(score), 4)]
        for (x, y), score in zip(frame.pose.keypoints_xy, frame.pose.keypoint_scores, strict=True)
    ]
    return {"t": round(frame.at_s, 6), "keypoints": keypoints}


def _well_formed(content: bytes) -> PoseTrack | None:
    """A pose track of ours without a flaw; `None` for anything else, which is then read with more care.

    A frame is taken apart as soon as it has been parsed, so that its many small objects are not kept.
    """
    at_s, values, present = array("d"), array("d"), bytearray()

    def take(found: dict[str, Any]) -> Any:
        if "keypoints" not in found or type(found.get("t")) not in _NUMBERS:
            return found
        keypoints = found["keypoints"]
        if keypoints is not None:
            try:
                flat = list(chain.from_iterable(keypoints))
                well_formed = set(map(len, keypoints)) == {3} and _NUMBERS.issuperset(map(type, flat))
            except TypeError:
                return found
            if not well_formed or len(flat) != len(_NOBODY):
                return found
        try:
            at_s.append(found["t"])
            values.extend(_NOBODY if keypoints is None else flat)
        except OverflowError:  # a whole number too long for a float
            return found
        present.append(keypoints is not None)
        return _TAKEN

    document = json.loads(content, object_hook=take)
    if not isinstance(document, dict) or not isinstance(document.get("frames"), list):
        return None
    frames = document["frames"]
    if len(frames) != len(present) or not all(frame is _TAKEN for frame in frames):
        return None
    document["frames"] = []
    times, points = np.asarray(at_s), np.asarray(values).reshape(-1, NUM_KEYPOINTS, 3)
    if not (
        (np.abs(times) <= LARGEST_NUMBER).all()
        and (np.abs(points) <= LARGEST_NUMBER).all()
        and ((points[..., 2] >= 0) & (points[..., 2] <= 1)).all()
    ):
        return None
    try:
        return PoseTrack(_image_wh(document), StoredFrames(times, points, present))
    except TrackError:
        return None


def _image_wh(document: Any) -> tuple[int, int]:
    """The size of the pictures of a document that is a pose track of ours."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TrackError(f'not a pose track: expected an object with "format": "{FORMAT}"')
    if document.get("version") != VERSION:
        found = brief(document.get("version"), 60)
        raise TrackError(f"version is {found}, this program reads version {VERSION}")
    for key in ("image_size", "frames"):
        if key not in document:
            raise TrackError(f"the field {key!r} is missing")
    size = document["image_size"]
    if not (
        isinstance(size, list)
        and len(size) == 2
        and all(type(side) is int and 0 < side <= LARGEST_SIDE_PX for side in size)
    ):
        raise TrackError(
            f"image_size must be [width, height], whole numbers from 1 to {LARGEST_SIDE_PX}, "
            f"got {brief(size, 60)}"
        )
    return size[0], size[1]


def _track(document: Any) -> PoseTrack:
    image_wh, frames = _image_wh(document), document["frames"]
    if not isinstance(frames, list):
        raise TrackError(f"frames must be a list, got {type(frames).__name__}")
    return PoseTrack(image_wh, [_frame(index, frame) for index, frame in enumerate(frames)])


def _frame(index: int, frame: Any) -> TrackFrame:
    where = f"frame {index}"
    if not isinstance(frame, dict):
        raise TrackError(f"{where}: must be an object with t and keypoints, got {type(frame).__name__}")
    for key in ("t", "keypoints"):
        if key not in frame:
            raise TrackError(f"{where}: the field {key!r} is missing")
    at_s = _number(frame["t"], f"{where}: t")
    if frame["keypoints"] is None:
        return TrackFrame(at_s, None)
    return TrackFrame(at_s, _pose(frame["keypoints"], f"{where}: keypoints"))


def _pose(keypoints: Any, where: str) -> PoseEstimate:
    if not isinstance(keypoints, list) or len(keypoints) != NUM_KEYPOINTS:
        found = len(keypoints) if isinstance(keypoints, list) else type(keypoints).__name__
        raise TrackError(f"{where}: expected {NUM_KEYPOINTS} of [x, y, score] in COCO order, got {found}")
    values = np.empty((NUM_KEYPOINTS, 3))
    for number, keypoint in enumerate(keypoints):
        if not isinstance(keypoint, list) or len(keypoint) != 3:
            raise TrackError(f"{where}[{number}]: expected [x, y, score], got {brief(keypoint, 60)}")
        for axis, name in enumerate(("x", "y", "score")):
            values[number, axis] = _number(keypoint[axis], f"{where}[{number}].{name}")
        if not 0 <= values[number, 2] <= 1:
            raise TrackError(f"{where}[{number}].score: must be in [0, 1], got {values[number, 2]:g}")
    return track_pose(values[:, :2], values[:, 2])


def _number(value: Any, where: str) -> float:
    # bool is an int in Python, and JSON written by Python may carry NaN and Infinity. The size is asked
    # by comparing: a NaN fails it, and a whole number too long for a float can still be compared.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise TrackError(f"{where}: must be a finite number, got {brief(value, 40)}")
    return float(value)


def _coco_track(results: list[Any]) -> PoseTrack:
    """COCO keypoint results: a list of objects with image_id, keypoints (51 numbers) and score."""
    best: dict[int, tuple[float, PoseEstimate]] = {}
    largest = np.ones(2)
    for index, result in enumerate(results):
        where = f"result {index}"
        if not isinstance(result, dict) or not {"image_id", "keypoints"} <= result.keys():
            raise TrackError(f"{where}: expected COCO keypoint results with image_id and keypoints")
        flat = result["keypoints"]
        if type(result["image_id"]) is not int or not 0 <= result["image_id"] < 1 << 53:
            raise TrackError(f"{where}: image_id must be a whole number, got {brief(result['image_id'], 40)}")
        if not isinstance(flat, list) or len(flat) != 3 * NUM_KEYPOINTS:
            raise TrackError(f"{where}: keypoints must be {3 * NUM_KEYPOINTS} numbers")
        numbers = [_number(value, f"{where}: keypoints[{place}]") for place, value in enumerate(flat)]
        triples = np.array(numbers).reshape(NUM_KEYPOINTS, 3)
        # Annotations mark visibility 0, 1 or 2 where results carry a score, which may be a little over 1.
        marked = triples[:, 2].max() == 2 and np.isin(triples[:, 2], (0, 1, 2)).all()
        scores = np.clip(triples[:, 2] / (2.0 if marked else 1.0), 0.0, 1.0)
        score = _number(result.get("score", scores.mean()), f"{where}: score")
        largest = np.maximum(largest, triples[:, :2].max(axis=0))
        if result["image_id"] not in best or score > best[result["image_id"]][0]:
            best[result["image_id"]] = (score, track_pose(triples[:, :2], scores))
    if not best:
        raise TrackError("an empty list holds no pose")
    first = min(best)
    width, height = (min(math.ceil(side) + 1, LARGEST_SIDE_PX) for side in largest)
    frames = [TrackFrame((number - first) / COCO_RATE_HZ, best[number][1]) for number in sorted(best)]
    return PoseTrack((width, height), frames)
