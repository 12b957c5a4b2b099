# ruff: noqa: E501, the tables are read better in wide rows
"""Hostile routines' files, by families; ``python tests/hostile.py FOLDER`` tries them.

Each is refused in one readable line, and nothing but the file itself is different afterwards. What is spoiled
at random is in ``tests/bench/fuzz.py``; these are meant.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import resource
import struct
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from posecoach.adapters._stored_zip import pack, unpack
from posecoach.adapters.exchange_file import routine_file
from posecoach.adapters.routine_folder import STARTER
from posecoach.cli import main, parser
from posecoach.cli.routine_install import run_install

MEMORY_BYTES = 1 << 30
Case = Callable[[], bytes]


@cache
def parts() -> dict[str, bytes]:
    """The files of a routine that is good."""
    return {path.name: path.read_bytes() for path in sorted((STARTER / "knee_raise").iterdir())}


@cache
def good() -> bytes:
    """Its file."""
    told = {"author": "A. Meyer", "licence": "CC0-1.0", "made_with": "posecoach"}
    return routine_file("knee", NAME, parts(), **told).packed()


def manifest() -> dict[str, Any]:
    """What it says of itself."""
    return json.loads(unpack(good())["manifest.json"])


def written(document: Any) -> bytes:
    """A manifest as posecoach would write it, whatever it says."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def sealed(changes: dict[str, bytes | None], told: dict[str, Any] | None = None) -> bytes:
    """A file whose parts are changed, with checksums that are right all the same."""
    files = {name: content for name, content in (parts() | changes).items() if content is not None}
    document = manifest() | {"files": {}} | (told or {})
    for name in sorted(files):
        document["files"][name] = {
            "size": len(files[name]),
            "sha256": hashlib.sha256(files[name]).hexdigest(),
        }
    return pack({"manifest.json": written(document), **dict(sorted(files.items()))})


def with_manifest(content: bytes) -> bytes:
    """A file with these bytes for a manifest."""
    return pack(unpack(good()) | {"manifest.json": content})


def told(**changes: Any) -> Case:
    """A file whose manifest says something else."""
    return lambda: with_manifest(written(manifest() | changes))


def named(name: str) -> Case:
    """A file with a part of a name, of which checksum and manifest are right."""

    def made() -> bytes:
        document = manifest()
        content = b"{}"
        document["files"] = dict(
            sorted(
                (
                    document["files"] | {name: {"size": 2, "sha256": hashlib.sha256(content).hexdigest()}}
                ).items()
            )
        )
        files = {"manifest.json": written(document), **parts()}
        return pack({**files, name: content}) if name.isascii() else zipped({**files, name: content})

    return made


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED, **options: Any) -> bytes:
    """A zip as any tool writes it."""
    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(target, "w", method) as opened:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name)
                entry.compress_type = method
                for key, value in options.items():
                    setattr(entry, key, value)
                opened.writestr(entry, content)
    return target.getvalue()


def patched(find: bytes, write: bytes, at: int = 0, *, last: bool = False) -> Case:
    """The good file with bytes written beside where something is found."""

    def made() -> bytes:
        content = bytearray(good())
        place = (content.rindex(find) if last else content.index(find)) + at
        content[place : place + len(write)] = write
        return bytes(content)

    return made


def toml(old: str, new: str) -> Case:
    """A file whose routine.toml is edited."""

    def made() -> bytes:
        text = parts()["routine.toml"].decode()
        assert old in text, old
        return sealed({"routine.toml": text.replace(old, new, 1).encode("utf-8", "surrogateescape")})

    return made


def track(old: str, new: str, count: int = 1) -> Case:
    """A file one of whose tracks is edited."""

    def made() -> bytes:
        text = parts()[TRACK].decode()
        assert old in text, old
        return sealed({TRACK: text.replace(old, new, count).encode("utf-8", "surrogateescape")})

    return made


def point(value: str) -> Case:
    """A file in whose track one coordinate is something else."""

    def made() -> bytes:
        edited = re.sub(rb'("keypoints":\[\[)[^,]+', rb"\g<1>" + value.encode(), parts()[TRACK], count=1)
        return sealed({TRACK: edited})

    return made


