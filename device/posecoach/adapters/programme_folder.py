"""Programmes as files that a therapist can read and edit, and who was given which.

::

    programmes/knee.toml
    people/anna.programmes.toml
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from posecoach.adapters._programme_document import ID, programme_text, read_programme
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import Programme
from posecoach.errors import InputMissing, OutputError, ProgrammeError
from posecoach.whole_file import write_whole

_LARGEST_BYTES: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Given:
    """A programme that somebody was given.

    Attributes:
        programme: Its id.
        since: From which day on.
    """

    programme: str
    since: date


class ProgrammeFolder:
    """The programmes of a box."""

    def __init__(self, data_folder: Path) -> None:
        """Look at what a box keeps; nothing of it need exist yet."""
        self._folder, self._people = data_folder / "programmes", data_folder / "people"

    def ids(self) -> list[str]:
        """The programmes there are."""
        files = self._folder.glob("*.toml") if self._folder.is_dir() else ()
        return sorted(file.stem for file in files if ID.fullmatch(file.stem))

    def path(self, programme: str) -> Path:
        """Where a programme is, by its id or its own path.

        Raises:
            InputMissing: There is none; names those there are.
        """
        path = self._folder / f"{programme}.toml"
        if ID.fullmatch(programme) and path.is_file():
            return path
        if programme.endswith(".toml") and Path(programme).is_file():
            return Path(programme)
        known = ", ".join(self.ids()) or "none yet; make one with: posecoach programme make ID ROUTINE:3x10"
        near = difflib.get_close_matches(programme, self.ids(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputMissing(f"no programme {programme!r} in {self._folder}; there are: {known}{hint}")

    def load(self, programme: str) -> Programme:
        """A programme, by its id or its own path; whether its routines exist is not asked.

        Raises:
            InputMissing: There is none.
            ProgrammeError: It is wrong; tells everything that is.
        """
        path = self.path(programme)
        return read_programme(path.stem, _document(path), str(path))

    def save(self, programme: Programme) -> Path:
        """Store a programme, whole or not at all, instead of one of the same id.

        Raises:
            ProgrammeError: The id cannot name a file, or the programme could not be read again.
            OutputError: It cannot be written.
        """
        if not ID.fullmatch(programme.id):
            raise ProgrammeError(
                f"{programme.id!r} cannot name a programme: use a-z, 0-9, '-', '_' and '.', 64 at most"
            )
        path, text = self._folder / f"{programme.id}.toml", programme_text(programme)
        read_programme(programme.id, tomllib.loads(text), str(path))
        _write(path, text)
        return path

    def remove(self, programme: str) -> list[str]:
        """Remove a programme, also from those who were given it; the keys of their names."""
        self.path(programme).unlink()
        had = []
        for file in sorted(self._people.glob("*.programmes.toml")) if self._people.is_dir() else ():
            given = _read_given(file)
            kept = [each for each in given if each.programme != programme]
            if len(kept) < len(given):
                had.append(file.name.removesuffix(".programmes.toml"))
                _write_given(file, kept)
        return had

    def given_to(self, person: NamedPerson) -> list[Given]:
        """What somebody was given, the first first.

        Raises:
            ProgrammeError: The file says something else.
        """
        file = given_path(self._people, person)
        return _read_given(file) if file.exists() else []

    def give(self, person: NamedPerson, programme: str, since: date) -> bool:
        """Give somebody a programme; whether they did not have it yet."""
        self.path(programme)
        given = self.given_to(person)
        if any(each.programme == programme for each in given):
            return False
        _write_given(given_path(self._people, person), [*given, Given(programme, since)])
        return True

    def take(self, person: NamedPerson, programme: str) -> bool:
        """Take a programme from somebody; whether they had it."""
        given = self.given_to(person)
        kept = [each for each in given if each.programme != programme]
        if len(kept) < len(given):
            _write_given(given_path(self._people, person), kept)
        return len(kept) < len(given)


def forget_given(data_folder: Path, person: NamedPerson) -> bool:
    """Remove what somebody was given; whether there was anything.

    Raises:
        OutputError: It cannot be removed.
    """
    path = given_path(data_folder / "people", person)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputError(f"{path} cannot be removed: {error.strerror}") from error
    return True


def given_path(people: Path, person: NamedPerson) -> Path:
    """Where it is kept what somebody was given; it need not exist."""
    return people / f"{person.key}.programmes.toml"


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
        if len(content) > _LARGEST_BYTES:
            raise ProgrammeError(f"{path}: larger than {_LARGEST_BYTES >> 10} KiB; this is no programme")
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProgrammeError(f"{path}: not TOML: {error}") from error
    except OSError as error:
        raise InputMissing(f"{path}: cannot be read: {error.strerror}") from error


def _read_given(file: Path) -> list[Given]:
    try:
        return [Given(str(each["programme"]), each["since"]) for each in _given_tables(file)]
    except (KeyError, TypeError) as error:
        raise ProgrammeError(f"{file}: expected [[given]] with programme and since, got {error}") from error


def _given_tables(file: Path) -> list[dict[str, Any]]:
    tables = _document(file).get("given", [])
    if not isinstance(tables, list) or not all(type(each["since"]) is date for each in tables):
        raise ProgrammeError(f"{file}: expected [[given]] tables with programme, and since = 2026-01-31")
    return tables


def _write_given(file: Path, given: Sequence[Given]) -> None:
    if not given:
        file.unlink(missing_ok=True)
        return
    tables = (
        f"[[given]]\nprogramme = {json.dumps(each.programme)}\nsince = {each.since}\n" for each in given
    )
    _write(file, "\n".join(["# Which programmes this person was given, and from which day on.", *tables]))


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
