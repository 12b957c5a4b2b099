"""Reading and writing picture files."""

from __future__ import annotations

import base64
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from posecoach.adapters import _jpeg, _stills
from posecoach.adapters.pictures import read_picture, read_reduced, write_png
from posecoach.errors import InputMissing, MediaError, OutputError, ShapeError
from recordings import (
    corners,
    encoded,
    exif,
    jpeg_with_exif,
    png_chunk,
    png_with_exif,
    webp_with_exif,
    write_video,
)

FINEST = {"global_quality": "236", "flags": "+qscale"}  # FFmpeg's 2 of 2 to 31, in its own unit
JPEG_TOLERANCE = 12  # levels of 255, away from edges

# 32 x 24, Adobe CMYK, left (200, 40, 40), right (40, 90, 200); no encoder here writes such a file.
CMYK_JPEG = base64.b64decode(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAGBAUGBQQGBgUGBwcGCAoQCgoJCQoUDg8MEBcUGBgXFBYWGh0lHxobIxwWFiAsICMmJykqKRkf"
    "LTAtKDAlKCko/8AAFAgAGAAgBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMF"
    "BQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldY"
    "WVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn"
    "6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD2CvCq8Kr6poooor4qr0KvtWiiiiivtWvPa+KqKKKKK+Kq9Cr7Vooooor7Vrz2viqi"
    "iiiiviqvQq+1aKKKKK//2Q=="
)


@pytest.fixture(params=["libjpeg-turbo", "FFmpeg"])
def jpeg_reader(request, monkeypatch):
    """What reads sound JPEGs: simplejpeg, or FFmpeg where that is not installed."""
    if request.param == "FFmpeg":
        monkeypatch.setattr(_jpeg, "simplejpeg", None)
    else:
        pytest.importorskip("simplejpeg", reason="simplejpeg is not installed")


by_either = pytest.mark.usefixtures("jpeg_reader")


def grey_ramp(wh: tuple[int, int] = (64, 48)) -> NDArray[np.uint8]:
    row = np.linspace(0, 255, wh[0]).astype(np.uint8)
    return np.broadcast_to(row, (wh[1], wh[0])).copy()


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("codec", "pix_fmt"),
    [("png", "rgb24"), ("png", "rgb48be"), ("bmp", "bgr24"), ("tiff", "rgb24"), ("libwebp", "bgra")],
)
def test_a_picture_without_loss_is_read_as_it_was_written(tmp_path, codec, pix_fmt):
    options = {"lossless": "1"} if codec == "libwebp" else {}
    picture = read_picture(saved(tmp_path / "picture", encoded(corners(), codec, pix_fmt, **options)))

    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous
    np.testing.assert_array_equal(picture, corners())


@by_either
@pytest.mark.parametrize("pix_fmt", ["yuvj420p", "yuvj422p", "yuvj444p"])
def test_a_jpeg_keeps_its_colours(tmp_path, pix_fmt):
    picture = read_picture(saved(tmp_path / "a.jpg", encoded(corners(), "mjpeg", pix_fmt)))

    for row, column in ((10, 10), (10, 50), (38, 10), (38, 50)):
        assert np.abs(picture[row, column].astype(int) - corners()[row, column]).max() <= JPEG_TOLERANCE


@by_either
def test_a_cmyk_jpeg_keeps_its_colours(tmp_path):
    picture = read_picture(saved(tmp_path / "print.jpg", CMYK_JPEG))

    assert np.abs(picture[12, 8].astype(int) - (200, 40, 40)).max() <= JPEG_TOLERANCE
    assert np.abs(picture[12, 24].astype(int) - (40, 90, 200)).max() <= JPEG_TOLERANCE


@pytest.mark.parametrize(("codec", "tolerance"), [("png", 0), ("tiff", 0)])
def test_a_grey_picture_becomes_three_equal_channels_over_the_full_range(tmp_path, codec, tolerance):
    grey = grey_ramp()
    picture = read_picture(saved(tmp_path / "grey", encoded(grey, codec, "gray", "gray")))

    assert np.abs(picture.astype(int) - grey[..., None]).max() <= tolerance


def test_sixteen_bits_of_grey_are_read_by_their_upper_eight(tmp_path):
    grey = grey_ramp()
    deep = grey.astype(np.uint16) * 257
    picture = read_picture(saved(tmp_path / "deep.png", encoded(deep, "png", "gray16be", "gray16be")))

    assert np.abs(picture.astype(int) - grey[..., None]).max() <= 1


