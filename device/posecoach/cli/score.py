"""``posecoach score``: performances against a routine."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from posecoach.cli.body import add_body_options, body_of
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines, track_of
from posecoach.coach.adapt import require_doable
from posecoach.coach.body_limits import AS_RECORDED, BodyDifferences, in_words
from posecoach.coach.named_scores import COACH, KEYPOINT_DTW, METRICS, NamedScore, named_scores
from posecoach.coach.report import report
from posecoach.coach.routine import Routine
from posecoach.coach.seen_from import require_view
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.errors import PosecoachError, TrackError
from posecoach.ports import PoseEstimator
from posecoach.skeleton import Keypoint
from posecoach.track import PoseTrack

ALL: Final = "all"
LEAST_RATE_HZ: Final = 3.0
"""Fewer frames a second than this do not show a movement."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "score",
        help="performances against a routine",
        description="Score videos or pose tracks against a stored routine, exactly as the live coach does. "
        "With several inputs and --json: one JSON object a line.",
    )
    command.add_argument("recordings", type=Path, nargs="+", metavar="VIDEO|TRACK")
    command.add_argument(
        "--routine", required=True, metavar="ID", help="a stored routine, or the path of its folder"
    )
    command.add_argument("--json", action="store_true", help="the whole report as JSON")
    command.add_argument(
        "--metric",
        dest="metrics",
        action="append",
        choices=[*METRICS, ALL],
        default=[],
        metavar="NAME",
        help="judge by this as well, and say so under `metrics`; may be repeated; all, or one of: "
        + "; ".join(f"{name}: {what}" for name, what in METRICS.items()),
    )
    add_body_options(command)
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Score each recording; one bad one does not stop the others."""
    routine, body = routines().load(arguments.routine), body_of(arguments)
    require_doable(routine, body)
    metrics = list(METRICS) if ALL in arguments.metrics else arguments.metrics
    code = 0
    with ExitStack() as stack:

        @cache
        def estimator() -> PoseEstimator:
            return stack.enter_context(open_estimator(model_choice(arguments)))

        for recording in arguments.recordings:
            try:
                outcome = _scored_file(recording, estimator, routine, body, metrics)
            except PosecoachError as error:
                if len(arguments.recordings) == 1:
                    raise
                print(f"posecoach: {error}", file=sys.stderr)
                code = error.exit_code
                continue
            if arguments.json:
                print(json.dumps(outcome))
            else:
                print("\n".join(_lines(recording, outcome)))
    return code


def _scored_file(
    recording: Path,
    estimator: Callable[[], PoseEstimator],
    routine: Routine,
    body: BodyDifferences,
    metrics: Sequence[str],
) -> dict[str, Any]:
    track = track_of(recording, estimator)
    try:
        return scored(track, routine, body=body, metrics=metrics)
    except TrackError as error:
        raise TrackError(f"{recording}: {error}") from error


def scored(
    track: PoseTrack,
    routine: Routine,
    *,
    body: BodyDifferences = AS_RECORDED,
    metrics: Sequence[str] = (),
) -> dict[str, Any]:
    """The report of a track performed as a routine.

    Args:
        track: What was recorded.
        routine: What was to be done.
        body: What is not asked of the person; if anything, the report says so under ``without``.
        metrics: Names of `METRICS`; if any, the report has them under ``metrics``.

    Raises:
        TrackError: The track is too short or has too few frames a second to show a movement, or shows
            the person from a side that the routine was not recorded from.
        RoutineError: Of the routine too little is left for this body.
    """
    _require_movement(track)
    require_view(routine, track, body)
    session = Session(routine, options=SessionOptions(gated=False, open_ended=True, body=body))
    for frame in track:
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
    performance = session.finish(track.frames[-1].at_s)
    outcome = report(performance)
    if body != AS_RECORDED:
        outcome["without"] = sorted({part for step in performance.steps for part in step.step.without})
    if metrics:
        scores = named_scores(performance, track, metrics)
        outcome["metrics"] = {name: _metric_report(name, score) for name, score in scores.items()}
    return outcome


def _require_movement(track: PoseTrack) -> None:
    """Refuse what shows no movement. A recording that stood still for a while is as fast as it mostly is."""
    times = track.at_s
    at_s = [times[number] for number in track.found]
    if len(at_s) < 2:
        at_s = times
    if len(at_s) < 2:
        raise TrackError("the track has no length: one frame only; a movement needs several")
    rate_hz = 1.0 / statistics.median(after - before for before, after in pairwise(at_s))
    if rate_hz < LEAST_RATE_HZ:
        raise TrackError(
            f"{rate_hz:.1f} frames a second do not show a movement; at least {LEAST_RATE_HZ:.0f} needed"
        )


def _metric_report(name: str, score: NamedScore) -> dict[str, Any]:
    """One metric in JSON: points with one decimal, distances with four."""
    digits = 1 if name in (KEYPOINT_DTW, COACH) else 4

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, digits)

    told: dict[str, Any] = {"value": rounded(score.value), "parts": [rounded(each) for each in score.parts]}
    if score.keypoints:
        told["keypoints"] = {
            keypoint.part: rounded(each) for keypoint, each in zip(Keypoint, score.keypoints, strict=True)
        }
    return told


def _lines(recording: Path, outcome: dict[str, Any]) -> Iterator[str]:
    score = "-" if outcome["score"] is None else f"{outcome['score']:.0f}"
    yield f"{recording}: {score} of 100, coverage {outcome['coverage']:.0%}, view {outcome['view']}"
    if outcome["reason"]:
        yield f"  {outcome['reason']}"
    for kind in ("reps", "holds"):
        for part in outcome[kind]:
            points = "-" if part["score"] is None else f"{part['score']:.0f}"
            why = f": {part['reason']}" if part["reason"] else ""
            yield (
                f"  {kind[:-1]} {part['index'] + 1:2d}  {part['start_s']:6.1f}-{part['end_s']:.1f} s  "
                f"{points:>3}  {part['verdict'].replace('_', ' ')}{why}"
            )
    limbs = [
        f"{limb.replace('_', ' ')} {value:.0f}"
        for limb, value in outcome["limbs"].items()
        if value is not None
    ]
    if limbs:
        yield f"  limbs: {', '.join(limbs)}"
    for cue in outcome["cues"]:
        yield f"  {cue['t']:6.1f} s  {cue['text']}"
    if outcome.get("without"):
        yield f"  left out: {in_words(outcome['without'])}"
    yield from _table(outcome.get("metrics", {}))


def _table(metrics: dict[str, Any]) -> Iterator[str]:
    """The metrics one below the other: the mean, then each part."""
    for name, told in metrics.items():
        digits = 0 if name in (KEYPOINT_DTW, COACH) else 3
        cells = ["-" if each is None else f"{each:.{digits}f}" for each in (told["value"], *told["parts"])]
        yield f"  {name:<18}" + "".join(f"{cell:>7}" for cell in cells)
        for first in range(0, len(told.get("keypoints", ())), 6):
            row = list(told["keypoints"].items())[first : first + 6]
            yield "    " + ", ".join(f"{part} {'-' if each is None else round(each)}" for part, each in row)
