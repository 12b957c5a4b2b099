"""A routine that is drawn: what stands stands, what turns turns, and files are whole or not there."""

from __future__ import annotations

import av
import numpy as np
import pytest

from builders import arm_raise_track, cycle_track, flow_track, front_pose, hold_track, squat_track
from posecoach.adapters.gif_writer import MOST_FRAMES, GifWriter
from posecoach.adapters.track_file import write_track
from posecoach.cli import main
from posecoach.cli.routine_render import FILM_HZ, best_view
from posecoach.coach.demonstrated import demonstrated
from posecoach.coach.demonstrated_body import WIDTH, body_lines
from posecoach.coach.demonstration import demonstration
from posecoach.coach.learn import learn
from posecoach.coach.routine import View
from posecoach.coach.scene import Ink, Stroke, Text
from posecoach.coach.view import StepKind
from posecoach.errors import OutputError, RoutineError, ShapeError
from posecoach.skeleton import Joint, Keypoint, Limb


def step_of(track, kind=StepKind.REPS):
    return learn([track], kind).step


@pytest.fixture(scope="module")
def squat():
    return demonstrated(step_of(squat_track(reps=1)), View.LEFT)


@pytest.fixture(scope="module")
def arms():
    return demonstrated(step_of(arm_raise_track(reps=1)), View.FRONT)


