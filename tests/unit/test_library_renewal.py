"""A library that is built again is read all the while: as it was, until the new one is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

pytest.importorskip("av", reason="no PyAV is installed")

from conftest import CHECKOUT
from library_makers import ORIGIN, a_library, a_picture, stamps
from posecoach.adapters.picture_library import PictureLibrary
from posecoach.cli.shown_library import ShownLibrary
from posecoach.errors import LibraryError, OutputError
from posecoach.library.stock import Contents, Origin

NEW = stamps(["no", "yoga/001.jpg", "yoga/002.jpg", "yoga/009.jpg"])[1:]


@pytest.fixture
def library(tmp_path):
    return a_library(tmp_path / "yoga.library")


def people_of(reader, count=6):
    found = [reader.person(at) for at in range(count)]
    return [(each.path, each.number, each.kept.thumbnail) for each in found]


def test_who_reads_it_has_the_old_one_while_it_is_built_and_after(library):
    with PictureLibrary(library) as reader:
        reader.index()
        before = people_of(reader)
        with PictureLibrary(library, to_build=True) as builder:
            ((number, _),) = builder.take_stock(NEW)
            builder.keep(number, a_picture(7, 3))
            assert people_of(reader) == before
            with PictureLibrary(library) as late:
                assert late.contents() == Contents(to_read=0, read=4, unreadable=0, people=6)
            builder.finish()
        assert people_of(reader) == before

        library.unlink()
        assert people_of(reader) == before


def test_when_it_is_whole_it_is_in_the_place_of_the_old_one_and_nothing_is_beside_it(library):
    library.chmod(0o640)
    with PictureLibrary(library, to_build=True) as builder:
        ((number, _),) = builder.take_stock(NEW)
        builder.keep(number, a_picture(7, 3))
        builder.finish()
        assert builder.contents().people == len(builder.index()) == 5

    assert [each.name for each in library.parent.iterdir()] == [library.name]
    assert library.stat().st_mode & 0o777 == 0o640
    with PictureLibrary(library) as reader:
        assert reader.contents() == Contents(to_read=0, read=3, unreadable=0, people=5)


def test_a_link_to_a_library_stays_one(library):
    link = library.with_name("link")
    link.symlink_to(library.name)
    with PictureLibrary(link, to_build=True) as builder:
        builder.take_stock([])
        builder.finish()

    assert link.is_symlink()
    with PictureLibrary(library) as reader:
        assert reader.contents().read == 0


def killed_while_building(path, origin=ORIGIN):
    """Take stock of `NEW`, keep what there is to read, and be killed before it is finished."""
    code = f"""
        import os, signal, sys
        sys.path[:0] = {[str(CHECKOUT / "device"), str(CHECKOUT / "tests")]!r}
        from pathlib import Path
        from library_makers import a_picture, stamps
        from posecoach.adapters.picture_library import Origin, PictureLibrary, Stamp
        library = PictureLibrary(Path({str(path)!r}), to_build=True)
        library.begin(Origin(*{(origin.folder, origin.model_id, origin.model_sha256)!r}))
        for number, _ in library.take_stock([Stamp(*each) for each in {[tuple(each) for each in NEW]!r}]):
            library.keep(number, a_picture(7, 3))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL


def test_a_kill_leaves_the_old_one_and_the_next_build_goes_on(library):
    before = library.read_bytes()

    killed_while_building(library)

    assert library.read_bytes() == before
    with PictureLibrary(library, to_build=True) as builder:
        assert builder.take_stock(NEW) == []
        assert library.read_bytes() == before
        builder.finish()
    with PictureLibrary(library) as reader:
        assert reader.contents() == Contents(to_read=0, read=3, unreadable=0, people=5)


def test_what_is_left_of_a_build_of_something_else_is_not_gone_on_with(library):
    killed_while_building(library, Origin("/others", "posenet", "ff00"))
    assert library.with_name(f"{library.name}.building-wal").exists()

    with PictureLibrary(library, to_build=True) as builder:
        assert builder.origin == ORIGIN
        assert [name for _, name in builder.take_stock(NEW)] == ["yoga/009.jpg"]


def test_what_stands_where_it_would_be_built_is_left_alone(library):
    other = library.with_name(f"{library.name}.building")
    other.write_bytes(b"plans of a house")

    with pytest.raises(LibraryError, match=r"yoga\.library\.building is no library"):
        PictureLibrary(library, to_build=True)

    assert other.read_bytes() == b"plans of a house"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_line(library):
    library.parent.chmod(0o555)
    try:
        with pytest.raises(OutputError, match="check its folder"):
            PictureLibrary(library, to_build=True)
    finally:
        library.parent.chmod(0o755)


def test_it_is_known_to_be_of_the_pictures_that_are_there(library):
    names = [f"yoga/{number:03d}.jpg" for number in range(4)]
    with PictureLibrary(library) as reader:
        assert reader.is_of(stamps(names))
        assert not reader.is_of(stamps(names[:3]))
        assert not reader.is_of(stamps([*names, "yoga/004.jpg"]))
        assert not reader.is_of([*stamps(names)[:3], stamps(names)[3]._replace(mtime_ns=1)])


def test_a_mirror_is_told_of_the_new_one_once_and_shows_it(library):
    with ShownLibrary(library) as shown:
        assert len(shown.index) == 6
        assert shown.renewed() is None
        with PictureLibrary(library, to_build=True) as builder:
            ((number, _),) = builder.take_stock(NEW)
            builder.keep(number, a_picture(7, 3))
            assert shown.renewed() is None
            assert shown.named(0).name == "000"
            builder.finish()

        index = shown.renewed()
        assert len(index) == 5
        assert shown.renewed() is None
        assert shown.named(4).name == "009"


def test_a_mirror_goes_on_with_the_old_one_where_the_new_one_is_none(library, caplog):
    with ShownLibrary(library) as shown:
        other = library.with_name("other")
        for content in (b"", b"plans of a house"):
            other.write_bytes(content)
            other.replace(library)
            assert shown.renewed() is None
            assert shown.renewed() is None
            assert shown.named(5).name == "003"
        a_library(other, people=(0,)).replace(library)
        assert shown.renewed() is None
        library.unlink()
        assert shown.renewed() is None
        assert shown.named(5).name == "003"

    assert [each.getMessage().count("old one") for each in caplog.records] == [1, 1, 1]