def test_a_palette_is_looked_up(tmp_path):
    indices = np.tile(np.arange(4, dtype=np.uint8), (48, 16))
    palette = np.zeros((256, 4), np.uint8)
    palette[:4] = [
        (255, 255, 0, 0),
        (255, 0, 255, 0),
        (255, 0, 0, 255),
        (255, 9, 8, 7),
    ]  # alpha, red, green, blue
    picture = read_picture(saved(tmp_path / "few.png", encoded((indices, palette), "png", "pal8", "pal8")))

    assert picture[0, :4].tolist() == [[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 8, 7]]


def test_transparency_is_laid_on_white(tmp_path):
    rgba = np.zeros((300, 64, 4), np.uint8)
    rgba[:, :32] = (200, 0, 100, 255)
    rgba[:, 32:48] = (200, 0, 100, 128)
    picture = read_picture(saved(tmp_path / "cutout.png", encoded(rgba, "png", "rgba", "rgba")))

    assert picture[299, [0, 40, 63]].tolist() == [[200, 0, 100], [227, 127, 177], [255, 255, 255]]


# Where a stored pixel (row r, column c) comes from in the upright picture, from the definition of the tag
# ("row 0 is the visual right side, column 0 the visual top" and so on), for an upright picture h x w.
STORED_FROM: dict[int, Callable[[int, int, int, int], tuple[int, int]]] = {
    1: lambda r, c, h, w: (r, c),
    2: lambda r, c, h, w: (r, w - 1 - c),
    3: lambda r, c, h, w: (h - 1 - r, w - 1 - c),
    4: lambda r, c, h, w: (h - 1 - r, c),
    5: lambda r, c, h, w: (c, r),
    6: lambda r, c, h, w: (c, w - 1 - r),
    7: lambda r, c, h, w: (h - 1 - c, w - 1 - r),
    8: lambda r, c, h, w: (h - 1 - c, r),
}


def stored(upright: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    height, width = upright.shape[:2]
    shape = (height, width, 3) if orientation < 5 else (width, height, 3)
    turned = np.empty(shape, np.uint8)
    for row, column in np.ndindex(*shape[:2]):
        turned[row, column] = upright[STORED_FROM[orientation](row, column, height, width)]
    return turned


@by_either
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_exif_orientation_is_turned_upright(tmp_path, orientation, order):
    as_taken = stored(corners(), orientation)
    tiff = exif(orientation, order)
    png = png_with_exif(encoded(as_taken, "png", "rgb24"), tiff)
    webp = webp_with_exif(encoded(as_taken, "libwebp", "bgra", lossless="1"), tiff)
    jpeg = jpeg_with_exif(encoded(as_taken, "mjpeg", "yuvj444p"), tiff)

    np.testing.assert_array_equal(read_picture(saved(tmp_path / "a.png", png)), corners())
    np.testing.assert_array_equal(read_picture(saved(tmp_path / "a.webp", webp)), corners())
    from_jpeg = read_picture(saved(tmp_path / "a.jpg", jpeg))
    assert from_jpeg.flags.c_contiguous
    assert from_jpeg.shape == corners().shape
    assert np.abs(from_jpeg[4::40, 4::50].astype(int) - corners()[4::40, 4::50]).max() <= JPEG_TOLERANCE


@by_either
@pytest.mark.parametrize("tiff", [b"", b"II*\0", exif(0), exif(9), exif(6)[:14], b"II*\0" + b"\xff" * 40])
def test_damaged_exif_does_not_spoil_a_picture(tmp_path, tiff):
    jpeg = jpeg_with_exif(encoded(corners(), "mjpeg", "yuvj444p"), tiff)

    assert read_picture(saved(tmp_path / "a.jpg", jpeg)).shape == corners().shape


@by_either
def test_a_thumbnail_inside_a_jpeg_is_not_taken_for_the_picture(tmp_path):
    thumbnail = encoded(corners((16, 16)), "mjpeg", "yuvj444p")
    picture = jpeg_with_exif(encoded(corners(), "mjpeg", "yuvj444p"), exif(1) + thumbnail) + thumbnail

    assert read_picture(saved(tmp_path / "a.jpg", picture)).shape == corners().shape


def test_the_content_decides_and_not_the_name(tmp_path):
    path = saved(tmp_path / "shot%03d http:x.jpg", encoded(corners(), "png", "rgb24"))

    np.testing.assert_array_equal(read_picture(path), corners())


def test_a_missing_picture_is_missing_input(tmp_path):
    with pytest.raises(InputMissing, match="does not exist"):
        read_picture(tmp_path / "nobody.jpg")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"Dear diary,\n" * 200, "neither a picture nor a video"),
        (bytes(range(256)) * 20, "neither a picture nor a video"),
        (b"#EXTM3U\n#EXTINF:1,\nhttp://192.0.2.1/a.ts\n", "neither a picture nor a video"),
    ],
)
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.txt"])
def test_what_is_no_picture_is_refused_in_one_line(tmp_path, content, said, name):
    with pytest.raises(MediaError, match=said) as refusal:
        read_picture(saved(tmp_path / name, content))

    assert "\n" not in str(refusal.value)
    assert name in str(refusal.value)


