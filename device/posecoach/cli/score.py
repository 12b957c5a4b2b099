"""``posecoach score``: performances against a routine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines, track_of
from posecoach.coach.report import report
from posecoach.coach.routine import Routine
from posecoach.coach.session import Session, SessionOptions
from posecoach.errors import PosecoachError, TrackError
from posecoach.ports import PoseEstimator
from posecoach.track import PoseTrack

LEAST_RATE_HZ = 3.0
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
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Score each recording; one bad one does not stop the others."""
    routine = routines().load(arguments.routine)
    code = 0
    with ExitStack() as stack:

        @cache
        def estimator() -> PoseEstimator:
            return stack.enter_context(open_estimator(model_choice(arguments)))

        for recording in arguments.recordings:
            try:
                outcome = scored(track_of(recording, estimator), routine)
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


def scored(track: PoseTrack, routine: Routine) -> dict[str, Any]:
    """The report of a track performed as a routine.

    Raises:
        TrackError: The track is too short or has too few frames a second to show a movement.
    """
    span_s = track.frames[-1].at_s - track.frames[0].at_s
    if span_s <= 0:
        raise TrackError("the track has one frame only; a movement needs several")
    rate_hz = (len(track.frames) - 1) / span_s
    if rate_hz < LEAST_RATE_HZ:
        raise TrackError(
            f"{rate_hz:.1f} frames a second do not show a movement; at least {LEAST_RATE_HZ:.0f} needed"
        )
    session = Session(routine, options=SessionOptions(gated=False, open_ended=True))
    for frame in track:
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
    return report(session.finish(track.frames[-1].at_s))


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
