"""Routines as folders: `routine.toml`, which a person can read and edit, and one track per view.

::

    squat/
      routine.toml
      step1-front.track.json
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from posecoach.coach.learn import Learned
from posecoach.coach.reference import reference_of
from posecoach.coach.routine import LimbRule, Routine, Step, View
from posecoach.coach.view import StepKind
from posecoach.errors import InputMissing, OutputError, PosecoachError, RoutineError
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Limb
from posecoach.track import PoseTrack

FORMAT: Final = "posecoach-routine"
VERSION: Final = 1
FILE: Final = "routine.toml"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LARGEST_BYTES: Final = 1 << 20

ReadTrack = Callable[[Path], PoseTrack]
WriteTrack = Callable[[Path, PoseTrack], None]
_Choice = TypeVar("_Choice", StepKind, View, Limb)


class RoutineFolders:
    """The routines in a folder, one folder each."""

    def __init__(self, folder: Path, *, read_track: ReadTrack, write_track: WriteTrack) -> None:
        """Look at a folder, which need not exist yet.

        Args:
            folder: Where the routines' folders are.
            read_track: Reads a pose track.
            write_track: Writes one.
        """
        self._folder = folder
        self._read_track = read_track
        self._write_track = write_track

    def ids(self) -> list[str]:
        """The routines there are, by name of their folder."""
        if not self._folder.is_dir():
            return []
        return sorted(
            entry.name
            for entry in self._folder.iterdir()
            if (entry / FILE).is_file() and _ID.fullmatch(entry.name)
        )

    def load(self, routine: str) -> Routine:
        """Load a routine by id, or from the path of its folder.

        Raises:
            InputMissing: There is no such routine; names those there are.
            RoutineError: Something in it is missing or wrong; names the file and the key.
        """
        folder = self.path(routine)
        file = folder / FILE
        try:
            if file.stat().st_size > _LARGEST_BYTES:
                raise RoutineError(f"{file}: larger than {_LARGEST_BYTES >> 20} MiB; this is no routine.toml")
            document = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RoutineError(f"{file}: not TOML: {error}") from error
        except OSError as error:
            raise InputMissing(f"{file}: cannot be read: {error.strerror}") from error
        try:
            return self._routine(folder, document)
        except RoutineError as error:
            raise RoutineError(f"{file}: {error}") from error

    def path(self, routine: str) -> Path:
        """The folder of a routine, by id or by path."""
        given = Path(routine)
        if (given / FILE).is_file():
            return given
        if _ID.fullmatch(routine) and (self._folder / routine / FILE).is_file():
            return self._folder / routine
        if given.is_dir():
            raise RoutineError(f"{given}: no {FILE} in this folder; a routine is a folder that holds one")
        known = (
            ", ".join(self.ids())
            or "none yet; make one with: posecoach routine import VIDEO --name NAME --kind reps"
        )
        raise InputMissing(f"no routine {routine!r} in {self._folder}; there are: {known}")

    def save(self, id_: str, name: str, learned: Learned) -> Path:
        """Store a learned routine, whole or not at all; one of the same id is kept aside as ``ID~``.

        Raises:
            RoutineError: The id cannot be the name of a folder.
            OutputError: The folder cannot be written.
        """
        if not _ID.fullmatch(id_):
            raise RoutineError(f"{id_!r} cannot name a routine: use a-z, 0-9, '-', '_' and '.', 64 at most")
        if not name.isprintable() or not name.strip():
            raise RoutineError(f"{name!r} cannot be the name of a routine: use letters that can be read")
        target = self._folder / id_
        unfinished = self._folder / f".{id_}.{os.getpid()}.tmp"
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            files = {view: f"step1-{view}.track.json" for view in learned.tracks}
            for view, track in learned.tracks.items():
                self._write_track(unfinished / files[view], track)
            with (unfinished / FILE).open("w", encoding="utf-8") as file:
                file.write(_toml(name, learned, files))
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                before = target.with_name(f"{id_}~")
                shutil.rmtree(before, ignore_errors=True)
                target.rename(before)
            unfinished.rename(target)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise OutputError(f"{target}: cannot store the routine: {error.strerror or error}") from error
        return target

    def _routine(self, folder: Path, document: dict[str, Any]) -> Routine:
        if document.get("format") != FORMAT:
            raise RoutineError(f'expected format = "{FORMAT}", got {document.get("format")!r}')
        if document.get("version") != VERSION:
            raise RoutineError(
                f"version is {document.get('version')!r}, this program reads version {VERSION}"
            )
        _only(document, {"format", "version", "name", "notes", "steps"}, "")
        steps = _typed(document, "steps", list, "")
        routine_id = folder.resolve().name
        return Routine(
            id=routine_id,
            name=_typed(document, "name", str, ""),
            steps=tuple(self._step(folder, step, f"steps[{number}]") for number, step in enumerate(steps)),
            notes=tuple(str(note) for note in _typed({"notes": [], **document}, "notes", list, "")),
        )

    def _step(self, folder: Path, step: Any, where: str) -> Step:
        if not isinstance(step, dict):
            raise RoutineError(f"{where}: must be a table")
        _only(step, {"kind", "reps", "hold_s", "tracks", "limbs"}, f"{where}.")
        kind = _choice(StepKind, _typed(step, "kind", str, f"{where}."), f"{where}.kind")
        tracks = _typed(step, "tracks", dict, f"{where}.")
        views = {}
        for view, file in tracks.items():
            key = f"{where}.tracks.{view}"
            views[_choice(View, view, key)] = self._reference(folder, file, key)
        limbs = _typed(step, "limbs", dict, f"{where}.")
        rules = {
            _choice(Limb, limb, f"{where}.limbs.{limb}"): _rule(rule, f"{where}.limbs.{limb}")
            for limb, rule in limbs.items()
        }
        reps, hold_s = step.get("reps"), step.get("hold_s")
        if reps is not None and (type(reps) is not int or not 1 <= reps <= 10_000):
            raise RoutineError(f"{where}.reps: must be a whole number from 1 to 10000, got {reps!r}")
        if hold_s is not None:
            hold_s = _number(hold_s, 0.5, 3600.0, f"{where}.hold_s")
        try:
            return Step(kind=kind, views=views, limbs=rules, reps=reps, hold_s=hold_s)
        except RoutineError as error:
            raise RoutineError(f"{where}: {error}") from error

    def _reference(self, folder: Path, file: Any, key: str) -> PoseSequence:
        if not isinstance(file, str) or Path(file).name != file:
            raise RoutineError(f"{key}: must be the name of a file in the routine's folder, got {file!r}")
        try:
            return reference_of(self._read_track(folder / file))
        except PosecoachError as error:
            raise RoutineError(f"{key}: {error}") from error


def _toml(name: str, learned: Learned, files: Mapping[View, str]) -> str:
    """The routine as text for people. JSON strings, numbers and lists of strings are TOML as well."""
    step = learned.step
    asked = f"reps = {step.reps}" if step.reps else f"hold_s = {step.hold_s}" if step.hold_s else ""
    lines = [
        "# A posecoach routine. Edit it, then run: posecoach routine check",
        f'format = "{FORMAT}"',
        f"version = {VERSION}",
        f"name = {json.dumps(name, ensure_ascii=False)}",
        "# How it was learned.",
        f"notes = {json.dumps(list(learned.notes), ensure_ascii=False)}",
        "",
        "[[steps]]",
        f'kind = "{step.kind}"  # reps: a cycle that is counted; hold: a pose; flow: a sequence done once',
        *([f"{asked}  # how many, or how long, are asked for"] if asked else []),
        "",
        "[steps.tracks]  # the reference as seen from each side",
        *(f"{view} = {json.dumps(file)}" for view, file in files.items()),
        "",
        "# emphasis: how much a limb matters, 0 to 1.",
        "# tolerance: how far off is still perfect, in torso lengths.",
    ]
    for limb, rule in step.limbs.items():
        lines += [f"[steps.limbs.{limb}]", f"emphasis = {rule.emphasis}", f"tolerance = {rule.tolerance}", ""]
    return "\n".join(lines)


def _rule(rule: Any, where: str) -> LimbRule:
    if not isinstance(rule, dict):
        raise RoutineError(f"{where}: must be a table with emphasis and tolerance")
    _only(rule, {"emphasis", "tolerance"}, f"{where}.")
    for key in ("emphasis", "tolerance"):
        if key not in rule:
            raise RoutineError(f"{where}.{key} is missing")
    emphasis = _number(rule["emphasis"], 0.0, 1.0, f"{where}.emphasis")
    return LimbRule(emphasis, _number(rule["tolerance"], 0.01, 2.0, f"{where}.tolerance"))


def _number(value: Any, least: float, most: float, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise RoutineError(f"{key}: must be a number from {least:g} to {most:g}, got {value!r}")
    return float(value)


def _typed(table: Mapping[str, Any], key: str, kind: type, prefix: str) -> Any:
    if key not in table:
        raise RoutineError(f"{prefix}{key} is missing")
    if not isinstance(table[key], kind):
        raise RoutineError(f"{prefix}{key}: must be a {kind.__name__}, got {type(table[key]).__name__}")
    return table[key]


def _choice(kinds: type[_Choice], value: str, key: str) -> _Choice:
    try:
        return kinds(value)
    except ValueError:
        known = ", ".join(kind.value for kind in kinds)
        raise RoutineError(f"{key}: unknown {value!r}; known: {known}") from None


def _only(table: Mapping[str, Any], known: set[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"
            raise RoutineError(f"{prefix}{key}: unknown key{hint}")
