"""Writing a video."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from posecoach.adapters.file_camera import FileCamera
from posecoach.adapters.mp4_writer import Mp4Writer
from posecoach.errors import OutputError, ShapeError
from posecoach.frame import Frame
from recordings import corners, number_of, numbered

COLOUR_TOLERANCE = 10  # levels of 255, away from edges


def written(path: Path) -> list[Frame]:
    with FileCamera(path) as camera:
        return list(camera.frames())


def test_what_is_written_is_read_back(tmp_path):
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=25) as writer:
        for number in range(50):
            writer.write(numbered(number))

    frames = written(tmp_path / "a.mp4")
    assert [number_of(frame.image) for frame in frames] == list(range(50))
    np.testing.assert_allclose([frame.captured_at for frame in frames], np.arange(50) / 25, atol=1e-6)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_any_player_can_open_it(tmp_path):
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=29.97) as writer:
        for number in range(10):
            writer.write(numbered(number))

    content = (tmp_path / "a.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # plays while it is copied
    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert float(stream.average_rate) == pytest.approx(29.97, abs=0.01)


def test_colours_survive(tmp_path):
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=30) as writer:
        for _ in range(3):
            writer.write(corners())

    image = written(tmp_path / "a.mp4")[0].image
    seen, expected = image[8::32, 8::48].astype(int), corners()[8::32, 8::48]
    assert np.abs(seen - expected).max() <= COLOUR_TOLERANCE


@pytest.mark.parametrize(
    ("wh", "stored_wh"), [((65, 48), (66, 48)), ((64, 49), (64, 50)), ((17, 17), (18, 18))]
)
def test_an_odd_size_keeps_every_pixel(tmp_path, wh, stored_wh):
    with Mp4Writer(tmp_path / "a.mp4", wh=wh, rate_hz=30) as writer:
        writer.write(corners(wh))

    image = written(tmp_path / "a.mp4")[0].image
    assert (image.shape[1], image.shape[0]) == stored_wh
    assert np.abs(image[2, 2].astype(int) - corners(wh)[2, 2]).max() <= COLOUR_TOLERANCE
    assert np.abs(image[-1, -1].astype(int) - corners(wh)[-1, -1]).max() <= COLOUR_TOLERANCE


def test_times_land_in_the_nearest_slot_of_the_constant_rate(tmp_path):
    # At 10 Hz: 7.31 falls into a slot that is taken, and nothing falls into those of 7.4 and 7.5.
    times_s = [7.0, 7.11, 7.19, 7.31, 7.33, 7.6]
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=10) as writer:
        for number, at_s in enumerate(times_s):
            writer.write(numbered(number), at_s)

    frames = written(tmp_path / "a.mp4")
    assert [number_of(frame.image) for frame in frames] == [0, 1, 2, 3, 5]
    np.testing.assert_allclose([frame.captured_at for frame in frames], [0, 0.1, 0.2, 0.3, 0.6], atol=1e-6)
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.streams.video[0].frames == 5


def test_the_caller_may_change_an_image_after_writing_it(tmp_path):
    image = numbered(0)
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=30) as writer:
        for number in range(20):
            image[:] = numbered(number)
            writer.write(image)
            image[:] = 0

    assert [number_of(frame.image) for frame in written(tmp_path / "a.mp4")] == list(range(20))


def test_an_image_that_is_a_view_is_written_right(tmp_path):
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=30) as writer:
        writer.write(np.ascontiguousarray(corners()[:, ::-1])[:, ::-1])

    assert (
        np.abs(written(tmp_path / "a.mp4")[0].image[4, 4].astype(int) - (255, 0, 0)).max() <= COLOUR_TOLERANCE
    )


class TestWhatGoesWrong:
    def write_and_fail(self, path: Path) -> None:
        with Mp4Writer(path, wh=(64, 48), rate_hz=30) as writer:
            writer.write(numbered(1))
            raise KeyError("stop")

    def test_an_exception_inside_leaves_what_was_there(self, tmp_path):
        (tmp_path / "a.mp4").write_bytes(b"the one before")

        with pytest.raises(KeyError):
            self.write_and_fail(tmp_path / "a.mp4")
        assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
        assert (tmp_path / "a.mp4").read_bytes() == b"the one before"

    def test_until_it_is_closed_the_old_video_stands(self, tmp_path):
        (tmp_path / "a.mp4").write_bytes(b"the one before")
        writer = Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=30)
        writer.write(numbered(1))

        assert (tmp_path / "a.mp4").read_bytes() == b"the one before"
        writer.close()
        writer.close()
        assert len(written(tmp_path / "a.mp4")) == 1

    def test_a_place_that_cannot_be_written_is_said_at_once(self, tmp_path):
        (tmp_path / "folder.mp4").mkdir()

        with pytest.raises(OutputError, match="No such file or directory"):
            Mp4Writer(tmp_path / "nowhere" / "a.mp4", wh=(64, 48), rate_hz=30)
        with pytest.raises(OutputError, match="is a folder"):
            Mp4Writer(tmp_path / "folder.mp4", wh=(64, 48), rate_hz=30)

    def write_noise(self, path: Path) -> None:
        noise = np.random.default_rng(1)
        with Mp4Writer(path, wh=(64, 48), rate_hz=30) as writer:
            for _ in range(60):
                writer.write(noise.integers(0, 256, (48, 64, 3), np.uint8))

    def test_a_full_disk_is_an_output_error_and_leaves_nothing(self, tmp_path):
        resource = pytest.importorskip("resource")
        signal = pytest.importorskip("signal")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))  # a write beyond it fails
        try:
            with pytest.raises(OutputError, match="cannot be written"):
                self.write_noise(tmp_path / "a.mp4")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, before)
        assert list(tmp_path.iterdir()) == []

    def test_no_picture_is_no_video(self, tmp_path):
        with (
            pytest.raises(OutputError, match="no picture"),
            Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=30),
        ):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_another_size_or_type_is_refused(self, tmp_path):
        with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=30) as writer:
            writer.write(numbered(0))
            with pytest.raises(ShapeError, match=r"expected images \(48, 64, 3\)"):
                writer.write(numbered(0, (48, 64)))
            with pytest.raises(ShapeError, match="float64"):
                writer.write(np.zeros((48, 64, 3)))

    def test_writing_after_closing_is_refused(self, tmp_path):
        with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=30) as writer:
            writer.write(numbered(0))

        with pytest.raises(OutputError, match="is closed"):
            writer.write(numbered(1))

    @pytest.mark.parametrize(("wh", "rate_hz"), [((0, 48), 30), ((64, 48), 0), ((64, 48), float("nan"))])
    def test_a_video_needs_a_size_and_a_rate(self, tmp_path, wh, rate_hz):
        with pytest.raises(ValueError, match="above 0"):
            Mp4Writer(tmp_path / "a.mp4", wh=wh, rate_hz=rate_hz)


class Beeps:
    """Silence, and a tone for a tenth of a second from each of some times on."""

    def __init__(self, *at_s, rate_hz=22050):
        self.at_s, self.rate_hz, self.taken = at_s, rate_hz, 0

    def __call__(self, count):
        t = (self.taken + np.arange(count)) / self.rate_hz
        self.taken += count
        on = sum((t >= at) & (t < at + 0.1) for at in self.at_s)
        return (12000 * on * np.sin(2 * np.pi * 440 * t)).astype(np.int16)


def sound_of(path):
    """What is heard: samples, and their rate."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.audio
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(stream)])
        return samples, stream.rate


