"""``posecoach programme``: what somebody does on a day, who was given it, and how they kept to it."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from posecoach.adapters.data_home import HISTORY, data_home
from posecoach.adapters.programme_folder import ProgrammeFolder
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli.body import person
from posecoach.cli.outcomes import adherence_of, today
from posecoach.cli.programme_facts import (
    adherence_facts,
    adherence_lines,
    exercise_line,
    programme_facts,
)
from posecoach.cli.programmes_here import day_of, programmes
from posecoach.coach.adherence import Adherence
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import DAYS, REST_S, Exercise, Programme, Side
from posecoach.errors import PosecoachError, ProgrammeError

_ITEM: Final = re.compile(r"([a-z0-9][a-z0-9._-]*)(?::(\d+)(?:x(\d+)(s?))?)?(?:@(\w+))?")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "programme",
        help="what somebody does on a day: routines, sets and rests",
        description="Programmes: an ordered list of routines with sets and rests, in a file that can "
        "be read and edited, given to people by name. `posecoach run --person NAME` offers what they were "
        "given, `posecoach run --programme ID` goes on with one.",
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)

    listing = _action(actions, "list", "the programmes on this box", _list)
    listing.add_argument("--person", type=person, metavar="NAME", help="only those this person was given")

    show = _action(actions, "show", "what a programme asks for, and how somebody kept to it", _show)
    show.add_argument("programme", metavar="ID|FILE.toml")
    show.add_argument("--person", type=person, metavar="NAME", help="how this person kept to it")

    check = _action(actions, "check", "everything that keeps programmes from being done here", _check)
    check.add_argument("programmes", nargs="*", metavar="ID|FILE.toml", help="default: all on this box")

    make = _action(actions, "make", "write a programme, to be edited", _make)
    make.add_argument("programme", metavar="ID")
    make.add_argument(
        "items",
        nargs="+",
        type=_item,
        metavar="ROUTINE[:SETS[xREPS|xSECONDSs]][@SIDE]",
        help="as squat:3x10, tree:2x30s@each, half_sun_salutation; SIDE is shown, other or each",
    )
    make.add_argument("--name", help="in words (default: the id)")
    make.add_argument("--days", type=_days, default=(), metavar="DAY,...", help=f"of {', '.join(DAYS)}")
    make.add_argument("--rest", type=_rest, default=REST_S, metavar="S", help="after each set (default: 30)")
    make.add_argument("--note", default="", help="for whoever does it")
    make.add_argument("--force", action="store_true", help="instead of one of the same id")

    assign = _action(actions, "assign", "give somebody a programme", _assign)
    assign.add_argument("programme", metavar="ID")
    assign.add_argument("--person", type=person, required=True, metavar="NAME")

    unassign = _action(actions, "unassign", "take a programme from somebody; what they did stays", _unassign)
    unassign.add_argument("programme", metavar="ID")
    unassign.add_argument("--person", type=person, required=True, metavar="NAME")

    remove = _action(actions, "remove", "remove a programme; what was done of it stays", _remove)
    remove.add_argument("programme", metavar="ID")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked."""
    code: int = arguments.action(programmes(), arguments)
    return code


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str, action: object
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=words, description=words.capitalize() + ".")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run, action=action)
    return parser


