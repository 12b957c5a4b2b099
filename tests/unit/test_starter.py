"""The starter routines: whole, small, in words, and made anew byte for byte."""

from __future__ import annotations

import pytest

from conftest import CHECKOUT
from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.routine import Sides, View
from posecoach.skeleton import Limb
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.starter_routines import write_starters


def folders(path):
    return RoutineFolders(path, read_track=read_track, write_track=write_track)


@pytest.fixture(scope="module")
def starters():
    store = folders(STARTER)
    return {routine_id: store.load(routine_id) for routine_id in store.ids()}


def test_there_is_one_for_every_motion(starters):
    assert sorted(starters) == sorted(MOTIONS)


def test_they_say_what_to_do_in_a_few_short_sentences(starters):
    for routine in starters.values():
        assert routine.summary.endswith("."), routine.id
        assert 3 <= len(routine.instructions) <= 5, routine.id
        for sentence in routine.instructions:
            assert sentence[0].isupper(), sentence
            assert sentence.endswith("."), sentence
            assert len(sentence) <= 70, sentence


def test_they_are_known_from_every_side_and_recommend_some(starters):
    for routine in starters.values():
        (step,) = routine.steps
        assert set(step.views) == set(View), routine.id
        assert step.best_views, routine.id
        assert step.kind is MOTIONS[routine.id].kind


def test_cues_are_short_instructions_without_a_full_stop(starters):
    for routine in starters.values():
        for words in routine.steps[0].cues.values():
            assert len(words) <= 40, words
            assert words[0].islower(), words
            assert words[-1] not in ".!", words


def test_a_routine_of_one_side_names_no_side_but_its_own(starters):
    """What may be done on either side is told of the left; what is done on both is told of none."""
    for routine in starters.values():
        (step,) = routine.steps
        sided = [key for key in step.cues if "_left_" in key or "_right_" in key]
        one_sided = step.limbs[Limb.LEFT_LEG] != step.limbs[Limb.RIGHT_LEG]
        if one_sided:
            assert step.sides is Sides.EITHER, routine.id
        if step.sides is Sides.EITHER:
            assert sided, routine.id


@pytest.mark.parametrize("name", ["shoulder_press", "tree"])
def test_made_anew_they_have_the_same_bytes(name, tmp_path):
    """If this fails you have changed the athlete or the tables: run `make starter`."""
    (folder,) = write_starters(folders(tmp_path).save, [name])

    made = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert made == {file.name: file.read_bytes() for file in (STARTER / name).iterdir()}


def test_the_words_of_all_of_them_are_those_of_the_tables(tmp_path):
    """The tracks of all would take too long; their text does not."""
    from posecoach.synthetic.starter_routines import STARTERS

    for name, words in STARTERS.items():
        text = (STARTER / name / "routine.toml").read_text(encoding="utf-8")
        for said in (words.name, words.summary, *words.instructions, *words.cues.values()):
            assert f'"{said}"' in text, (name, said)


def test_they_are_small_and_nothing_else_lies_beside_them():
    files = [file for file in STARTER.rglob("*") if file.is_file()]

    assert sum(file.stat().st_size for file in files) < 1_500_000
    assert {file.suffix for file in files} == {".toml", ".json", ".md"}


def test_their_readme_names_each(starters):
    readme = (CHECKOUT / "device" / "posecoach" / "starter" / "README.md").read_text(encoding="utf-8")

    for routine_id in starters:
        assert f"| `{routine_id}` |" in readme, routine_id
