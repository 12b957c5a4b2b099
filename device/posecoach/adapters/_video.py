"""A video file as upright RGB pictures with the times they are shown at."""

from __future__ import annotations

import re
from collections.abc import Iterator

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecoach.adapters._media import OpenMedia, RgbConverter, turned

_NOMINAL_RATE_HZ = 30.0  # where a video does not tell
_JITTER_S = 1.0  # times that run back by less are damage of one frame, by more a new clock
_CUT_OFF_S = 0.5  # missing at the end by more than this: the file was cut off


class VideoPictures:
    """The pictures of an open video, each with its time in seconds since the first; read once.

    Attributes:
        duration_s: Length, as far as the container tells.
        damaged_at_s: Where the first damage was met; `None` while there was none.
    """

    def __init__(self, media: OpenMedia) -> None:
        self.damaged_at_s: float | None = None
        self._media = media
        self._clock = _Clock(_nominal_step_s(media.stream))
        self._promised_s = _stream_duration_s(media.stream)
        length = media.container.duration
        self.duration_s = self._promised_s or (None if length is None else length / av.time_base)

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        to_rgb = RgbConverter()
        stream = self._media.stream
        aspect = stream.codec_context.sample_aspect_ratio or 1  # of one stored pixel
        for frame in self._decoded():
            at_s = self._clock.tick(frame)
            if at_s is None:
                continue
            width = max(1, round(frame.width * aspect))
            yield at_s, turned(to_rgb(frame, wh=(width, frame.height)), frame)
        if self._promised_s is not None and self._clock.end_s < self._promised_s - _CUT_OFF_S:
            self._note_damage()

    def _decoded(self) -> Iterator[VideoFrame]:
        self._media.stream.thread_type = "AUTO"
        for packet in self._packets():
            try:
                decoded = self._media.stream.decode(packet)
            except av.error.FFmpegError:
                # One damaged packet; the decoder finds its feet at the next key frame.
                self._note_damage()
                continue
            for frame in decoded:
                if frame.is_corrupt:
                    self._note_damage()
                else:
                    yield frame

    def _packets(self) -> Iterator[Packet[VideoStream] | None]:
        try:
            # The last one is empty; it makes the decoder give what it holds back.
            yield from self._media.container.demux(self._media.stream)
        except av.error.FFmpegError:
            self._note_damage()
            yield None  # as the empty one: what came before the damage is seen

    def _note_damage(self) -> None:
        # Before the first frame it is no damage: a recording may start between two key frames.
        if self.damaged_at_s is None and self._clock.started:
            self.damaged_at_s = self._clock.end_s


class _Clock:
    """Turns presentation times into seconds since the first frame, strictly increasing.

    Attributes:
        started: Whether there was a frame.
        end_s: When the newest frame ends.
    """

    def __init__(self, step_s: float) -> None:
        self.started = False
        self.end_s = 0.0
        self._step_s = step_s
        self._newest_s = -step_s
        self._zero_s: float | None = None  # presentation time of second 0

    def tick(self, frame: VideoFrame) -> float | None:
        """When `frame` is shown; `None` where it must be left out."""
        at_s = next_s = self._newest_s + self._step_s
        if frame.time is not None:
            if self._zero_s is None:
                self._zero_s = frame.time - next_s
            at_s = frame.time - self._zero_s
        if self.started and at_s <= self._newest_s:
            if at_s > self._newest_s - _JITTER_S:
                return None
            self._zero_s = frame.time - next_s
            at_s = next_s
        self.started = True
        self._newest_s = at_s
        long_s = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0
        self.end_s = at_s + (long_s or self._step_s)
        return at_s


def _nominal_step_s(stream: VideoStream) -> float:
    rate_hz = stream.average_rate or stream.guessed_rate
    return float(1 / rate_hz) if rate_hz else 1 / _NOMINAL_RATE_HZ


def _stream_duration_s(stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    # Matroska writes it as text: "00:01:02.500000000".
    found = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", stream.metadata.get("DURATION", ""))
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