@pytest.fixture
def box(tmp_path, monkeypatch):
    """A box on which one arm is raised, or the other."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for name in ("left", "right"):
        write_track(
            tmp_path / f"{name}.json",
            cycle_track(lambda share, arm=name: front_pose(**{f"{arm}_arm_deg": 10 + 150 * share}), reps=1),
        )
    command = ["routine", "import", "left.json", "right.json", "--name", "One arm", "--kind", "reps"]
    assert main(command) == 0
    return tmp_path


# -- what is drawn --


def test_the_feet_stay_and_the_hips_go_down(squat):
    ankle, hip = (squat.xy[:, k] for k in (Keypoint.LEFT_ANKLE, Keypoint.LEFT_HIP))

    assert np.ptp(ankle, axis=0).max() < 0.02
    assert np.ptp(hip[:, 1]) > 0.4
    assert squat.stands == (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)


def test_the_phases_follow_each_other_without_a_gap(arms):
    assert [phase.name for phase in arms.phases] == ["start", "out", "turn", "back", "start"]
    assert arms.phases[0].start_s == 0.0
    assert arms.phases[-1].end_s == arms.duration_s
    assert all(a.end_s == b.start_s for a, b in zip(arms.phases, arms.phases[1:], strict=False))
    assert arms.turn == "at the top"


def test_the_key_poses_are_start_way_turn_and_way_back(arms):
    indices, names = zip(*arms.keys, strict=True)

    assert names == ("start", "out", "turn", "back")
    assert list(indices) == sorted(indices)
    assert arms.reach[indices[2]] == pytest.approx(1.0, abs=0.02)
    assert max(abs(arms.reach[index] - 0.5) for index in (indices[1], indices[3])) < 0.25


def test_the_joint_is_one_of_what_matters(squat, arms):
    assert squat.joint.startswith("left")  # the right side is hidden
    assert arms.joint in (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    assert np.ptp(arms.angle_deg) > 120


@pytest.mark.parametrize(
    ("kind", "track", "keys"), [(StepKind.HOLD, hold_track(), 1), (StepKind.FLOW, flow_track(), 6)]
)
def test_a_pose_and_a_sequence_are_drawn_too(kind, track, keys):
    shown = demonstrated(step_of(track, kind), View.FRONT)

    assert len(shown.keys) == keys
    assert demonstration(shown, 1.0, "It").items


def test_a_band_as_wide_as_the_tolerance_lies_behind_what_matters(arms):
    lines = list(body_lines(arms, arms.xy[0], arms.weights[0]))
    bands = [line for line in lines if line.ink is Ink.TRACK]

    assert {line.width for line in bands} == {WIDTH + 2 * arms.step.limbs[Limb.LEFT_ARM].tolerance}
    assert len(bands) == 2
    assert lines[: len(bands)] == bands


def test_it_is_drawn_as_in_a_mirror():
    shown = demonstrated(
        step_of(cycle_track(lambda share: front_pose(left_arm_deg=10 + 80 * share), reps=1)), View.FRONT
    )
    scene = demonstration(shown, shown.at_s[shown.keys[2][0]], "Left arm")
    arm = [
        item
        for item in scene.items
        if isinstance(item, Stroke) and item.ink is Ink.GOOD and len(item.points) == 3
    ]

    assert shown.step.limbs[Limb.LEFT_ARM].emphasis == 1.0
    (points,) = [item.points for item in arm]
    assert points[2][0] < points[0][0]  # the subject's left is at the left


def test_all_of_the_figure_is_on_the_screen_at_any_time(squat):
    for at_s in squat.at_s:
        scene = demonstration(squat, float(at_s), "Squat")
        points = np.array([p for item in scene.items if isinstance(item, Stroke) for p in item.points])
        assert points.min() > 0.0
        assert points.max() < 1.0


def test_the_number_is_that_of_the_pose(arms):
    turn = arms.keys[2][0]
    said = [
        line
        for item in demonstration(arms, float(arms.at_s[turn]), "Arms").items
        if isinstance(item, Text)
        for line in item.lines
    ]

    assert f"{arms.angle_deg[turn]:.0f}°" in said
    assert "At the top" in said


def test_a_view_that_is_not_known_is_refused():
    front = cycle_track(lambda share: front_pose(left_arm_deg=10 + 30 * share), reps=1)
    step = step_of(front)

    assert best_view(step, None) is View.FRONT
    with pytest.raises(RoutineError, match="not recorded from the left; expected one of: front"):
        best_view(step, View.LEFT)


# -- files --


def frames_of(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_a_gif_and_a_page_are_written(box, capsys):
    capsys.readouterr()
    assert main(["routine", "render", "one-arm", "-o", "arm.gif"]) == 0
    assert main(["routine", "render", "one-arm", "-o", "arm.png", "--large", "--language", "de"]) == 0
    assert main(["routine", "render", "one-arm", "-o", "arm.pdf"]) == 0

    assert capsys.readouterr().out == "arm.gif\narm.png\narm.pdf\n"
    frames = frames_of(box / "arm.gif")
    assert frames[0].shape == (360, 640, 3)
    assert len(frames) > 30
    assert any((frame != frames[0]).any() for frame in frames)
    assert b"NETSCAPE2.0\x03\x01\x00\x00" in (box / "arm.gif").read_bytes()  # for ever
    assert (box / "arm.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in box.iterdir() if path.name.startswith(".")) == []


def test_a_film_is_written_where_nothing_is_said(box, capsys):
    write_track(box / "pose.json", hold_track(hold_s=2.0))
    main(["routine", "import", "pose.json", "--name", "Pose", "--kind", "hold"])
    file = box / "data" / "routines" / "pose" / "routine.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("hold_s = 5.0", "hold_s = 0.5"), encoding="utf-8"
    )
    assert main(["routine", "render", "pose"]) == 0

    with av.open(str(box / "pose.mp4")) as film:
        stream = film.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (1280, 720, FILM_HZ)


def test_the_other_side_is_its_mirror_image(box):
    for side in ("left", "right"):
        assert main(["routine", "render", "one-arm", "-o", f"{side}.gif", "--side", side]) == 0
    left, right = (frames_of(box / f"{side}.gif") for side in ("left", "right"))
    turn = len(left) // 2
    figure = slice(20, 270), slice(30, 370)
    blue = [
        np.argwhere(frame[turn][figure][..., 2] > frame[turn][figure][..., 0].astype(int) + 80)
        for frame in (left, right)
    ]

    assert blue[0][:, 1].mean() < blue[1][:, 1].mean() - 10


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["gone"], 66, "no routine 'gone'"),
        (["one-arm", "--view", "left"], 65, "not recorded from the left"),
        (["squat", "--side", "left"], 65, "this is done with both sides"),
        (["one-arm", "-o", "gone/x.gif"], 74, "cannot be written"),
        (["one-arm", "-o", "gone/x.png"], 74, "cannot be written"),
        (["one-arm", "-o", "gone/x.mp4"], 74, "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(box, capsys, arguments, code, words):
    capsys.readouterr()
    assert main(["routine", "render", *arguments]) == code

    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


def test_another_format_is_refused(box, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["routine", "render", "one-arm", "-o", "arm.avi"])
    assert ended.value.code == 2
    assert "one of .mp4, .gif, .png, .pdf" in capsys.readouterr().err


# -- GIF --


def test_a_gif_keeps_flat_colours_and_its_pace(tmp_path):
    images = [np.full((24, 32, 3), 255, np.uint8) for _ in range(4)]
    for number, image in enumerate(images):
        image[4:20, 4 * number : 4 * number + 8] = (0, 86, 140)
    with GifWriter(tmp_path / "x.gif", wh=(32, 24), rate_hz=12.5) as writer:
        for image in images:
            writer.write(image)

    with av.open(str(tmp_path / "x.gif")) as container:
        frames = list(container.decode(video=0))
    assert [round(float(frame.time), 2) for frame in frames] == [0.0, 0.08, 0.16, 0.24]
    for frame, image in zip(frames, images, strict=True):
        assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - image).max() <= 2


def test_a_gif_that_is_broken_off_leaves_what_was_there(tmp_path):
    (tmp_path / "x.gif").write_text("before")
    writer = GifWriter(tmp_path / "x.gif", wh=(32, 24), rate_hz=10.0)
    with pytest.raises(ShapeError, match="expected images"), writer:
        writer.write(np.zeros((32, 24, 3), np.uint8))
    assert (tmp_path / "x.gif").read_text() == "before"
    with pytest.raises(OutputError, match="no picture"):
        GifWriter(tmp_path / "x.gif", wh=(32, 24), rate_hz=10.0).close()
    assert [path.name for path in tmp_path.iterdir()] == ["x.gif"]


def test_a_gif_has_an_end(tmp_path):
    writer = GifWriter(tmp_path / "x.gif", wh=(1, 1), rate_hz=10.0)
    image = np.zeros((1, 1, 3), np.uint8)
    for _ in range(MOST_FRAMES):
        writer.write(image)
    with pytest.raises(OutputError, match=r"write \.mp4 instead"):
        writer.write(image)