TRACK = "step1-front.track.json"
NAME = next(
    line.split('"')[1]
    for line in (STARTER / "knee_raise" / "routine.toml").read_text(encoding="utf-8").splitlines()
    if line.startswith("name = ")
)
LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def no_zips() -> Iterator[tuple[str, Case]]:
    """What is no such zip at all."""
    for name, content in {
        "empty": b"", "one byte": b"P", "text": b"hello\n", "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "gzip": b"\x1f\x8b\x08" + bytes(50), "tar": b"routine.toml" + bytes(500), "zeros": bytes(100_000),
        "toml itself": b'format = "posecoach-routine"\n', "a header alone": LOCAL, "two headers": LOCAL * 20,
        "an end alone": END + bytes(18), "pickle": b"\x80\x04cos\nsystem\n", "script": b"#!/bin/sh\nrm -rf /\n",
    }.items():  # fmt: skip
        yield f"no zip: {name}", lambda content=content: content
    for share in (0.001, 0.1, 0.5, 0.9, 0.999):
        yield f"cut off at {share}", lambda share=share: good()[: int(len(good()) * share)]
    for at in (3, 5, 8, 10, 12, 14, 18, 22, 26, 28, 31, 300, 2000, -5, -12, -20, -40):
        yield (
            f"a byte turned at {at}",
            lambda at=at: good()[:at] + bytes([good()[at] ^ 255]) + (good()[at + 1 :] if at != -1 else b""),
        )
    yield "something behind it", lambda: good() + b"PK"
    yield "something before it", lambda: b"#!/bin/sh\n" + good()
    yield "twice", lambda: good() * 2
    yield "a file of 200 MB", lambda: b"\0sparse" + (200 << 20).to_bytes(8, "big")
    yield "ten million keys", lambda: b"{" + b'"k":0,' * 10_000_000


def zips() -> Iterator[tuple[str, Case]]:
    """Tricks of the format."""
    whole = lambda: unpack(good())  # noqa: E731
    yield "deflated", lambda: zipped(whole(), zipfile.ZIP_DEFLATED)
    yield "bzip2", lambda: zipped(whole(), zipfile.ZIP_BZIP2)
    yield "lzma", lambda: zipped(whole(), zipfile.ZIP_LZMA)
    yield "a bomb of 64 MB", lambda: zipped(whole() | {"b.json": bytes(64 << 20)}, zipfile.ZIP_DEFLATED)
    yield "a bomb in its track", lambda: zipped(whole() | {TRACK: bytes(32 << 20)}, zipfile.ZIP_DEFLATED)
    yield "a zip in it", lambda: zipped(whole() | {"a.json": good()}, zipfile.ZIP_DEFLATED)
    yield "dates", lambda: zipped(whole(), date_time=(2024, 1, 1, 0, 0, 0))
    yield "a comment on an entry", lambda: zipped(whole(), comment=b"hello")
    yield "an extra field", lambda: zipped(whole(), extra=b"\x99\x99\x02\x00ab")
    yield "links", lambda: zipped(whole(), external_attr=0o120777 << 16)
    yield "devices", lambda: zipped(whole(), external_attr=0o060666 << 16)
    yield "set-user-id", lambda: zipped(whole(), external_attr=0o104755 << 16)
    yield "a comment on all of it", lambda: good()[:-2] + b"\x05\x00hello"
    yield "encrypted", patched(LOCAL, b"\1", 6)
    yield "sizes behind", patched(LOCAL, b"\x08", 6)
    yield "utf-8 flag", patched(LOCAL, b"\0\x08", 6)
    yield "zip64 sizes", patched(LOCAL, b"\xff" * 8, 18)
    yield "zip64 in the table", patched(CENTRAL, b"\xff" * 8, 20)
    yield (
        "zip64 end",
        lambda: good()[:-22] + b"PK\6\6" + bytes(52) + b"PK\6\7" + bytes(16) + END + b"\xff" * 16 + b"\0\0",
    )
    yield "size of two GiB", patched(LOCAL, struct.pack("<II", 1 << 31, 1 << 31), 18)
    yield "a name of 65535 letters", patched(LOCAL, b"\xff\xff", 26)
    yield "an extra field of 65535 bytes", patched(LOCAL, b"\xff\xff", 28)
    yield "method 99", patched(LOCAL, b"\x63\0", 8)
    yield "the table says another method", patched(CENTRAL, b"\x08", 10)
    yield "the table says another name", patched(CENTRAL, b"M", 46)
    yield "the table says another size", patched(CENTRAL, b"\1\0\0\0", 24)
    yield "the table says another checksum", patched(CENTRAL, b"\0\0\0\0", 16)
    yield "the checksum of an entry is another", patched(LOCAL, b"\0\0\0\0", 14)
    yield "overlapping: two begin at the same place", patched(CENTRAL, b"\0\0\0\0", 42, last=True)
    yield "an entry that begins nowhere", patched(CENTRAL, b"\xff\xff\xff\x7f", 42)
    yield "another disk", patched(CENTRAL, b"\1\0", 34)
    yield "the end counts 65535", patched(END, b"\xff" * 4, 8)
    yield "the end counts none", patched(END, b"\0" * 4, 8)
    yield "the table is longer than the file", patched(END, b"\xff\xff\xff\x7f", 12)
    yield "the table begins elsewhere", patched(END, b"\1\0\0\0", 16)
    yield "two ends", lambda: good() + END + bytes(18)
    yield (
        "the same name twice",
        lambda: (
            good()[: good().index(CENTRAL)]
            + good()[: good().index(LOCAL, 1)]
            + good()[good().index(CENTRAL) :]
        ),
    )
    yield "sixty thousand entries", lambda: pack({f"f{n}.json": b"" for n in range(60_000)})
    yield "129 entries", lambda: sealed({f"f{n}.json": b"{}" for n in range(129)})
    yield "a part of nine MiB", lambda: sealed({TRACK: b" " * (9 << 20)})
    yield "33 MiB of parts", lambda: sealed({f"f{n}.json": bytes(7 << 20) for n in range(5)})
    yield "no manifest", lambda: pack(parts())
    yield "a manifest alone", lambda: pack({"manifest.json": unpack(good())["manifest.json"]})
    yield (
        "in another order",
        lambda: zipped(parts() | {"manifest.json": whole()["manifest.json"]}, create_system=0),
    )


