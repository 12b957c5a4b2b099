"""Routines as folders that people may edit: round trip, and what is said of a slip of the pen."""

import os
import re
import shutil
import warnings

import pytest

from builders import arm_raise_track, flow_track, hold_track, performance, routine_of, score_of, squat_track
from posecoach.adapters._exchange import exchanged
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.learn import Learned, learn
from posecoach.coach.routine import Sides, View
from posecoach.coach.view import StepKind
from posecoach.errors import InputMissing, OutputError, RoutineError
from posecoach.skeleton import Limb


@pytest.fixture(scope="module")
def arms():
    return learn([arm_raise_track()], StepKind.REPS)


@pytest.fixture
def store(tmp_path):
    return RoutineFolders(tmp_path / "routines", read_track=read_track, write_track=write_track)


@pytest.fixture
def stored(store, arms):
    """A stored routine, and a way to edit its text."""
    folder = store.save("arms", "Arm raise", arms)

    def edit(old, new):
        file = folder / "routine.toml"
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= 1, text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return store

    edit.folder = folder
    return edit


def refused(store, routine="arms"):
    with pytest.raises(RoutineError) as error:
        store.load(routine)
    message = str(error.value)
    assert "routine.toml" in message or "no routine" in message
    assert "\n" not in message
    return message


# -- round trip --


@pytest.mark.parametrize(
    ("kind", "track"),
    [
        (StepKind.REPS, arm_raise_track(noise_px=1.0)),
        (StepKind.REPS, squat_track(noise_px=1.0)),
        (StepKind.HOLD, hold_track(noise_px=1.0)),
        (StepKind.FLOW, flow_track(noise_px=1.0)),
    ],
    ids=["arms", "squat", "hold", "flow"],
)
def test_stored_and_loaded_it_scores_the_same(store, kind, track):
    learned = learn([track], kind)
    store.save("some", "Something", learned)
    loaded = store.load("some")
    (step,) = loaded.steps

    assert loaded.name == "Something"
    assert loaded.id == "some"
    assert loaded.notes == learned.notes
    assert (step.tempo, step.origin) == (learned.step.tempo, learned.step.origin)
    assert (step.kind, step.reps, step.hold_s, step.limbs) == (
        learned.step.kind, learned.step.reps, learned.step.hold_s, learned.step.limbs,
    )  # fmt: skip
    for performed in (track, arm_raise_track(top_deg=120.0), squat_track(depth=0.6)):
        assert score_of(performed, loaded) == pytest.approx(
            score_of(performed, routine_of(learned.step)), abs=0.05
        )


def test_saved_twice_the_text_is_the_same(store, arms):
    one = (store.save("a", "Arms", arms) / "routine.toml").read_bytes()
    other = (store.save("b", "Arms", arms) / "routine.toml").read_bytes()

    assert one == other


@pytest.mark.parametrize("name", ['Say "ah"', "Üben — ganz ruhig", "日本 🏋", "back\\slash", "a = [1]"])
def test_any_name_that_can_be_read_is_kept(store, arms, name):
    store.save("x", name, arms)

    assert store.load("x").name == name


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "tab\there", "\x7f", "\udcff", "\x00", "x" * 101])
def test_a_name_that_cannot_be_read_is_refused_before_anything_is_written(store, arms, name, tmp_path):
    with pytest.raises(RoutineError, match="name"):
        store.save("x", name, arms)
    assert not (tmp_path / "routines").exists()


def test_a_folder_that_was_carried_elsewhere_is_loaded_by_its_path(stored, tmp_path, store):
    shutil.copytree(stored.folder, tmp_path / "elsewhere")

    assert store.load(str(tmp_path / "elsewhere")).id == "elsewhere"


def test_a_folder_that_belongs_to_somebody_else_is_named(store, arms, tmp_path):
    store.save("arms", "Arms", arms)
    tmp_path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # root may look everywhere
    try:
        with pytest.raises(InputMissing, match="cannot be read: Permission denied; give it to"):
            store.own_ids()
    finally:
        if root:
            os.seteuid(0)
        tmp_path.chmod(0o700)