def test_what_is_heard_stands_at_the_picture_it_came_with(tmp_path):
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=25, sound=Beeps(0.4, 1.2)) as writer:
        for number in range(40):
            writer.write(numbered(number), 100.0 + number / 25)

    samples, rate_hz = sound_of(tmp_path / "a.mp4")
    assert len(samples) / rate_hz == pytest.approx(1.6, abs=0.06)
    loud = np.flatnonzero(np.abs(samples) > 0.15) / rate_hz
    for at_s in (0.4, 1.2):
        heard = loud[(loud > at_s - 0.1) & (loud < at_s + 0.3)]
        assert heard.min() == pytest.approx(at_s, abs=0.01)
        assert heard.max() == pytest.approx(at_s + 0.1, abs=0.01)
    assert len(written(tmp_path / "a.mp4")) == 40


def test_where_a_picture_stands_longer_sound_goes_on(tmp_path):
    beeps = Beeps(0.5)
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=25, sound=beeps) as writer:
        for at_s in (0.0, 0.04, 1.0):
            writer.write(numbered(1), at_s)

    assert beeps.taken == round(1.04 * 22050)


def test_a_film_without_sound_has_no_track_of_it(tmp_path):
    with Mp4Writer(tmp_path / "a.mp4", wh=(64, 48), rate_hz=25) as writer:
        writer.write(numbered(1))

    with av.open(str(tmp_path / "a.mp4")) as container:
        assert not container.streams.audio
