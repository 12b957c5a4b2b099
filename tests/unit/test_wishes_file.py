"""What somebody has set at the screen, kept for the next time."""

from __future__ import annotations

import pytest

from posecoach.adapters.wishes_file import FILE, read_wishes, write_wishes
from posecoach.coach.look import PLAIN, Look, PictureMode
from posecoach.face.settings import Wishes


def test_it_holds_the_next_time(tmp_path):
    wishes = Wishes(Look(large=True, calm=True), silent=True)
    write_wishes(tmp_path / "new", wishes)

    assert read_wishes(tmp_path / "new", Wishes(PLAIN)) == wishes


def test_how_much_of_a_person_is_shown_is_as_the_box_is_set(tmp_path):
    write_wishes(tmp_path, Wishes(Look(picture=PictureMode.CAMERA, light=True)))
    private = Wishes(Look(picture=PictureMode.SKELETON))

    assert read_wishes(tmp_path, private) == Wishes(Look(picture=PictureMode.SKELETON, light=True))


@pytest.mark.parametrize(
    "content", [None, "", "{", "[]", "{}", '{"large": 1, "calm": 0, "light": 0, "silent": 0}']
)
def test_without_a_sound_file_the_box_is_as_it_is_set(tmp_path, content):
    if content is not None:
        (tmp_path / FILE).write_text(content)

    assert read_wishes(tmp_path, Wishes(PLAIN)) == Wishes(PLAIN)


def test_a_disk_that_cannot_be_written_is_told_and_borne(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    write_wishes(tmp_path / "file", Wishes(PLAIN))

    assert "not kept" in caplog.text
