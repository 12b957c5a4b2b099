"""``python -m posecoach.service.child``: what runs in the process of a part.

The adapter here is the real one and knows nothing of this. Whatever it raises is told to the parent, and
ends the process: what drivers leave behind goes with it.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import CameraError
from posecoach.frame import Frame
from posecoach.ports import Camera, PoseEstimator, Voice
from posecoach.service.lifeline import leave_signals_to_parent, tie_to_parent
from posecoach.service.slot import Slot
from posecoach.service.wire import (
    ANSWER,
    ASK,
    FRAME,
    FREE,
    OPEN,
    SOON,
    FrameNote,
    packed_error,
    packed_lengths,
    packed_poses,
    unpacked_said,
)

_PART_ENDED: Final = 3
_LAST_WORDS_S: Final = 1.0


def main(connection_number: int, slot_number: int, parent_pid: int) -> None:
    """Serve until the parent has gone or the part has failed."""
    tie_to_parent(parent_pid)
    leave_signals_to_parent()
    connection, slot = Connection(connection_number), Slot(slot_number)
    try:
        path, prepare = pickle.loads(connection.recv_bytes()[1:])
        sys.path[:] = path
        if prepare is not None:
            prepare()
        make = pickle.loads(connection.recv_bytes()[1:])
        part = make()
        if hasattr(part, "frames"):
            serve_camera(part, connection, slot)
        elif hasattr(part, "say"):
            serve_voice(part, connection)
        elif hasattr(part, "answer"):
            serve_answers(part, connection)
        else:
            serve_estimator(part, connection, slot)
    except (EOFError, ConnectionError):  # the parent has gone
        os._exit(0)
    except BaseException as error:  # told to the parent, which decides
        with suppress(OSError, ValueError):
            connection.send_bytes(packed_error(error))
    os._exit(_PART_ENDED)  # at once: a driver that hangs while it is closed would hold us


def serve_camera(camera: Camera, connection: Connection, slot: Slot) -> None:
    """Give the newest frame whenever the slot is free, and in the end what the camera has raised."""
    connection.send_bytes(OPEN)
    free, newest = threading.Event(), _Newest()
    free.set()
    threading.Thread(target=_note_free, args=(connection, free), daemon=True).start()
    sender = threading.Thread(target=_send_frames, args=(connection, slot, free, newest), daemon=True)
    sender.start()
    error: BaseException = CameraError("the camera gives no more frames")
    try:
        for frame in camera.frames():
            newest.put(frame)
    except BaseException as failure:  # told to the parent, which decides
        error = failure
    newest.put(error)
    sender.join(_LAST_WORDS_S)


class _Newest:
    """One frame that waits for the slot; a newer one takes its place, an error waits behind it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._error: BaseException | None = None

    def put(self, item: Frame | BaseException) -> None:
        with self._changed:
            if isinstance(item, Frame):
                self._frame = item
            else:
                self._error = item
            self._changed.notify()

    def take(self) -> Frame | BaseException:
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self._error is not None)
            frame, self._frame = self._frame, None
            if frame is not None:
                return frame
            assert self._error is not None
            return self._error


def _note_free(connection: Connection, free: threading.Event) -> None:
    try:
        while connection.recv_bytes() == FREE:
            free.set()
    except (EOFError, OSError):
        os._exit(0)  # the parent has gone


def _send_frames(connection: Connection, slot: Slot, free: threading.Event, newest: _Newest) -> None:
    number = 0
    try:
        while True:
            free.wait()
            item = newest.take()
            if not isinstance(item, Frame):
                connection.send_bytes(packed_error(item))
                return
            free.clear()
            number += 1
            pictures = [item.image] if item.lores is None else [item.image, item.lores]
            slot.write(number, *pictures)
            shapes = tuple((picture.shape[0], picture.shape[1]) for picture in pictures)
            connection.send_bytes(FrameNote(number, item.captured_at, item.index, shapes[0], shapes).packed())
    except OSError:
        os._exit(0)


def serve_estimator(estimator: PoseEstimator, connection: Connection, slot: Slot) -> None:
    """Find the people in whatever comes, one frame at a time.

    Raises:
        Exception: Whatever the estimator raises.
    """
    connection.send_bytes(OPEN + estimator.model_id.encode())
    while True:
        message = connection.recv_bytes()
        if message[:1] != FRAME:
            raise ValueError(f"expected a frame, got {message[:1]!r}")
        note = FrameNote.unpacked(message)
        (picture,) = slot.look(note.number, *note.pictures)
        poses = estimator.estimate(_frame_of(note, picture))
        connection.send_bytes(packed_poses(note.number, poses))


def serve_voice(voice: Voice, connection: Connection) -> None:
    """Say whatever comes, one after the other; tell how long words last that were never said before.

    Raises:
        Exception: Whatever the voice raises.
    """
    connection.send_bytes(OPEN)
    told: set[str] = set()
    while True:
        message = connection.recv_bytes()
        lengths_s = {}
        if message[:1] == SOON:
            voice.prepare(json.loads(message[1:]))
        else:
            said = unpacked_said(message)
            voice.say(said)
            if said.utterance.text and said.utterance.text not in told:
                told.add(said.utterance.text)
                lengths_s = {said.utterance.text: float(voice.length_s(said.utterance))}
        connection.send_bytes(packed_lengths(lengths_s))


def serve_answers(part: Any, connection: Connection) -> None:
    """Answer one question after the other.

    Raises:
        Exception: Whatever the part raises.
    """
    connection.send_bytes(OPEN)
    while True:
        question = connection.recv_bytes()
        if question[:1] != ASK:
            raise ValueError(f"expected a question, got {question[:1]!r}")
        connection.send_bytes(ANSWER + part.answer(question[1:]))


def _frame_of(note: FrameNote, picture: NDArray[np.uint8]) -> Frame:
    if note.image_hw == note.shapes[0]:
        return Frame(note.index, note.captured_at, picture)
    # The estimator looks at the smaller picture and needs only the size of the other.
    blank = np.broadcast_to(np.zeros(3, np.uint8), (*note.image_hw, 3))
    return Frame(note.index, note.captured_at, blank, picture)


def run(arguments: list[Any]) -> None:
    """Start with the numbers of a command line."""
    main(*map(int, arguments))


if __name__ == "__main__":
    run(sys.argv[1:])