def test_a_folder_and_a_video_are_no_pictures(tmp_path):
    video = write_video(tmp_path / "a.mp4", [corners()] * 3)

    with pytest.raises(MediaError, match="is a folder"):
        read_picture(tmp_path)
    with pytest.raises(MediaError, match="is a video"):
        read_picture(video)


@pytest.mark.parametrize(
    ("codec", "pix_fmt"),
    [("png", "rgb24"), ("mjpeg", "yuvj420p"), ("bmp", "bgr24"), ("tiff", "rgb24"), ("libwebp", "bgra")],
)
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_picture_cut_off_anywhere_is_refused(tmp_path, codec, pix_fmt, kept):
    noise = np.random.default_rng(7).integers(0, 256, (48, 64, 3), np.uint8)
    whole = encoded(noise, codec, pix_fmt)

    with pytest.raises(MediaError):
        read_picture(saved(tmp_path / "cut", whole[: int(len(whole) * kept)]))


@by_either
@pytest.mark.parametrize("lost_bytes", [1, 2, 10, 200])
@pytest.mark.parametrize("pix_fmt", ["yuvj420p", "yuvj444p"])
def test_a_jpeg_that_lost_only_its_last_rows_is_refused(tmp_path, lost_bytes, pix_fmt):
    noise = np.random.default_rng(7).integers(0, 256, (48, 64, 3), np.uint8)
    whole = jpeg_with_exif(encoded(noise, "mjpeg", pix_fmt), exif(1) + encoded(corners(), "mjpeg", pix_fmt))

    assert read_picture(saved(tmp_path / "whole.jpg", whole)).shape == noise.shape
    with pytest.raises(MediaError, match="damaged or cut off"):
        read_picture(saved(tmp_path / "cut.jpg", whole[:-lost_bytes]))


@by_either
def test_a_jpeg_damaged_in_the_middle_is_refused(tmp_path):
    noise = np.random.default_rng(7).integers(0, 256, (48, 64, 3), np.uint8)
    jpeg = bytearray(encoded(noise, "mjpeg", "yuvj420p"))
    middle = len(jpeg) // 2
    jpeg[middle : middle + 200] = b"\xff\0" * 100  # codes that no table has

    with pytest.raises(MediaError, match="damaged or cut off"):
        read_picture(saved(tmp_path / "bad.jpg", bytes(jpeg)))


def test_a_tiny_picture_cannot_hold_a_person(tmp_path):
    too_small = saved(tmp_path / "a.png", encoded(corners((64, 14)), "png", "rgb24"))
    just_fits = saved(tmp_path / "b.png", encoded(corners((16, 16)), "png", "rgb24"))

    with pytest.raises(MediaError, match="64 x 14 pixels, too small to hold a person"):
        read_picture(too_small)
    assert read_picture(just_fits).shape == (16, 16, 3)


@pytest.mark.parametrize("side_px", [14_200, 60_000])
def test_a_picture_that_would_not_fit_into_memory_is_refused_from_its_header(tmp_path, side_px):
    header = side_px.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", bytes(100))
        + png_chunk(b"IEND", b"")
    )

    with pytest.raises(MediaError, match="larger than 200 million pixels"):
        read_picture(saved(tmp_path / "bomb.png", bomb))


