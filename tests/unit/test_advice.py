"""One cue at a time: what is said, for how long, and when it is fixed."""

from __future__ import annotations

import pytest

from posecoach.coach.advice import (
    COOL_DOWN_S,
    FIRST_RUN,
    NEWS_DEG,
    PRAISE_S,
    PRAISED_AGAIN_S,
    READ_S,
    REMEMBERED,
    Advisor,
)
from posecoach.coach.fault import Change, Fault
from posecoach.skeleton import Limb


def fault(degrees, limb=Limb.LEFT_LEG, phase="turn", verb="bend", severity=None):
    where = {"turn": "at the bottom", "out": "on the way out"}[phase]
    text = f"{verb} your {limb.replace('_', ' ')} {degrees} degrees more {where}"
    severity = degrees if severity is None else severity
    return Fault(limb, phase, float(degrees), text, severity, Change(verb))


KNEE = fault(18)
SLIGHT = fault(12.5)
ARM = fault(40, Limb.RIGHT_ARM, verb="raise")


def test_nothing_is_said_at_first():
    assert Advisor().cue(0.0) is None


def test_the_most_severe_fault_is_said_as_a_sentence():
    advisor = Advisor()
    advisor.observe(1.0, [ARM, KNEE])
    cue = advisor.cue(1.0)

    assert cue.text == "Raise your right arm 40 degrees more at the bottom."
    assert (cue.limb, cue.since, cue.praise) == (Limb.RIGHT_ARM, 1.0, False)


def test_nothing_wrong_from_the_start_is_no_reason_for_praise():
    advisor = Advisor()
    advisor.observe(1.0, [])

    assert advisor.cue(1.0) is None


def test_a_cue_stays_until_something_else_is_said():
    advisor = Advisor()
    advisor.observe(1.0, [KNEE])

    assert advisor.cue(60.0).limb is Limb.LEFT_LEG


def test_another_fault_waits_for_the_cool_down():
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.observe(COOL_DOWN_S - 0.1, [ARM, KNEE])
    assert advisor.cue(COOL_DOWN_S).limb is Limb.LEFT_LEG
    advisor.observe(COOL_DOWN_S, [ARM, KNEE])

    assert advisor.cue(COOL_DOWN_S).limb is Limb.RIGHT_ARM


def test_a_cue_that_does_not_hold_any_more_gives_way_when_it_has_been_read():
    """Sooner than one that still holds."""
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.observe(READ_S, [ARM])

    assert READ_S < COOL_DOWN_S
    assert advisor.cue(READ_S).limb is Limb.RIGHT_ARM


def test_praise_gives_way_at_once():
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.observe(3.0, [])
    advisor.observe(3.5, [ARM])

    assert advisor.cue(3.5).limb is Limb.RIGHT_ARM


def test_what_was_said_can_be_taken_back_without_praise():
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.withdraw()
    assert advisor.cue(0.1) is None
    advisor.observe(4.0, [])

    assert advisor.cue(4.0) is None
    assert len(advisor.said) == 1


def test_the_same_fault_is_told_with_its_new_degrees_at_once():
    advisor = Advisor()
    advisor.observe(0.0, [fault(30)])
    advisor.observe(2.0, [fault(15)])

    assert "15 degrees" in advisor.cue(2.0).text
    assert len(advisor.said) == 2


def test_the_same_words_are_not_said_twice():
    advisor = Advisor()
    for at_s in (0.0, 5.0, 10.0):
        advisor.observe(at_s, [KNEE])

    assert [cue.since for cue in advisor.said] == [0.0]


def test_a_fault_that_is_gone_is_praised_and_the_praise_fades():
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.observe(3.0, [])

    assert advisor.cue(3.0).praise
    assert advisor.cue(3.0 + PRAISE_S).praise
    assert advisor.cue(3.0 + PRAISE_S + 0.1) is None


def test_no_praise_while_something_else_is_wrong():
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.observe(COOL_DOWN_S + 1, [ARM])

    assert not advisor.cue(COOL_DOWN_S + 1).praise
    assert advisor.cue(COOL_DOWN_S + 1).limb is Limb.RIGHT_ARM


@pytest.mark.parametrize(
    "other",
    [fault(18, Limb.RIGHT_LEG), fault(18, phase="out"), fault(18, verb="straighten")],
    ids=["limb", "phase", "way"],
)
def test_another_limb_phase_or_way_is_another_fault(other):
    """The cue before is fixed, so the new one has to wait its turn, and then takes it."""
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.observe(1.0, [other])
    assert advisor.cue(1.0).text == advisor.said[0].text
    advisor.observe(COOL_DOWN_S + 1.0, [other])

    assert len(advisor.said) == 2