def test_the_routines_there_are_are_listed(store, arms):
    assert store.ids() == []
    for name in ("squat", "arms", "z.1"):
        store.save(name, "x", arms)
    (store.path("arms").parent / "Not one").mkdir()
    (store.path("arms").parent / "notes.txt").write_text("")

    assert store.ids() == ["arms", "squat", "z.1"]


# -- what a person may add --

TOLD = """summary = "Both arms up."
instructions = ["Face the camera.", "Raise both arms."]
notes"""
HOW = """reps = 10
seated = true
sides = "either"
best_views = ["front"]
without = ["left_knee", "head"]
[steps.cues]
raise_arm = "reach higher"
"""


@pytest.fixture
def told(stored):
    """The stored routine with all that may be left out."""
    stored("notes", TOLD)
    stored("reps = 10  # how many, or how long, are asked for\n", HOW)
    return stored


def test_a_routine_says_what_it_is_and_how_it_is_done(told, store):
    loaded = store.load("arms")
    (step,) = loaded.steps

    assert (loaded.summary, loaded.instructions) == (
        "Both arms up.",
        ("Face the camera.", "Raise both arms."),
    )
    assert (step.seated, step.sides, step.best_views) == (True, Sides.EITHER, (View.FRONT,))
    assert step.cues == {"raise_arm": "reach higher"}
    assert step.without == ("left_knee", "head")


def test_without_all_that_it_is_as_it_was(stored, store):
    loaded = store.load("arms")
    (step,) = loaded.steps

    assert (loaded.summary, loaded.instructions) == ("", ())
    assert (step.cues, step.seated, step.sides, step.best_views) == ({}, False, Sides.BOTH, ())


def test_what_was_added_is_stored_again(told, store, arms):
    loaded = store.load("arms")
    again = Learned(loaded.steps[0], arms.tracks, 1, loaded.notes)
    store.save("again", loaded.name, again, summary=loaded.summary, instructions=loaded.instructions)
    (step,), (before,) = store.load("again").steps, loaded.steps

    assert (store.load("again").summary, store.load("again").instructions) == (
        loaded.summary, loaded.instructions,
    )  # fmt: skip
    assert (step.cues, step.seated, step.sides, step.best_views, step.without) == (
        before.cues, before.seated, before.sides, before.best_views, before.without,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("summary", "sumary", "sumary: unknown key; did you mean 'summary'?"),
        ('"Both arms up."', "5", "summary: must be words on one line"),
        ('"Both arms up."', '"a\\nb"', "summary: must be words on one line"),
        ('"Both arms up."', '"  "', "summary: must be words on one line"),
        ('"Face the camera."', "7", "instructions[0]: must be words on one line"),
        (
            '"Face the camera."',
            '"' + "x" * 201 + '"',
            "instructions[0]: must be words on one line, 200 letters",
        ),
        ('"Face the camera."', '"x",' * 12 + '"x"', "instructions: at most 12 sentences, got 14"),
        ("instructions = [", "instructions = 3 # [", "instructions: must be a list, got int"),
        ("seated = true", "seated = 1", "steps[0].seated: must be a bool, got int"),
        ("seated", "sitted", "steps[0].sitted: unknown key; did you mean 'seated'?"),
        ('"either"', '"other"', "steps[0].sides: unknown 'other'; known: both, either"),
        ('["front"]', '["fornt"]', "steps[0].best_views: unknown 'fornt'; known: front, left, right"),
        ('["front"]', '["left"]', "steps[0]: best_views names left, of which there is no track"),
        ('["front"]', '"front"', "steps[0].best_views: must be a list, got str"),
        ("raise_arm", "raise_arms", "steps[0]: cues.raise_arms: no correction is called so; did you mean"),
        ('"reach higher"', '""', "steps[0].cues.raise_arm: must be words on one line"),
        ('"reach higher"', '"' + "x" * 61 + '"', "steps[0].cues.raise_arm: must be words on one line, 60"),
        ("[steps.cues]", "[steps.clues]", "steps[0].clues: unknown key; did you mean 'cues'?"),
    ],
)
def test_a_slip_in_what_was_added_is_named_with_its_key(told, old, new, words):
    assert words in refused(told(old, new))


# -- the routines that ship --


