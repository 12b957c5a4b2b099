"""The mirror: who is shown, for how long, which way round; and the command line of it."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("av", reason="no PyAV is installed")

import av

import face_views
from conftest import CHECKOUT
from library_makers import a_library, a_picture
from posecoach.adapters.thumbnails import thumbnail_picture
from posecoach.cli import main
from posecoach.cli.thumbnail_reader import Thumbnails
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.look import Look
from posecoach.coach.scene import Still
from posecoach.face.compose_mirror import compose_mirror
from posecoach.face.mirroring import GONE_AFTER_S, Mirroring, NamedPicture
from posecoach.face.pose_picture import PosePicture
from posecoach.frame import Frame
from posecoach.library.metric import Metric, asked, turned
from posecoach.library.pose_index import PoseIndex
from posecoach.library.steady_choice import STAYS_S, SteadyChoice
from posecoach.pose import PoseEstimate
from posecoach.skeleton import MIRROR
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import ViewCamera

WH = (640, 480)
SCORES = np.full(17, 0.8)


def standing(arm_deg):
    """Somebody in the middle of the picture, the left arm raised by so many degrees."""
    xy = np.array(
        [
            *[(320, 80), (327, 74), (313, 74), (334, 78), (306, 78)],
            *[(350, 130), (290, 130), (0, 0), (280, 190), (0, 0), (275, 245)],
            *[(340, 250), (300, 250), (343, 340), (297, 340), (345, 430), (295, 430)],
        ],
        dtype=np.float64,
    )
    angle = np.radians(arm_deg)
    reach = np.array([np.sin(angle), np.cos(angle)])
    xy[7], xy[9] = xy[5] + 60 * reach, xy[5] + 115 * reach
    return xy


def choose(choice, xy, now):
    return choice.nearest_to(asked(xy, SCORES, Metric.WEIGHTED), now)


def test_between_equals_the_one_that_is_shown_stays_whatever_noise_does():
    """Two pictures as near as each other, a tremor of a pixel: without loyalty it would always change."""
    index = PoseIndex([np.stack([standing(44.0), standing(46.0)])])
    rng = np.random.default_rng(1)
    shaken = [standing(45.0) + rng.normal(0.0, 1.0, (17, 2)) for _ in range(120)]
    choice = SteadyChoice(index)

    shown = {choose(choice, xy, number / 30).at for number, xy in enumerate(shaken)}

    nearest = [index.nearest(asked(xy, SCORES, Metric.WEIGHTED), 1)[0].at for xy in shaken]
    assert np.count_nonzero(np.diff(nearest)) > 20
    assert len(shown) == 1


def test_who_moves_is_followed_and_nothing_is_shown_for_an_instant():
    arms = np.arange(0.0, 180.0, 4.0)
    choice = SteadyChoice(PoseIndex([np.stack([standing(arm) for arm in arms])]))
    changes, last = [], None
    for number in range(120):
        now = number / 30
        found = choose(choice, standing(170.0 * now / 4.0), now)
        if found.at != last:
            changes.append(now)
            last = found.at
        if now >= 1.0:
            assert abs(arms[found.at] - 170.0 * now / 4.0) < 170.0 / 4.0 * STAYS_S + 8.0

    assert len(changes) >= 6
    assert min(np.diff(changes)) >= STAYS_S - 1e-9


def test_somebody_new_is_shown_their_nearest_at_once():
    choice = SteadyChoice(PoseIndex([np.stack([standing(0.0), standing(90.0)])]))
    assert choose(choice, standing(2.0), 0.0).at == 0

    assert choose(choice, standing(88.0), 0.1).at == 0
    choice.forget()
    assert choose(choice, standing(88.0), 0.2).at == 1


def a_mirroring(asked_for):
    pictures = [NamedPicture(PosePicture(np.zeros((4, 3, 3), np.uint8), np.zeros((17, 2)), SCORES), "tree")]
    made = []

    def picture(at):
        made.append(at)
        return pictures[0]

    return Mirroring(PoseIndex([np.stack([asked_for, standing(0.0)])]), picture), made


def frames(mirroring, xy, start_s, count, scores=SCORES):
    for number in range(count):
        frame = Frame(number, start_s + number / 15, np.zeros((WH[1], WH[0], 3), np.uint8))
        poses = [] if xy is None else [PoseEstimate(xy, scores, 0.8)]
        mirroring.look(frame, poses)


def test_somebody_is_shown_who_stands_like_them_and_keeps_them_for_a_moment_when_lost():
    mirroring, made = a_mirroring(standing(90.0))
    assert mirroring.view().nearest is None

    frames(mirroring, standing(90.0), 0.0, 10)
    view = mirroring.view()
    assert view.nearest.name == "tree"
    assert not view.mirrored
    assert view.closeness > 0.95
    assert made == [0]  # read once, however often it is shown

    frames(mirroring, None, 1.0, 5)
    assert mirroring.view().nearest is not None
    frames(mirroring, None, 1.0 + GONE_AFTER_S, 5)
    assert mirroring.view().nearest is None


def test_another_library_is_taken_when_nobody_is_there_to_see_it_change():
    first, second = PoseIndex([np.stack([standing(90.0)])]), PoseIndex([np.stack([standing(0.0)] * 2)])
    pictures = [PosePicture(np.zeros((4, 3, 3), np.uint8), np.zeros((17, 2)), SCORES)]
    names, waiting = ["old"], []

    def renewed():
        if not waiting:
            return None
        names[0] = "new"
        return waiting.pop()

    mirroring = Mirroring(
        first, lambda at: NamedPicture(pictures[0], f"{names[0]} {at}"), Metric.WEIGHTED, renewed
    )
    frames(mirroring, standing(0.0), 0.0, 5)
    assert mirroring.view().nearest.name == "old 0"
    assert mirroring.view().closeness < 0.9

    waiting.append(second)
    frames(mirroring, standing(0.0), 1.0, 5)
    assert mirroring.view().nearest.name == "old 0"
    frames(mirroring, None, 2.0 + GONE_AFTER_S, 5)
    frames(mirroring, standing(0.0), 5.0, 5)
    assert mirroring.view().nearest.name == "new 0"
    assert mirroring.view().closeness > 0.95


def test_a_mirrored_twin_counts_and_is_called_so():
    mirroring, _ = a_mirroring(standing(90.0))
    twin = turned(standing(90.0)) + np.array((640.0, 0.0))

    frames(mirroring, twin, 0.0, 10, SCORES[MIRROR])

    assert mirroring.view().mirrored
    assert mirroring.view().closeness > 0.95


def test_of_whom_little_is_seen_nobody_is_said_to_be_like():
    mirroring, made = a_mirroring(standing(90.0))
    scores = np.where(np.arange(17) < 7, 0.8, 0.02)

    frames(mirroring, standing(90.0), 0.0, 10, scores)

    assert mirroring.view().nearest is None
    assert made == []


def test_leaving_is_leaving():
    mirroring, _ = a_mirroring(standing(90.0))
    mirroring.take(Intent(Wish.NEXT), 0.0)
    assert mirroring.wanted

    mirroring.take(Intent(Wish.QUIT), 0.0)
    assert not mirroring.wanted


@pytest.mark.parametrize("as_mirror", [True, False])
@pytest.mark.parametrize("twin", [True, False])
def test_both_are_seen_the_same_way_round(as_mirror, twin):
    view = face_views.mirrored("tree")
    object.__setattr__(view, "mirrored", twin)

    scene = compose_mirror(view, (1280, 720), Look(mirrored=as_mirror))

    (still,) = [item for item in scene.items if isinstance(item, Still)]
    assert scene.picture.mirrored is as_mirror
    assert still.picture.mirrored is (as_mirror is not twin)


def test_a_twin_that_stays_is_drawn_once():
    view = face_views.mirrored("tree")
    scenes = [compose_mirror(view, (1280, 720), Look()) for _ in range(2)]

    one, other = ([item for item in scene.items if isinstance(item, Still)] for scene in scenes)

    assert one[0] is other[0]


def test_the_command_shows_the_athlete_her_twin(capsys, tmp_path, monkeypatch):
    """From the camera through the network to a film of the screen, by the command line."""
    pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    xy, _ = Athlete(MOTIONS["squat"], camera=ViewCamera((320, 240)), seed=3, reps=1).keypoints(np.zeros(1))
    pose = PoseEstimate(xy[0].astype(np.float32), np.full(17, 0.9, np.float32), 0.9)
    library = a_library(tmp_path / "some.library", people=(1,), poses=[pose])
    film = tmp_path / "film.mp4"
    command = ["mirror", "--library", str(library), "--camera", "synthetic:squat,seed=3,reps=1,size=640x360"]

    assert main([*command, "--display", "headless", "--duration", "1.2", "--record-screen", str(film)]) == 0

    assert str(film) in capsys.readouterr().out
    with av.open(str(film)) as recorded:
        pictures = [frame.to_ndarray(format="rgb24") for frame in recorded.decode(video=0)]
    assert len(pictures) > 25
    last = pictures[-1].astype(int)
    assert last[100:550, 100:550].std() > 20  # the athlete
    bar = np.abs(last - (72, 200, 224)).max(axis=2) < 40
    assert bar[600:].sum() > 2000  # who is said to stand like her, and by much
    assert not (tmp_path / "data" / "history.sqlite3").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="a child is tied to its parent by Linux")
def test_an_empty_library_is_said_to_be_empty(capsys, tmp_path):
    path = a_library(tmp_path / "empty.library", people=(0,))

    assert main(["mirror", "--library", str(path), "--camera", "synthetic", "--display", "headless"]) == 65

    assert "nobody is in it" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="a child is tied to its parent by Linux")
def test_live_the_process_that_draws_loads_nothing_that_decodes_pictures(tmp_path):
    pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")
    library = a_library(tmp_path / "some.library", people=(1,))
    code = (
        "import sys\n"
        "from posecoach.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "print(code, sorted({'av', 'ai_edge_litert', 'numba', 'PIL'} & set(sys.modules)))\n"
    )
    camera = [
        "--camera",
        "synthetic:squat,live=1,seed=3,size=320x180",
        "--display",
        "headless",
        "--duration",
        "2.5",
    ]

    ran = subprocess.run(
        [sys.executable, "-c", code, "mirror", "--library", str(library), *camera],
        env=os.environ | {"PYTHONPATH": str(CHECKOUT / "device"), "POSECOACH_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert ran.stdout.strip().startswith("0 [")
    assert "av" not in ran.stdout
    assert "ai_edge_litert" not in ran.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="a child is tied to its parent by Linux")
def test_a_thumbnail_is_decoded_elsewhere_and_a_damaged_one_is_blank():
    jpeg = a_picture(1, 1).people[0].thumbnail
    with Thumbnails() as thumbnails:
        here = thumbnail_picture(jpeg)

        np.testing.assert_array_equal(thumbnails.decoded(jpeg), here)
        blank = thumbnails.decoded(jpeg[:200])
        assert (blank == blank[0, 0]).all()
        np.testing.assert_array_equal(thumbnails.decoded(jpeg), here)
