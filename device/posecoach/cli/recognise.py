"""``posecoach recognise``: which routine, from which side, with which side of the body."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from posecoach.cli.body import add_body_options, body_of
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines, track_of
from posecoach.coach.candidates import candidates_of
from posecoach.coach.perception import Perception
from posecoach.coach.recognise import Recogniser
from posecoach.coach.recognised import Recognised
from posecoach.errors import RoutineError
from posecoach.track import PoseTrack


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "recognise",
        help="which routine is done in a recording, from which side",
        description="Tell which of the stored routines is done in a video or pose track, from which side it "
        "is seen and with which side of the body it is done: a ranked list, with what speaks against "
        "each. 'None of these' is an answer. A routine is told by its first step.",
    )
    command.add_argument("recording", type=Path, metavar="VIDEO|TRACK")
    command.add_argument(
        "--routines",
        type=_ids,
        metavar="ID,ID,...",
        help="only among these, by id or by the path of their folders (default: all on this box)",
    )
    command.add_argument(
        "--top", type=_count, default=5, metavar="K", help="how many of the list to print (default: 5)"
    )
    command.add_argument("--json", action="store_true", help="as JSON")
    add_body_options(command)
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Recognise what is done."""
    store = routines()
    chosen = [store.load(name) for name in arguments.routines or store.ids()]
    candidates = candidates_of(chosen, body_of(arguments))
    if not candidates:
        raise RoutineError("of these routines nothing is left for this body; name others with --routines")
    recogniser = Recogniser(candidates)
    with ExitStack() as stack:
        track = track_of(
            arguments.recording, lambda: stack.enter_context(open_estimator(model_choice(arguments)))
        )
    watch(recogniser, track)
    best, ranking = recogniser.best, recogniser.ranking[: arguments.top]
    if arguments.json:
        told = {
            "recording": str(arguments.recording),
            "recognised": best and told_of(best),
            "ranking": [told_of(each) for each in ranking],
        }
        print(json.dumps(told))
    else:
        print("\n".join(_lines(arguments.recording, best, ranking)))
    return 0


def watch(recogniser: Recogniser, track: PoseTrack) -> None:
    """Look at all of a recording."""
    perception = Perception()
    for frame in track:
        percept = perception.perceive(frame.at_s, [frame.pose] if frame.pose else [])
        for sample in percept.samples if percept else ():
            recogniser.look(sample)


def told_of(found: Recognised) -> dict[str, Any]:
    """What was thought of, in JSON."""
    candidate = found.candidate
    return {
        "routine": candidate.routine.id,
        "routine_name": candidate.routine.name,
        "view": candidate.view.value,
        "mirrored": candidate.mirrored,
        "confidence": round(found.confidence, 3),
        "decided": found.decided,
        "times": found.times,
        "from_s": round(found.from_s, 3),
        "known_s": round(found.at_s, 3),
        "against": list(found.against),
    }


def _lines(recording: Path, best: Recognised | None, ranking: Sequence[Recognised]) -> Iterator[str]:
    if best is None:
        yield f"{recording}: none of these"
    else:
        sure = "" if best.decided else "perhaps "
        times = f", seen {best.times} times" if best.times > 1 else ""
        yield (
            f"{recording}: {sure}{_what(best)}; known at {best.at_s:.1f} s, "
            f"from what was done since {best.from_s:.1f} s{times}"
        )
    for number, found in enumerate(ranking, 1):
        against = f"  ({'; '.join(found.against)})" if found.against else ""
        yield f"  {number:2d}  {found.confidence:4.0%}  {_what(found)}{against}"


def _what(found: Recognised) -> str:
    side = ", the other side of the body" if found.candidate.mirrored else ""
    return f"{found.candidate.routine.name}, from the {found.candidate.view}{side}"


def _ids(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("must name at least one routine")
    return list(dict.fromkeys(names))


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text!r}")
    return int(text)