@pytest.fixture
def both(store, arms, tmp_path):
    """A store with routines of one's own before those that ship."""
    shipped = RoutineFolders(tmp_path / "shipped", read_track=read_track, write_track=write_track)
    shipped.save("arms", "Shipped arms", arms)
    shipped.save("squat", "Shipped squat", arms)
    store.save("arms", "Own arms", arms)
    store.save("mine", "Mine", arms)
    return RoutineFolders(
        tmp_path / "routines", read_track=read_track, write_track=write_track, shipped=tmp_path / "shipped"
    )


def test_what_ships_is_found_behind_ones_own(both):
    assert both.ids() == ["arms", "mine", "squat"]
    assert both.own_ids() == ["arms", "mine"]
    assert both.load("squat").name == "Shipped squat"
    assert both.load("arms").name == "Own arms"


def test_it_is_known_which_is_which(both, tmp_path):
    assert [both.is_own(routine) for routine in both.ids()] == [True, True, False]
    assert both.is_own(str(tmp_path / "routines" / "arms"))
    assert not both.is_own(str(tmp_path / "shipped" / "arms"))


def test_what_is_stored_is_ones_own_and_what_ships_stays_as_it_is(both, arms, tmp_path):
    before = (tmp_path / "shipped" / "squat" / "routine.toml").read_bytes()
    both.save("squat", "Own squat", arms)

    assert both.load("squat").name == "Own squat"
    assert both.is_own("squat")
    assert (tmp_path / "shipped" / "squat" / "routine.toml").read_bytes() == before


def test_of_a_routine_that_is_not_there_the_nearest_is_named(both):
    with pytest.raises(InputMissing, match=r"there are: arms, mine, squat; did you mean 'squat'\?"):
        both.load("squad")


# -- replacing and not being able to write --


def test_the_one_before_is_kept_aside(store, arms):
    store.save("arms", "First", arms)
    store.save("arms", "Second", arms)
    folder = store.save("arms", "Third", arms)

    assert store.load("arms").name == "Third"
    assert 'name = "Second"' in folder.with_name("arms~").joinpath("routine.toml").read_text(encoding="utf-8")
    assert store.ids() == ["arms"]


def test_only_whole_routines_are_left_behind(store, arms, tmp_path):
    store.save("arms", "First", arms)

    def full(path, track):
        if "front" in path.name:
            path.write_text("{")
            raise OutputError("the disk is full")

    failing = RoutineFolders(tmp_path / "routines", read_track=read_track, write_track=full)
    with pytest.raises(OutputError, match="cannot store the routine") as refused:
        failing.save("arms", "Second", arms)

    assert refused.value.exit_code == 74
    assert [path.name for path in (tmp_path / "routines").iterdir()] == ["arms"]
    assert store.load("arms").name == "First"


def kill_while_storing(store_of, arms, moment):
    """A process that stores a routine and dies at a moment of it."""

    def write(path, track):
        if moment == "first":
            os._exit(9)
        write_track(path, track)
        if moment == "later":
            os._exit(9)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a library's threads, which it needs not
        pid = os.fork()
    if pid == 0:
        store_of(write).save("arms", "Second", arms)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("moment", ["first", "later"])
def test_a_kill_in_the_middle_leaves_the_old_one_and_the_next_time_cleans_up(arms, tmp_path, moment):
    def store_of(write):
        return RoutineFolders(tmp_path / "routines", read_track=read_track, write_track=write)

    store = store_of(write_track)
    store.save("arms", "First", arms)

    assert kill_while_storing(store_of, arms, moment) == 9
    assert store.load("arms").name == "First"
    assert store.ids() == ["arms"]
    assert len(list((tmp_path / "routines").iterdir())) == 2

    store.save("arms", "Third", arms)
    assert sorted(path.name for path in (tmp_path / "routines").iterdir()) == ["arms", "arms~"]


def test_what_another_process_is_making_is_left_alone(arms, store, tmp_path):
    """Process 1 is always there."""
    (tmp_path / "routines" / ".other.1.tmp").mkdir(parents=True)

    store.save("arms", "Arms", arms)

    assert (tmp_path / "routines" / ".other.1.tmp").is_dir()


def test_one_takes_the_place_of_another_in_one_step(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)

    assert exchanged(tmp_path / "one", tmp_path / "other")
    assert [(tmp_path / name / "file").read_text() for name in ("one", "other")] == ["other", "one"]
    with pytest.raises(FileNotFoundError):
        exchanged(tmp_path / "one", tmp_path / "missing")


