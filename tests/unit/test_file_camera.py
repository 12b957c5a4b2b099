"""A recording as a camera: times, turning, damage."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from posecoach.adapters.file_camera import FileCamera
from posecoach.adapters.pictures import write_png
from posecoach.errors import CameraError, InputMissing, MediaError
from posecoach.frame import Frame
from recordings import corners, encoded, number_of, numbered, write_sound, write_video

COLOUR_TOLERANCE = 6  # levels of 255, in the middle of flat areas of a lossless recording
NOISE = np.random.default_rng(5).integers(0, 256, (48, 64, 3), np.uint8)


def frames_of(path: Path, **options: float) -> list[Frame]:
    with FileCamera(path, **options) as camera:
        return list(camera.frames())


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mov", "libx264", "yuv420p"),
        ("a.mkv", "libx264", "yuv444p"),
        ("a.avi", "mpeg4", "yuv420p"),
        ("a.ts", "libx264", "yuv420p"),
        ("a.webm", "libvpx-vp9", "yuv420p"),
        ("b.avi", "mjpeg", "yuvj420p"),
        ("b.mkv", "ffv1", "yuv420p"),
        ("a.nut", "rawvideo", "rgb24"),
        ("a.gif", "gif", "rgb8"),
    ],
)
def test_every_frame_of_a_recording_comes_once_and_in_order(tmp_path, name, codec, pix_fmt):
    video = write_video(tmp_path / name, map(numbered, range(40)), codec=codec, pix_fmt=pix_fmt, rate_hz=25)
    with FileCamera(video) as camera:
        frames = list(camera.frames())

        assert [number_of(frame.image) for frame in frames] == list(range(40))
        assert [frame.index for frame in frames] == list(range(40))
        np.testing.assert_allclose([frame.captured_at for frame in frames], np.arange(40) / 25, atol=0.006)
        assert frames[0].captured_at == 0
        assert camera.damaged_at_s is None
        assert camera.duration_s == pytest.approx(1.6, abs=0.05)


def test_a_variable_rate_keeps_its_times(tmp_path):
    times_s = [0.5, 0.533, 0.633, 1.5, 1.51, 1.75]
    video = write_video(tmp_path / "a.mp4", map(numbered, range(6)), times_s=times_s)

    seen_s = [frame.captured_at for frame in frames_of(video)]
    np.testing.assert_allclose(seen_s, np.subtract(times_s, 0.5), atol=1e-3)


def test_frames_without_times_get_the_nominal_step(tmp_path):
    video = write_video(tmp_path / "a.h264", map(numbered, range(20)), rate_hz=25, file_format="h264")

    frames = frames_of(video)
    assert [number_of(frame.image) for frame in frames] == list(range(20))
    np.testing.assert_allclose([frame.captured_at for frame in frames], np.arange(20) / 25, atol=1e-6)


def test_where_joined_recordings_start_again_time_goes_on(tmp_path):
    first = write_video(tmp_path / "a.ts", map(numbered, range(60)))
    second = write_video(tmp_path / "b.ts", map(numbered, range(60, 100)))
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())

    frames = frames_of(joined)
    numbers = [number_of(frame.image) for frame in frames]
    # At the seam the counters of the transport stream jump, so its last frames count as damaged.
    assert numbers[:55] + numbers[-40:] == list(range(55)) + list(range(60, 100))
    steps_s = np.diff([frame.captured_at for frame in frames])
    assert steps_s.min() > 0
    assert steps_s.max() < 0.1


def test_a_frame_with_the_time_of_the_one_before_is_left_out(tmp_path):
    # Millisecond time stamps of a container cannot tell these apart.
    video = write_video(
        tmp_path / "a.mkv", map(numbered, range(6)), times_s=[0, 0.1, 0.1002, 0.2, 0.3, 0.4], codec="ffv1"
    )

    frames = frames_of(video)
    assert [number_of(frame.image) for frame in frames] == [0, 1, 3, 4, 5]
    assert all(a.captured_at < b.captured_at for a, b in pairwise(frames))


def with_display_matrix(mp4: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Patch (a, b, c, d) into the track header, where the matrix is nine 32-bit numbers."""
    content = bytearray(mp4.read_bytes())
    at = content.index(b"tkhd") + 4 + 4 + 20 + 8 + 8  # version and flags, times, reserved, layer to volume
    a, b, c, d = (number << 16 for number in matrix)
    content[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    turned = mp4.with_name("turned.mp4")
    turned.write_bytes(bytes(content))
    return turned


@pytest.mark.parametrize(
    ("matrix", "shown"),
    [
        ((1, 0, 0, 1), lambda image: image),
        ((0, 1, -1, 0), lambda image: np.rot90(image, -1)),  # a quarter turn clockwise: a phone held upright
        ((-1, 0, 0, -1), lambda image: np.rot90(image, 2)),
        ((0, -1, 1, 0), lambda image: np.rot90(image, 1)),
        ((-1, 0, 0, 1), lambda image: image[:, ::-1]),
        ((1, 0, 0, -1), lambda image: image[::-1]),
    ],
)
def test_a_recording_is_turned_as_its_header_says(tmp_path, matrix, shown):
    video = write_video(tmp_path / "a.mp4", [corners()] * 3, pix_fmt="yuv444p", options={"qp": "0"})
    image = frames_of(with_display_matrix(video, matrix))[0].image

    expected = shown(corners())
    assert image.shape == expected.shape
    assert image.flags.c_contiguous
    assert np.abs(image.astype(int) - expected)[4::10, 4::10].max() <= COLOUR_TOLERANCE


def test_pixels_are_made_square(tmp_path):
    video = write_video(tmp_path / "a.mp4", [corners()] * 3, pixel_aspect=Fraction(3, 2))

    assert frames_of(video)[0].wh == (96, 48)


@pytest.mark.parametrize(("tag", "red", "blue"), [(1, 0.2126, 0.0722), (6, 0.299, 0.114)])
@pytest.mark.parametrize("full_range", [True, False])
def test_colours_are_right_for_either_standard_and_range(tmp_path, tag, red, blue, full_range):
    colours = [
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (200, 120, 40),
        (255, 255, 255),
        (0, 0, 0),
        (128, 128, 128),
    ]
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"qp": "0"})
        stream.width, stream.height, stream.pix_fmt = 16 * len(colours), 32, "yuv444p"
        stream.codec_context.colorspace, stream.codec_context.color_range = tag, 2 if full_range else 1
        planes = np.empty((3, 32, 16 * len(colours)), np.uint8)
        for place, rgb in enumerate(colours):
            # Luma and colour differences by the definition of ITU-R BT.601 and BT.709.
            r, g, b = (level / 255 for level in rgb)
            luma = red * r + (1 - red - blue) * g + blue * b
            yuv = np.array([luma, (b - luma) / 2 / (1 - blue), (r - luma) / 2 / (1 - red)])
            scale, zero = (
                ([255, 255, 255], [0, 128, 128]) if full_range else ([219, 224, 224], [16, 128, 128])
            )
            planes[:, :, 16 * place : 16 * place + 16] = np.clip(yuv * scale + zero, 0, 255).round()[
                :, None, None
            ]
        frame = av.VideoFrame.from_ndarray(planes, format="yuv444p")
        frame.colorspace, frame.color_range, frame.pts = tag, 2 if full_range else 1, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    image = frames_of(path)[0].image
    seen = [image[16, 16 * place + 8] for place in range(len(colours))]
    assert np.abs(np.array(seen, int) - colours).max() <= COLOUR_TOLERANCE


