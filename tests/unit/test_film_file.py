"""Films that are being written: whole, or not there."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed")

from posecoach.adapters.gif_writer import GifWriter
from posecoach.adapters.mp4_writer import Mp4Writer
from posecoach.errors import OutputError

IMAGE = np.full((48, 64, 3), 90, np.uint8)


@pytest.mark.parametrize(("writer", "name"), [(GifWriter, "a.gif"), (Mp4Writer, "a.mp4")])
def test_closed_twice_it_is_the_film_of_the_first_time(writer, name, tmp_path):
    with writer(tmp_path / name, wh=(64, 48), rate_hz=10.0) as film:
        film.write(IMAGE)
        film.close()
        written = (tmp_path / name).read_bytes()

    assert (tmp_path / name).read_bytes() == written
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("writer", "name"), [(GifWriter, "a.gif"), (Mp4Writer, "a.mp4")])
def test_of_a_film_that_was_broken_off_nothing_is_left(writer, name, tmp_path):
    film = writer(tmp_path / name, wh=(64, 48), rate_hz=10.0)
    film.write(IMAGE)
    with pytest.raises(RuntimeError), film:
        raise RuntimeError

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("writer", "name"), [(GifWriter, "a.gif"), (Mp4Writer, "a.mp4")])
def test_a_film_without_a_picture_is_refused_and_nothing_is_left(writer, name, tmp_path):
    with pytest.raises(OutputError, match="no picture"), writer(tmp_path / name, wh=(64, 48), rate_hz=10.0):
        pass

    assert not list(tmp_path.iterdir())