def test_where_a_file_is_in_the_way_nothing_is_stored(arms, tmp_path):
    (tmp_path / "file").write_text("mine")
    store = RoutineFolders(tmp_path / "file", read_track=read_track, write_track=write_track)

    with pytest.raises(OutputError, match="cannot store the routine"):
        store.save("arms", "Arms", arms)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    "id_", ["", "Arms", "../x", "a/b", "/etc", ".hidden", "a b", "ä", "x" * 65, "arms~", ".."]
)
def test_an_id_that_cannot_name_a_folder_is_refused(store, arms, id_, tmp_path):
    with pytest.raises(RoutineError, match="cannot name a routine"):
        store.save(id_, "Arms", arms)
    assert not (tmp_path / "routines").exists()


# -- what is not there --


def test_a_routine_that_is_not_there_is_missing_with_those_that_are(stored, store):
    with pytest.raises(InputMissing, match=r"no routine 'squat' .*; there are: arms") as missing:
        store.load("squat")
    assert missing.value.exit_code == 66


def test_where_there_is_none_it_says_how_to_make_one(store):
    with pytest.raises(InputMissing, match="posecoach routine import"):
        store.load("squat")


@pytest.mark.parametrize(
    "routine", ["../../etc/passwd", "/etc/passwd", "a\x00b", "", "..", "arms/routine.toml"]
)
def test_a_routine_is_no_way_out_of_the_folder(stored, store, routine):
    with pytest.raises((InputMissing, RoutineError)):
        store.load(routine)


def test_a_folder_without_a_routine_is_refused(store, tmp_path):
    with pytest.raises(RoutineError, match=r"no routine\.toml in this folder"):
        store.load(str(tmp_path))


# -- slips of the pen --


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("reps = 10", "rep = 10", r"steps[0].rep: unknown key; did you mean 'reps'?"),
        ("emphasis = ", "emphasys = ", "emphasys: unknown key; did you mean 'emphasis'?"),
        ("name = ", "nmae = ", "nmae: unknown key; did you mean 'name'?"),
        ("version = 1", "version = 1\nzzz = 2", "zzz: unknown key; known: format, instructions, name"),
        ('format = "posecoach-routine"', 'format = "x"', 'expected format = "posecoach-routine", got \'x\''),
        ("version = 1", "version = 9", "version is 9, this program reads version 1"),
        ('name = "Arm raise"', "", "name is missing"),
        ('name = "Arm raise"', "name = 3", "name: must be a str, got int"),
        ("notes = [", "notes = 5\ninstructions = [", "notes: must be a list, got int"),
        ("reps = 10", "reps = 10\ntempo = [0.5]", "steps[0].tempo: must be two numbers"),
        ("reps = 10", "reps = 10\ntempo = [0.5, 0.9]", "steps[0].tempo[1]: must be a number from 1 to 10"),
        ("recordings = 1", "recordings = 0", "steps[0].learned.recordings: must be a whole number from 1"),
        ("{ front = 3 }", "{ top = 3 }", "steps[0].learned.performances.top: unknown 'top'; known: front"),
        ("within = ", "with_in = ", "steps[0].learned.with_in: unknown key; did you mean 'within'?"),
        ('kind = "reps"', 'kind = "repz"', "steps[0].kind: unknown 'repz'; known: reps, hold, flow"),
        ('kind = "reps"', "kind = 3", "steps[0].kind: must be a str, got int"),
        ("reps = 10", "reps = 0", "steps[0].reps: must be a whole number from 1 to 10000, got 0"),
        ("reps = 10", "reps = 2.5", "steps[0].reps: must be a whole number"),
        ("reps = 10", "reps = true", "steps[0].reps: must be a whole number"),
        ("reps = 10", "hold_s = 5.0", "steps[0]: a step of kind reps needs reps >= 1"),
        ("reps = 10", "reps = 10\nhold_s = 0.1", "steps[0].hold_s: must be a number from 0.5 to 3600"),
        ("reps = 10", 'reps = 10\nhold_s = "5"', "steps[0].hold_s: must be a number"),
        ("front = ", "top = ", "steps[0].tracks.top: unknown 'top'; known: front, left, right"),
        ('"step1-front.track.json"', '"gone.track.json"', "steps[0].tracks.front: "),
        ('"step1-front.track.json"', '"../arms/step1-front.track.json"', "must be the name of a file"),
        ('"step1-front.track.json"', '"/etc/passwd"', "must be the name of a file"),
        ('"step1-front.track.json"', '""', "steps[0].tracks.front: "),
        ('"step1-front.track.json"', '".."', "steps[0].tracks.front: "),
        ('"step1-front.track.json"', '"a\\u0000b"', "steps[0].tracks.front: "),
        ('"step1-front.track.json"', "7", "must be the name of a file"),
        ("[steps.limbs.head]", "[steps.limbs.haed]", "limbs.haed: unknown 'haed'; known: head, trunk"),
        ("[steps.limbs.head]\nemphasis", "[steps.limbs.head]\n#emphasis", "limbs.head.emphasis is missing"),
        ("[steps.limbs.head]", "[steps.limbs]\nhead = 3\n[steps.limbs.x]", "head: must be a table with"),
        ("emphasis = 1.0", "emphasis = 2", "emphasis: must be a number from 0 to 1, got 2"),
        ("emphasis = 1.0", "emphasis = nan", "emphasis: must be a number from 0 to 1, got nan"),
        ("emphasis = 1.0", "emphasis = true", "emphasis: must be a number from 0 to 1, got True"),
        ("tolerance = 0.08", "tolerance = 0", "tolerance: must be a number from 0.01 to 2, got 0"),
        ("tolerance = 0.08", 'tolerance = "small"', "tolerance: must be a number"),
        ("[[steps]]", "[[stages]]", "unknown key"),
        ("[[steps]]", "[[steps", "not TOML"),
        ("[[steps]]", "x = " + "[" * 5000, "not TOML"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_named_with_its_key(stored, old, new, words):
    assert words in refused(stored(old, new))


def test_a_missing_limb_is_named(stored):
    file = stored.folder / "routine.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[steps.limbs.right_leg]")], encoding="utf-8")

    store = stored("Arm raise", "Arms")
    assert "missing: right_leg" in refused(store)