def test_a_change_of_size_in_the_middle_is_fitted_into_the_first(tmp_path):
    first = write_video(tmp_path / "a.ts", [numbered(1, (64, 48))] * 40)
    second = write_video(tmp_path / "b.ts", [np.full((64, 32, 3), 200, np.uint8)] * 20)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())

    frames = frames_of(joined)
    assert len(frames) >= 55
    assert {frame.wh for frame in frames} == {(64, 48)}
    newest = frames[-1].image.astype(int)
    assert np.abs(newest[:, 22:42] - 200).max() <= COLOUR_TOLERANCE  # 24 x 48 in the middle
    assert newest[:, :19].max() == 0
    assert newest[:, 45:].max() == 0


def whole_packets(video: Path) -> int:
    """How many pictures lie in the file from their first byte to their last."""
    with av.open(str(video)) as container:
        return sum(packet.size > 0 and not packet.is_corrupt for packet in container.demux(video=0))


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.mov"])
def test_a_recording_that_was_cut_off_gives_what_is_there_and_says_where_it_ends(tmp_path, name):
    codec = "mpeg4" if name == "a.avi" else "libx264"
    noisy = [np.roll(NOISE, 5 * number, axis=1) for number in range(60)]
    for number, image in enumerate(noisy):
        image[:24] = numbered(number)[:24]
    movflags = {"movflags": "faststart"} if name in ("a.mp4", "a.mov") else None
    whole = write_video(tmp_path / name, noisy, codec=codec, container_options=movflags).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * 0.6)])

    with FileCamera(tmp_path / name) as camera:
        numbers = [number_of(frame.image) for frame in camera.frames()]

        assert numbers == list(range(whole_packets(tmp_path / name)))
        assert 15 <= len(numbers) <= 45
        assert camera.damaged_at_s == pytest.approx(len(numbers) / 30, abs=0.05)