def names() -> Iterator[tuple[str, Case]]:
    """Parts that would lie elsewhere, or on each other."""
    for name in (
        "../routine.toml", "../../../../tmp/evil.json", "/etc/cron.d/evil", "/tmp/evil.json", "a/b.json", "./a.json",
        "a/../../b.json", "..", ".", "", "\\\\server\\share\\a.json", "..\\a.json", "C:\\a.json", "C:a.json",
        ".hidden.json", "a.json/", "a.exe", "a.py", "posecoach.pth", "__init__.py", "a.json\0.toml", "a\n.json",
        "a.json ", " a.json", "-rf.json", "~.json", "$HOME.json", "a.json~", "routine.toml~", "ROUTINE.TOML",
        "Routine.toml", "x" * 120 + ".json", "\x1b[2J.json", "a:b.json", "a|b.json", "manifest.json.sig.json/../x",
        "caf\u00e9.json", "cafe\u0301.json", "a\u202e.json", "\uff0e\uff0e/a.json", "STEP1-FRONT.track.json",
    ):  # fmt: skip
        yield f"a part called {name!r:.40}", named(name)
    for id_ in (
        "../x",
        "/etc",
        "",
        ".",
        "..",
        "a/b",
        "A",
        "\u00e4",
        "x" * 65,
        "-x",
        "a~",
        "a\0",
        "a\n",
        " a",
        "CON ",
    ):
        yield f"an id {id_!r:.20}", told(id=id_)


