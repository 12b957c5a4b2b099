"""All there is of one person, gone."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from posecoach.adapters.data_home import HISTORY, data_home
from posecoach.adapters.person_file import forget_body
from posecoach.adapters.programme_folder import forget_given
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.errors import InputMissing


def delete_person(history: SqliteHistory, arguments: argparse.Namespace) -> int:
    """Remove a person's sessions, name, body and programmes; say what this command cannot look into.

    Raises:
        InputMissing: There is nothing of this person: the name may be written differently.
    """
    who = arguments.person
    count = history.delete_person(who)  # also where there is none: what the log held back the last time
    had_body, had_given = forget_body(data_home(), who), forget_given(data_home(), who)
    if not count and not had_body and not had_given:
        there_are = ", ".join(person.name for person in history.persons()) or "nobody with a name"
        raise InputMissing(f"nothing is kept of {who.name!r}; there are: {there_are}")
    aside = _set_aside(arguments.database or data_home() / HISTORY)
    if arguments.json:
        print(
            json.dumps(
                {
                    "deleted_sessions": count,
                    "deleted_body": had_body,
                    "deleted_programmes": had_given,
                    "set_aside": list(map(str, aside)),
                }
            )
        )
    else:
        print(
            f"Deleted {count} sessions of {who.name}"
            + (" and what was said of their body." if had_body else ".")
        )
        for path in aside:
            print(f"{path}: damaged and set aside, it may hold some of them still: delete it")
    return 0


def _set_aside(database: Path) -> list[Path]:
    return sorted(database.parent.glob(f"{database.name}.damaged-*"))