@pytest.mark.parametrize(
    ("name", "filling"),
    [
        ("a.ts", b"\x55"),
        ("a.ts", b"\0"),
        ("a.ts", b"\xff"),
        ("a.ts", b""),
        ("a.mp4", b"\x55"),
        ("a.mp4", b"\0"),
    ],
)
def test_a_damaged_stretch_is_left_out_up_to_the_next_key_frame_and_named(tmp_path, name, filling):
    noisy = [np.roll(NOISE, 5 * number, axis=1) for number in range(60)]
    intact = {frame.captured_at: frame.image for frame in frames_of(write_video(tmp_path / name, noisy))}
    content = bytearray((tmp_path / name).read_bytes())
    content[len(content) // 2 : len(content) // 2 + 3000] = filling * 3000
    (tmp_path / name).write_bytes(bytes(content))

    with FileCamera(tmp_path / name) as camera:
        frames = list(camera.frames())

        assert camera.damaged_at_s == pytest.approx(0.8, abs=0.1)
        assert 45 <= len(frames) < 60
        assert frames[-1].captured_at == pytest.approx(59 / 30, abs=0.01)
        # The one before the gap may have lost its end unnoticed, for nothing follows to miss it.
        changed = [frame for frame in frames if not np.array_equal(frame.image, intact[frame.captured_at])]
        assert len(changed) <= 1


@pytest.mark.parametrize("kept_bytes", [30, 1000, 2500])
def test_a_recording_without_one_readable_picture_is_refused(tmp_path, kept_bytes):
    video = write_video(tmp_path / "a.mp4", [NOISE] * 30, container_options={"movflags": "faststart"})
    video.write_bytes(video.read_bytes()[:kept_bytes])

    with pytest.raises(MediaError, match=r"a\.mp4"):
        frames_of(video)


def test_what_holds_no_video_is_refused(tmp_path):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "notes.txt").write_text("left arm higher\n" * 100)
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nhttp://192.0.2.1/a.ts\n")

    with pytest.raises(MediaError, match="is empty"):
        FileCamera(tmp_path / "empty.mp4")
    with pytest.raises(MediaError, match="neither a picture nor a video"):
        FileCamera(tmp_path / "notes.txt")
    with pytest.raises(MediaError, match="neither a picture nor a video"):
        FileCamera(tmp_path / "list.m3u8")
    with pytest.raises(MediaError, match="no picture, only audio"):
        FileCamera(write_sound(tmp_path / "song.wav"))
    with pytest.raises(InputMissing, match="does not exist"):
        FileCamera(tmp_path / "nowhere.mp4")


