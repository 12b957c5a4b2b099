"""The tables of the history, and how older ones become newer ones.

`PRAGMA user_version` counts the steps a database has taken. Steps are only ever added at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

Step = tuple[str, ...]
"""SQL statements that are done together or not at all."""

STEPS: Final[tuple[Step, ...]] = (
    (
        # AUTOINCREMENT: the number of a deleted session is not given to another.
        """CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            routine_id TEXT NOT NULL,
            view TEXT NOT NULL,
            started_unix_s REAL NOT NULL,
            clock_set INTEGER NOT NULL,
            boot_id TEXT NOT NULL,
            app_version TEXT NOT NULL,
            finished INTEGER NOT NULL DEFAULT 0,
            score REAL,
            coverage REAL,
            reason TEXT,
            duration_s REAL
        )""",
        """CREATE TABLE part (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('rep', 'hold')),
            step INTEGER NOT NULL,
            number INTEGER NOT NULL,
            start_s REAL NOT NULL,
            end_s REAL NOT NULL,
            held_s REAL,
            verdict TEXT NOT NULL CHECK (verdict IN ('good', 'attempt', 'not_judged')),
            score REAL,
            coverage REAL,
            reason TEXT NOT NULL,
            tempo REAL,
            faults TEXT NOT NULL,
            range_of_motion_deg TEXT NOT NULL,
            UNIQUE (session_id, kind, step, number)
        )""",
    ),
    (
        # What a report needs: whose it was, what was asked for, how each limb was.
        "ALTER TABLE session ADD COLUMN person TEXT",
        "ALTER TABLE session ADD COLUMN person_key TEXT",
        "ALTER TABLE session ADD COLUMN routine_name TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE session ADD COLUMN asked TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE part ADD COLUMN limbs TEXT NOT NULL DEFAULT '{}'",
        "CREATE INDEX session_of_person ON session (person_key, id)",
    ),
    # Which set of a programme it was: JSON, so that it can say more one day.
    ("ALTER TABLE session ADD COLUMN planned TEXT",),
)


class NewerSchema(Exception):
    """A database has taken steps that are not known here.

    Attributes:
        version: How many it has taken.
    """

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def migrate(connection: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> None:
    """Take the steps a database lacks.

    Args:
        connection: In autocommit mode.
        steps: All there are.

    Raises:
        NewerSchema: It has taken more.
        sqlite3.Error: A step failed; those before it stand.
    """
    while True:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(steps):
            raise NewerSchema(version)
        if version == len(steps):
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have taken the step while this one waited for the lock.
            if connection.execute("PRAGMA user_version").fetchone()[0] == version:
                for statement in steps[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except sqlite3.Error:
            connection.execute("ROLLBACK")
            raise
