"""The history in an SQLite file.

A finished repetition is one transaction, written through to the disk before the call returns (write-ahead
log, ``synchronous=FULL``). One process writes; others may read meanwhile.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from posecoach.adapters._history_file import begun_again, connected, cure, is_damage
from posecoach.adapters._history_rescue import copy_of, keep_copy
from posecoach.adapters._history_rows import (
    INSERT_PART,
    INSERT_SESSION,
    compact_json,
    part_facts,
    part_row,
    session_record,
    session_row,
)
from posecoach.adapters._history_schema import STEPS, NewerSchema
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.records import HoldRecord, RepRecord, SessionRecord, SessionStart, SessionSummary
from posecoach.errors import HistoryError, InputMissing
from posecoach.ports import Closes

_SESSIONS = """
    SELECT session.*,
        (SELECT count(*) FROM part WHERE session_id = session.id AND kind = 'rep') AS reps,
        (SELECT count(*) FROM part
            WHERE session_id = session.id AND kind = 'rep' AND verdict = 'good') AS good_reps,
        (SELECT count(*) FROM part WHERE session_id = session.id AND kind = 'hold') AS holds
    FROM session
"""


class SqliteHistory(Closes):
    """What was done on this box.

    Attributes:
        damaged_file: Where a damaged database was set aside, for somebody to look at; `None` where the
            one found was sound, or there was none.
    """

    def __init__(self, path: Path, *, set_damaged_aside: bool = True, lock_wait_s: float = 5.0) -> None:
        """Open the history; begin one where there is none.

        Args:
            path: The database; missing folders are made.
            set_damaged_aside: Whether a damaged database gets another name and a new one is begun with what
                can be read of it and of its copy, so that a box goes on. Not for somebody who only looks.
            lock_wait_s: The longest wait for another process to finish writing.

        Raises:
            HistoryError: It cannot be opened or written, or a newer posecoach has written it.
        """
        self.damaged_file: Path | None = None
        self._path = path
        self._connection: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._told("cannot be opened"):
                try:
                    self._connection = connected(path, lock_wait_s=lock_wait_s)
                except sqlite3.DatabaseError as error:
                    if not set_damaged_aside or not is_damage(error):
                        raise
                    self.damaged_file = begun_again(path)
                    self._connection = connected(path, lock_wait_s=lock_wait_s)
        except HistoryError:
            raise
        except OSError as error:
            raise HistoryError(f"the history {path} cannot be made: {error.strerror}") from error

    def begin(self, start: SessionStart) -> int:
        """Store that a session has begun; its id, larger than any before."""
        with self._told("cannot be written"):
            return self._begin(start, str(uuid.uuid4()))

    def add_rep(self, session_id: int, rep: RepRecord) -> None:
        """Store a finished repetition or flow; it outlives a power cut once this returns."""
        self._add(session_id, "rep", rep, held_s=None)

    def add_hold(self, session_id: int, hold: HoldRecord) -> None:
        """Store a finished hold, likewise."""
        self._add(session_id, "hold", hold, held_s=hold.held_s)

    def finish(self, session_id: int, summary: SessionSummary) -> None:
        """Store how a session came out."""
        with self._told("cannot be written"):
            updated = self._open.execute(
                "UPDATE session SET finished = 1, score = ?, coverage = ?, reason = ?, duration_s = ?,"
                " asked = ? WHERE id = ?",
                (
                    summary.score,
                    summary.coverage,
                    summary.reason,
                    summary.duration_s,
                    compact_json([asdict(step) for step in summary.asked]),
                    session_id,
                ),
            )
        self._require_found(updated.rowcount, session_id)

    def restore(
        self, session: SessionRecord, reps: Sequence[RepRecord], holds: Sequence[HoldRecord]
    ) -> int | None:
        """Store a session of another box, all of it or nothing; its id here, `None` where it was here."""
        with self._told("cannot be written"):
            known = self._open.execute("SELECT 1 FROM session WHERE uuid = ?", (session.uuid,)).fetchone()
            if known:
                return None
            self._open.execute("BEGIN IMMEDIATE")
            try:
                number = self._begin(session.start, session.uuid)
                for rep in reps:
                    self.add_rep(number, rep)
                for hold in holds:
                    self.add_hold(number, hold)
                if session.summary is not None:
                    self.finish(number, session.summary)
                self._open.execute("COMMIT")
            except BaseException:
                self._open.execute("ROLLBACK")
                raise
        return number

    def sessions(
        self,
        limit: int | None = None,
        *,
        person: NamedPerson | None = None,
        routine_id: str | None = None,
        before: int | None = None,
    ) -> list[SessionRecord]:
        """The newest sessions, newest first.

        Args:
            limit: How many; all of them without.
            person: Whose; everybody's, and those of nobody in particular, without.
            routine_id: Of what; of everything without.
            before: Only those with a smaller number.
        """
        # By number and not by time: a box without a clock repeats its times (S8).
        with self._told("cannot be read"):
            rows = self._open.execute(
                f"{_SESSIONS} WHERE (:person IS NULL OR person_key = :person)"
                " AND (:routine IS NULL OR routine_id = :routine)"
                " AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit",
                {
                    "person": person.key if person else None,
                    "routine": routine_id,
                    "before": before,
                    "limit": -1 if limit is None else limit,
                },
            ).fetchall()
        return [session_record(row) for row in rows]

    def persons(self) -> list[NamedPerson]:
        """Everybody with a name, each as they were written last, whoever was here last first."""
        with self._told("cannot be read"):
            rows = self._open.execute(
                "SELECT person, max(id) AS newest FROM session WHERE person_key IS NOT NULL"
                " GROUP BY person_key ORDER BY newest DESC"
            ).fetchall()
        return [NamedPerson(row["person"]) for row in rows]

    def session(self, session_id: int) -> SessionRecord:
        """One session.

        Raises:
            InputMissing: There is none with this id.
        """
        with self._told("cannot be read"):
            rows = self._open.execute(f"{_SESSIONS} WHERE id = ?", (session_id,)).fetchall()
        self._require_found(len(rows), session_id)
        return session_record(rows[0])

    def reps(self, session_id: int) -> list[RepRecord]:
        """The repetitions and flows of a session, in the order they were done."""
        return [RepRecord(**part_facts(row)) for row in self._parts(session_id, "rep")]

    def holds(self, session_id: int) -> list[HoldRecord]:
        """The holds of a session, in the order they were done."""
        return [
            HoldRecord(**part_facts(row), held_s=row["held_s"]) for row in self._parts(session_id, "hold")
        ]

    def delete(self, session_id: int) -> None:
        """Remove a session and what belongs to it, for good; the copy goes as well, and is made anew later.

        Raises:
            InputMissing: There is none with this id.
        """
        with suppress(FileNotFoundError):
            copy_of(self._path).unlink()
        with self._told("cannot be written"):
            deleted = self._open.execute("DELETE FROM session WHERE id = ?", (session_id,))
        self._require_found(deleted.rowcount, session_id)
        self._empty_log()

    def delete_person(self, person: NamedPerson) -> int:
        """Remove all sessions of a person and their name, for good; how many there were."""
        with suppress(FileNotFoundError):
            copy_of(self._path).unlink()
        with self._told("cannot be written"):
            deleted = self._open.execute("DELETE FROM session WHERE person_key = ?", (person.key,))
        self._empty_log()
        return deleted.rowcount

    def keep_copy(self) -> None:
        """Keep a second file, to begin with should this be damaged; not where the disk is nearly full."""
        keep_copy(self._open, self._path)

    def close(self) -> None:
        """Let the file go; a second call does nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise HistoryError(f"the history {self._path} is closed")
        return self._connection

    def _begin(self, start: SessionStart, name: str) -> int:
        inserted = self._open.execute(INSERT_SESSION, session_row(start, name))
        return int(inserted.lastrowid or 0)

    def _empty_log(self) -> None:
        """Have the database overwritten now, and nothing of what was deleted left in the log beside it."""
        with self._told("cannot be written"):
            busy = self._open.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise HistoryError(
                f"{self._path}: what was deleted is gone, but its traces are still in {self._path.name}-wal: "
                "another posecoach is reading; do this again once it has finished"
            )

    def _add(self, session_id: int, kind: str, part: RepRecord, *, held_s: float | None) -> None:
        with self._told("cannot be written"):
            self._open.execute(INSERT_PART, part_row(session_id, kind, part, held_s))

    def _parts(self, session_id: int, kind: str) -> list[sqlite3.Row]:
        with self._told("cannot be read"):
            return self._open.execute(
                "SELECT * FROM part WHERE session_id = ? AND kind = ? ORDER BY id", (session_id, kind)
            ).fetchall()

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except NewerSchema as error:
            raise HistoryError(
                f"the history {self._path} was written by a newer posecoach (its version is {error.version},"
                f" this one knows up to {len(STEPS)}): update posecoach"
            ) from error
        except sqlite3.Error as error:
            raise HistoryError(f"the history {self._path} {what} ({error}){cure(error)}") from error

    def _require_found(self, found: int, session_id: int) -> None:
        if not found:
            raise InputMissing(
                f"no session {session_id} in {self._path}; `posecoach history list` shows what there is"
            )
