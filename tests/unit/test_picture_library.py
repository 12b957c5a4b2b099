"""The file of a library: what goes in comes out, also after a kill; what was done to it is refused."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

pytest.importorskip("av", reason="no PyAV is installed")

from library_makers import ORIGIN, a_library, a_picture, stamps
from posecoach.adapters.picture_library import PictureLibrary
from posecoach.adapters.thumbnails import thumbnail, thumbnail_picture
from posecoach.errors import InputMissing, LibraryError, OutputError
from posecoach.library.people import Crop, KeptPicture, crop_around, unpacked_picture
from posecoach.library.stock import Contents, printable

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return a_library(tmp_path_factory.mktemp("made") / "yoga.library")


def copied(made, folder):
    path = folder / "copy.library"
    path.write_bytes(made.read_bytes())
    return path


def everything(path):
    """All that can be read of a library."""
    with PictureLibrary(path) as library:
        index = library.index()
        people = [library.person(at) for at in range(len(index))]
        for person in people:
            thumbnail_picture(person.kept.thumbnail)
        return (
            library.origin,
            library.contents(),
            [
                (
                    person.path,
                    person.number,
                    person.kept.pose.keypoints_xy.tobytes(),
                    person.kept.pose.keypoint_scores.tobytes(),
                    person.kept.crop,
                    person.kept.thumbnail,
                )
                for person in people
            ],
        )


def test_what_is_kept_is_there_again(made):
    origin, contents, people = everything(made)

    assert origin == ORIGIN
    assert contents == Contents(to_read=0, read=4, unreadable=0, people=6)
    assert [(path, number) for path, number, *_ in people] == [
        ("yoga/000.jpg", 0),
        ("yoga/001.jpg", 0),
        ("yoga/001.jpg", 1),
        ("yoga/003.jpg", 0),
        ("yoga/003.jpg", 1),
        ("yoga/003.jpg", 2),
    ]
    expected = a_picture(2, 2).people[1]
    assert people[2][2:] == (
        expected.pose.keypoints_xy.tobytes(),
        expected.pose.keypoint_scores.tobytes(),
        expected.crop,
        expected.thumbnail,
    )


def test_it_is_one_file_that_needs_no_room_to_be_read(made, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    path = copied(made, folder)
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        assert everything(path) == everything(made)
        assert [each.name for each in folder.iterdir()] == [path.name]
    finally:
        folder.chmod(0o755)


def test_only_what_is_new_or_has_changed_is_to_be_read_and_what_is_gone_is_forgotten(made, tmp_path):
    path = copied(made, tmp_path)
    same, changed, gone, new = stamps(["yoga/000.jpg", "yoga/001.jpg", "yoga/002.jpg", "yoga/007.jpg"])
    changed = changed._replace(size=7)
    with PictureLibrary(path, to_build=True) as library:
        to_read = library.take_stock([same, changed, new])

        assert [name for _, name in to_read] == ["yoga/001.jpg", "yoga/007.jpg"]
        assert library.contents() == Contents(to_read=2, read=1, unreadable=0, people=1)
        assert gone.path not in str(everything_named(library))
        library.keep_unreadable(to_read[0][0], "cut off")
        assert [name for _, name in library.take_stock([same, changed, new])] == ["yoga/007.jpg"]
        assert library.problems() == [("yoga/001.jpg", "cut off")]


def everything_named(library):
    index = library.index()
    return [library.person(at).path for at in range(len(index))]


def test_the_picture_of_whoever_was_removed_is_gone_from_the_file(made, tmp_path):
    path = copied(made, tmp_path)
    removed = a_picture(1, 1).people[0].thumbnail
    assert removed in path.read_bytes()

    with PictureLibrary(path, to_build=True) as library:
        library.take_stock(stamps(["no", "yoga/001.jpg"])[1:])
        library.finish()

    assert removed[-200:] not in path.read_bytes()


def test_a_folder_that_has_become_small_is_a_small_library_again(tmp_path):
    path = a_library(tmp_path / "large.library", people=(3,) * 20)
    large = path.stat().st_size

    with PictureLibrary(path, to_build=True) as library:
        library.take_stock(stamps(["yoga/000.jpg"]))
        library.finish()

    assert path.stat().st_size < large / 2
    assert everything(path)[1] == Contents(to_read=0, read=1, unreadable=0, people=3)


def test_a_kill_in_the_middle_loses_nothing_that_was_kept(tmp_path):
    """A real process that is really killed, between one picture and the next, with everything open."""
    path = tmp_path / "cut.library"
    code = f"""
        import os, signal, sys
        sys.path[:0] = {[str(CHECKOUT / "device"), str(CHECKOUT / "tests")]!r}
        from pathlib import Path
        from library_makers import ORIGIN, a_picture, stamps
        from posecoach.adapters.picture_library import PictureLibrary
        library = PictureLibrary(Path({str(path)!r}), to_build=True)
        library.begin(ORIGIN)
        to_read = library.take_stock(stamps([f"{{n}}.jpg" for n in range(6)]))
        for number, _ in to_read[:4]:
            library.keep(number, a_picture(number, 2))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL

    assert everything(path)[1] == Contents(to_read=2, read=4, unreadable=0, people=8)
    with PictureLibrary(path, to_build=True) as library:
        left = library.take_stock(stamps([f"{n}.jpg" for n in range(6)]))
        assert [name for _, name in left] == ["4.jpg", "5.jpg"]
        library.finish()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert len(everything(path)[2]) == 8