def _list(store: ProgrammeFolder, arguments: argparse.Namespace) -> int:
    names = store.ids()
    if arguments.person is not None:
        names = [each.programme for each in store.given_to(arguments.person)]
    broken = 0
    facts = []
    for name in names:
        try:
            facts.append(programme_facts(store.load(name)))
        except PosecoachError as error:
            broken = error.exit_code
            print(f"posecoach: {error}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False))
    elif not facts and not broken:
        print("No programme yet; make one with: posecoach programme make ID squat:3x10", file=sys.stderr)
    else:
        for each in facts:
            days = ", ".join(each["days"]) or "every day"
            print(f"{each['id']:<24} {each['name']:<32} {each['sets']:>3} sets  {days}")
    return broken


def _show(store: ProgrammeFolder, arguments: argparse.Namespace) -> int:
    programme = store.load(arguments.programme)
    kept = None if arguments.person is None else _kept_to(store, programme, arguments.person)
    if arguments.json:
        facts = programme_facts(programme)
        if arguments.person is not None:
            facts["person"], facts["adherence"] = arguments.person.name, kept and adherence_facts(kept)
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    days = ", ".join(programme.days) or "every day"
    print(f"{programme.name} ({programme.id}): {programme.set_count} sets, {days}")
    print(f"  {store.path(arguments.programme)}")
    if programme.note:
        print(f"  {programme.note}")
    for number, exercise in enumerate(programme.exercises, 1):
        print(f"  {number:2d}  {exercise_line(exercise)}")
    if arguments.person is not None:
        print("\n".join(adherence_lines(kept, arguments.person)))
    return 0


def _check(store: ProgrammeFolder, arguments: argparse.Namespace) -> int:
    code = 0
    results = []
    for name in arguments.programmes or store.ids():
        wrong = ""
        try:
            day = day_of(store.load(name))
            told = f"{day.programme.id}: {len(day.sets)} sets, nothing is wrong"
        except PosecoachError as error:
            code, wrong = error.exit_code, str(error)
            told = ""
        results.append({"programme": name, "ok": not wrong, "problem": wrong or None})
        if not arguments.json:
            print(told or wrong, file=sys.stderr if wrong else sys.stdout)
    if arguments.json:
        print(json.dumps(results, ensure_ascii=False))
    return code


def _make(store: ProgrammeFolder, arguments: argparse.Namespace) -> int:
    if arguments.programme in store.ids() and not arguments.force:
        raise ProgrammeError(
            f"there is a programme {arguments.programme!r} already: {store.path(arguments.programme)}; "
            "edit it, or say --force"
        )
    exercises = tuple(make(arguments.rest) for make in arguments.items)
    words = arguments.name or arguments.programme.replace("_", " ").replace("-", " ").capitalize()
    programme = Programme(arguments.programme, words, exercises, arguments.days, arguments.note)
    day_of(programme)  # what cannot be done is not written
    path = store.save(programme)
    if arguments.json:
        print(json.dumps({**programme_facts(programme), "file": str(path)}, ensure_ascii=False))
    else:
        sets = "1 set" if programme.set_count == 1 else f"{programme.set_count} sets"
        print(f"{path}: {sets}. Edit it, then run: posecoach programme check")
    return 0


def _assign(store: ProgrammeFolder, arguments: argparse.Namespace) -> int:
    day_of(store.load(arguments.programme))  # what cannot be done is given to nobody
    added = store.give(arguments.person, arguments.programme, today())
    return _told(arguments, added, "has", "had it already")


def _unassign(store: ProgrammeFolder, arguments: argparse.Namespace) -> int:
    taken = store.take(arguments.person, arguments.programme)
    return _told(arguments, taken, "no longer has", "did not have it")


def _remove(store: ProgrammeFolder, arguments: argparse.Namespace) -> int:
    had = store.remove(arguments.programme)
    if arguments.json:
        print(json.dumps({"removed": arguments.programme, "taken_from": had}, ensure_ascii=False))
    else:
        print(f"Removed {arguments.programme}." + (f" Taken from {', '.join(had)}." if had else ""))
    return 0


def _told(arguments: argparse.Namespace, changed: bool, words: str, otherwise: str) -> int:
    name = arguments.person.name
    if arguments.json:
        facts = {"person": name, "programme": arguments.programme, "changed": changed}
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print(f"{name} {words} {arguments.programme}." if changed else f"{name} {otherwise}.")
    return 0


def _kept_to(store: ProgrammeFolder, programme: Programme, who: NamedPerson) -> Adherence | None:
    since = {each.programme: each.since for each in store.given_to(who)}.get(programme.id)
    path = data_home() / HISTORY
    with SqliteHistory(path if path.exists() else Path(":memory:"), set_damaged_aside=False) as history:
        return adherence_of(history, who, programme.id, plan=programme, since=since)


def _item(text: str) -> Callable[[float], Exercise]:
    """What makes an exercise of the text and the rest."""
    found = _ITEM.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"expected such as squat:3x10, tree:2x30s@each, got {text!r}")
    routine, sets, amount, seconds, side = found.groups()
    if side is not None and side not in set(Side):
        raise argparse.ArgumentTypeError(f"{text!r}: the side is one of {', '.join(Side)}, got {side!r}")
    reps = int(amount) if amount and not seconds else None
    hold_s = float(amount) if amount and seconds else None
    return lambda rest_s: Exercise(
        routine, int(sets or 1), reps, hold_s, rest_s, Side(side) if side else Side.FREE
    )


def _days(text: str) -> tuple[str, ...]:
    days = tuple(day.strip().lower()[:3] for day in text.split(",") if day.strip())
    if wrong := [day for day in days if day not in DAYS]:
        raise argparse.ArgumentTypeError(f"expected days of {', '.join(DAYS)}, got {wrong[0]!r}")
    return tuple(sorted(set(days), key=DAYS.index))


def _rest(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= 3600.0:
        raise argparse.ArgumentTypeError(f"expected seconds from 0 to 3600, got {text!r}")
    return seconds
