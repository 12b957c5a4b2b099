"""A routine's own words: which correction finds which."""

from __future__ import annotations

import pytest

from posecoach.coach.cue_keys import CUE_KEYS, cue_for, require_cue_keys
from posecoach.errors import RoutineError

WORDS = {
    "bend_knee": "sit lower",
    "bend_left_knee": "bend your front knee",
    "bend_knee_at_start": "soften your knees",
    "raise_right_arm": "reach up",
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("bend", "knee", None, "turn"), "sit lower"),
        (("bend", "knee", "right", "turn"), "sit lower"),
        (("bend", "knee", "left", "turn"), "bend your front knee"),
        (("bend", "knee", "left", "back"), "bend your front knee"),
        (("bend", "knee", "left", "hold"), "bend your front knee"),
        (("bend", "knee", "left", "start"), "soften your knees"),
        (("raise", "arm", "right", "turn"), "reach up"),
        (("raise", "arm", "left", "turn"), None),
        (("raise", "arm", None, "turn"), None),
        (("raise", "arm", "right", "start"), None),
        (("straighten", "knee", None, "turn"), None),
    ],
)
def test_the_words_nearest_to_the_correction_are_found(asked, found):
    assert cue_for(WORDS, *asked) == found


def test_every_key_has_its_twin():
    swapped = {"left": "right", "right": "left"}
    for key in CUE_KEYS:
        assert "_".join(swapped.get(word, word) for word in key.split("_")) in CUE_KEYS


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("bend_nee", "did you mean 'bend_knee'"),
        ("raise_left_leg", "did you mean"),
        ("zzz", "expected such as"),
    ],
)
def test_a_key_that_nothing_looks_for_is_refused(key, hint):
    with pytest.raises(RoutineError, match=hint) as refused:
        require_cue_keys({"bend_knee": "sit lower", key: "x"})
    assert f"cues.{key}" in str(refused.value)
