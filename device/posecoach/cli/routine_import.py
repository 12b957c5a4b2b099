"""``posecoach routine import``: learn a routine from one or several recordings."""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.cli.progress_bar import ProgressBar
from posecoach.cli.recordings import (
    add_model_option,
    model_choice,
    open_estimator,
    require_recording,
    routines,
    track_of,
)
from posecoach.coach.learn import Learned, learn
from posecoach.coach.learn_views import WORDS, Found
from posecoach.coach.routine import Routine, View
from posecoach.coach.view import StepKind
from posecoach.coach.weaknesses import weaknesses
from posecoach.errors import MediaError, PosecoachError, RoutineError, TrackError
from posecoach.ports import PoseEstimator
from posecoach.track import PoseTrack

KEPT: Final = ("reps", "hold_s", "rest_s", "seated", "cues", "without", "best_views")
"""What no recording tells, and a person may have written."""


def add_parser(command: argparse.ArgumentParser) -> None:
    """Add its options."""
    command.description = (
        "Learn a routine from one or several recordings of the same movement: by several people, from "
        "several sides, with either side of the body. What shows nothing, or another movement, is left out, "
        "and said."
    )
    command.add_argument("recordings", type=Path, nargs="+", metavar="VIDEO|TRACK")
    command.add_argument("--name", required=True, help="in words; its id is made from it")
    command.add_argument("--id", metavar="ID", help="name of its folder (default: made from the name)")
    command.add_argument("--kind", required=True, choices=[kind.value for kind in StepKind])
    command.add_argument(
        "--view",
        choices=[view.value for view in View],
        help="the side all of them were filmed from (default: recognised in each)",
    )
    command.add_argument(
        "--replace",
        action="store_true",
        help="take the place of a routine of that id, which is kept as ID~: what a person wrote (words, "
        "cues, how many, rest) is taken over, what is learned is learned anew",
    )
    command.add_argument("--json", action="store_true", help="what was found and learned, as JSON")
    add_model_option(command)
    command.set_defaults(run=run_import)


def run_import(arguments: argparse.Namespace) -> int:
    """Learn a routine."""
    store = routines()
    routine_id = arguments.id or id_of(arguments.name)
    before = _before(store, routine_id, replaces=arguments.replace)
    hides = routine_id in store.ids() and routine_id not in store.own_ids()
    kind, paths = StepKind(arguments.kind), list(dict.fromkeys(arguments.recordings))
    for path in paths:
        require_recording(path)
    with ExitStack() as stack:

        @cache
        def estimator() -> PoseEstimator:
            return stack.enter_context(open_estimator(model_choice(arguments)))

        tracks, unread = _read(paths, estimator)
    usable = [path for path in paths if path in tracks]
    if not usable:
        _refuse(paths, unread)
    bar = ProgressBar("learning", len(usable))
    try:
        learned = learn(
            [tracks[path] for path in usable],
            kind,
            View(arguments.view) if arguments.view else None,
            names=[str(path) for path in usable],
            progress=bar.advance,
        )
    except RoutineError as error:
        where = f"{usable[0]}: " if len(usable) == 1 else ""
        others = "".join(f"; {path}: {reason}" for path, reason in unread.items())
        raise RoutineError(f"{where}{error}{others}") from error
    finally:
        bar.close()
    kept: list[str] = []
    if before is not None:
        learned, kept = taken_over(learned, before)
    folder = store.save(
        routine_id,
        arguments.name,
        learned,
        summary=before.summary if before else "",
        instructions=before.instructions if before else (),
    )
    found = dict(zip(usable, learned.found, strict=True))
    found |= {path: Found(reason=str(error)) for path, error in unread.items()}
    rows = [(path, found[path]) for path in paths]
    weak = weaknesses(store.load(routine_id))
    if arguments.json:
        print(json.dumps(_facts(routine_id, folder, learned, rows, weak, kept), ensure_ascii=False))
        return 0
    print("\n".join(table(rows, kind)))
    print(f"{routine_id}: {folder}")
    for note in learned.notes[len(learned.found) :]:
        print(f"  {note}")
    if kept:
        print(f"  kept from the one before, which is now {routine_id}~: {', '.join(kept)}")
    if hides:
        print(f"  hides the {routine_id} that ships; posecoach routine remove {routine_id} brings that back")
    for reason in weak:
        print(f"  weak: {reason}")
    print(f"next: posecoach run --routine {routine_id}")
    return 0