def test_a_routine_in_which_nothing_matters_is_refused(stored):
    file = stored.folder / "routine.toml"
    text = re.sub(r"emphasis = [\d.]+", "emphasis = 0", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")

    assert "every emphasis is 0" in refused(stored("Arm raise", "Arms"))


def test_a_routine_without_a_step_is_refused(stored):
    file = stored.folder / "routine.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[[steps]]")] + "steps = []\n", encoding="utf-8")

    assert "has no step" in refused(stored("Arm raise", "Arms"))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe\x00", "not TOML"), (b"a" * ((1 << 20) + 1), "larger than 1024 KiB")],
    ids=["no text", "too large"],
)
def test_a_file_that_is_something_else_is_refused(stored, store, content, words):
    (stored.folder / "routine.toml").write_bytes(content)

    assert words in refused(store)


def test_a_malformed_track_is_named_with_its_key(stored, store):
    (stored.folder / "step1-front.track.json").write_text('{"format": "posecoach-track"}', encoding="utf-8")

    assert "steps[0].tracks.front: " in refused(store)


def test_what_is_edited_counts(stored):
    """A routine.toml that a person has changed by hand: fewer repetitions, one arm, more tolerance."""
    stored("reps = 10", "reps = 4  # enough")
    store = stored(
        "[steps.limbs.right_arm]\nemphasis = 1.0      # moves most, "
        "or carries the movement\ntolerance = 0.08",
        "[steps.limbs.right_arm]\nemphasis = 0\ntolerance = 0.3",
    )
    (step,) = store.load("arms").steps

    assert step.reps == 4
    assert (step.limbs[Limb.RIGHT_ARM].emphasis, step.limbs[Limb.RIGHT_ARM].tolerance) == (0.0, 0.3)
    one_armed = arm_raise_track(pose={"right_arm_deg": 10.0})
    assert performance(one_armed, store.load("arms")).score >= 97


def test_two_views_of_one_step_are_loaded(stored):
    stored("front = ", 'left = "step1-front.track.json"\nfront = ')
    (step,) = stored("Arm raise", "Arms").load("arms").steps

    assert set(step.views) == {View.LEFT, View.FRONT}
