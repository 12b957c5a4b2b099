"""The cue sheet of a session: what was said when, and why, as text or as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from posecoach.coach.utterance import Dropped, Said, Utterance, usual_length_s
from posecoach.errors import OutputError
from posecoach.ports import Closes

JSON_LINES = (".jsonl", ".json", ".ndjson")


class WrittenVoice(Closes):
    """Writes what is said instead of saying it; beside another voice, what that one says.

    A line is on disk when `say` returns. What was dropped can be written as well, by `drop`.
    """

    def __init__(self, path: Path) -> None:
        """Begin a sheet; one that is there is replaced.

        Args:
            path: JSON lines where it ends in ``.jsonl``, else text.

        Raises:
            OutputError: It cannot be written.
        """
        self._path = path
        self._from_s = 0.0
        self._as_json = path.suffix.lower() in JSON_LINES
        try:
            self._file: IO[str] | None = path.open("w", encoding="utf-8", buffering=1)
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error

    def prepare(self, texts: Iterable[str]) -> None:
        """There is nothing to get ready."""

    def length_s(self, utterance: Utterance) -> float:
        """As long as it usually lasts."""
        return usual_length_s(utterance)

    def begin(self, name: str, at_s: float = 0.0) -> None:
        """Write that another session begins.

        Args:
            name: Of what is done.
            at_s: When, session seconds: what follows is told from there on.

        Raises:
            OutputError: The disk is full or gone.
        """
        self._from_s = at_s
        if self._as_json:
            self._write(json.dumps({"session": name, "from_t": round(at_s, 3)}, ensure_ascii=False))
        else:
            self._write(f"# {name}" + (f", from {at_s:.2f} s" if at_s else ""))

    def say(self, said: Said) -> None:
        """Write a line.

        Raises:
            OutputError: The disk is full or gone.
        """
        self._write(self._line("say", said.utterance, said.at_s, ducked=said.ducked))

    def drop(self, dropped: Dropped) -> None:
        """Write what was not said, and why.

        Raises:
            OutputError: The disk is full or gone.
        """
        self._write(self._line("drop", dropped.utterance, dropped.at_s, reason=dropped.reason))

    def close(self) -> None:
        """End the sheet; a second call does nothing."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _line(
        self, what: str, utterance: Utterance, at_s: float, *, reason: str = "", ducked: bool = False
    ) -> str:
        sign = utterance.earcon.value if utterance.earcon is not None else ""
        late_s, at_s = at_s - utterance.cause_s, at_s - self._from_s
        cause_s = at_s - late_s
        if self._as_json:
            line: dict[str, object] = {"t": round(at_s, 3), "what": what, "kind": utterance.kind.value}
            line |= {"sign": sign} if sign else {"text": utterance.text}
            line |= {"cause_t": round(cause_s, 3), "late_s": round(late_s, 3)}
            line |= {"ducked": True} if ducked else {}
            line |= {"reason": reason} if reason else {}
            return json.dumps(line, ensure_ascii=False)
        heard = f"[{sign}]" if sign else f"'{utterance.text}'"
        aside = f"  ({reason})" if reason else "  (quietly)" if ducked else ""
        return (
            f"{at_s:8.2f} s  {what:4s}  {utterance.kind.value:11s}  {heard:44s}  cause {cause_s:.2f} s{aside}"
        )

    def _write(self, line: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror or error}") from error
