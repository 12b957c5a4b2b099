"""Texts that can be said in another language."""

import json
import pickle

from posecoach.coach.phrase import Phrase, said_in
from posecoach.coach.words import Words, capitalised

GERMAN = {
    "bend {joint} {degrees} degrees more {where}": "beuge {joint} {where} um {degrees} Grad mehr",
    "your left knee": "dein linkes Knie",
    "at the bottom": "am tiefsten Punkt",
    "sit lower.": "setz dich tiefer.",
    "{cue}: {degrees} degrees {where}": "{cue}: {degrees} Grad {where}",
    "Squat": "Kniebeuge",
}
BEND = Phrase(
    "bend {joint} {degrees} degrees more {where}",
    joint=Phrase("your left knee"),
    degrees="14",
    where=Phrase("at the bottom"),
)


def test_it_is_the_english_text():
    assert BEND == "bend your left knee 14 degrees more at the bottom"
    assert json.dumps({"text": BEND}) == '{"text": "bend your left knee 14 degrees more at the bottom"}'


def test_it_is_said_in_another_language_with_all_that_it_holds():
    assert said_in(GERMAN, BEND) == "beuge dein linkes Knie am tiefsten Punkt um 14 Grad mehr"
    assert said_in(GERMAN, capitalised(BEND)) == "Beuge dein linkes Knie am tiefsten Punkt um 14 Grad mehr"
    assert said_in(GERMAN, Phrase("{text}.", text=BEND).as_beginning()).endswith("um 14 Grad mehr.")


def test_what_is_empty_leaves_no_gap():
    nowhere = Phrase(BEND.template, joint=Phrase("your left knee"), degrees="14", where="")
    assert nowhere == "bend your left knee 14 degrees more"
    assert said_in(GERMAN, nowhere) == "beuge dein linkes Knie um 14 Grad mehr"


def test_a_sentence_that_became_a_part_of_one_is_still_found():
    cue = Phrase(
        "{cue}: {degrees} degrees {where}", cue=Phrase("sit lower.").without_stop(), degrees="9", where=""
    )
    assert cue == "sit lower: 9 degrees"
    assert said_in(GERMAN, cue) == "setz dich tiefer: 9 Grad"


def test_other_texts_are_looked_up_whole_and_braces_in_them_are_no_template():
    assert said_in(GERMAN, "Squat") == "Kniebeuge"
    assert said_in(GERMAN, "My own {exercise}") == "My own {exercise}"
    assert capitalised("my own {exercise}") == "My own {exercise}"
    assert said_in(GERMAN, Phrase("my {own}")) == "my {own}"


def test_it_goes_through_a_pipe():
    again = pickle.loads(pickle.dumps(capitalised(BEND)))
    assert (again, again.template, again.values, again.begins) == (
        capitalised(BEND),
        BEND.template,
        BEND.values,
        True,
    )


def test_words_of_a_language_say_what_comes_from_elsewhere():
    assert Words().say(BEND) is BEND
    assert Words(language="de", catalogue=GERMAN).say("Squat") == "Kniebeuge"
