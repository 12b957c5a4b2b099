"""A session that is heard: what was said when, against what the session has stored."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

import screen_views as views
from builders import (
    arm_raise_track,
    empty_track,
    flow_track,
    hold_track,
    joined,
    learned,
    routine_of,
    still_track,
)
from posecoach.adapters.silent_voice import SilentVoice
from posecoach.adapters.written_voice import WrittenVoice
from posecoach.cli.aloud import Aloud, SoundOptions
from posecoach.coach.bounds import bounds
from posecoach.coach.compose import compose
from posecoach.coach.events import PartFinished
from posecoach.coach.heard_moves import Counter
from posecoach.coach.heard_stages import PROMPTED_AGAIN_S, SETTLED_S, Lasting
from posecoach.coach.palette import NIGHT
from posecoach.coach.phrase import Phrase
from posecoach.coach.report import report
from posecoach.coach.sayings import likely, sentence, summed_up
from posecoach.coach.scene import Panel
from posecoach.coach.session import Session
from posecoach.coach.speaker import CALM_FLASHES_APART_S, FLASH_S, FLASHES_APART_S, Flasher, Speaker
from posecoach.coach.utterance import WITHIN_S, Earcon, Kind, Said, Utterance, usual_length_s
from posecoach.coach.view import CueView, Flash, Stage, StepKind, TroubleView, Verdict
from posecoach.coach.words import ENGLISH, Words
from posecoach.errors import OutputError

WAIT_S = 4.2
RATE_HZ = 15.0


def asking(routine, **what):
    return routine_of(*(replace(step, **what) for step in routine.steps))


@pytest.fixture(scope="module")
def arms():
    return asking(learned(arm_raise_track()), reps=4)


@pytest.fixture(scope="module")
def low_arms():
    """Three good ones, and a shallow one among them."""
    return joined(
        still_track(duration_s=WAIT_S, rate_hz=RATE_HZ),
        arm_raise_track(reps=1, rate_hz=RATE_HZ),
        arm_raise_track(reps=1, top_deg=110.0, rate_hz=RATE_HZ),
        arm_raise_track(reps=2, rate_hz=RATE_HZ),
        still_track(duration_s=1.0, rate_hz=RATE_HZ),
    )


def told(routine, track, folder, *, mode="on", finish=True):
    """The cue sheet of a session as JSON, its log, and its views."""
    path = folder / "sheet.jsonl"
    session, seen = Session(routine), []
    with WrittenVoice(path) as sheet:
        telling = Aloud((), options=SoundOptions(mode=mode), sheet=sheet).session(routine)

        def heed(now):
            for event in session.take_events():
                telling.note(event)
            seen.append(session.view(now))
            telling.heed(seen[-1])

        for frame in track.frames:
            session.advance(frame.at_s, [frame.pose] if frame.pose else [])
            heed(frame.at_s)
        over_s = track.frames[-1].at_s
        performance = session.finish(over_s) if finish else session.performance
        for turn in range(20):
            heed(over_s + turn / 30)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0] == {"session": routine.name, "from_t": 0.0}
    return lines[1:], performance, seen


def of_kind(sheet, kind, what=("say",)):
    return [line for line in sheet if line["kind"] == kind and line["what"] in what]


def words(sheet, kind, what=("say",)):
    return [line["text"] for line in of_kind(sheet, kind, what)]


def signs(sheet):
    return [line["sign"] for line in of_kind(sheet, "sign")]


@pytest.fixture(scope="module")
def heard(arms, low_arms, tmp_path_factory):
    return told(arms, low_arms, tmp_path_factory.mktemp("sheet"))


def test_the_sheet_agrees_with_the_log_of_the_session(heard):
    sheet, performance, _ = heard
    log = report(performance)
    assert [rep["verdict"] for rep in log["reps"]] == ["good", "attempt", "good", "good"]

    assert signs(sheet) == ["ready", "start", "good", "attempt", "good", "good", "finished"]
    ends = [rep["end_s"] for rep in log["reps"]]
    assert [line["cause_t"] for line in of_kind(sheet, "sign")][2:6] == pytest.approx(ends, abs=0.002)
    counts = of_kind(sheet, "count", ("say", "drop"))
    assert [line["text"] for line in counts] == ["1", "2", "3", "4"]
    assert [line["cause_t"] for line in counts] == pytest.approx(ends, abs=0.002)
    assert len(of_kind(sheet, "count")) == 4, "a repetition takes three seconds: there is time for its number"
    said = [line for line in sheet if line["kind"] in ("cue", "praise")]
    assert [(line["text"], line["cause_t"]) for line in said] == [
        (cue["text"], pytest.approx(cue["t"], abs=0.002)) for cue in log["cues"]
    ]
    assert [line["kind"] for line in said] == ["cue", "praise"]
    assert words(sheet, "summary") == [
        f"That was it. {log['score']:.0f} of 100. 3 of 4 good. {words(sheet, 'summary')[0].split('. ', 3)[3]}"
    ]
    assert log["cues"][0]["text"].rstrip(".") in words(sheet, "summary")[0]


def test_nothing_is_said_later_than_its_limit_and_never_two_at_once(heard):
    sheet, _, _ = heard
    said = [line for line in sheet if line["what"] == "say"]

    assert len(said) >= 17
    assert all(0.0 <= line["late_s"] <= WITHIN_S for line in said)
    assert [line["t"] for line in sheet] == sorted(line["t"] for line in sheet)
    spoken = [line for line in said if line["kind"] != "sign"]
    for line, next_ in pairwise(spoken):
        length_s = usual_length_s(Utterance(Kind(line["kind"]), 0.0, line["text"]))
        assert next_["t"] >= line["t"] + length_s or next_["kind"] in ("summary", "countdown", "cue")


def test_somebody_is_told_what_comes_and_is_counted_in(heard):
    sheet, _, seen = heard
    start_s = next(view.stage_since for view in seen if view.stage is Stage.ACTIVE)

    assert words(sheet, "step") == ["A routine: 4 repetitions."]
    numbers = of_kind(sheet, "countdown", ("say", "drop"))
    assert [line["text"] for line in numbers] == ["3", "2", "1"]
    assert words(sheet, "countdown") == ["2", "1"], "what is to be done is not cut off"
    for line, left_s in zip(numbers, (3, 2, 1), strict=True):
        assert line["cause_t"] == pytest.approx(start_s - left_s, abs=0.07)


def test_numbers_of_quick_repetitions_are_said_only_where_there_is_time(tmp_path):
    quick = learned(arm_raise_track(rep_s=0.7, rest_s=0.1, rate_hz=30.0))
    track = joined(
        still_track(duration_s=WAIT_S),
        arm_raise_track(reps=17, rep_s=0.7, rest_s=0.1, rate_hz=30.0),
        still_track(duration_s=1.0),
    )
    sheet, performance, _ = told(asking(quick, reps=17), track, tmp_path)
    judged = sum(part.score is not None for part in performance.parts)

    assert judged >= 16
    wanted = words(sheet, "count", ("say", "drop"))
    assert wanted[:9] == [str(n) for n in range(1, 10)]
    # 11 and 12 are short; of the others there is time for every fifth, and the last is worth it.
    assert wanted[9:] == ["10", "11", "12", "15", "17"]
    unsaid = set(wanted) - set(words(sheet, "count"))
    assert "6" in unsaid, "while five good ones in a row were praised"
    assert len(unsaid) <= 3, "with what comes in the middle of another number, and of the end"


def test_what_could_not_be_judged_has_a_sign_and_no_number(arms, heard):
    part = heard[1].parts[0]
    done = [
        part,
        replace(part, verdict=Verdict.NOT_JUDGED, score=None, end_s=part.end_s + 4.0),
        replace(part, end_s=part.end_s + 8.0),
    ]
    counter = Counter(arms)
    told = [each.text or each.earcon.value for one in done for each in counter.hear(PartFinished(0, one))]

    assert told == ["good", "1", "unjudged", "good", "2"]


def test_a_hold_is_heard_to_start_to_stop_and_to_run_out(tmp_path):
    hold = asking(learned(hold_track(), kind=StepKind.HOLD), hold_s=14.0)
    track = joined(
        still_track(duration_s=WAIT_S, rate_hz=RATE_HZ),
        hold_track(hold_s=2.5, rate_hz=RATE_HZ),
        still_track(duration_s=1.0, rate_hz=RATE_HZ),
        hold_track(hold_s=15.0, rate_hz=RATE_HZ),
    )
    sheet, performance, seen = told(hold, track, tmp_path)

    assert [part.verdict for part in performance.parts] == ["attempt", "good"]
    assert signs(sheet)[2:] == ["hold_started", "hold_left", "hold_started", "good", "finished"]
    # The clock stops, and no second of it is lost, some moments after somebody has left the pose.
    left = next(line for line in sheet if line.get("sign") == "hold_left")
    stopped_s = next(view.now for before, view in pairwise(seen) if before.hold_s and view.hold_s == 0.0)
    assert left["t"] == pytest.approx(stopped_s, abs=0.01)
    assert words(sheet, "count") == ["10", "3", "2", "1"], "ten seconds, then down to the end"


def test_a_flow_ends_with_a_sign_and_no_number(tmp_path):
    flow = learned(flow_track(flow_s=8.0), kind=StepKind.FLOW)
    sheet, _, _ = told(flow, joined(still_track(duration_s=WAIT_S), flow_track(flow_s=8.0)), tmp_path)

    assert signs(sheet) == ["ready", "start", "good", "finished"]
    assert words(sheet, "count", ("say", "drop")) == []
    assert words(sheet, "step") == ["A routine: Once through."]


def test_the_next_step_is_announced_and_its_count_begins_anew(arms, tmp_path):
    two = routine_of(replace(arms.steps[0], reps=1), replace(arms.steps[0], reps=2))
    track = joined(
        still_track(duration_s=WAIT_S, rate_hz=RATE_HZ),
        arm_raise_track(reps=3, rate_hz=RATE_HZ),
        still_track(duration_s=1.0, rate_hz=RATE_HZ),
    )
    sheet, _, _ = told(two, track, tmp_path)

    assert words(sheet, "step") == ["A routine: 1 repetitions.", "Next: 2 repetitions."]
    assert words(sheet, "count", ("say", "drop")) == ["1", "1", "2"]


def test_an_empty_room_is_not_talked_to(arms, tmp_path):
    sheet, _, _ = told(arms, empty_track(duration_s=20.0), tmp_path)

    assert sheet == []


def test_somebody_who_cannot_see_is_told_more(arms, low_arms, tmp_path):
    unseen = replace(arms, instructions=("Raise both arms", "Lower them slowly."))
    track = joined(empty_track(duration_s=3.0), low_arms)
    sheet, _, _ = told(unseen, track, tmp_path, mode="only")

    assert words(sheet, "prompt")[0] == "Step into view."
    assert words(sheet, "instruction", ("say", "drop")) == ["Raise both arms. Lower them slowly."]


def said_of(speaker, *seen):
    return [
        (said.utterance.kind, said.utterance.text)
        for view in seen
        for said in speaker.heed(view)
        if said.utterance.text
    ]


def moments(view, *, since, for_s, **changes):
    return [replace(view, now=since + turn / 30, **changes) for turn in range(round(for_s * 30))]


def test_what_is_asked_for_is_said_once_it_has_stayed_and_again_much_later(arms):
    view = views.view(Stage.PLACING, prompt="Take a step back")
    speaker = Speaker(arms)
    heard = [
        (said.utterance.text, round(said.at_s - 20.0, 1))
        for view in moments(view, since=20.0, for_s=30.0)
        for said in speaker.heed(view)
        if said.utterance.kind is Kind.PROMPT
    ]

    assert heard == [("Take a step back.", pytest.approx(SETTLED_S, abs=0.1))] + [
        ("Take a step back.", pytest.approx(SETTLED_S + after, abs=0.2))
        for after in (PROMPTED_AGAIN_S, 3 * PROMPTED_AGAIN_S)
    ]


def test_what_flickers_is_not_said(arms):
    view, speaker = views.view(Stage.PLACING), Speaker(arms)
    flickers = [
        replace(view, now=20.0 + turn / 30, prompt="Stand still" if turn // 6 % 2 else "Step back")
        for turn in range(120)
    ]

    assert [kind for kind, _ in said_of(speaker, *flickers)] == []


def test_somebody_who_is_lost_while_they_exercise_is_asked_back(arms):
    speaker = Speaker(arms)
    lost = moments(views.view(cue=None), since=20.0, for_s=3.0, person=None)

    assert said_of(speaker, *lost) == [(Kind.PROMPT, "Step into view.")]


@pytest.mark.parametrize(
    ("unseen", "expected"), [(False, []), (True, [(Kind.TROUBLE, "The camera stopped.")])]
)
def test_troubles_are_said_to_those_who_cannot_read_them(arms, unseen, expected):
    speaker = Speaker(arms, unseen=unseen)
    troubled = moments(
        views.view(cue=None), since=20.0, for_s=2.0, troubles=(TroubleView("C1", "The camera stopped"),)
    )

    assert said_of(speaker, *troubled) == expected


def test_a_cue_is_said_once_for_as_long_as_it_stays(arms):
    cue = CueView("Reach higher: 20 degrees at the top.", None, since=20.0)
    shown = moments(views.view(cue=cue), since=20.0, for_s=8.0)

    assert said_of(Speaker(arms), *shown) == [(Kind.CUE, cue.text)]


def test_a_cue_that_comes_to_light_too_late_is_not_said(arms):
    """As when the side somebody does was decided after a repetition: it stands on the screen all the same."""
    cue = CueView("Reach higher.", None, since=18.0)

    assert said_of(Speaker(arms), *moments(views.view(cue=cue), since=20.0, for_s=2.0)) == []


def test_time_goes_on_while_nobody_can_look(arms):
    speaker, cue = Speaker(arms), CueView("Reach higher.", None, since=20.0)

    assert speaker.heed(replace(views.view(cue=cue), now=20.0), now=21.0) == []
    assert [each.utterance.text for each in speaker.dropped] == ["Reach higher."]


def test_what_lasts_is_told_when_it_has_lasted():
    lasting = Lasting(0.5)

    assert [lasting.due(now, "on") for now in (1.0, 1.4, 1.6, 9.0)] == [None, None, 1.5, None]
    assert lasting.due(10.0, "") is None
    assert [lasting.due(now, "on") for now in (11.0, 11.5)] == [None, 11.5]


def test_what_will_be_said_for_certain_is_known_before(arms):
    two = routine_of(arms.steps[0], replace(arms.steps[0], reps=12))
    assert likely(two, ENGLISH) == [
        *(str(n) for n in range(1, 13)),
        "A routine: 4 repetitions.",
        "That's it. Keep going like this.",
        "Step into view.",
        "Next: 12 repetitions.",
    ]


@pytest.mark.parametrize(("text", "expected"), [("go on", "Go on."), ("Well done!", "Well done!"), ("", "")])
def test_a_sentence_ends(text, expected):
    assert sentence(text) == expected


def test_everything_is_said_in_the_language_of_the_screen(arms, heard):
    german = Words(
        language="de",
        catalogue={
            "A routine": "Eine Übung",
            "reach {how} degrees higher": "{how} Grad höher",
            "Step back": "Geh zurück",
            "That was too far": "Das war zu weit",
        },
        reps_to_do="{n} Wiederholungen",
        next_time="Nächstes Mal",
        say_next_time="Nächstes Mal: {advice}.",
    )
    cue = CueView(Phrase("reach {how} degrees higher", how="20").as_beginning(), None, since=20.0)
    speaker = Speaker(arms, words=german)
    placing = moments(views.view(Stage.PLACING, prompt="Step back", stage_since=10.0), since=10.0, for_s=5.0)

    assert said_of(speaker, *placing, *moments(views.view(cue=cue), since=20.0, for_s=0.5)) == [
        (Kind.STEP, "Eine Übung: 4 Wiederholungen."),
        (Kind.CUE, "20 Grad höher"),
    ]
    summary = replace(views.SUMMARY, advice="That was too far")
    assert "Nächstes Mal: Das war zu weit." in summed_up(heard[1], summary, german)


class Failing(SilentVoice):
    def say(self, said):
        raise OutputError("the disk is full")


def test_a_voice_that_fails_is_no_reason_to_stop_and_is_told_once(arms, caplog):
    telling = Aloud((Failing(),)).session(arms)
    for view in moments(views.view(Stage.COUNTDOWN, stage_since=18.0), since=18.0, for_s=3.0):
        telling.heed(replace(view, countdown_s=21.0 - view.now))

    assert [record.getMessage() for record in caplog.records] == ["voice: the disk is full"]


def test_a_sheet_begins_when_the_session_does_on_the_clock_of_whoever_looks(arms, tmp_path):
    """Before its first frame a live session does not know what time it is."""
    with WrittenVoice(tmp_path / "sheet.jsonl") as sheet:
        telling = Aloud((), sheet=sheet).session(arms)
        telling.heed(replace(views.view(Stage.IDLE), now=0.5), 5000.0)
        telling.heed(
            replace(views.view(Stage.COUNTDOWN, countdown_s=3.0), now=5004.0, stage_since=5004.0), 5004.0
        )
    lines = [json.loads(line) for line in (tmp_path / "sheet.jsonl").read_text().splitlines()]

    assert lines[0] == {"session": arms.name, "from_t": 5000.0}
    assert {(line["t"], line["late_s"]) for line in lines[1:]} == {(4.0, 0.0)}


# -- what is seen of what is heard --


def flashes(signs_at_s, *, calm=False, until_s=20.0):
    """From when to when the rim is lit."""
    flasher, lit = Flasher(calm=calm), []
    waiting = sorted(signs_at_s)
    for turn in range(round(until_s * 60)):
        now = turn / 60
        while waiting and waiting[0] <= now:
            at_s = waiting.pop(0)
            flasher.heard(Said(Utterance(Kind.SIGN, at_s, earcon=Earcon.GOOD), at_s))
        if flasher.flash(now) is None:
            continue
        if lit and now - lit[-1][1] < 0.02:
            lit[-1][1] = now
        else:
            lit.append([now, now])
    return lit


@pytest.mark.parametrize(("calm", "apart_s"), [(False, FLASHES_APART_S), (True, CALM_FLASHES_APART_S)])
def test_the_screen_never_flashes_more_often_than_is_safe(calm, apart_s):
    lit = flashes([0.15 * number for number in range(100)], calm=calm)

    assert len(lit) > 5
    assert min(b[0] - a[0] for a, b in pairwise(lit)) >= apart_s - 0.02 > 1 / 3
    assert (lit[0][1] - lit[0][0] > 3 * FLASH_S) is calm


def test_words_do_not_flash():
    flasher = Flasher()
    flasher.heard(Said(Utterance(Kind.CUE, 1.0, "Reach higher."), 1.0))

    assert flasher.flash(1.0) is None


def test_a_flash_is_the_rim_of_the_screen_and_tells_by_its_shape():
    view = views.view()
    lit = {flash: compose(replace(view, flash=flash), (1280, 720)) for flash in Flash}
    plain = compose(view, (1280, 720))

    for flash, sides in ((Flash.WELL, 4), (Flash.NOT_YET, 2)):
        rim = lit[flash].items[len(plain.items) :]
        assert [type(item) for item in rim] == [Panel] * sides
        assert lit[flash].items[: len(plain.items)] == plain.items or len(rim) == sides
        area = sum(bounds(item, 16 / 9).w * bounds(item, 16 / 9).h for item in rim)
        assert area < 0.25 * 16 / 9
        assert {item.ink for item in rim} <= set(NIGHT)
