"""A stick that somebody plugs in, seen from the screen: looked through and copied by processes of its own.

Whatever is on it, and however slowly it answers, the screen goes on: a file is read by a process that can be
ended, and the same one that a command line starts.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

from posecoach.coach.routine import Routine
from posecoach.errors import ExchangeError, InputMissing, PosecoachError
from posecoach.face.brought import Brought, Standing, Trust
from posecoach.ports import Closes

LOOK_EVERY_S: Final = 1.0
PATIENCE_S: Final = 60.0
"""How long a process may take for a whole stick, or for copying one routine."""
_MEMORY_BYTES: Final = 1 << 30
_STANDINGS: Final = {
    "would_install": Standing.NEW,
    "would_replace": Standing.UPDATE,
    "unchanged": Standing.HERE,
    "installed": Standing.TAKEN,
    "replaced": Standing.TAKEN,
}
_REFUSALS: Final = {
    "unsigned": Standing.UNSIGNED,
    "other": Standing.OTHER,
    "broken": Standing.BROKEN,
    "not_written": Standing.FAILED,
}
_READABLE: Final = (0, ExchangeError.exit_code, InputMissing.exit_code)
_log = logging.getLogger(__name__)


class MountedStick(Closes):
    """A folder that a stick is mounted at while it is plugged in."""

    def __init__(
        self, folder: Path, load: Callable[[str], Routine], command: Sequence[str] | None = None
    ) -> None:
        """Look at nothing yet.

        Args:
            folder: Where a stick is; it need not exist.
            load: Loads a routine of this box, by its id.
            command: What begins ``posecoach routine install``, in a process of its own.
        """
        self._folder, self._load = folder, load
        begins = command or (sys.executable, "-m", "posecoach")
        self._command = (*begins, "routine", "install", "--json")
        self._seen: tuple[int, ...] | None = None
        self._looked_at = -LOOK_EVERY_S
        self._listing: _Asked | None = None
        self._taking: tuple[int, _Asked] | None = None
        self._loading: list[Future[Routine]] = []
        self._loader = ThreadPoolExecutor(1, "stick")
        self._files: list[str] = []
        self._brought: list[Brought] = []
        self._unread = False
        self._leaving: list[_Asked] = []

    @property
    def brought(self) -> Sequence[Brought]:
        """What is on it; nothing where there is none."""
        return self._brought

    @property
    def unread(self) -> bool:
        """Whether there is one that cannot be read."""
        return self._unread

    def look(self, now: float) -> None:
        """See whether a stick came or went; costs nothing while none did."""
        self._leaving = [asked for asked in self._leaving if not asked.gone()]
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            seen = _which(self._folder)
            if seen != self._seen:
                self._seen = seen
                self._forget()
                if seen is not None:
                    self._listing = _Asked([*self._command, "--dry-run", str(self._folder)], now)
        if self._listing is not None and (said := self._listing.said(now)) is not None:
            self._leaving.append(self._listing)
            self._listing = None
            code, rows = said
            listed = [(str(row.get("file")), _brought(row)) for row in rows]
            self._files, self._brought = [file for file, _ in listed], [each for _, each in listed]
            self._unread = code not in _READABLE or (code == ExchangeError.exit_code and not rows)
            _log.info("a stick: %d routines' files%s", len(rows), ", cannot be read" * self._unread)
        if self._taking is not None:
            index, asked = self._taking
            if (said := asked.said(now)) is not None:
                self._leaving.append(asked)
                self._taking = None
                self._copied(index, said[1])

    def take(self, index: int) -> None:
        """Have one of what is `brought` here, if it can be; one after the other."""
        if self._taking is not None or self._brought[index].standing not in (Standing.NEW, Standing.UPDATE):
            return
        self._brought[index] = replace(self._brought[index], standing=Standing.TAKING)
        self._taking = (index, _Asked([*self._command, self._files[index]], self._looked_at))

    def arrived(self) -> Sequence[Routine]:
        """What has been taken since the last call, ready to be done."""
        ready = [future for future in self._loading if future.done()]
        self._loading = [future for future in self._loading if not future.done()]
        return [routine for future in ready if (routine := _result(future)) is not None]

    def close(self) -> None:
        """End what is running; a second call does nothing."""
        self._forget()
        for asked in self._leaving:
            asked.gone(wait_s=1.0)
        self._loader.shutdown(wait=False, cancel_futures=True)

    def _copied(self, index: int, rows: Sequence[Mapping[str, Any]]) -> None:
        row = rows[0] if rows else {}
        if index >= len(self._brought):  # the stick was pulled out meanwhile, and what was copied is whole
            return
        found = _brought(row) if row else replace(self._brought[index], standing=Standing.FAILED)
        self._brought[index] = replace(found, name=self._brought[index].name)
        _log.info("from a stick: %s: %s", row.get("id"), row.get("reason") or row.get("state"))
        if found.standing is Standing.TAKEN:
            self._loading.append(self._loader.submit(self._load, found.id))

    def _forget(self) -> None:
        """What was on the stick; whoever reads it still is ended, and not waited for."""
        for asked in (self._listing, self._taking[1] if self._taking is not None else None):
            if asked is not None:
                asked.end()
                self._leaving.append(asked)
        self._listing = self._taking = None
        self._files, self._brought, self._unread = [], [], False


class _Asked:
    """A process that answers with JSON, a row a line."""

    def __init__(self, command: Sequence[str], now: float) -> None:
        self._since = now
        # A pipe that is full would have it wait for us.
        self._output = TemporaryFile()  # noqa: SIM115, it is read when the process has ended
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.DEVNULL
        )
        _limit(self._process.pid)

    def said(self, now: float) -> tuple[int, list[dict[str, Any]]] | None:
        """Exit code and rows, once it has ended; it is ended when it takes too long."""
        if now - self._since > PATIENCE_S:
            self.end()
            self.gone(wait_s=0.1)
            return -1, []
        code = self._process.poll()
        if code is None:
            return None
        with self._output:
            self._output.seek(0)
            return code, _rows(self._output.read())

    def end(self) -> None:
        """Have it end; one that waits for a stick ends only when that has answered."""
        self._process.kill()
        self._output.close()

    def gone(self, wait_s: float = 0.0) -> bool:
        """Whether it has ended, waiting for so long at most."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(wait_s)
        return self._process.returncode is not None


def _which(folder: Path) -> tuple[int, ...] | None:
    """What tells one stick from another, and from none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _rows(said: bytes) -> list[dict[str, Any]]:
    rows = []
    for line in said.splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows


def _brought(row: Mapping[str, Any]) -> Brought:
    state = str(row.get("state"))
    standing = _STANDINGS.get(state) or _REFUSALS.get(str(row.get("why")), Standing.BROKEN)
    return Brought(
        name=str(row.get("name") or _readable(Path(str(row.get("file"))).name)),
        standing=standing,
        id=str(row.get("id") or ""),
        author=str(row.get("author") or ""),
        trust=Trust(row.get("trust") or Trust.UNSIGNED),
        signed_by=_readable(str(row.get("signed_by") or "")),
    )


def _readable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())


def _result(future: Future[Routine]) -> Routine | None:
    try:
        return future.result()
    except PosecoachError as error:
        _log.warning("a routine from a stick: %s", error)
        return None


def _limit(pid: int) -> None:
    """No file may make its reader take more memory than the box has."""
    if sys.platform == "linux":
        import resource

        try:
            resource.prlimit(pid, resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        except OSError:  # it has ended already, or the sandbox forbids it, which has a limit of its own
            return
