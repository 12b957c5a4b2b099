"""Writes pictures as a GIF that loops: for where no video may be shown."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from posecoach.adapters._film_file import FilmFile
from posecoach.errors import OutputError

MOST_FRAMES: Final = 600
"""All of them are held in memory for choosing the colours: of 640 x 360 this is 400 MB."""


class GifWriter(FilmFile):
    """A GIF being written: 256 colours chosen from all of its pictures, looping for ever.

    Until `close` there is nothing at `path`; leaving the ``with`` block by an exception leaves nothing.
    """

    def __init__(self, path: Path, *, wh: tuple[int, int], rate_hz: float) -> None:
        """Begin.

        Args:
            path: Where it will be; an existing file is replaced on `close`.
            wh: Width and height of the images.
            rate_hz: Pictures a second; players show whole hundredths of a second.
        """
        super().__init__(path, wh=wh, rate_hz=rate_hz)
        self._rate = Fraction(rate_hz).limit_denominator(1001)
        self._frames: list[NDArray[np.uint8]] = []
        self._open = True

    def write(self, image: NDArray[np.uint8]) -> None:
        """Add a picture: ``(height, width, 3)`` uint8 RGB.

        Raises:
            ShapeError: It has another size.
            OutputError: There are more than `MOST_FRAMES`.
        """
        self._require_size(image)
        if len(self._frames) >= MOST_FRAMES:
            raise OutputError(
                f"{self._path}: too long for a GIF ({MOST_FRAMES} pictures): write .mp4 instead"
            )
        self._frames.append(np.ascontiguousarray(image))

    def close(self) -> None:
        """Write the file; a second call does nothing.

        Raises:
            OutputError: The folder is missing, full or not writable, or there is no picture.
        """
        if not self._open:
            return
        self._open = False
        if not self._frames:
            raise self._no_picture()
        try:
            self._partial.touch()  # here, because libav reports a missing folder only later
            self._encode()
            self._put_in_place()
        except (av.error.FFmpegError, OSError) as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror or error}") from error
        finally:
            self._abandon()

    def _abandon(self) -> None:
        super()._abandon()
        self._frames.clear()

    def _encode(self) -> None:
        with av.open(str(self._partial), mode="w", format="gif", options={"loop": "0"}) as container:
            stream = container.add_stream("gif", rate=self._rate)
            stream.width, stream.height = self._wh
            stream.pix_fmt = "pal8"
            graph = self._graph()
            for number, image in enumerate(self._frames):
                frame = VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = number, 1 / self._rate
                graph.push(frame)
            graph.push(None)
            while True:
                try:
                    taken = graph.pull()
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
                assert isinstance(taken, VideoFrame)
                container.mux(stream.encode(taken))
            container.mux(stream.encode(None))

    def _graph(self) -> Graph:
        """All pictures to a palette, and with it to indices, without the noise of dithering."""
        graph, (width, height) = Graph(), self._wh
        source = graph.add_buffer(
            width=width, height=height, format=VideoFormat("rgb24"), time_base=1 / self._rate
        )
        split, palette = graph.add("split"), graph.add("palettegen", "stats_mode=full")
        use, sink = graph.add("paletteuse", "dither=none:diff_mode=rectangle"), graph.add("buffersink")
        source.link_to(split)
        split.link_to(palette, 0, 0)
        split.link_to(use, 1, 0)
        palette.link_to(use, 0, 1)
        use.link_to(sink)
        graph.configure()
        return graph
