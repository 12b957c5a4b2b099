"""``posecoach history``: what was done on this box."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from posecoach.adapters.data_home import HISTORY, data_home
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli import history_report
from posecoach.cli.body import person
from posecoach.cli.history_export import as_csv, as_json, as_session_csv, session_facts
from posecoach.cli.history_import import read_export
from posecoach.cli.history_person import delete_person
from posecoach.cli.history_report import run_report
from posecoach.coach.records import RepRecord, SessionRecord
from posecoach.coach.view import Verdict
from posecoach.whole_file import write_whole


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "history",
        help="what was done on this box",
        description="What was done on this box: scores and reasons. Pictures are never kept.",
    )
    command.set_defaults(database=None)
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)

    listing = _action(actions, "list", "the newest sessions", _list)
    listing.add_argument("--limit", type=_count, default=20, metavar="N", help="how many (default: 20)")
    listing.add_argument("--person", type=person, metavar="NAME", help="this person's only")
    listing.add_argument("--json", action="store_true", help="as JSON")

    show = _action(actions, "show", "one session, repetition by repetition", _show)
    show.add_argument("session", type=int, metavar="SESSION", help="its number in the list")
    show.add_argument("--json", action="store_true", help="as JSON")

    export = _action(actions, "export", "everything, for a spreadsheet or a program", _export)
    export.add_argument("--format", choices=("csv", "json"), default="csv", help="default: csv")
    export.add_argument("--json", action="store_const", const="json", dest="format", help="as --format json")
    export.add_argument(
        "--rows", choices=("reps", "sessions"), default="reps", help="of CSV: one row for each of these"
    )
    export.add_argument("--person", type=person, metavar="NAME", help="this person's only")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: print it")

    bring = _action(actions, "import", "take over what `export --json` wrote, from another box", _import)
    bring.add_argument(
        "file", type=Path, metavar="FILE.json", help="sessions that are here already are left out"
    )
    bring.add_argument("--json", action="store_true", help="as JSON")

    delete = _action(actions, "delete", "remove sessions, or all there is of a person, for good", _delete)
    delete.set_defaults(refuse=delete.error)
    delete.add_argument("session", type=int, nargs="*", metavar="SESSION", help="its number in the list")
    delete.add_argument(
        "--person",
        type=person,
        metavar="NAME",
        help="all sessions of this person, and what is said of their body",
    )
    delete.add_argument("--json", action="store_true", help="as JSON")

    history_report.add_parser(
        _action(actions, "report", "a page to print: of a session, or of a person", run_report)
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked of the history."""
    path: Path = arguments.database or data_home() / HISTORY
    if not path.exists() and arguments.action is not _import:
        # Looking must not leave a database behind, least of all one of another user than the service.
        path = Path(":memory:")
    with SqliteHistory(path, set_damaged_aside=False) as history:
        code: int = arguments.action(history, arguments)
    return code


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str, action: object
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=words, description=words.capitalize() + ".")
    parser.add_argument(
        "--database", type=Path, metavar="FILE", help="default: history.sqlite3 in $POSECOACH_DATA"
    )
    parser.set_defaults(run=run, action=action)
    return parser


def _list(history: SqliteHistory, arguments: argparse.Namespace) -> int:
    sessions = history.sessions(arguments.limit, person=arguments.person)
    if arguments.json:
        print(json.dumps([session_facts(session) for session in sessions], ensure_ascii=False))
        return 0
    if not sessions:
        print("Nothing has been done yet.", file=sys.stderr)
        return 0
    print(f"{'':>5}  {'started':<16}  {'routine':<24} {'view':<6} {'score':>5}  {'reps':>7}  holds")
    for session in sessions:
        score = session.summary.score if session.summary else None
        print(
            f"{session.id:>5}  {_started(session):<16}  {session.start.routine_id:<24.24}"
            f" {session.start.view:<6} {_score(score):>5}  {session.good_reps:>3}/{session.reps:<3} "
            f" {session.holds:>5}{'' if session.finished else '  not finished'}"
            + (f"  {session.start.person.name}" if session.start.person else "")
        )
    if not all(session.start.clock_set for session in sessions):
        print("?: the clock of this box was not set then")
    return 0