def manifests() -> Iterator[tuple[str, Case]]:
    """What a file says of itself."""
    right = lambda: unpack(good())["manifest.json"]  # noqa: E731
    for name, content in {
        "empty": b"", "not json": b"hello", "a list": b"[]", "a number": b"1e308", "nan": b"NaN", "null": b"null",
        "bad utf-8": b'{"format": "\xff\xfe"}', "utf-16": "{}".encode("utf-16"), "deep": b"[" * 30_000,
        "deep and closed": b'{"a":' * 900 + b"1" + b"}" * 900, "a number of 5000 digits": b"9" * 5000,
        "70 KB": b" " * 70_000,
    }.items():  # fmt: skip
        yield f"manifest: {name}", lambda content=content: with_manifest(content)
    yield "manifest: begins with a BOM", lambda: with_manifest(b"\xef\xbb\xbf" + right())
    yield "manifest: a key twice", lambda: with_manifest(right().replace(b'"id"', b'"id": "x",\n "id"', 1))
    yield "manifest: other spaces", lambda: with_manifest(right().replace(b"\n", b"\r\n"))
    yield "manifest: one key more", told(execute="rm -rf /")
    yield "manifest: half a letter", lambda: with_manifest(right().replace(b"A. Meyer", b"\\ud800"))
    for key, values in {
        "format": ("posecoach-routine", None, 1, ["posecoach-exchange"]),
        "version": (2, "1", None, 1e308, 10**400, [1]),
        "name": ("", "x" * 101, "a\nb", "\x1b[2J", "\u202egnp", 5, None, ["a"], " a"),
        "author": ("x" * 101, "a\rb", "\x07", {"a": 1}),
        "licence": ("\u2028", 3.5),
        "made_with": (None, "\0"),
        "files": ([], {}, None, "x", {"routine.toml": None}, {"routine.toml": {"size": True, "sha256": "0" * 64}},
                  {"routine.toml": {"size": -1, "sha256": "0" * 64}}, {"routine.toml": {"size": 1e308, "sha256": ""}},
                  {"routine.toml": {"size": 10**30, "sha256": "A" * 64}}),
    }.items():  # fmt: skip
        for value in values:
            yield f"manifest: {key} is {value!r:.40}", told(**{key: value})
    for name in ("routine.toml", TRACK):
        yield f"wrong checksum of {name}", lambda name=name: pack(unpack(good()) | {name: b"changed"})
        yield (
            f"without {name}",
            lambda name=name: pack({key: content for key, content in unpack(good()).items() if key != name}),
        )
    yield "a part that it does not say", lambda: pack(unpack(good()) | {"more.json": b"{}"})
    for name, content in {
        "empty": b"",
        "garbage": b"x" * 300,
        "20 KB": b"x" * 20_000,
        "armour": ARMOUR,
    }.items():
        yield (
            f"signature: {name}",
            lambda content=content: pack({"manifest.json": right(), "manifest.json.sig": content, **parts()}),
        )


ARMOUR = b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"


def routines() -> Iterator[tuple[str, Case]]:
    """What stands in routine.toml; the checksums are right."""
    for name, content in {
        "empty": b"", "bad utf-8": b'name = "\xff"', "zeros": bytes(200), "json": b"{}", "deep": b"a = " + b"[" * 5000,
        "deep tables": b"[" + b"a." * 5000 + b"a]", "deep keys": b"a." * 5000 + b"a = 1", "inline": b"a = " + b"{a = " * 500,
        "a number of 5000 digits": b"version = " + b"9" * 5000, "hexadecimal": b"version = 0x" + b"f" * 5000,
        "100000 keys": b"".join(b"k%d = 0\n" % n for n in range(100_000)), "two MiB": b"# " + b"x" * (2 << 20),
        "a key over two lines": b'"a\\nb" = 1', "an escape": b'"\\u001b[2J" = 1', "a key twice": b"a = 1\na = 2\n",
        "20000 steps": b'format = "posecoach-routine"\nversion = 1\nname = "a"\ninstructions = []\n' + b"[[steps]]\n" * 20_000,
    }.items():  # fmt: skip
        yield f"routine: {name}", lambda content=content: sealed({"routine.toml": content})
    numbers = ("nan", "inf", "-inf", "1e308", "-1", "0", "1e400", "9" * 40, "true", '"1"', "[]", "1979-05-27")
    for value in numbers:
        yield f"routine: a tolerance is {value:.20}", toml("tolerance = ", f"tolerance = {value} # ")
        yield f"routine: reps is {value:.20}", toml("reps = ", f"reps = {value} # ")
    for name in ("../step1-front.track.json", "/etc/passwd", "manifest.json", "routine.toml", "gone.json", "", "..", "/dev/zero",
                 "x" * 4000, "a\\u0000b", "step1-front.track.json/", "/proc/self/mem", "\\u001b[2J"):  # fmt: skip
        yield f"routine: a track called {name:.30}", toml(f'"{TRACK}"', f'"{name}"')
    yield "routine: a name that the manifest does not say", toml(f'"{NAME}"', '"Something else"')
    yield "routine: a name of a megabyte", toml(f'"{NAME}"', f'"{"x" * 900_000}"')
    yield "routine: another format", toml("posecoach-routine", "posecoach-other")


