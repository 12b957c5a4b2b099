"""Pose tracks as files: round trip, and one plain error for whatever else a file may hold."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builders import arm_raise_track, empty_track, joined
from posecoach.adapters.track_file import read_track, track_json, write_track
from posecoach.errors import InputMissing, OutputError, PosecoachError, TrackError
from posecoach.pose import PoseEstimate
from posecoach.track import PoseTrack, StoredFrames, TrackFrame

KEYPOINTS = [[10.5 * k, 20.0 + k, 0.5] for k in range(17)]
DOCUMENT = {
    "format": "posecoach-track",
    "version": 1,
    "image_size": [640, 480],
    "frames": [
        {"t": 0.0, "keypoints": KEYPOINTS},
        {"t": 0.04, "keypoints": None},
        {"t": 0.1, "keypoints": KEYPOINTS},
    ],
}
RESULT = {
    "image_id": 7,
    "category_id": 1,
    "keypoints": [number for xyv in KEYPOINTS for number in xyv],
    "score": 0.8,
}


def changed(path, value, document=DOCUMENT):
    """The document with one place changed; `del` takes the place away."""
    document = json.loads(json.dumps(document))
    *way, last = path
    place = document
    for step in way:
        place = place[step]
    if value is del_:
        del place[last]
    else:
        place[last] = value
    return document


def del_():
    """Not a value: takes a field away."""


@pytest.fixture
def reading(tmp_path):
    def read(document):
        path = tmp_path / "some.track.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return read_track(path)

    return read


# -- round trip --


def test_what_is_written_is_read_again(tmp_path):
    track = joined(arm_raise_track(reps=1, noise_px=3.0), empty_track(duration_s=0.2), gap_s=0.5)
    write_track(tmp_path / "a.track.json", track)
    again = read_track(tmp_path / "a.track.json")

    assert again.image_wh == track.image_wh
    assert len(again.frames) == len(track.frames)
    for before, after in zip(track, again, strict=True):
        assert after.at_s == pytest.approx(before.at_s, abs=1e-6)
        assert (after.pose is None) is (before.pose is None)
        if before.pose is not None:
            assert after.pose.keypoints_xy == pytest.approx(before.pose.keypoints_xy, abs=0.0051)
            assert after.pose.keypoint_scores == pytest.approx(before.pose.keypoint_scores, abs=1e-4)


def test_written_twice_it_is_the_same_file(tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    write_track(first, arm_raise_track(reps=1, noise_px=3.0))
    write_track(second, read_track(first))

    assert first.read_bytes() == second.read_bytes()


def test_the_file_is_what_the_contract_says():
    document = json.loads(track_json(arm_raise_track(reps=1)))

    assert list(document) == ["format", "version", "image_size", "frames"]
    assert document["format"] == "posecoach-track"
    assert document["image_size"] == [640, 480]
    assert len(document["frames"][0]["keypoints"]) == 17


def test_a_frame_is_a_line(tmp_path):
    track = arm_raise_track(reps=1)

    assert len(track_json(track).splitlines()) == len(track.frames) + 2


def test_a_document_is_read_as_it_says(reading):
    track = reading(DOCUMENT)

    assert track.image_wh == (640, 480)
    assert [frame.at_s for frame in track] == [0.0, 0.04, 0.1]
    assert track.frames[1].pose is None
    assert track.frames[0].pose.keypoints_xy[3].tolist() == [31.5, 23.0]
    assert track.frames[0].pose.score == pytest.approx(0.5)


def test_frames_are_made_anew_from_what_is_stored(tmp_path):
    """Also from behind and in parts; a frame with nobody is one."""
    track = joined(empty_track(duration_s=0.2), arm_raise_track(reps=1), gap_s=0.1)
    write_track(tmp_path / "a.track.json", track)
    frames = read_track(tmp_path / "a.track.json").frames

    assert isinstance(frames, StoredFrames)
    assert frames[0].pose is None
    assert frames[-1].at_s == frames[len(frames) - 1].at_s > frames[-2].at_s
    assert [frame.at_s for frame in frames[2:5]] == [frames[number].at_s for number in (2, 3, 4)]
    with pytest.raises(IndexError):
        frames[len(frames)]


def test_what_is_taken_apart_while_it_is_parsed_is_what_is_read_with_care(tmp_path):
    """Something else that looks like a frame makes the reader look twice."""
    whole = json.loads(
        track_json(joined(arm_raise_track(reps=1, noise_px=3.0), empty_track(duration_s=0.1), gap_s=0.2))
    )
    paths = tmp_path / "a.json", tmp_path / "b.json"
    for path, more in zip(paths, ({}, {"about": {"t": 3, "keypoints": None}}), strict=True):
        path.write_text(json.dumps({**whole, **more}), encoding="utf-8")
    quick, careful = (read_track(path) for path in paths)

    assert isinstance(quick.frames, StoredFrames)
    assert not isinstance(careful.frames, StoredFrames)
    assert len(quick.frames) == len(careful.frames)
    for one, other in zip(quick, careful, strict=True):
        assert one.at_s == other.at_s
        assert (one.pose is None) is (other.pose is None)
        if one.pose is not None:
            assert np.array_equal(one.pose.keypoints_xy, other.pose.keypoints_xy)
            assert np.array_equal(one.pose.keypoint_scores, other.pose.keypoint_scores)
            assert one.pose.score == other.pose.score


# -- what is refused --

FRAME = ("frames", 2)
XYV = (*FRAME, "keypoints", 5)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        pytest.param("", "not JSON", id="empty"),
        pytest.param("{", "not JSON", id="cut off"),
        pytest.param("[" * 100_000, "not JSON", id="nested too deep"),
        pytest.param("null", "not a pose track", id="null"),
        pytest.param("3", "not a pose track", id="a number"),
        pytest.param({"frames": []}, "format", id="another format"),
        pytest.param(changed(("format",), "coco"), "format", id="another format's name"),
        pytest.param(changed(("version",), 2), "version is 2", id="a later version"),
        pytest.param(changed(("image_size",), del_), "'image_size' is missing", id="no size"),
        pytest.param(changed(("frames",), del_), "'frames' is missing", id="no frames"),
        pytest.param(changed(("frames",), []), "at least one frame", id="empty frames"),
        pytest.param(changed(("frames",), {}), "frames must be a list", id="frames an object"),
        pytest.param(changed(("image_size",), [640]), "image_size must be", id="one size"),
        pytest.param(changed(("image_size",), [640, 0]), "image_size must be", id="no height"),
        pytest.param(changed(("image_size",), [640.5, 480]), "image_size must be", id="half a pixel"),
        pytest.param(changed(("image_size",), [True, 480]), "image_size must be", id="a size of true"),
        pytest.param(changed(("image_size",), ["640", 480]), "image_size must be", id="a size in words"),
        pytest.param(changed(("image_size",), [10**400, 480]), "image_size must be", id="an endless size"),
        pytest.param(changed(FRAME, [0.1, KEYPOINTS]), "frame 2: must be an object", id="frame a list"),
        pytest.param(changed((*FRAME, "t"), del_), "frame 2: the field 't' is missing", id="no time"),
        pytest.param(
            changed((*FRAME, "keypoints"), del_), "frame 2: the field 'keypoints'", id="no keypoints"
        ),
        pytest.param(
            changed((*FRAME, "t"), "0.1"), "frame 2: t: must be a finite number", id="time a string"
        ),
        pytest.param(changed((*FRAME, "t"), None), "frame 2: t: ", id="time null"),
        pytest.param(changed((*FRAME, "t"), True), "frame 2: t: ", id="time true"),
        pytest.param(changed((*FRAME, "t"), float("nan")), "frame 2: t: ", id="time NaN"),
        pytest.param(changed((*FRAME, "t"), 10**400), "frame 2: t: ", id="time endless"),
        pytest.param(changed((*FRAME, "t"), 0.04), "frame 2: t is 0.04 after 0.04", id="time stands"),
        pytest.param(changed((*FRAME, "t"), 0.03), "frame 2: t is 0.03 after 0.04", id="time goes back"),
        pytest.param(
            changed((*FRAME, "keypoints"), KEYPOINTS[:16]), "frame 2: keypoints: .*17.* got 16", id="16"
        ),
        pytest.param(changed((*FRAME, "keypoints"), KEYPOINTS * 2), "frame 2: keypoints: .* got 34", id="34"),
        pytest.param(changed((*FRAME, "keypoints"), {}), "frame 2: keypoints: .* got dict", id="an object"),
        pytest.param(
            changed(XYV, [1.0, 2.0]), r"frame 2: keypoints\[5\]: expected \[x, y, score\]", id="no score"
        ),
        pytest.param(changed(XYV, "left"), r"frame 2: keypoints\[5\]: expected", id="a word"),
        pytest.param(changed((*XYV, 0), float("nan")), r"frame 2: keypoints\[5\]\.x: ", id="NaN"),
        pytest.param(changed((*XYV, 1), float("inf")), r"frame 2: keypoints\[5\]\.y: ", id="Infinity"),
        pytest.param(changed((*XYV, 1), -float("inf")), r"frame 2: keypoints\[5\]\.y: ", id="-Infinity"),
        pytest.param(changed((*XYV, 0), 1e300), r"frame 2: keypoints\[5\]\.x: ", id="far out"),
        pytest.param(changed((*XYV, 0), 10**400), r"frame 2: keypoints\[5\]\.x: ", id="endless"),
        pytest.param(changed((*XYV, 0), "3"), r"frame 2: keypoints\[5\]\.x: ", id="a string"),
        pytest.param(changed((*XYV, 0), False), r"frame 2: keypoints\[5\]\.x: ", id="false"),
        pytest.param(
            changed((*XYV, 2), 1.5), r"frame 2: keypoints\[5\]\.score: .*\[0, 1\], got 1.5", id="too sure"
        ),
        pytest.param(changed((*XYV, 2), -0.1), r"frame 2: keypoints\[5\]\.score: ", id="less than unsure"),
    ],
)
def test_a_malformed_track_is_one_error_that_names_frame_and_field(reading, document, words):
    with pytest.raises(TrackError, match=words) as refused:
        reading(document)

    message = str(refused.value)
    assert "some.track.json" in message
    assert "\n" not in message
    assert len(message) < 400
    assert refused.value.exit_code == 65


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe" * 50)

    with pytest.raises(TrackError, match="not JSON"):
        read_track(path)


def test_a_file_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(InputMissing, match="no such track") as missing:
        read_track(tmp_path / "nothing.json")
    assert missing.value.exit_code == 66


def test_a_folder_is_no_track(tmp_path):
    with pytest.raises(PosecoachError, match="cannot be read"):
        read_track(tmp_path)


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**6), 10**6),
        st.just(10**400),
        st.floats(),
        st.text(max_size=4),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["t", "keypoints", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [
        (),
        ("format",),
        ("version",),
        ("image_size",),
        ("image_size", 0),
        ("frames",),
        ("frames", 1),
        ("frames", 0),
        ("frames", 0, "t"),
        ("frames", 0, "keypoints"),
        ("frames", 0, "keypoints", 3),
        ("frames", 0, "keypoints", 3, 1),
        ("frames", 2, "keypoints", 0, 2),
    ]
)


def read_or_refused(read):
    """The track, or the one error that a reader may raise."""
    try:
        return read()
    except TrackError as error:
        return error


@given(place=PLACES, value=ANYTHING)
@example(place=("frames", 0, "keypoints", 3, 1), value=10**400)
@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_stands_in_a_place_it_is_a_track_or_one_error(reading, place, value):
    outcome = read_or_refused(lambda: reading(changed(place, value) if place else value))

    assert isinstance(outcome, PoseTrack) or "\n" not in str(outcome)


@given(cut=st.integers(0, 2000), garbage=st.binary(max_size=6))
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_damaged_file_is_a_track_or_one_error(tmp_path, cut, garbage):
    path = tmp_path / "a.json"
    whole = json.dumps(DOCUMENT).encode()
    path.write_bytes(whole[:cut] + garbage + whole[cut + len(garbage) :])

    outcome = read_or_refused(lambda: read_track(path))

    assert isinstance(outcome, PoseTrack) or "a.json" in str(outcome)


# -- COCO results --


def test_coco_results_are_read_as_a_track(reading):
    track = reading([RESULT, {**RESULT, "image_id": 8}, {**RESULT, "image_id": 10}])

    assert [frame.at_s for frame in track] == pytest.approx([0.0, 1 / 30, 3 / 30])
    assert track.frames[0].pose.keypoints_xy[3].tolist() == [31.5, 23.0]
    assert track.image_wh[0] > 168


def test_of_several_people_in_a_picture_the_best_is_kept(reading):
    other = {**RESULT, "score": 0.9, "keypoints": [7.0, 8.0, 0.9] * 17}
    track = reading([RESULT, other, {**RESULT, "score": 0.1}])

    assert len(track.frames) == 1
    assert track.frames[0].pose.keypoints_xy[0].tolist() == [7.0, 8.0]


def test_marks_of_visibility_become_scores(reading):
    marked = {"image_id": 1, "keypoints": [1.0, 1.0, 2] * 10 + [1.0, 1.0, 1] * 5 + [0.0, 0.0, 0] * 2}

    assert reading([marked]).frames[0].pose.keypoint_scores.tolist() == [1.0] * 10 + [0.5] * 5 + [0.0] * 2


def test_a_score_a_little_over_one_is_one(reading):
    """Some networks report such; it is no mark of visibility, and the others are not halved."""
    keypoints = [1.0, 1.0, 0.8] * 16 + [1.0, 1.0, 1.04]

    assert reading([{"image_id": 1, "keypoints": keypoints}]).frames[0].pose.keypoint_scores.tolist() == [
        *[0.8] * 16,
        1.0,
    ]


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([], "empty list"),
        ([3], "result 0"),
        ([RESULT, {"image_id": 1}], "result 1"),
        ([{**RESULT, "image_id": "7"}], "result 0: image_id"),
        ([{**RESULT, "image_id": True}], "result 0: image_id"),
        ([{**RESULT, "image_id": 10**400}], "result 0: image_id"),
        ([{**RESULT, "keypoints": RESULT["keypoints"][:50]}], "result 0: keypoints must be 51"),
        ([{**RESULT, "keypoints": [*RESULT["keypoints"][:50], "x"]}], r"result 0: keypoints\[50\]"),
        ([{**RESULT, "keypoints": [*RESULT["keypoints"][:50], 10**400]}], r"result 0: keypoints\[50\]"),
        ([{**RESULT, "score": None}], "result 0: score"),
    ],
)
def test_malformed_coco_results_are_one_error_that_names_the_result(reading, results, words):
    with pytest.raises(TrackError, match=words):
        reading(results)


# -- writing --


def test_what_cannot_be_written_is_an_error_and_leaves_nothing_behind(tmp_path):
    """A folder stands where the file is to be."""
    (tmp_path / "a.json" / "full").mkdir(parents=True)

    with pytest.raises(OutputError, match=r"a\.json cannot be written") as refused:
        write_track(tmp_path / "a.json", arm_raise_track(reps=1))
    assert refused.value.exit_code == 74
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("folder", ["missing", "a file"])
def test_a_folder_that_is_none_is_an_error(tmp_path, folder):
    (tmp_path / "a file").write_text("")

    with pytest.raises(OutputError, match=re.escape(str(tmp_path))):
        write_track(tmp_path / folder / "a.json", arm_raise_track(reps=1))
    assert (tmp_path / "a file").read_text() == ""


def test_an_old_track_stays_until_the_new_one_is_whole(tmp_path):
    """Something in the track cannot be written down, half way through."""
    path = tmp_path / "a.json"
    write_track(path, arm_raise_track(reps=1))
    before = path.read_bytes()
    broken = PoseTrack((640, 480), [TrackFrame(0.0, None), TrackFrame(1.0, "no pose")])

    with pytest.raises(AttributeError):
        write_track(path, broken)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def test_a_track_needs_frames_and_rising_times():
    with pytest.raises(TrackError, match="at least one frame"):
        PoseTrack((640, 480), [])
    with pytest.raises(TrackError, match=r"frame 1: t is 1\.0 after 1\.0"):
        PoseTrack((640, 480), [TrackFrame(1.0, None), TrackFrame(1.0, None)])
    with pytest.raises(TrackError, match="image_size"):
        PoseTrack((0, 480), [TrackFrame(1.0, None)])


def test_a_part_of_a_track_begins_at_zero():
    part = arm_raise_track(reps=1).between(1.0, 2.0)

    assert part.frames[0].at_s == 0.0
    assert part.frames[-1].at_s == pytest.approx(1.0)
    assert len(part.frames) == 31


def test_a_part_in_which_nothing_is_is_refused():
    with pytest.raises(TrackError, match=r"no frame between 90\.00 and 91\.00 s"):
        arm_raise_track(reps=1).between(90.0, 91.0)


# -- what every pose promises --


@pytest.mark.parametrize(
    ("xy", "scores", "score", "words"),
    [
        (np.zeros((16, 2)), np.zeros(17), 0.5, r"keypoints_xy must be \(17, 2\)"),
        (np.zeros((17, 2)), np.zeros(16), 0.5, r"keypoint_scores must be \(17,\)"),
        (np.full((17, 2), np.nan), np.zeros(17), 0.5, "finite"),
        (np.zeros((17, 2)), np.full(17, np.nan), 0.5, r"in \[0, 1\]"),
        (np.zeros((17, 2)), np.full(17, 1.01), 0.5, r"in \[0, 1\]"),
        (np.zeros((17, 2)), np.zeros(17), float("nan"), r"score must be in \[0, 1\]"),
    ],
)
def test_a_pose_of_other_numbers_is_refused(xy, scores, score, words):
    with pytest.raises(PosecoachError, match=words):
        PoseEstimate(xy, scores, score)


def test_a_keypoint_on_the_edge_is_inside_the_picture_and_one_beyond_is_not():
    xy = np.zeros((17, 2))
    xy[0], xy[1], xy[2] = (639.0, 479.0), (639.5, 479.0), (-0.1, 0.0)
    pose = PoseEstimate(xy, np.full(17, 0.9), 0.9)

    assert pose.within((640, 480)).keypoint_scores[:4].tolist() == [0.9, 0.0, 0.0, 0.9]
    assert pose.keypoint_scores[1] == 0.9
