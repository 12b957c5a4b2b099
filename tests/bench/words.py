"""Collect every text that a person reads or hears, and bring the catalogues up to date with them.

``python tests/bench/words.py`` says what is missing in which language, ``--write`` adds it to
``device/posecoach/locale/*.po``, untranslated, and marks as obsolete what nobody says any more.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device")]

import polib  # noqa: E402

from posecoach.adapters._languages_here import FOLDER  # noqa: E402
from posecoach.coach.words import ENGLISH, Words  # noqa: E402

PACKAGE = ROOT / "device" / "posecoach"
MARKS = ("Phrase", "template")
NAMES = ("posecoach",)
"""What is the same in every language."""


def texts() -> dict[str, set[str]]:
    """Every text, and where it is."""
    found: dict[str, set[str]] = {}

    def note(text: str, where: str) -> None:
        if text.strip() and text not in NAMES:
            found.setdefault(text, set()).add(where)

    for field in fields(Words):
        value = getattr(ENGLISH, field.name)
        if isinstance(value, str) and field.name != "language":
            note(value, f"words.py:{field.name}")
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in MARKS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                note(node.args[0].value, path.relative_to(PACKAGE).as_posix())
    for path in sorted((PACKAGE / "starter").glob("*/routine.toml")):
        routine = tomllib.loads(path.read_text(encoding="utf-8"))
        where = f"starter/{path.parent.name}"
        for text in (routine["name"], routine.get("summary", ""), *routine.get("instructions", ())):
            note(text, where)
        for step in routine["steps"]:
            for text in step.get("cues", {}).values():
                note(text, where)
    # A placeholder alone says nothing to translate.
    return {text: where for text, where in found.items() if text not in ("{text}.", "{cue}: {change}")}


def main() -> int:
    """Tell, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    wanted = texts()
    arguments = parser.parse_args()
    missing_any = False
    for path in sorted(FOLDER.glob("*.po")):
        catalogue = polib.pofile(str(path), encoding="utf-8", wrapwidth=110)
        known = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
        missing = [text for text in wanted if text not in known or not known[text].msgstr]
        unsaid = [text for text in known if text not in wanted]
        missing_any |= bool(missing or unsaid)
        print(f"{path.stem}: {len(wanted)} texts, {len(missing)} missing, {len(unsaid)} said no more")
        for text in missing:
            print(f"  missing: {text}")
        if arguments.write:
            for text, where in wanted.items():
                if text not in known:
                    catalogue.append(polib.POEntry(msgid=text, msgstr="", comment=", ".join(sorted(where))))
            for text in unsaid:
                catalogue.remove(known[text])
            catalogue.save()
    return int(missing_any)


if __name__ == "__main__":
    sys.exit(main())