def tracks() -> Iterator[tuple[str, Case]]:
    """What stands in a track; the checksums are right."""
    for name, content in {
        "empty": b"", "a number": b"1", "null": b"null", "bad utf-8": b'{"a": "\xff"}', "deep": b"[" * 100_000,
        "deep and closed": b"[" * 950 + b"]" * 950, "deep objects": b'{"frames":' * 900 + b"1" + b"}" * 900,
        "200000 keys": b"{" + b",".join(b'"%d":0' % n for n in range(200_000)) + b"}",
        "half a million lists": b"[" + b"[]," * 500_000 + b"[]]", "7 MiB of spaces": b" " * (7 << 20),
        "a string of 7 MiB": b'"' + b"x" * (7 << 20) + b'"', "5000 digits": b"9" * 5000, "pickle": b"\x80\x04.",
    }.items():  # fmt: skip
        yield f"track: {name}", lambda content=content: sealed({TRACK: content})
    for value in (
        "NaN",
        "Infinity",
        "-Infinity",
        "1e308",
        "-1e308",
        "1e400",
        "9" * 400,
        "true",
        "null",
        '"1"',
        "[]",
        "{}",
    ):
        yield f"track: a time is {value:.12}", track('"t":', f'"t":{value},"x":')
        yield f"track: a point is {value:.12}", point(value)
    for value in ("[0,0]", "[1,1e308]", "[-1,5]", "[1.5,2]", "[100000,1]", "5", "[1]", "[true,true]", "null"):
        yield f"track: the size is {value}", track('"image_size":', f'"image_size":{value},"x":')
    yield (
        "track: no frames",
        lambda: sealed({TRACK: b'{"format":"posecoach-track","version":1,"image_size":[9,9],"frames":[]}'}),
    )
    yield "track: nobody in it", track('"keypoints":[[', '"keypoints":null,"x":[[', 10_000)
    yield "track: time runs back", track('"t":', '"t":9,"x":')


FAMILIES = (no_zips, zips, names, manifests, routines, tracks)
CASES: dict[str, Case] = {name: case for family in FAMILIES for name, case in family()}


def holds(folder: Path) -> dict[str, str]:
    """What a tree holds: kinds, and contents as checksums."""
    return {
        str(path.relative_to(folder)): f"{path.lstat().st_mode:o} "
        + (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else "")
        for path in sorted(folder.rglob("*"))
        if path.name != ".lock"
    }


def tried(folder: Path) -> Iterator[dict[str, Any]]:
    """Try each in a folder of its own, with what is precious beside it; what came of it."""
    home, temporary, stick = folder / "home", folder / "tmp", folder / "stick"
    for place in (home / "routines", temporary, stick, folder / "precious"):
        place.mkdir(parents=True)
    (folder / "precious" / "diary").write_text("mine")
    os.environ |= {
        "POSECOACH_DATA": str(home),
        "TMPDIR": str(temporary),
        "POSECOACH_CONFIG": str(folder / "none"),
    }
    file = stick / "it.posecoach"
    file.write_bytes(good())
    assert main(["routine", "install", str(file), "--json"]) == 0, "the good one is taken"
    wanted = ["routine", "install", str(file), "--json", "--replace"]
    arguments = parser().parse_args(wanted)  # once: it takes longer than most files do
    said = sys.stdout
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for name, case in CASES.items():
        content = case()
        if content.startswith(b"\0sparse"):
            file.write_bytes(b"PK\3\4")
            os.truncate(file, int.from_bytes(content[7:], "big"))
        else:
            file.write_bytes(content)
        before = holds(folder)
        sys.stdout = answer = io.StringIO()
        began = time.process_time()
        try:
            code: int | str = run_install(arguments)
        except BaseException as error:  # the test says so
            code = f"{type(error).__name__}: {error}"[:200]
        took_s = time.process_time() - began
        sys.stdout = said
        rows = answer.getvalue().splitlines()
        yield {
            "case": name, "code": code, "rows": len(rows), "took_s": round(took_s, 2),
            "untouched": holds(folder) == before, **(json.loads(rows[0]) if rows else {}),
        }  # fmt: skip


if __name__ == "__main__":
    for each in tried(Path(sys.argv[1])):
        print(json.dumps(each), flush=True)
