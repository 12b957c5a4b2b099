"""``posecoach history``: what was done on this box."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from posecoach.adapters.data_home import data_home
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli.history_export import as_csv, as_json, session_facts
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
    listing.add_argument("--json", action="store_true", help="as JSON")

    show = _action(actions, "show", "one session, repetition by repetition", _show)
    show.add_argument("session", type=int, metavar="SESSION", help="its number in the list")
    show.add_argument("--json", action="store_true", help="as JSON")

    export = _action(actions, "export", "everything, for a spreadsheet or a program", _export)
    export.add_argument("--format", choices=("csv", "json"), default="csv", help="default: csv")
    export.add_argument("--json", action="store_const", const="json", dest="format", help="as --format json")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: print it")

    delete = _action(actions, "delete", "remove sessions for good", _delete)
    delete.add_argument("session", type=int, nargs="+", metavar="SESSION", help="its number in the list")
    delete.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked of the history."""
    path: Path = arguments.database or data_home() / "history.sqlite3"
    if not path.exists():
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
    sessions = history.sessions(arguments.limit)
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
    print(f"  started {_started(session)}")
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
    sessions = history.sessions()[::-1]  # oldest first, so that a later export only adds
    everything = [(session, history.reps(session.id), history.holds(session.id)) for session in sessions]
    text = as_csv(everything) if arguments.format == "csv" else as_json(everything)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        write_whole(arguments.output, text.encode("utf-8"))
        print(f"{arguments.output}: {len(sessions)} sessions")
    return 0


def _delete(history: SqliteHistory, arguments: argparse.Namespace) -> int:
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
