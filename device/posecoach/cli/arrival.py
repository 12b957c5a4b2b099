"""A routine that somebody brings: what it is, who stands for it, and what it would do here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from posecoach.adapters.configuration import Configuration, device_file, load
from posecoach.adapters.data_home import data_home
from posecoach.adapters.exchange_file import RoutineFile, kept_file, read_routine_file
from posecoach.adapters.folder_lock import folder_lock
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.routine_shelf import RoutineShelf, require_id
from posecoach.adapters.ssh_signature import Signed, Trust, checked
from posecoach.errors import ExchangeError, InputMissing, PosecoachError


class State(StrEnum):
    """What a file would be here."""

    NEW = "new"
    SAME = "same"
    UPDATE = "update"
    """Another one of its name is here, by the same signer, or with nothing but its manifest changed."""
    OTHER = "other"
    """Another one of its name is here."""
    REFUSED = "refused"
    """This box takes only what is signed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What this box takes.

    Attributes:
        signers: Whom it knows; need not exist.
        signed_only: Whether it takes nothing else.
    """

    signers: Path
    signed_only: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A routine's file that was looked at.

    Attributes:
        path: Where it is.
        file: What is in it.
        signed: Who stands for it.
        id: What it is called here.
        state: What it would be here.
        whose: Who made the one that is here, of `State.OTHER` and `State.UPDATE`; empty where nobody says.
    """

    path: Path
    file: RoutineFile
    signed: Signed
    id: str
    state: State
    whose: str = ""

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        manifest = self.file.manifest
        return {
            "file": str(self.path),
            "id": self.id,
            "name": manifest.name,
            "author": manifest.author or None,
            "licence": manifest.licence or None,
            "made_with": manifest.made_with,
            "trust": self.signed.trust.value,
            "signed_by": self.signed.by or None,
            "key": self.signed.key or None,
        }


def rules_here(trust: Path | None) -> Rules:
    """What this box takes, as its configuration says.

    Args:
        trust: Whom a command line says to know instead.

    Raises:
        InputMissing: There is no such file.
        ConfigurationError: The configuration is wrong: no guess is made about whom to trust.
    """
    if trust is not None and not trust.is_file():
        raise InputMissing(f"{trust}: no such file of allowed signers")
    file = device_file()
    configuration = load(file)
    return Rules(trust or signers_of(configuration, file), bool(configuration["exchange.signed_only"]))


def signers_of(configuration: Configuration, file: Path) -> Path:
    """The file of those whom a box knows."""
    return Path(str(configuration["exchange.signers"]) or file.parent / "allowed_signers")


def came_with(store: RoutineFolders, routine: str) -> dict[str, Any] | None:
    """What a routine that was installed came with; `None` of one that was made here, or changed since.

    Args:
        store: The routines that are here.
        routine: Its id or path; one that can be loaded.
    """
    kept = kept_file(shelf_of(store).whole(store.path(routine))[1])
    if kept is None:
        return None
    file = device_file()
    signed = checked(kept.signed, kept.signature, signers_of(load(file), file))
    told = Arrival(store.path(routine), kept, signed, routine, State.SAME).told()
    return {key: told[key] for key in ("author", "licence", "made_with", "trust", "signed_by", "key")}


def shelf_of(store: RoutineFolders) -> RoutineShelf:
    """The routines of this box, as whole things."""
    return RoutineShelf(own_folder(), store.load)


def own_folder() -> Path:
    """Where this box keeps its own routines."""
    return data_home() / "routines"


def look_at(path: Path, rules: Rules, store: RoutineFolders, id_: str | None = None) -> Arrival:
    """Look at a routine's file; nothing changes.

    Args:
        path: Of the file.
        rules: What this box takes.
        store: The routines that are here.
        id_: What it is to be called here, if not as it says itself.

    Raises:
        InputMissing: There is no such file.
        ExchangeError: It is no routine's file, or not as it was made.
        RoutineError: What is in it is no routine.
    """
    if id_ is not None:
        require_id(id_)
    file = read_routine_file(path)
    try:
        signed = checked(file.signed, file.signature, rules.signers)
        routine = shelf_of(store).check(file.stored())
        if routine.name != file.manifest.name:
            raise ExchangeError(f"it is called {file.manifest.name!r} outside and {routine.name!r} inside")
    except PosecoachError as error:
        raise type(error)(f"{path}: {error}") from None
    id_ = id_ or file.manifest.id
    if rules.signed_only and signed.trust is not Trust.KNOWN:
        return Arrival(path, file, signed, id_, State.REFUSED)
    return Arrival(path, file, signed, id_, *_beside(file, signed, id_, rules, store))


def _beside(
    file: RoutineFile, signed: Signed, id_: str, rules: Rules, store: RoutineFolders
) -> tuple[State, str]:
    """What it would be beside the routine of its name that is here, and who made that one."""
    if id_ not in store.ids():
        return State.NEW, ""
    try:
        _, here = shelf_of(store).whole(store.path(id_))
    except PosecoachError:  # broken: nothing is lost, for it is kept aside all the same
        return State.OTHER, ""
    kept = kept_file(here)
    whose = kept.manifest.author if kept is not None else ""
    same_parts = all(here.get(name) == content for name, content in file.parts.items())
    if same_parts and (signed.trust is not Trust.KNOWN or here == file.stored()):
        return State.SAME, whose
    if same_parts:
        return State.UPDATE, whose
    if kept is None or signed.trust is not Trust.KNOWN:
        return State.OTHER, whose
    before = checked(kept.signed, kept.signature, rules.signers)
    return (State.UPDATE if before.by == signed.by else State.OTHER), whose


def install(arrival: Arrival, store: RoutineFolders, *, replace: bool) -> bool:
    """Have it here; whether there was another, which is kept aside now.

    Args:
        arrival: What was looked at.
        store: The routines that are here.
        replace: Whether it may take the place of another.

    Raises:
        ExchangeError: It may not be here.
        OutputError: The folder cannot be written.
    """
    require_wanted(arrival, replace=replace)
    if arrival.state is State.SAME:
        return False
    with folder_lock(own_folder(), lambda: None):
        return shelf_of(store).put(arrival.id, arrival.file.stored())


def require_wanted(arrival: Arrival, *, replace: bool) -> None:
    """Say why a file may not be here.

    Raises:
        ExchangeError: It may not.
    """
    if reason := unwanted(arrival, replace=replace):
        raise ExchangeError(f"{arrival.path}: {reason}")


def unwanted(arrival: Arrival, *, replace: bool) -> str:
    """Why a file may not be here; empty where it may."""
    if arrival.state is State.REFUSED:
        how = "nobody has signed it" if arrival.signed.trust is Trust.UNSIGNED else "its signer is not known"
        return (
            f"{how}, and this box takes only what is signed (exchange.signed_only): have it signed, or its "
            "signer's key put among the allowed signers"
        )
    if arrival.state is State.OTHER and not replace:
        by = f", by {arrival.whose}" if arrival.whose else ""
        return (
            f"there is another {arrival.id!r} here{by}: give --replace to put this one in its place (the one "
            "before is kept aside), or --id to have both"
        )
    return ""