def test_drawing_on_a_frame_does_not_show_in_later_ones(tmp_path):
    # Quicktime's run lengths are decoded to RGB and store only what has changed since the frame before.
    options = {"codec": "qtrle", "pix_fmt": "rgb24"}
    video = write_video(tmp_path / "a.mov", [numbered(number) for number in range(5)], **options)

    with FileCamera(video) as camera:
        for number, frame in enumerate(camera.frames()):
            np.testing.assert_array_equal(frame.image, numbered(number))
            frame.image[:] = 0


def test_a_folder_is_read_in_natural_order_at_its_nominal_rate(tmp_path):
    for number in (10, 2, 1, 33):
        write_png(tmp_path / f"Shot {number}.png", numbered(number))
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "._Shot 1.png").write_bytes(b"what another system leaves behind")

    with FileCamera(tmp_path, picture_rate_hz=4) as camera:
        frames = list(camera.frames())

        assert [number_of(frame.image) for frame in frames] == [1, 2, 10, 33]
        assert [frame.captured_at for frame in frames] == [0, 0.25, 0.5, 0.75]
        assert camera.duration_s == 1.0


def test_a_bad_picture_in_a_folder_leaves_its_time_empty(tmp_path):
    for number in range(3):
        write_png(tmp_path / f"{number}.png", numbered(number))
    (tmp_path / "1.png").write_bytes(b"gone")

    with FileCamera(tmp_path, picture_rate_hz=5) as camera:
        frames = list(camera.frames())

        assert [(frame.index, frame.captured_at) for frame in frames] == [(0, 0.0), (1, 0.4)]
        assert camera.damaged_at_s == pytest.approx(0.2)


def test_pictures_of_other_sizes_are_fitted_into_the_first(tmp_path):
    write_png(tmp_path / "1.png", numbered(1, (64, 48)))
    write_png(tmp_path / "2.png", np.full((100, 50, 3), 250, np.uint8))

    frames = frames_of(tmp_path)
    assert [frame.wh for frame in frames] == [(64, 48), (64, 48)]
    assert frames[1].image[24, [0, 32, 63]].tolist() == [[0, 0, 0], [250, 250, 250], [0, 0, 0]]


def test_a_folder_without_pictures_is_refused(tmp_path):
    with pytest.raises(MediaError, match="holds no pictures"):
        FileCamera(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"no")
    with pytest.raises(MediaError, match="no readable picture"):
        frames_of(tmp_path)


def test_a_single_picture_is_a_recording_of_one_frame(tmp_path):
    (tmp_path / "a.jpg").write_bytes(encoded(corners(), "mjpeg", "yuvj420p"))

    assert [frame.wh for frame in frames_of(tmp_path / "a.jpg")] == [(64, 48)]


def test_a_title_in_an_old_encoding_is_no_reason_to_refuse_a_recording(tmp_path):
    path = tmp_path / "a.avi"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "Ubung im Fruhling"
        stream = container.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(numbered(5), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    content = path.read_bytes()
    assert b"Ubung" in content
    path.write_bytes(content.replace(b"Ubung im Fruhling", "Übung im Frühling".encode("latin-1")))

    assert [number_of(frame.image) for frame in frames_of(path)] == [5]


def test_closing_while_frames_are_read_ends_them_with_an_error(tmp_path):
    video = write_video(tmp_path / "a.mp4", map(numbered, range(20)))
    camera = FileCamera(video)
    frames = camera.frames()
    next(frames)
    camera.close()

    with pytest.raises(CameraError, match="closed while"):
        next(frames)
