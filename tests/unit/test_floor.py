"""Who speaks when: by table, and by chance."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.coach import speaking_rules
from posecoach.coach.floor import Floor
from posecoach.coach.heard_moves import sign, wanted
from posecoach.coach.speaking_rules import BREATH_S, RULES, TURN_S
from posecoach.coach.utterance import (
    WITHIN_S,
    Dropped,
    Earcon,
    Kind,
    Reason,
    Said,
    Utterance,
    usual_length_s,
)

SPOKEN = [kind for kind in Kind if kind is not Kind.SIGN]
LENGTHS_S = {"short": 0.3, "long": 3.0}


def by_word(utterance):
    """How long an utterance lasts: its first word says it."""
    return LENGTHS_S.get(utterance.text.split(" ")[0], 0.14 if not utterance.text else 1.0)


def run(floor, wants, until_s=None, apart_s=1 / 30):
    """Everything that is decided, where each want comes at its cause."""
    wants = sorted(wants, key=lambda each: each.cause_s)
    until_s = wants[-1].cause_s + 1.0 if until_s is None else until_s
    decisions, turn = [], 0
    while (now := turn * apart_s) <= until_s:
        while wants and wants[0].cause_s <= now:
            floor.want(wants.pop(0))
        decisions += floor.decide(now)
        turn += 1
    return decisions


def heard(decisions):
    return [
        (round(each.at_s, 2), each.utterance.text or each.utterance.earcon.value)
        for each in decisions
        if isinstance(each, Said)
    ]


def dropped(decisions):
    return [(each.utterance.text, each.reason) for each in decisions if isinstance(each, Dropped)]


# -- by table --


def test_what_is_said_alone_is_said_at_once():
    assert heard(run(Floor(by_word), [wanted(Kind.CUE, 1.0, "long")])) == [(1.0, "long")]


def test_a_number_goes_before_the_cue_where_both_are_in_time():
    wants = [wanted(Kind.CUE, 1.0, "long cue"), wanted(Kind.COUNT, 1.0, "short 3")]

    assert heard(run(Floor(by_word), wants)) == [(1.0, "short 3"), (1.37, "long cue")]


def test_a_long_number_gives_way_to_the_cue_and_is_not_said_late():
    wants = [wanted(Kind.CUE, 1.0, "long cue"), wanted(Kind.COUNT, 1.0, "seventy-seven")]
    decisions = run(Floor(by_word), wants)

    assert heard(decisions) == [(1.0, "long cue")]
    assert dropped(decisions) == [("seventy-seven", Reason.LATE)]


def test_a_number_does_not_interrupt_a_cue_but_its_sign_is_heard_quietly():
    wants = [
        wanted(Kind.CUE, 0.0, "long cue"),
        sign(Earcon.GOOD, 1.0),
        wanted(Kind.COUNT, 1.0, "short 4"),
    ]
    decisions = run(Floor(by_word), wants)

    assert heard(decisions) == [(0.0, "long cue"), (1.0, "good")]
    assert [each.ducked for each in decisions if isinstance(each, Said)] == [False, True]


def test_words_wait_for_the_sign_they_come_with():
    wants = [sign(Earcon.GOOD, 1.0), wanted(Kind.COUNT, 1.0, "short 4")]

    assert heard(run(Floor(by_word), wants)) == [(1.0, "good"), (1.17, "short 4")]


def test_a_number_does_not_wait_for_its_sign_where_it_would_lose_its_place():
    """As when the network needs a third of a second."""
    floor = Floor(by_word)
    for utterance in (
        sign(Earcon.GOOD, 1.0),
        wanted(Kind.COUNT, 1.0, "short 3"),
        wanted(Kind.CUE, 1.0, "long cue"),
    ):
        floor.want(utterance)
    turns = [(turn / 30, floor.decide(turn / 30)) for turn in range(38, 60)]

    assert heard([each for _, decisions in turns for each in decisions]) == [
        *((1.27, "good"), (1.27, "short 3"), (1.63, "long cue")),
    ]


def test_two_signs_at_once_are_heard_one_after_the_other():
    wants = [sign(Earcon.GOOD, 1.0), sign(Earcon.FINISHED, 1.0)]

    assert heard(run(Floor(by_word), wants)) == [(1.0, "good"), (1.17, "finished")]


def test_a_newer_cue_takes_the_place_of_the_one_being_said():
    wants = [wanted(Kind.CUE, 0.0, "long cue"), wanted(Kind.CUE, 1.0, "another")]

    assert heard(run(Floor(by_word), wants)) == [(0.0, "long cue"), (1.0, "another")]


def test_what_is_over_in_time_is_not_cut_off():
    wants = [wanted(Kind.PRAISE, 0.0, "well done"), wanted(Kind.CUE, 0.6, "long cue")]

    assert heard(run(Floor(by_word), wants)) == [(0.0, "well done"), (1.07, "long cue")]


@pytest.mark.parametrize("kind", SPOKEN)
@pytest.mark.parametrize("under_way", SPOKEN)
def test_only_what_is_more_important_or_renews_itself_cuts_off(kind, under_way):
    said = heard(run(Floor(by_word), [wanted(under_way, 0.0, "long one"), wanted(kind, 1.0, "other")]))
    more = RULES[kind].priority > RULES[under_way].priority
    expected = more or (kind is under_way and RULES[kind].renews)

    assert (len(said) == 2) is expected


def test_of_two_cues_that_wait_only_the_newer_is_said():
    wants = [wanted(Kind.COUNTDOWN, 0.0, "short 1"), *(wanted(Kind.CUE, 0.1, cue) for cue in ("old", "new"))]
    decisions = run(Floor(by_word), wants)

    assert heard(decisions) == [(0.0, "short 1"), (0.37, "new")]
    assert dropped(decisions) == [("old", Reason.SUPERSEDED)]


def test_the_same_cue_is_not_repeated_before_its_time():
    again_s = RULES[Kind.CUE].again_after_s
    wants = [wanted(Kind.CUE, at, "short cue") for at in (0.0, again_s - 1.0, again_s + 1.0)]
    decisions = run(Floor(by_word), wants)

    assert [at for at, _ in heard(decisions)] == [0.0, pytest.approx(again_s + 1.0, abs=0.04)]
    assert dropped(decisions) == [("short cue", Reason.REPEATED)]


def test_how_long_it_lasts_is_asked_again_while_it_is_said():
    """A phrase that was never rendered before turns out to be shorter than it was thought to be."""
    known = {"long one": 3.0}
    floor = Floor(lambda utterance: known.get(utterance.text, 0.3))
    floor.want(wanted(Kind.CUE, 0.0, "long one"))
    floor.decide(0.0)
    known["long one"] = 0.5
    floor.want(wanted(Kind.COUNT, 1.0, "7"))

    assert heard(floor.decide(1.0)) == [(1.0, "7")]


def test_nothing_is_said_when_nobody_has_looked_for_too_long():
    floor = Floor(by_word)
    floor.want(wanted(Kind.CUE, 0.0, "long cue"))

    assert dropped(floor.decide(0.8)) == [("long cue", Reason.LATE)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"earcon": Earcon.GOOD},
        {"kind": Kind.SIGN},
        {"within_s": WITHIN_S + 0.1},
        {"within_s": -0.1},
    ],
)
def test_an_utterance_is_words_or_a_sign_and_has_its_limit(wrong):
    with pytest.raises(ValueError, match="expected"):
        replace(Utterance(Kind.CUE, 0.0, "well"), **wrong)


def test_every_kind_has_a_rule_and_a_priority_of_its_own():
    assert set(RULES) == set(Kind)
    assert len({rule.priority for rule in RULES.values()}) == len(RULES)
    assert all(rule.within_s <= WITHIN_S for rule in RULES.values())


# -- by chance --

WANTS = st.lists(
    st.builds(
        lambda kind, tenths, text: wanted(kind, tenths / 10, text),
        st.sampled_from(SPOKEN),
        st.integers(0, 120),
        st.sampled_from(["short a", "short b", "middling c", "long d", "long e"]),
    )
    | st.builds(
        lambda earcon, tenths: sign(earcon, tenths / 10), st.sampled_from(Earcon), st.integers(0, 120)
    ),
    min_size=1,
    max_size=40,
)
RATES_HZ = st.sampled_from([25.0, 30.0, 60.0])


def spans(words):
    """From when to when each is heard; a later one cuts an earlier one off."""
    for one, next_ in pairwise([*words, None]):
        over_s = one.at_s + by_word(one.utterance)
        yield one.at_s, over_s if next_ is None else min(over_s, next_.at_s)


@settings(max_examples=150, deadline=None)
@given(WANTS, RATES_HZ)
def test_whatever_comes_nothing_is_late_and_one_voice_speaks(wants, rate_hz):
    decisions = run(Floor(by_word), wants, 14.0, 1 / rate_hz)
    said = [each for each in decisions if isinstance(each, Said)]
    words = [each for each in said if each.utterance.text]
    signs = [each for each in said if not each.utterance.text]

    assert len(decisions) == len(wants), "everything is said or dropped, once"
    for each in said:
        assert -1e-9 <= each.late_s <= each.utterance.within_s + 1e-9 <= WITHIN_S + 2e-9
    for one, next_ in pairwise(words):
        over_s = one.at_s + by_word(one.utterance)
        if next_.at_s < over_s:  # cut off: for something that has the right to
            mine, theirs = RULES[next_.utterance.kind], RULES[one.utterance.kind]
            assert mine.priority > theirs.priority or (
                mine.renews and next_.utterance.kind is one.utterance.kind
            )
            assert over_s + BREATH_S > next_.utterance.latest_s - TURN_S, "it could have waited"
        else:
            assert next_.at_s >= over_s + BREATH_S - 1e-9
    for one, next_ in pairwise(signs):
        assert next_.at_s >= one.at_s + by_word(one.utterance) - 1e-9
    for since, until in spans(words):
        assert since < until
        assert all(each.ducked for each in signs if since < each.at_s < until)


@settings(max_examples=150, deadline=None)
@given(WANTS)
def test_nothing_that_could_be_said_is_dropped_for_less(wants):
    """What was too late had somebody before it: as important, or already speaking."""
    decisions = run(Floor(by_word), wants, 14.0)
    words = [each for each in decisions if isinstance(each, Said) and each.utterance.text]
    for each in decisions:
        if not isinstance(each, Dropped) or each.reason is not Reason.LATE or not each.utterance.text:
            continue
        mine = RULES[each.utterance.kind]
        before = [
            one
            for one in words
            if one.at_s <= each.utterance.latest_s
            and one.at_s + by_word(one.utterance) + BREATH_S + TURN_S > each.utterance.cause_s
        ]
        assert any(
            RULES[one.utterance.kind].priority >= mine.priority or one.at_s < each.utterance.cause_s
            for one in before
        ), each


def test_what_was_said_is_forgotten_in_time():
    floor = Floor(by_word)
    for turn in range(500):
        floor.want(wanted(Kind.CUE, float(turn), f"short {turn}"))
        floor.decide(float(turn))

    assert len(floor._said_at) <= speaking_rules.LONGEST_AGAIN_S + 1


@pytest.mark.parametrize(
    ("text", "least_s", "most_s"),
    [("3", 0.25, 0.5), ("27", 0.5, 0.9), ("Bend your left knee 14 degrees more at the bottom.", 2.0, 4.0)],
)
def test_a_length_is_guessed_by_what_there_is_to_say(text, least_s, most_s):
    assert least_s <= usual_length_s(wanted(Kind.CUE, 0.0, text)) <= most_s
