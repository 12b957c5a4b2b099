"""Programmes: in a file, in the history, and walked through before the box."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from builders import arm_raise_track, empty_track, hold_track
from guests import RATE_HZ, raises, stands
from guests import Guest as Somebody
from posecoach.adapters.programme_folder import ProgrammeFolder, forget_given
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli import main
from posecoach.cli.keeping import Keeper
from posecoach.coach.adherence import adherence, sets_done, week_of
from posecoach.coach.intent import Wish
from posecoach.coach.look import PLAIN
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import (
    Exercise,
    Programme,
    Side,
    left_to_do,
    planned_routines,
    problems,
)
from posecoach.coach.records import HoldRecord, PlannedSet, RepRecord, SessionRecord, SessionStart
from posecoach.coach.routine import Sides
from posecoach.coach.session import Session
from posecoach.coach.view import Stage, Verdict
from posecoach.errors import InputMissing, ProgrammeError, ShapeError
from posecoach.face.guide import Guide
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.face.walk import OfferedProgramme, Walk
from posecoach.track import PoseTrack

ANNA = NamedPerson("Anna")
PLAN = Programme(
    "knee",
    "After the knee",
    (Exercise("arms", 2, reps=2, rest_s=20.0), Exercise("hold", 1, hold_s=2.0)),
    ("mon", "wed"),
)


@pytest.fixture
def routines(routines):
    return {routine.id: routine for routine in routines}


@pytest.fixture
def store(tmp_path):
    return ProgrammeFolder(tmp_path)


# In a file.


def test_a_programme_is_read_as_it_was_written(store):
    plan = replace(
        PLAN,
        exercises=(*PLAN.exercises, Exercise("tree", 2, side=Side.EACH, rest_s=0.0)),
        note='Slowly, "and" stop',
    )

    path = store.save(plan)

    assert store.load("knee") == plan
    assert store.load(str(path)) == plan
    assert store.ids() == ["knee"]
    assert path.read_text(encoding="utf-8").startswith("# A posecoach programme")


def test_every_mistake_is_told_at_once_with_its_key(tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text(
        'format = "posecoach-programme"\nversion = 2\nnam = "x"\ndays = ["mo"]\n'
        '[[exercises]]\nroutin = "squat"\nsets = 0\nreps = true\nside = "left"\nrest_s = -1\n'
    )

    with pytest.raises(ProgrammeError) as raised:
        ProgrammeFolder(tmp_path).load(str(file))

    said = str(raised.value)
    assert str(file) in said
    for part in (
        "version: this program reads 1, got 2",
        "nam: unknown key; did you mean 'name'?",
        "name: must be words",
        "days: must be a list of mon,",
        "exercises[0].routin: unknown key; did you mean 'routine'?",
        "exercises[0].routine: must be the id",
        "exercises[0].sets: must be a whole number from 1 to 50, got 0",
        "exercises[0].reps: must be a whole number",
        "exercises[0].side: must be one of shown, other, each, free",
        "exercises[0].rest_s: must be a number from 0",
    ):
        assert part in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "exercises = 3",
        "\x00",
        "name = ",
        "exercises = [[1]]",
        "[[exercises]]\n" * 51,
        "sets = 1" * 100_000,
        '[[exercises]]\nroutine = "../../etc"\n',
        "[[exercises]]\nsets = 1e400\n",
        "exercises = " + "[" * 5000,
    ],
    ids=range(10),
)
def test_what_is_no_programme_is_refused(tmp_path, text):
    (tmp_path / "x.toml").write_text(text)

    with pytest.raises(ProgrammeError):
        ProgrammeFolder(tmp_path).load(str(tmp_path / "x.toml"))


def test_one_that_is_not_there_is_said_with_those_there_are(store):
    store.save(PLAN)

    with pytest.raises(InputMissing, match=r"there are: knee; did you mean 'knee'\?"):
        store.load("kne")
    with pytest.raises(InputMissing):
        store.load("../people/anna")


def test_who_was_given_what_is_kept_and_taken_again(store, tmp_path):
    store.save(PLAN)
    since = date(2026, 11, 16)

    assert store.give(ANNA, "knee", since)
    assert not store.give(NamedPerson("ANNA"), "knee", date(2026, 12, 1))
    assert [(each.programme, each.since) for each in store.given_to(ANNA)] == [("knee", since)]
    assert store.remove("knee") == ["anna"]
    assert store.given_to(ANNA) == []

    store.save(PLAN)
    store.give(ANNA, "knee", since)
    assert store.take(ANNA, "knee")
    assert not store.take(ANNA, "knee")
    store.give(ANNA, "knee", since)
    assert forget_given(tmp_path, ANNA)
    assert not forget_given(tmp_path, ANNA)


def test_what_the_routines_here_cannot_be_asked_is_told(routines):
    plan = replace(
        PLAN,
        exercises=(
            Exercise("arms", hold_s=3.0, side=Side.OTHER),
            Exercise("hold", reps=3),
            Exercise("hodl"),
        ),
    )

    assert problems(plan, routines, list(routines)) == [
        "exercises[0].hold_s: Arms is not held; it is of kind reps",
        "exercises[0].side: Arms is done with both sides",
        "exercises[1].reps: Hold is not counted; it is a hold",
        "exercises[2].routine: no routine 'hodl' on this box; did you mean 'hold'?",
    ]


# Its sets.


def test_the_sets_of_a_day_ask_for_what_the_programme_does(routines):
    sets = planned_routines(PLAN, routines)

    assert [each.routine.id for each in sets] == ["arms", "arms", "hold"]
    assert [each.routine.steps[0].reps for each in sets] == [2, 2, None]
    assert sets[2].routine.steps[0].hold_s == 2.0
    assert [each.set_of for each in sets] == [(1, 2), (2, 2), (1, 1)]
    assert [each.planned.number for each in sets] == [0, 1, 2]
    assert {each.planned.of for each in sets} == {3} == {PLAN.set_count}
    assert [(each.planned.asked, each.planned.kind) for each in sets] == [
        (2.0, "reps"), (2.0, "reps"), (2.0, "hold"),
    ]  # fmt: skip


def test_each_side_is_a_set_of_its_own(routines):
    arms = routines["arms"]
    either = replace(arms, steps=(replace(arms.steps[0], sides=Sides.EITHER),))
    plan = Programme("x", "X", (Exercise("arms", 2, side=Side.EACH), Exercise("arms")))

    sets = planned_routines(plan, {"arms": either})

    assert plan.set_count == len(sets) == 5
    first, second = (each.routine.steps[0] for each in sets[:2])
    assert {step.sides for step in (first, second)} == {Sides.BOTH}
    view = next(iter(first.views))
    assert second.views[view].xy == pytest.approx(first.views[view].mirrored().xy)
    assert sets[4].routine.steps[0].sides is Sides.EITHER


def test_what_is_left_of_a_set_is_asked_for(routines):
    first, _, hold = planned_routines(PLAN, routines)

    assert left_to_do(first, 1.0).routine.steps[0].reps == 1
    assert left_to_do(first, 1.0).planned == first.planned
    assert left_to_do(hold, 0.5).routine.steps[0].hold_s == 1.5


def test_a_day_that_is_not_planned_is_none():
    assert PLAN.on(date(2026, 11, 16))  # a Monday
    assert not PLAN.on(date(2026, 11, 17))
    assert replace(PLAN, days=()).on(date(2026, 11, 17))


# Walked through.


class Guest(Somebody):
    """Somebody before a box that offers a programme."""

    def __init__(self, routines, *, keeper=None, straight=True, start_s=100.0):
        sets = planned_routines(PLAN, routines)
        done = partial(keeper.done_today, PLAN.id) if keeper else dict
        self.offered = OfferedProgramme(PLAN, sets, done)
        self.keeper, self.keep = keeper, lambda event: None
        visit = Visit(
            Offer(tuple(routines.values()), programmes=(self.offered,)),
            self._begin,
            Wishes(PLAIN),
            straight=self.offered if straight else None,
        )
        super().__init__(visit, start_s)

    def _begin(self, routine):
        if self.keeper is not None:
            self.keep = self.keeper.session(routine, self.visit.planned)
        return Session(routine)

    def stands(self, seconds):
        return self.plays(stands(seconds))

    def raises(self, reps):
        return self.plays(raises(reps))

    def notices(self):
        for event in self.visit.take_events():
            self.keep(event)
            self.events.append(event)


def begun(routines, **options):
    """Somebody who has come, and stands counted in before the first set."""
    guest = Guest(routines, **options).stands(1.0)
    assert guest.place is Place.PROGRAMME
    return guest.wants(Wish.CHOOSE).stands(6.0)


def test_who_comes_goes_through_all_sets_with_rests_between(routines):
    guest = begun(routines)
    assert guest.visit.session.stage is Stage.ACTIVE

    guest.raises(2).stands(0.5)

    assert guest.place is Place.PROGRAMME
    walk = guest.visit.walk
    assert walk.done == (True, False, False)
    assert walk.rests
    assert walk.lasts_s == 20.0
    guest.stands(17.0)
    assert guest.place is Place.PROGRAMME
    guest.stands(3.0)
    assert guest.place is Place.SESSION
    guest.stands(6.0).raises(2).stands(0.5).wants(Wish.CHOOSE).stands(6.0)
    assert guest.visit.session.view(guest.now).routine_name == "Hold"
    guest.plays(hold_track(rate_hz=RATE_HZ)).stands(0.5)
    assert guest.visit.walk.done == (True, True, True)
    assert guest.place is Place.PROGRAMME
    guest.stands(21.0)
    assert guest.place is Place.CHOOSE


def test_a_rest_lasts_until_somebody_goes_on_who_asked_to_wait(routines):
    guest = begun(routines).raises(2).stands(0.5)

    guest.wants(Wish.PAUSE).stands(40.0)
    assert guest.place is Place.PROGRAMME
    assert guest.wants(Wish.CHOOSE).place is Place.SESSION


def test_who_stops_in_the_middle_is_not_taken_on_and_can_go_on_later(routines):
    guest = begun(routines).raises(1).stands(0.5)

    guest.wants(Wish.BACK)

    assert guest.place is Place.SUMMARY
    assert guest.visit.walk is None


def test_whoever_is_gone_in_a_rest_is_waited_for_and_then_not(routines):
    guest = begun(routines).raises(2).stands(0.5).wants(Wish.PAUSE)

    guest.plays(empty_track(duration_s=15.0, rate_hz=RATE_HZ))
    assert guest.place is Place.PROGRAMME
    guest.plays(empty_track(duration_s=6.0, rate_hz=RATE_HZ))
    assert guest.place is Place.ATTRACT


def test_it_can_be_chosen_from_the_first_tile(routines):
    guest = Guest(routines, straight=False).stands(1.0)
    assert guest.place is Place.CHOOSE
    assert guest.visit.on_offer.tiles[0].title == "After the knee"

    assert guest.wants(Wish.CHOOSE).place is Place.PROGRAMME


def test_what_comes_next_is_said(routines):
    guest, guide = begun(routines), Guide()
    said = []
    for frame in arm_raise_track(reps=2, rate_hz=RATE_HZ).frames:
        guest.plays(PoseTrack((640, 480), [frame]))
        said += [each.utterance.text for each in guide.heed(guest.visit, guest.now)]

    assert len(said) == 1
    assert said[0].endswith("Rest. Next: Arms: 2 repetitions.")
    assert said[0].startswith("9") or said[0].startswith("100")


# Kept, and gone on with.


@pytest.fixture
def history(tmp_path):
    with SqliteHistory(tmp_path / "history.sqlite3") as found:
        yield found


def test_each_set_is_kept_with_its_place_in_the_programme(routines, history):
    begun(routines, keeper=Keeper(history, ANNA)).raises(2).stands(0.5)

    (session,) = history.sessions()
    assert session.start.planned == PlannedSet("knee", "After the knee", 0, 3, 2.0, "reps")
    assert session.start.person == ANNA


def test_after_a_power_cut_what_was_counted_is_not_asked_for_again(routines, history):
    begun(routines, keeper=Keeper(history, ANNA)).raises(1).stands(0.5)  # and the lights go out
    assert history.sessions()[0].summary is None

    walk = Walk(Guest(routines, keeper=Keeper(history, ANNA)).offered)

    assert walk.done == (False, False, False)
    assert walk.next.planned.number == 0
    assert walk.next.routine.steps[0].reps == 1
    guest = begun(routines, keeper=Keeper(history, ANNA), start_s=500.0).raises(1).stands(0.5)
    assert guest.visit.walk.done == (True, False, False)
    assert guest.visit.walk.next.planned.number == 1


def test_the_week_on_the_screen_has_what_was_kept_today(routines, history):
    keeper = Keeper(history, ANNA)
    begun(routines, keeper=keeper).raises(2).stands(0.5)

    week = keeper.week(replace(PLAN, days=()), None)

    assert {day.day: day.done for day in week.days if day.done} == {week.today: 1}
    assert [day.planned for day in week.days] == [3] * 7


def test_another_person_begins_at_the_beginning(routines, history):
    begun(routines, keeper=Keeper(history, ANNA)).raises(2).stands(0.5)

    assert Keeper(history, ANNA).done_today("knee") == {0: 2.0}
    assert Keeper(history, NamedPerson("Bert")).done_today("knee") == {}
    assert Keeper(history, None).done_today("knee") == {}
    assert Keeper(history, ANNA).done_today("shoulder") == {}


# How somebody kept to it.

MONDAY = date(2026, 11, 16)


def session(day, number, parts, *, programme="knee", asked=2.0, kind="reps", of=3):
    at_s = datetime(day.year, day.month, day.day, 12).timestamp()
    planned = PlannedSet(programme, "After the knee", number, of, asked, kind)
    start = SessionStart("arms", "front", at_s, "boot", "1.0", ANNA, "Arms", planned)
    return SessionRecord(1, "uuid", start, None), parts


def good(count, verdict=Verdict.GOOD):
    return tuple(RepRecord(i, float(i), i + 1.0, verdict, 90.0) for i in range(count))


def day_of(unix_s):
    return datetime.fromtimestamp(unix_s).date()


def test_only_good_repetitions_and_whole_sets_count():
    held = HoldRecord(0, 0.0, 3.0, Verdict.GOOD, 90.0, held_s=1.97)

    assert sets_done([session(MONDAY, 0, good(2)), session(MONDAY, 1, good(1))]) == 1
    assert sets_done([session(MONDAY, 0, good(2, Verdict.ATTEMPT))]) == 0
    assert sets_done([session(MONDAY, 0, good(1)), session(MONDAY, 0, good(1))]) == 1
    assert sets_done([session(MONDAY, 2, (held,), kind="hold")]) == 1
    assert sets_done([session(MONDAY, 2, (replace(held, held_s=1.5),), kind="hold")]) == 0
    assert sets_done([session(MONDAY, 2, good(1, Verdict.ATTEMPT), kind="flow", asked=1.0)]) == 1


def test_planned_and_done_by_day_and_by_week():
    done = [
        *(session(MONDAY, number, good(2)) for number in range(3)),
        session(MONDAY + timedelta(days=1), 0, good(2), programme="other"),
        session(MONDAY + timedelta(days=2), 0, good(2)),
        session(MONDAY + timedelta(days=4), 0, good(2)),
    ]

    kept = adherence("knee", done, day_of, MONDAY + timedelta(days=8), plan=PLAN, since=MONDAY)

    days = [(day.planned, day.done) for day in kept.days]
    assert days == [(3, 3), (0, 0), (3, 1), (0, 0), (3, 1), (0, 0), (0, 0), (3, 0), (0, 0)]
    assert [(week.day, week.planned, week.done) for week in kept.weeks] == [
        (MONDAY, 9, 5), (MONDAY + timedelta(days=7), 3, 0),
    ]  # fmt: skip
    assert kept.share == pytest.approx(5 / 12)


def test_without_the_programme_only_the_days_are_known_on_which_something_was_done():
    done = [session(MONDAY, 0, good(2)), session(MONDAY + timedelta(days=2), 0, good(2))]

    kept = adherence("knee", done, day_of, MONDAY + timedelta(days=3))

    assert [(day.planned, day.done) for day in kept.days] == [(3, 1), (0, 0), (3, 1), (0, 0)]
    assert kept.name == "After the knee"
    assert adherence("other", done, day_of, MONDAY) is None


def test_the_week_has_seven_days_and_plans_none_before_it_was_given():
    week = week_of({MONDAY: 2}, MONDAY + timedelta(days=2), PLAN, since=MONDAY + timedelta(days=1))

    assert [day.planned for day in week.days] == [0, 0, 3, 0, 0, 0, 0]
    assert [day.done for day in week.days] == [2, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("number", "of", "asked"), [(3, 3, 1.0), (-1, 3, 1.0), (0, 3, 0.0), (0, 3, math.nan)]
)
def test_a_set_that_makes_no_sense_is_refused(number, of, asked):
    with pytest.raises(ShapeError):
        PlannedSet("knee", "Knee", number, of, asked)


# By its command line.


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    return tmp_path


def told(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_make_assign_show_and_remove(home, capsys):
    made = told(
        capsys, "programme", "make", "knee", "squat:3x10", "tree:2x20s@each", "--days", "Monday,wed",
        "--rest", "45",
    )  # fmt: skip
    assert (home / "programmes" / "knee.toml").is_file()
    assert (made["sets"], made["days"], made["name"]) == (7, ["mon", "wed"], "Knee")
    assert made["exercises"][1] == {
        "routine": "tree", "sets": 2, "reps": None, "hold_s": 20.0, "rest_s": 45.0, "side": "each",
    }  # fmt: skip
    assert told(capsys, "programme", "check")[0]["ok"]
    assert told(capsys, "programme", "assign", "knee", "--person", "Anna")["changed"]
    shown = told(capsys, "programme", "show", "knee", "--person", "anna")
    assert shown["adherence"]["programme"] == "knee"
    assert [each["id"] for each in told(capsys, "programme", "list", "--person", "Anna")] == ["knee"]
    assert told(capsys, "programme", "remove", "knee")["taken_from"] == ["anna"]
    assert told(capsys, "programme", "list") == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("make", "knee", "squad:3x10"), 65, "did you mean 'squat'?"),
        (("make", "Knee!", "squat"), 65, "cannot name a programme"),
        (("make", "knee", "tree:2x5"), 65, "exercises[0].reps"),
        (("show", "none"), 66, "no programme 'none'"),
        (("assign", "none", "--person", "Anna"), 66, "no programme 'none'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(home, capsys, arguments, code, said):
    assert main(["programme", *arguments]) == code
    assert said in capsys.readouterr().err


def test_one_is_not_overwritten_unless_that_is_meant(home, capsys):
    assert main(["programme", "make", "knee", "squat"]) == 0
    assert main(["programme", "make", "knee", "tree"]) == 65
    assert "--force" in capsys.readouterr().err
    assert main(["programme", "make", "knee", "tree", "--force"]) == 0
    capsys.readouterr()
    assert told(capsys, "programme", "show", "knee")["exercises"][0]["routine"] == "tree"


def test_the_history_tells_and_takes_the_programme_to_another_box(home, capsys, tmp_path):
    planned = PlannedSet("knee", "After the knee", 1, 3, 2.0, "reps")
    with SqliteHistory(home / "history.sqlite3") as history:
        number = history.begin(
            SessionStart("arms", "front", 1_790_000_000.0, "boot", "1.0", ANNA, "Arms", planned)
        )
        for rep in good(2):
            history.add_rep(number, rep)

    assert told(capsys, "history", "list")[0]["planned"]["number"] == 1
    assert main(["history", "show", str(number)]) == 0
    assert "programme knee, set 2 of 3" in capsys.readouterr().out
    assert main(["history", "export"]) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    row = dict(zip(head.split(","), first.split(","), strict=False))
    assert head.endswith("programme,programme_set,programme_sets")
    assert first.endswith("knee,2,3")
    assert row["routine"] == "arms"
    export = tmp_path / "all.json"
    assert main(["history", "export", "--json", "-o", str(export)]) == 0
    with SqliteHistory(tmp_path / "other.sqlite3"):
        pass
    assert main(["history", "import", str(export), "--database", str(tmp_path / "other.sqlite3")]) == 0
    with SqliteHistory(tmp_path / "other.sqlite3") as other:
        assert other.sessions()[0].start.planned == planned


def test_the_report_says_how_somebody_kept_to_it(home, capsys):
    main(["programme", "make", "knee", "shoulder_abduction:2x2"])
    main(["programme", "assign", "knee", "--person", "Anna"])
    with SqliteHistory(home / "history.sqlite3") as history:
        planned = PlannedSet("knee", "Knee", 0, 2, 2.0, "reps")
        now_s = datetime.now().timestamp()
        number = history.begin(
            SessionStart("shoulder_abduction", "front", now_s, "boot", "1.0", ANNA, "Arms", planned)
        )
        for rep in good(2):
            history.add_rep(number, rep)
    capsys.readouterr()

    (kept,) = told(capsys, "history", "report", "--person", "Anna")["programmes"]

    assert kept["programme"] == "knee"
    assert [(day["planned"], day["done"]) for day in kept["days"]] == [(2, 1)]
    assert kept["share"] == 0.5
    assert main(["programme", "show", "knee", "--person", "Anna"]) == 0
    assert "Anna: 50% of what was planned" in capsys.readouterr().out


def test_deleting_a_person_takes_what_they_were_given(home, capsys):
    main(["programme", "make", "knee", "squat"])
    main(["programme", "assign", "knee", "--person", "Anna"])
    capsys.readouterr()

    assert told(capsys, "history", "delete", "--person", "Anna")["deleted_programmes"]
    assert told(capsys, "programme", "list", "--person", "Anna") == []


def test_a_programme_needs_somebody_before_a_camera(home, capsys):
    main(["programme", "make", "knee", "squat"])

    assert main(["run", "--programme", "knee", "--camera", "synthetic:squat"]) == 65
    assert "needs a live camera" in capsys.readouterr().err