def id_of(name: str) -> str:
    """The name of a folder made from the name of a routine.

    Raises:
        RoutineError: No letter of it can stand in one.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    found = re.sub(r"[^a-z0-9._-]+", "-", "".join(c for c in plain if not unicodedata.combining(c)))
    routine_id = found.strip("-._")[:64].rstrip("-._")
    if not routine_id:
        raise RoutineError(
            f"--name {name!r} holds no letter or digit that can name a folder: add --id, as in --id squat-2"
        )
    return routine_id


def taken_over(learned: Learned, before: Routine) -> tuple[Learned, list[str]]:
    """What was learned, with what a person wrote about the one before; and what that is, by its keys."""
    old, step = before.steps[0], learned.step
    kept = [key for key in ("summary", "instructions") if getattr(before, key)]
    if len(before.steps) > 1 or old.kind is not step.kind:
        return learned, kept
    for key in KEPT:
        value = getattr(old, key)
        if key == "best_views":
            value = tuple(view for view in value if view in step.views)
        if value and value != getattr(step, key):
            step = replace(step, **{key: value})
            kept.append(key)
    return replace(learned, step=step), kept


def table(rows: Sequence[tuple[Path, Found]], kind: StepKind) -> list[str]:
    """What was found in each recording, a line each."""
    wide = max(len(str(path)) for path, _ in rows)
    lines = []
    for path, found in rows:
        said = f"left out: {found.reason}"
        if found.parts:
            count = f"{len(found.parts)} " if kind is StepKind.REPS else ""
            words = WORDS[kind].removesuffix("s") if len(found.parts) == 1 else WORDS[kind]
            other = f", {sum(found.turned)} on the other side" if any(found.turned) else ""
            said = f"{found.view:5}  {count}{words}{other}  {found.when()}"
        lines.append(f"{path!s:{wide}}  {said}")
    return lines


def _before(store: RoutineFolders, routine_id: str, *, replaces: bool) -> Routine | None:
    """The routine that is replaced, if there is one that can be read.

    Raises:
        RoutineError: There is one, and nobody said that it is to be replaced.
    """
    if routine_id not in store.own_ids():
        return None  # one that ships is hidden by it, and not lost
    if not replaces:
        raise RoutineError(
            f"there is a routine {routine_id!r} already: choose another --name or --id, or add --replace"
        )
    try:
        return store.load(routine_id)
    except PosecoachError:
        return None  # nothing of it can be taken over; it is kept aside as it is


def _read(
    paths: Sequence[Path], estimator: Callable[[], PoseEstimator]
) -> tuple[dict[Path, PoseTrack], dict[Path, PosecoachError]]:
    """The recordings as tracks, and why those that are none cannot be read."""
    tracks: dict[Path, PoseTrack] = {}
    unread: dict[Path, PosecoachError] = {}
    seen: dict[Path, Path] = {}
    bar = ProgressBar("reading", len(paths))
    for number, path in enumerate(paths):
        bar.advance(number)
        first = seen.setdefault(path.resolve(), path)
        try:
            if first is not path:
                raise TrackError(f"the same file as {first}: it tells nothing more")
            tracks[path] = track_of(path, estimator)
        except (TrackError, MediaError) as error:
            unread[path] = type(error)(str(error).removeprefix(f"{path}: "))
    bar.close()
    return tracks, unread


def _refuse(paths: Sequence[Path], unread: dict[Path, PosecoachError]) -> None:
    reasons = "; ".join(f"{path}: {unread[path]}" for path in paths)
    raise TrackError(reasons)


def _facts(
    routine_id: str,
    folder: Path,
    learned: Learned,
    rows: Sequence[tuple[Path, Found]],
    weak: Sequence[str],
    kept: Sequence[str],
) -> dict[str, Any]:
    step = learned.step
    return {
        "id": routine_id,
        "path": str(folder),
        "kind": step.kind.value,
        "views": [view.value for view in step.views],
        "sides": step.sides.value,
        "tempo": list(step.tempo),
        "posture": step.posture,
        "limbs": {
            limb.value: {"emphasis": rule.emphasis, "tolerance": rule.tolerance}
            for limb, rule in step.limbs.items()
        },
        "recordings": [
            {
                "recording": str(path),
                "view": found.view.value if found.view else None,
                "performances": [
                    {"start_s": round(part.start_s, 2), "end_s": round(part.end_s, 2), "other_side": turned}
                    for part, turned in zip(found.parts, found.turned, strict=True)
                ],
                "left_out": found.reason or None,
            }
            for path, found in rows
        ],
        "kept": list(kept),
        "weak": list(weak),
        "notes": list(learned.notes),
    }
