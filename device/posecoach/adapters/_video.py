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

from posecoach.adapters._media import OpenMedia, RgbConverter
from posecoach.adapters._turning import Matrix, display_matrix, turned

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
        self._clock = _Clock(_nominal_step_s(media.stream), tick_s=float(media.stream.time_base or 0))
        self._promised_s = _stream_duration_s(media.stream)
        length = media.container.duration
        self.duration_s = self._promised_s or (None if length is None else length / av.time_base)

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        to_rgb = RgbConverter()
        stream = self._media.stream
        aspect = stream.codec_context.sample_aspect_ratio or 1  # of one stored pixel
        matrix: Matrix | None = None
        for frame in self._decoded():
            if not self._clock.started:
                matrix = display_matrix(frame)
            at_s = self._clock.tick(frame)
            if at_s is None:
                continue
            width = max(1, round(frame.width * aspect))
            yield at_s, turned(to_rgb(frame, wh=(width, frame.height)), matrix)
        if self._promised_s is not None and self._clock.end_s < self._promised_s - _CUT_OFF_S:
            self._note_damage()

    def _decoded(self) -> Iterator[VideoFrame]:
        stream = self._media.stream
        stream.thread_type = "AUTO"
        smeared = False
        for packet in self._packets():
            if packet is not None and packet.is_corrupt:
                # The decoder holds frames back; those from before the damage are sound.
                yield from (frame for frame in stream.decode(None) if not frame.is_corrupt)
                stream.codec_context.flush_buffers()
                self._note_damage()
                smeared = True
            try:
                decoded = stream.decode(packet)
            except av.error.FFmpegError:
                self._note_damage()
                smeared = True
                continue
            for frame in decoded:
                if frame.is_corrupt:
                    self._note_damage()
                # A frame is predicted from those before it; the next key frame is sound again.
                smeared = frame.is_corrupt or (smeared and not frame.key_frame)
                if not smeared:
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

    def __init__(self, step_s: float, *, tick_s: float) -> None:
        self.started = False
        self.end_s = 0.0
        self._tick_s = tick_s  # what times are multiples of; a drained frame does not know it
        self._step_s = step_s
        self._newest_s = -step_s
        self._zero_s: float | None = None  # presentation time of second 0

    def tick(self, frame: VideoFrame) -> float | None:
        """When `frame` is shown; `None` where it must be left out."""
        at_s = next_s = self._newest_s + self._step_s
        if frame.pts is not None:
            shown_s = frame.pts * self._tick_s
            if self._zero_s is None:
                self._zero_s = shown_s - next_s
            at_s = shown_s - self._zero_s
            if self.started and at_s <= self._newest_s:
                if at_s > self._newest_s - _JITTER_S:
                    return None
                self._zero_s = shown_s - next_s
                at_s = next_s
        self.started = True
        self._newest_s = at_s
        long = getattr(frame, "duration", 0)  # known to PyAV since version 14.1
        self.end_s = at_s + (long * self._tick_s or self._step_s)
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