def _show(history: SqliteHistory, arguments: argparse.Namespace) -> int:
    session = history.session(arguments.session)
    reps, holds = history.reps(session.id), history.holds(session.id)
    if arguments.json:
        print(json.dumps(session_facts(session, reps, holds), ensure_ascii=False))
        return 0
    print(f"Session {session.id}: {session.start.routine_id}, seen from the {session.start.view}")
    who = f", {session.start.person.name}" if session.start.person else ""
    print(f"  started {_started(session)}{who}")
    if planned := session.start.planned:
        print(f"  programme {planned.programme}, set {planned.number + 1} of {planned.of}")
    if session.summary is None:
        print("  not finished: the box was stopped, or lost power")
    else:
        summary = session.summary
        print(
            f"  score {_score(summary.score)}, coverage {summary.coverage:.0%}, {summary.duration_s:.0f} s"
            + (f": {summary.reason}" if summary.reason else "")
        )
    for words, parts in (("rep", reps), ("hold", holds)):
        for part in parts:
            print(f"  {words} {part.index + 1}: {_verdict(part)}")
            for fault in part.faults:
                print(f"      {fault.get('text', fault)}")
    return 0


def _export(history: SqliteHistory, arguments: argparse.Namespace) -> int:
    # Oldest first, so that a later export only adds.
    sessions = history.sessions(person=arguments.person)[::-1]
    everything = [(session, history.reps(session.id), history.holds(session.id)) for session in sessions]
    if arguments.format == "json":
        text = as_json(everything)
    else:
        text = as_csv(everything) if arguments.rows == "reps" else as_session_csv(sessions)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        write_whole(arguments.output, text.encode("utf-8"))
        print(f"{arguments.output}: {len(sessions)} sessions")
    return 0


def _import(history: SqliteHistory, arguments: argparse.Namespace) -> int:
    added = [history.restore(*stored) for stored in read_export(arguments.file)]
    numbers = [number for number in added if number is not None]
    if arguments.json:
        print(json.dumps({"added": numbers, "known": len(added) - len(numbers)}))
    else:
        print(
            f"{arguments.file}: {len(numbers)} sessions added, {len(added) - len(numbers)} were here already"
        )
    return 0


def _delete(history: SqliteHistory, arguments: argparse.Namespace) -> int:
    if (arguments.person is None) == (not arguments.session):
        arguments.refuse("say which: the numbers of sessions, or --person NAME")
    if arguments.person is not None:
        return delete_person(history, arguments)
    numbers = list(dict.fromkeys(arguments.session))
    for number in numbers:
        history.session(number)  # all or none: a wrong number is noticed before the first is gone
    for number in numbers:
        history.delete(number)
    if arguments.json:
        print(json.dumps({"deleted": numbers}))
    else:
        print(f"Deleted {', '.join(map(str, numbers))}.")
    return 0


def _started(session: SessionRecord) -> str:
    at = datetime.fromtimestamp(session.start.started_unix_s, tz=UTC).astimezone()
    return f"{at:%Y-%m-%d %H:%M}" if session.start.clock_set else "?"


def _score(score: float | None) -> str:
    return "-" if score is None else f"{score:.0f}"


def _verdict(part: RepRecord) -> str:
    words = f"{part.verdict.replace('_', ' ')}, score {_score(part.score)}"
    if part.verdict is Verdict.NOT_JUDGED:
        words = "not judged"
    return f"{words}, {part.start_s:.1f} to {part.end_s:.1f} s" + (f": {part.reason}" if part.reason else "")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {text}")
    return number