def test_everything_said_is_kept_in_order():
    advisor = Advisor()
    advisor.observe(0.0, [KNEE])
    advisor.observe(5.0, [])
    advisor.observe(10.0, [ARM])

    assert [cue.since for cue in advisor.said] == [0.0, 5.0, 10.0]


def test_something_slight_is_said_when_it_comes_again():
    """Once may be chance; what kept a repetition from counting is said at once."""
    advisor = Advisor()
    advisor.observe(0.0, [SLIGHT])
    assert advisor.cue(0.0) is None
    advisor.observe(4.0, [])
    advisor.observe(8.0, [SLIGHT])
    assert advisor.cue(8.0).limb is Limb.LEFT_LEG

    advisor = Advisor()
    advisor.observe(0.0, [SLIGHT], at_once=True)
    assert advisor.cue(0.0).limb is Limb.LEFT_LEG


def test_something_slight_that_was_long_ago_is_forgotten():
    advisor = Advisor()
    for at_s, faults in enumerate([[SLIGHT], *[[]] * (REMEMBERED - 1), [SLIGHT]]):
        advisor.observe(float(at_s), faults)

    assert advisor.said == ()


def test_what_cost_most_over_the_last_repetitions_is_said():
    """Not what happens to be worst in the last one."""
    often, now = fault(14), fault(16, Limb.RIGHT_ARM, verb="raise")
    advisor = Advisor()
    advisor.observe(0.0, [fault(10)])
    advisor.observe(4.0, [now, often])

    assert advisor.cue(4.0).limb is Limb.LEFT_LEG


def test_what_is_gone_now_is_not_said_however_much_it_cost():
    advisor = Advisor()
    advisor.observe(0.0, [fault(80), ARM])
    advisor.observe(5.0, [ARM])

    assert advisor.cue(5.0).limb is Limb.RIGHT_ARM


def test_something_hardly_worse_does_not_take_the_place_of_what_is_said():
    advisor = Advisor()
    advisor.observe(0.0, [fault(20)])
    advisor.observe(5.0, [fault(22, Limb.RIGHT_ARM, verb="raise", severity=44.0), fault(20)])
    assert advisor.cue(5.0).limb is Limb.LEFT_LEG
    advisor.observe(10.0, [fault(22, Limb.RIGHT_ARM, verb="raise", severity=44.0), fault(20)])

    assert advisor.cue(10.0).limb is Limb.RIGHT_ARM


def test_a_degree_or_two_are_no_news():
    advisor = Advisor()
    advisor.observe(0.0, [fault(30)])
    advisor.observe(5.0, [fault(30 - NEWS_DEG + 1)])
    assert len(advisor.said) == 1
    advisor.observe(10.0, [fault(30 - NEWS_DEG)])

    assert len(advisor.said) == 2


def test_a_fault_that_comes_and_goes_is_not_praised_every_time():
    advisor = Advisor()
    for at_s in (0.0, 8.0):
        advisor.observe(at_s, [KNEE])
        advisor.observe(at_s + 4.0, [])
    assert [cue.praise for cue in advisor.said] == [False, True, False]
    assert advisor.cue(12.0) is None
    advisor.observe(PRAISED_AGAIN_S, [KNEE])
    advisor.observe(PRAISED_AGAIN_S + 5.0, [])

    assert advisor.cue(PRAISED_AGAIN_S + 5.0).praise


def test_many_good_ones_in_a_row_are_praised_rarely():
    advisor = Advisor()
    for number in range(4 * FIRST_RUN):
        advisor.observe(4.0 * number, [], good=True)

    assert [(cue.since, cue.praise) for cue in advisor.said] == [
        (4.0 * (runs * FIRST_RUN - 1), True) for runs in (1, 2, 4)
    ]


def test_a_run_ends_with_a_fault_however_slight():
    advisor = Advisor()
    for number in range(2 * FIRST_RUN):
        advisor.observe(4.0 * number, [SLIGHT] if number == FIRST_RUN - 1 else [], good=True)

    assert [cue.since for cue in advisor.said] == [4.0 * (2 * FIRST_RUN - 1)]


def test_a_reminder_goes_without_praise():
    advisor = Advisor()
    advisor.remind(1.0, ARM)
    advisor.remind(1.1, ARM)
    assert advisor.cue(1.1).limb is Limb.RIGHT_ARM
    advisor.observe(2.0, [])

    assert advisor.cue(2.0) is None
    assert len(advisor.said) == 1