@by_either
def test_a_jpeg_that_claims_to_be_larger_still_is_refused(tmp_path):
    jpeg = bytearray(encoded(corners(), "mjpeg", "yuvj420p"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = (20_000).to_bytes(2, "big") * 2

    for read in (read_picture, read_reduced):
        with pytest.raises(MediaError, match="larger than 200 million pixels") as refusal:
            read(saved(tmp_path / "bomb.jpg", bytes(jpeg)))
        assert "\n" not in str(refusal.value)


@by_either
def test_a_whole_jpeg_over_the_limit_is_refused_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(_stills, "MAX_PIXELS", 64 * 48 - 1)  # a real one would take a second to be made

    with pytest.raises(MediaError, match="shrink it"):
        read_reduced(saved(tmp_path / "a.jpg", encoded(corners(), "mjpeg", "yuvj420p")))


@by_either
@pytest.mark.parametrize(
    ("wh", "reduced_wh"),
    [
        ((3199, 40), (3199, 40)),
        ((3200, 41), (1600, 21)),
        ((50, 7001), (13, 1751)),
        ((12_800, 40), (1600, 5)),
    ],
)
@pytest.mark.parametrize("codec", ["mjpeg", "png"])
def test_a_large_picture_is_halved_while_enough_of_it_is_left(tmp_path, wh, reduced_wh, codec):
    content = encoded(corners(wh), codec, "yuvj420p" if codec == "mjpeg" else "rgb24")

    picture = read_reduced(saved(tmp_path / "large", content))

    width, height = reduced_wh
    assert picture.wh == wh
    assert picture.image.shape == (height, width, 3)
    assert picture.image.flags.c_contiguous
    for row in (height // 4, 3 * height // 4):
        for column in (width // 4, 3 * width // 4):
            seen = corners(reduced_wh)[row, column].astype(int)
            assert np.abs(picture.image[row, column] - seen).max() <= JPEG_TOLERANCE


@by_either
def test_a_large_picture_is_the_mean_of_what_it_was(tmp_path):
    noise = np.random.default_rng(5).integers(0, 256, (16, 3200, 3), np.uint8)
    whole = noise.astype(float).reshape(8, 2, 1600, 2, 3)

    reduced = read_reduced(saved(tmp_path / "noise.jpg", encoded(noise, "mjpeg", "yuvj444p", **FINEST)))

    spread = (reduced.image - whole.mean(axis=(1, 3))).std()
    assert spread < 0.6 * (whole[:, 0, :, 0] - whole.mean(axis=(1, 3))).std()


@by_either
@pytest.mark.parametrize("orientation", [3, 6])
def test_a_large_picture_is_turned_upright_as_well(tmp_path, orientation):
    upright = corners((16, 3200))
    jpeg = jpeg_with_exif(encoded(stored(upright, orientation), "mjpeg", "yuvj444p"), exif(orientation))

    picture = read_reduced(saved(tmp_path / "a.jpg", jpeg))

    assert picture.wh == (16, 3200)
    assert picture.image.shape == (1600, 8, 3)
    seen = picture.image[400::800, 2::4].astype(int)
    assert np.abs(seen - upright[800::1600, 4::8]).max() <= JPEG_TOLERANCE


def test_a_hundred_million_pixels_are_read(tmp_path):
    header = (12_000).to_bytes(4, "big") + (9_000).to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    rows = (b"\0" + bytes([77]) * 12_000) * 9_000
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    wall = b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, content) for kind, content in chunks)
    picture = read_picture(saved(tmp_path / "wall.png", wall))

    assert picture.shape == (9000, 12000, 3)
    assert (picture[::999, ::999] == 77).all()


@pytest.mark.parametrize("wh", [(64, 48), (65, 49), (1, 1)])
def test_a_written_png_reads_back_the_same(tmp_path, wh):
    noise = np.random.default_rng(3).integers(0, 256, (wh[1], wh[0], 3), np.uint8)
    write_png(tmp_path / "a.png", noise[:, ::-1])

    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    if min(wh) >= 16:
        np.testing.assert_array_equal(read_picture(tmp_path / "a.png"), noise[:, ::-1])


def test_a_picture_that_cannot_be_written_leaves_what_was_there(tmp_path):
    (tmp_path / "taken.png").mkdir()

    with pytest.raises(OutputError, match="cannot be written"):
        write_png(tmp_path / "nowhere" / "a.png", corners())
    with pytest.raises(OutputError, match="cannot be written"):
        write_png(tmp_path / "taken.png", corners())
    assert [path.name for path in tmp_path.iterdir()] == ["taken.png"]


def test_only_rgb_is_written(tmp_path):
    with pytest.raises(ShapeError, match="uint8"):
        write_png(tmp_path / "a.png", np.zeros((20, 20), np.uint8))
    with pytest.raises(ShapeError, match="float64"):
        write_png(tmp_path / "a.png", np.zeros((20, 20, 3)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_a_forbidden_picture_or_folder_is_said(tmp_path):
    path = saved(tmp_path / "a.png", encoded(corners(), "png", "rgb24"))
    path.chmod(0)
    with pytest.raises(MediaError, match="Permission denied"):
        read_picture(path)
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        write_png(tmp_path / "b.png", corners())
    tmp_path.chmod(0o700)
