"""Is what the box learns kept?"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from posecoach.adapters.data_home import HISTORY
from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.errors import PosecoachError
from posecoach.service.findings import Box, Check, Finding, failed, passed, skipped, warned
from posecoach.whole_file import write_whole

_MIB: Final = 1 << 20
_LEAST_MIB: Final = 20
_FEW_MIB: Final = 500
_VOLATILE: Final = ("tmpfs", "ramfs", "overlay", "devtmpfs")


def _there(folder: Path) -> Path:
    """The folder, or what can be seen of the way to it."""
    while not _seen(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _seen(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # nobody may look into what it lies in
        return False


def _closed(box: Box) -> Finding | None:
    """That nobody can tell what is in the data folder, where it may not be looked into."""
    folder = _there(box.data_folder)
    if os.access(folder, os.R_OK | os.X_OK):
        return None
    return skipped(f"user {os.getuid()} may not look into {folder}")


def _writable(box: Box) -> Finding:
    folder = _there(box.data_folder)
    trial = folder / ".posecoach-doctor"
    try:
        write_whole(trial, b"written by posecoach doctor\n")
    except PosecoachError as error:
        return failed(
            str(error), f"make {box.data_folder} writable for this user, free the disk, or set POSECOACH_DATA"
        )
    finally:
        with suppress(OSError):
            trial.unlink()
    return passed(f"{box.data_folder} can be written")


def _lasting(box: Box) -> Finding:
    kind = _file_system(box, _there(box.data_folder).resolve())
    if kind in _VOLATILE:
        return failed(
            f"{box.data_folder} is on {kind}: what is learned is lost when the power goes",
            "mount a partition of the card there, or set POSECOACH_DATA to one",
        )
    return (
        passed(f"{box.data_folder} is on {kind}") if kind else skipped("the system does not tell its mounts")
    )


def _file_system(box: Box, folder: Path) -> str:
    best, kind = -1, ""
    for line in (box.text("proc/self/mounts") or "").splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        place = Path(fields[1].replace("\\040", " "))
        if (folder == place or place in folder.parents) and len(place.parts) >= best:
            best, kind = len(place.parts), fields[2]
    return kind


def _space(box: Box) -> Finding:
    free = shutil.disk_usage(_there(box.data_folder)).free // _MIB
    if free < _LEAST_MIB:
        return failed(
            f"{free} MiB are free for {box.data_folder}", "delete what is not needed, or use a larger card"
        )
    if free < _FEW_MIB:
        return warned(
            f"{free} MiB are free for {box.data_folder}", "delete what is not needed, or use a larger card"
        )
    return passed(f"{free} MiB are free")


def _history(box: Box) -> Finding:
    if closed := _closed(box):
        return closed
    path = box.data_folder / HISTORY
    if not path.exists():
        return passed("there is no history yet")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1.0)) as history:
            said = history.execute("PRAGMA quick_check(1)").fetchone()[0]
            sessions = history.execute("SELECT count(*) FROM session").fetchone()[0] if said == "ok" else 0
    except sqlite3.OperationalError as error:
        if not os.access(path, os.R_OK):
            return failed(f"{path} may not be read", "give it to the user that posecoach runs as")
        return failed(
            f"{path}: {error}", "start posecoach once: it keeps the damaged file aside and begins anew"
        )
    except sqlite3.DatabaseError as error:
        return failed(
            f"{path} is damaged: {error}", "start posecoach once: it keeps it aside and begins anew"
        )
    if said != "ok":
        return failed(f"{path} is damaged: {said}", "start posecoach once: it keeps it aside and begins anew")
    kept = sorted(box.data_folder.glob("history*damaged*"))
    if kept:
        return warned(
            f"{sessions} sessions; damaged ones were kept aside: {kept[-1].name}",
            "copy it away, then delete it",
        )
    return passed(f"{sessions} sessions, undamaged")


def _routines(box: Box) -> Finding:
    if closed := _closed(box):
        return closed
    store = RoutineFolders(
        box.data_folder / "routines", read_track=read_track, write_track=write_track, shipped=STARTER
    )
    try:
        ids = store.ids()
    except PosecoachError as error:
        return failed(str(error), "chown -R it, as in: chown -R posecoach: FOLDER")
    broken = []
    for routine in ids:
        try:
            store.load(routine)
        except PosecoachError as error:
            broken.append(str(error))
    if broken:
        return failed(broken[0], "correct it, or take its folder away; posecoach routine check tells more")
    return passed(f"{len(ids)} routines, of which {len(store.own_ids())} are your own")


STORAGE_CHECKS: Final = (
    Check("data-writable", "can what is learned be written", ("S7", "S9"), _writable, gate=True),
    Check("data-lasting", "does it outlast a power cut", ("S6", "S7"), _lasting),
    Check("disk-space", "is there room for it", ("S9",), _space),
    Check("history", "is the history undamaged", ("S6",), _history),
    Check("routines", "do all routines load", ("S6",), _routines, gate=True),
)
