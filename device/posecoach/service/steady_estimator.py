"""An estimator that goes on: its process is replaced whenever it fails, and its model where that must be."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.phrase import Phrase
from posecoach.coach.view import TroubleView
from posecoach.errors import PosecoachError
from posecoach.frame import Frame
from posecoach.ports import Closes
from posecoach.pose import PoseEstimate
from posecoach.service.board import Board
from posecoach.service.coral_usb import CoralUsb
from posecoach.service.kept_model import KeptModel
from posecoach.service.ladder import Remedy

_log = logging.getLogger(__name__)

PART: Final = "estimator"
SLOW_S: Final = 0.15
"""A call that takes longer leaves a person's movement with too few frames to be judged well."""

_STARTING: Final = TroubleView("E0", Phrase("Getting ready to look at you"))
_NO_FALLBACK: Final = Phrase("The coach cannot see you. Unplug the Coral stick and plug it back in")
_SLOW: Final = TroubleView("E3", Phrase("The coach sees fewer pictures a second than it should"))


class SteadyEstimator(Closes):
    """Finds people by the best model that works now.

    One thread calls `start` and `estimate`; any may call `close`.
    """

    def __init__(
        self,
        model: KeptModel,
        board: Board,
        *,
        fallback: KeptModel | None = None,
        usb: CoralUsb | None = None,
        may_change: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start nothing yet.

        Args:
            model: The one that is wanted.
            board: Where troubles are told.
            fallback: The processor's, for while the wanted one does not work.
            usb: The stick, if the wanted model needs one.
            may_change: Whether another model may take over now: not in the middle of a repetition.
            clock: Of this process.
        """
        self._wanted, self._fallback = model, fallback
        self._board, self._usb = board, usb
        self._may_change, self._clock = may_change, clock
        self._on_fallback = self._closing = False
        self._seen_attached = True
        self._latencies_s: deque[float] = deque(maxlen=15)
        self._returning: threading.Thread | None = None
        board.tell(PART, _STARTING)

    @property
    def model_id(self) -> str:
        """Of the model that is used now."""
        return self._serving.model_id

    def start(self, paint: Callable[[], NDArray[np.uint8]] | None = None) -> None:
        """Begin, before the first frame comes.

        Args:
            paint: Makes a known picture, with a person in it that the wanted model can see.
        """
        self._wanted.have_spare()  # it gets ready while we paint
        picture = paint() if paint is not None else None
        for model in (self._wanted, self._fallback):
            if model is not None and picture is not None:
                model.picture = picture
        if self._keep(self._wanted):
            self._board.tell(PART, None)

    def estimate(self, frame: Frame) -> list[PoseEstimate] | None:
        """The people in `frame`; `None` where nobody can look now, for a moment or for longer."""
        self._change_back()
        model = self._serving
        if not model.ready and not self._keep(model):
            return None
        asked_at = self._clock()
        try:
            poses = model.estimate(frame)
        except PosecoachError as error:
            self._heal(model, error)
            return None
        self._works(model, self._clock() - asked_at)
        return poses

    def close(self) -> None:
        """End the processes; a second call does nothing."""
        self._closing = True
        for model in (self._wanted, self._fallback):
            if model is not None:
                model.close()
        if self._returning is not None:
            self._returning.join(5.0)

    def let_go(self) -> None:
        """Free what the processes have left; once `estimate` is called no more."""
        for model in (self._wanted, self._fallback):
            if model is not None:
                model.rest()

    @property
    def _serving(self) -> KeptModel:
        return self._fallback if self._on_fallback and self._fallback is not None else self._wanted

    def _keep(self, model: KeptModel) -> bool:
        """Have its process, if it is time to start one; whether there is one."""
        if self._closing or self._clock() < model.due:
            return False
        try:
            model.start()
        except PosecoachError as error:
            self._heal(model, error)
        return model.ready

    def _works(self, model: KeptModel, latency_s: float) -> None:
        model.stood(self._clock())
        model.have_spare()
        self._latencies_s.append(latency_s)
        if self._on_fallback:
            return  # that is told already
        slow = len(self._latencies_s) == self._latencies_s.maxlen and median(self._latencies_s) > SLOW_S
        self._board.tell(PART, _SLOW if slow else None)

    def _heal(self, model: KeptModel, error: PosecoachError) -> None:
        """Do what the ladder says; what is to be waited for is waited for by not being due."""
        if self._closing:
            return
        self._latencies_s.clear()
        step = model.fell(self._clock(), error)
        told = model is self._wanted or not self._on_fallback
        if told:
            blind = step.rung.remedy is Remedy.OTHER_MODEL and self._fallback is None
            words = _NO_FALLBACK if blind else step.rung.words
            self._board.tell(PART, TroubleView(step.rung.code, words), str(error))
        else:
            _log.warning("the fallback %s: %s", step.rung.code, error)
        if step.rung.remedy in (Remedy.USB_RESET, Remedy.PORT_POWER) and self._usb is not None:
            done = self._usb.remedy(step.rung.remedy)
            _log.info("%s: %s", step.rung.remedy, "done" if done else "could not be done")
        if step.rung.remedy is Remedy.OTHER_MODEL and self._fallback is not None:
            self._on_fallback = True

    def _change_back(self) -> None:
        """Try the wanted model again in its time, beside the other, and take it when nobody is moving."""
        if not self._on_fallback:
            return
        if self._wanted.ready and self._returning is None:
            if self._may_change():
                self._on_fallback = False
                self._latencies_s.clear()
                if self._fallback is not None:
                    self._fallback.rest()
            return
        if self._returning is not None:
            if not self._returning.is_alive():
                self._returning = None
            return
        if self._clock() >= self._wanted.due or self._plugged_in():
            self._returning = threading.Thread(target=self._try_wanted, name="wanted model", daemon=True)
            self._returning.start()

    def _try_wanted(self) -> None:
        if self._closing:
            return
        try:
            self._wanted.start()
        except PosecoachError as error:
            self._heal(self._wanted, error)

    def _plugged_in(self) -> bool:
        """Whether somebody has just plugged the stick in."""
        if self._usb is None:
            return False
        before, self._seen_attached = self._seen_attached, self._usb.attached
        return self._seen_attached and not before