def test_a_kill_before_anything_was_made_leaves_what_can_be_built_on(tmp_path):
    path = tmp_path / "empty.library"
    path.write_bytes(b"")

    with PictureLibrary(path, to_build=True) as library:
        assert library.origin is None


def test_only_one_builds_at_a_time(made, tmp_path):
    path = copied(made, tmp_path)
    with PictureLibrary(path, to_build=True) as library:
        library.take_stock([])
        with pytest.raises(OutputError, match="another posecoach"):
            PictureLibrary(path, to_build=True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no library"),
        (b"SQLite format 3\0", "cut off"),
        (b"\x89PNG\r\n" + bytes(5000), "no library"),
        (b"SQLite format 3\0" + bytes(4000), "a database, but no library"),
    ],
    ids=["empty", "head", "picture", "zeros"],
)
def test_what_is_no_library_is_refused_in_one_line(tmp_path, content, says):
    path = tmp_path / "other"
    path.write_bytes(content)

    with pytest.raises(LibraryError, match=says) as error:
        PictureLibrary(path)

    assert "\n" not in str(error.value)
    if content:  # an empty file is one that can be built on
        with pytest.raises(LibraryError):
            PictureLibrary(path, to_build=True)
        assert path.read_bytes() == content


def test_somebody_elses_database_is_left_as_it_is(tmp_path):
    path = tmp_path / "history.sqlite3"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE session (id INTEGER)")
    other.close()
    before = path.read_bytes()

    for to_build in (False, True):
        with pytest.raises(LibraryError, match="no library"):
            PictureLibrary(path, to_build=to_build)
    assert path.read_bytes() == before


def test_what_is_not_there_is_missing(tmp_path):
    with pytest.raises(InputMissing, match="library build"):
        PictureLibrary(tmp_path / "nothing")
    with pytest.raises(LibraryError, match="folder"):
        PictureLibrary(tmp_path)


