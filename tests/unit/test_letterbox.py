"""Pictures into the network's input, and points back."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.errors import ShapeError
from posecoach.vision.letterbox import Letterbox, Resize, nearest_indices, numpy_resample

SIZES = st.tuples(st.integers(1, 12000), st.integers(1, 9000))
INPUTS = st.tuples(st.integers(1, 1300), st.integers(1, 800))

# What Pillow 13's NEAREST takes, found by resizing a row of counted pixels.
PILLOW = {
    (5, 3): [0, 2, 4],
    (3, 7): [0, 0, 1, 1, 1, 2, 2],
    (10, 4): [1, 3, 6, 8],
    (1, 4): [0, 0, 0, 0],
    (4, 1): [2],
    (16, 8): [1, 3, 5, 7, 9, 11, 13, 15],
    # The third centre is on the border of pixels 6 and 7, exactly; only Pillow's summation gives 6.
    (14, 5): [1, 4, 6, 9, 12],
}


@cache
def kernel_resampler():
    """The compiled resampler; where numba is not installed, what it is compiled from."""
    from posecoach.vision import letterbox_compiled as compiled

    for kernel in compiled.KERNELS:
        kernel.build()
    fastest = compiled.fastest_resampler()
    if fastest is numpy_resample:
        return compiled.resampler_of(*(kernel.python for kernel in compiled.KERNELS))
    return fastest


def compiled_resample(grid):
    return kernel_resampler()(grid)


both = pytest.mark.parametrize("resampler", [numpy_resample, compiled_resample])


def counted(wh):
    """A picture whose every pixel says where it is."""
    w, h = wh
    image = np.empty((h, w, 3), np.uint8)
    image[..., 0] = np.arange(w) % 251
    image[..., 1] = (np.arange(h) % 241)[:, None]
    image[..., 2] = 255
    return image


@pytest.mark.parametrize(("source", "target"), PILLOW)
def test_nearest_indices_are_those_of_pillow(source, target):
    assert nearest_indices(source, target).tolist() == PILLOW[source, target]


@both
def test_a_wide_picture_lies_centred_between_black_bars(resampler):
    letterbox = Letterbox.make((1280, 720), (641, 481), resampler=resampler)
    fitted = letterbox.fit(np.full((720, 1280, 3), 200, np.uint8))
    assert (letterbox.content_wh, letterbox.content_xy) == ((641, 361), (0, 60))
    assert (fitted[60:421] == 200).all()
    assert not fitted[:60].any()
    assert not fitted[421:].any()


@both
def test_a_tall_picture_lies_centred_between_black_bars(resampler):
    letterbox = Letterbox.make((720, 1280), (641, 481), resampler=resampler)
    fitted = letterbox.fit(np.full((1280, 720, 3), 200, np.uint8))
    (x, y), (w, h) = letterbox.content_xy, letterbox.content_wh
    assert (x, y, w, h) == (185, 0, 271, 481)
    assert (fitted[:, x : x + w] == 200).all()
    assert fitted.sum() == 200 * 3 * w * h


@both
def test_a_stretched_picture_fills_the_input(resampler):
    letterbox = Letterbox.make((1280, 720), (641, 481), Resize.STRETCH, resampler=resampler)
    image = counted((1280, 720))
    rows, columns = nearest_indices(720, 481), nearest_indices(1280, 641)
    assert np.array_equal(letterbox.fit(image), image[rows[:, None], columns])


@both
def test_a_picture_of_the_input_s_size_is_not_changed(resampler):
    image = counted((641, 481))
    assert np.array_equal(Letterbox.make((641, 481), (641, 481), resampler=resampler).fit(image), image)


@both
def test_the_second_picture_leaves_nothing_of_the_first(resampler):
    letterbox = Letterbox.make((40, 90), (64, 64), resampler=resampler)
    first = letterbox.fit(np.full((90, 40, 3), 255, np.uint8)).copy()
    second = letterbox.fit(counted((40, 90)))
    assert np.array_equal(
        second, Letterbox.make((40, 90), (64, 64), resampler=resampler).fit(counted((40, 90)))
    )
    assert not np.array_equal(first, second)


@both
def test_rows_of_a_larger_buffer_are_read_as_they_are(resampler):
    padded = np.zeros((72, 140, 3), np.uint8)
    padded[:, :128] = counted((128, 72))
    letterbox = Letterbox.make((128, 72), (65, 49), resampler=resampler)
    assert np.array_equal(letterbox.fit(padded[:, :128]).copy(), letterbox.fit(counted((128, 72))))


@both
def test_flipping_is_fitting_the_mirrored_picture(resampler):
    image = counted((120, 80))  # 120 to 40: whole steps, so that both sample the same pixels
    flipped = Letterbox.make((120, 80), (40, 40), flip=True, resampler=resampler)
    plain = Letterbox.make((120, 80), (40, 40), resampler=resampler)
    assert np.array_equal(flipped.fit(image), plain.fit(image[:, ::-1]))


@both
def test_a_point_is_mapped_to_the_pixel_that_the_network_saw_there(resampler):
    image = counted((200, 150))
    # Shrunk to more than half: one pixel each.
    letterbox = Letterbox.make((200, 150), (131, 127), scale_factor=0.8, resampler=resampler)
    fitted = letterbox.fit(image)
    (x0, y0), (w, h) = letterbox.content_xy, letterbox.content_wh
    rows, columns = np.mgrid[y0 : y0 + h, x0 : x0 + w]
    mapped = letterbox.to_image(np.stack([columns + 0.5, rows + 0.5], axis=-1))
    seen_centres = fitted[rows, columns, :2] + 0.5
    assert np.abs(mapped - seen_centres).max() <= 0.5 + 1e-9


@both
def test_shrinking_to_half_or_less_takes_the_mean_of_four(resampler):
    image = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)
    quarters = image.reshape(48, 2, 64, 2, 3).astype(int).sum(axis=(1, 3))
    assert np.array_equal(
        Letterbox.make((128, 96), (64, 48), resampler=resampler).fit(image), (quarters + 2) // 4
    )


@settings(max_examples=60, deadline=None, database=None)
@given(
    image_wh=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    input_wh=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    resize=st.sampled_from(Resize),
    scale=st.floats(0.2, 1),
    flip=st.booleans(),
)
def test_both_resamplers_give_the_same_pixels(image_wh, input_wh, resize, scale, flip):
    image = np.random.default_rng(0).integers(0, 256, (image_wh[1], image_wh[0], 3), dtype=np.uint8)
    image.flags.writeable = False
    one, other = (
        Letterbox.make(image_wh, input_wh, resize, scale_factor=scale, flip=flip, resampler=resampler)
        for resampler in (numpy_resample, compiled_resample)
    )
    assert np.array_equal(one.fit(image), other.fit(image))


@both
def test_stretching_never_takes_a_mean(resampler):
    image = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)
    fitted = Letterbox.make((128, 96), (32, 24), Resize.STRETCH, resampler=resampler).fit(image)
    assert np.array_equal(fitted, image[nearest_indices(96, 24)][:, nearest_indices(128, 32)])


def test_a_stretch_maps_points_by_plain_scale_as_the_official_reference_does():
    letterbox = Letterbox.make((1920, 1278), (641, 481), Resize.STRETCH)
    points = np.array([[0.0, 0.0], [272.0, 131.45097], [641.0, 481.0]])
    assert letterbox.to_image(points) == pytest.approx(points * [1920 / 641, 1278 / 481])


@settings(max_examples=200, deadline=None, database=None)
@given(image_wh=SIZES, input_wh=INPUTS, resize=st.sampled_from(Resize), scale=st.floats(0.2, 1))
def test_points_come_back_from_the_input_and_from_the_picture(image_wh, input_wh, resize, scale):
    letterbox = Letterbox.make(image_wh, input_wh, resize, scale_factor=scale)
    points = np.array([[0, 0], image_wh, np.array(image_wh) / 3, [-5, 2 * image_wh[1]]], dtype=float)
    assert np.allclose(letterbox.to_image(letterbox.to_input(points)), points, rtol=1e-12, atol=1e-9)
    inside = np.array([[0, 0], input_wh, np.array(input_wh) / 7], dtype=float)
    assert np.allclose(letterbox.to_input(letterbox.to_image(inside)), inside, rtol=1e-12, atol=1e-9)


@settings(max_examples=200, deadline=None, database=None)
@given(image_wh=SIZES, input_wh=INPUTS, resize=st.sampled_from(Resize), scale=st.floats(0.2, 1))
def test_the_picture_s_corners_are_the_content_s_corners(image_wh, input_wh, resize, scale):
    letterbox = Letterbox.make(image_wh, input_wh, resize, scale_factor=scale)
    low, high = letterbox.to_input(np.array([[0, 0], image_wh], dtype=float))
    assert low == pytest.approx(letterbox.content_xy)
    assert high == pytest.approx(np.add(letterbox.content_xy, letterbox.content_wh))
    assert min(letterbox.content_wh) >= 1
    assert (high <= np.array(input_wh) + 1e-9).all()


@settings(max_examples=200, deadline=None, database=None)
@given(source=st.integers(1, 12000), target=st.integers(1, 1300))
def test_nearest_indices_ascend_and_stay_inside(source, target):
    indices = nearest_indices(source, target)
    assert len(indices) == target
    assert indices[0] >= 0
    assert indices[-1] < source
    assert (np.diff(indices) >= 0).all()


@both
@pytest.mark.parametrize("image_wh", [(1, 1), (1, 900), (12000, 1), (12000, 9000)])
@pytest.mark.parametrize("resize", Resize)
def test_pictures_of_extreme_sizes_fit(resampler, image_wh, resize):
    image = np.broadcast_to(np.uint8(9), (image_wh[1], image_wh[0], 3))
    fitted = Letterbox.make(image_wh, (65, 49), resize, resampler=resampler).fit(np.ascontiguousarray(image))
    assert fitted.shape == (49, 65, 3)
    assert fitted.any()


@both
def test_a_squeezed_small_stream_keeps_the_picture_s_true_shape(resampler):
    letterbox = Letterbox.make((1920, 1080), (641, 481), source_wh=(320, 240), resampler=resampler)
    assert letterbox.content_wh == Letterbox.make((1920, 1080), (641, 481), resampler=resampler).content_wh
    corners = letterbox.to_image(np.array([[0, 60], [641, 421]]))
    assert corners == pytest.approx(np.array([[0, 0], [1920, 1080]]), abs=2)
    assert letterbox.fit(counted((320, 240))).shape == (481, 641, 3)


def test_a_picture_of_another_size_is_refused_with_both_sizes():
    with pytest.raises(ShapeError, match=r"\(128, 72\).*\(48, 64, 3\)"):
        Letterbox.make((128, 72), (65, 49)).fit(np.zeros((48, 64, 3), np.uint8))


@pytest.mark.parametrize("scale_factor", [0, -1, 1.01, float("nan")])
def test_a_scale_factor_outside_its_range_is_refused(scale_factor):
    with pytest.raises(ShapeError, match="scale_factor"):
        Letterbox.make((128, 72), (65, 49), scale_factor=scale_factor)


def test_an_empty_size_is_refused():
    with pytest.raises(ShapeError, match="positive"):
        Letterbox.make((0, 72), (65, 49))