def altered(path, *statements):
    """Do something to a library behind our back."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return path


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["PRAGMA user_version = 2"], "version 2"),
        (["PRAGMA application_id = 7"], "no library"),
        (["CREATE TABLE more (x)"], "tables"),
        (["CREATE TRIGGER t AFTER UPDATE ON picture BEGIN DELETE FROM picture; END"], "tables"),
        (["DROP TABLE thumbnail"], "tables"),
        (
            [
                "DROP TABLE picture",
                "CREATE VIEW picture AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) "
                "SELECT x AS id, 'a' AS path, 1 AS size, 1 AS mtime_ns, 1 AS state, '' AS problem, "
                "1 AS width, 1 AS height, zeroblob(208) AS poses, 0 AS checksum FROM n",
            ],
            "tables",
        ),
        (["UPDATE picture SET poses = zeroblob(208) WHERE id = 2"], "checksum"),
        (["UPDATE picture SET poses = zeroblob(207) WHERE id = 2"], "checksum"),
        (["UPDATE picture SET path = '../../etc/passwd' WHERE id = 1"], "checksum"),
        (["UPDATE picture SET poses = zeroblob(300000) WHERE id = 2"], "damaged"),
        (["DELETE FROM library WHERE key = 'folder'"], "folder"),
        (
            [
                "UPDATE thumbnail SET person = 10 - person WHERE picture = 4",
                "UPDATE thumbnail SET person = person - 8 WHERE picture = 4",
            ],
            "thumbnail",
        ),
        (["UPDATE picture SET id = 9 - id"], "checksum"),
        (["UPDATE thumbnail SET jpeg = zeroblob(50)"], "thumbnail"),
        (["UPDATE thumbnail SET w = 1000000000"], "thumbnail"),
        (["DELETE FROM thumbnail"], "not in it any more"),
    ],
)
def test_whatever_somebody_has_put_into_it_is_one_line(made, tmp_path, statements, says):
    path = altered(copied(made, tmp_path), *statements)

    with pytest.raises(LibraryError, match=says) as error:
        everything(path)

    assert "\n" not in str(error.value)


def test_a_thumbnail_that_claims_to_be_huge_takes_no_memory():
    image = np.zeros((16, 16, 3), np.uint8)
    jpeg = bytearray(thumbnail(image, Crop(0, 0, 16, 16)))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = b"\x1f\x40\x1f\x40"  # its height and width: 8000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(LibraryError, match="thumbnail"):
        thumbnail_picture(bytes(jpeg))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10  # KiB


def test_a_library_that_speaks_of_a_journal_leaves_nothing_beside_it(made, tmp_path):
    content = bytearray(made.read_bytes())
    content[18:20] = b"\2\2"
    path = tmp_path / "journal.library"
    path.write_bytes(content)

    assert everything(path) == everything(made)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_table_whose_name_is_no_text_is_one_line(made, tmp_path):
    path = tmp_path / "odd.library"
    path.write_bytes(made.read_bytes().replace(b"mtime_ns", b"mtime\xd9ns"))

    with pytest.raises(LibraryError, match="damaged") as error:
        PictureLibrary(path)

    assert "\n" not in str(error.value)


def read_or_refused(path):
    """Everybody who can be read of a library; nobody where one line of ours says that it is damaged."""
    try:
        return everything(path)[2]
    except (LibraryError, OutputError) as error:
        assert "\n" not in str(error)  # noqa: PT017 (either is right)
        return []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_library_is_refused_or_reads_as_before(made, tmp_path, data):
    """Bytes changed, cut, repeated: one error of ours, or nothing that matters was hit."""
    content = bytearray(made.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        what = data.draw(st.sampled_from(["byte", "cut", "zeros", "copy"]))
        if what == "byte":
            content[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del content[max(at, 100) :]
        elif what == "zeros":
            content[at : at + 64] = bytes(len(content[at : at + 64]))
        else:
            other = data.draw(st.integers(0, len(content) - 1))
            part = bytes(content[other : other + 48])
            content[at : at + len(part)] = part
    path = tmp_path / "damaged.library"
    path.write_bytes(content)

    # What is said of a picture that nobody is in carries no checksum; poses, their pictures and places do.
    assert all(person in everything(made)[2] for person in read_or_refused(path))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_forged_thumbnail_is_refused_or_is_a_small_picture(changes):
    """Whoever makes a library can make its checksums too."""
    jpeg = bytearray(a_picture(3, 1).people[0].thumbnail)
    for at, value in changes:
        jpeg[at % len(jpeg)] = value

    with suppress(LibraryError):
        picture = thumbnail_picture(bytes(jpeg))
        assert picture.dtype == np.uint8
        assert picture.size <= 3 << 20


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
@example(KeptPicture((320, 240), ()).packed())
def test_a_damaged_message_from_a_process_is_refused_or_an_empty_picture(message):
    try:
        picture = unpacked_picture(message)
    except LibraryError:
        return
    assert picture.people == ()
    assert len(message) == 12


def test_a_message_holds_a_picture_bit_for_bit():
    picture = a_picture(5, 3)

    again = unpacked_picture(picture.packed())

    assert isinstance(again, KeptPicture)
    assert again.packed() == picture.packed()


def test_a_crop_holds_whoever_is_seen_and_stays_in_the_picture():
    for seed in range(20):
        person = a_picture(seed, 1).people[0]
        crop, xy = person.crop, person.pose.keypoints_xy

        assert crop.x >= 0 and crop.y >= 0  # noqa: PT018
        assert crop.x + crop.w <= 320 and crop.y + crop.h <= 240  # noqa: PT018
        assert (xy[:, 0] >= crop.x).all() and (xy[:, 0] <= crop.x + crop.w).all()  # noqa: PT018
        assert crop == crop_around(person.pose, (320, 240))


def test_a_name_cannot_tell_a_terminal_what_to_do():
    assert printable("a\x1b[2Jb\n\u202e.jpg") == "a\ufffd[2Jb\ufffd\ufffd.jpg"
    assert printable("Übung 3.jpg") == "Übung 3.jpg"


def test_a_build_that_was_stopped_is_read_beside_its_journal(tmp_path):
    """What was kept is in the file beside it until somebody closes it; a reader sees it there."""
    path = tmp_path / "open.library"
    library = PictureLibrary(path, to_build=True)
    library.begin(ORIGIN)
    ((number, _),) = library.take_stock(stamps(["a.jpg"]))
    library.keep(number, a_picture(1, 1))
    copy = tmp_path / "copy.library"
    for suffix in ("", "-wal"):
        Path(f"{copy}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
    library.close()

    assert len(everything(copy)[2]) == 1
    assert os.path.getsize(path) > 0  # noqa: PTH202
