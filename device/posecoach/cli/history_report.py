"""``posecoach history report``: a page to print, of a session or of a person."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import posecoach
from posecoach.adapters._languages_here import languages
from posecoach.adapters.languages import words_in
from posecoach.adapters.paper_language import paper_catalogue
from posecoach.adapters.pdf_page import pdf_of, png_of
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli.body import person
from posecoach.cli.history_export import session_facts
from posecoach.cli.outcomes import adherence_of, last_outcome, outcome_of, today, trend_of
from posecoach.cli.programme_facts import adherence_facts
from posecoach.cli.programmes_here import programmes
from posecoach.coach.adherence import Adherence
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.outcome import Outcome
from posecoach.coach.paper.session_page import session_page
from posecoach.coach.paper.sheet import A4, PAPERS
from posecoach.coach.paper.trend_page import trend_page
from posecoach.coach.paper.words import translated
from posecoach.coach.records import SessionRecord
from posecoach.coach.trend import Trend
from posecoach.errors import InputMissing
from posecoach.whole_file import write_whole

MOST_SESSIONS = 1000
"""The newest of a person; more are on no page."""


def add_parser(command: argparse.ArgumentParser) -> None:
    """Add its options."""
    command.set_defaults(refuse=command.error)
    command.add_argument("session", type=int, nargs="?", metavar="SESSION", help="its number in the list")
    command.add_argument(
        "--person", type=person, metavar="NAME", help="how this person got on, over all their sessions"
    )
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT.pdf|OUT.png",
        help="default: session-NUMBER.pdf or NAME.pdf here; none with --json",
    )
    command.add_argument("--paper", choices=tuple(PAPERS), default=A4.name, help=f"default: {A4.name}")
    command.add_argument(
        "--language",
        choices=languages(),
        default=languages()[0],
        help="of the page (default: %(default)s)",
    )
    command.add_argument("--json", action="store_true", help="the figures of the page as JSON")


def run_report(history: SqliteHistory, arguments: argparse.Namespace) -> int:
    """Write the page, or tell what is on it."""
    if (arguments.person is None) == (arguments.session is None):
        arguments.refuse("say of what: the number of a session, or --person NAME")
    output: Path | None = arguments.output
    if output is not None and output.suffix.lower() not in (".pdf", ".png"):
        arguments.refuse(f"{output}: a page is written as .pdf or .png")
    paper = PAPERS[arguments.paper]
    words = translated(paper_catalogue(arguments.language), words_in(arguments.language).catalogue)
    if arguments.person is not None:
        found = _trend_of(history, arguments.person)
        kept = programmes_of(history, arguments.person)
        facts, name, title = trend_facts(found), arguments.person.key, arguments.person.name
        facts["programmes"] = [adherence_facts(each) for each in kept]
        version = posecoach.__version__
        scene, made = trend_page(found, version=version, kept=kept, paper=paper, words=words), None
    else:
        session = history.session(arguments.session)
        outcome, last = outcome_of(history, session), last_of(history, session)
        facts, name = report_facts(outcome, last), f"session-{session.id}"
        title = session.start.routine_name or session.start.routine_id
        made = _local(session)
        started_before = _local(last.session) if last else None
        scene = session_page(
            outcome, last, started=made, last_started=started_before, paper=paper, words=words
        )
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False))
    if output is None:
        if arguments.json:
            return 0
        output = Path(f"{name}.pdf")
    pdf = pdf_of(scene, paper.wh_pt, title=f"posecoach: {title}", language=arguments.language, made=made)
    write_whole(output, png_of(pdf) if output.suffix.lower() == ".png" else pdf)
    if not arguments.json:
        print(output)
    return 0


def programmes_of(history: SqliteHistory, who: NamedPerson) -> list[Adherence]:
    """How somebody kept to each programme they were given, or have done, the one done last at the end."""
    store = programmes()
    given = {each.programme: each.since for each in store.given_to(who)}
    done = (session.start.planned for session in history.sessions(MOST_SESSIONS, person=who))
    names = list(dict.fromkeys([*(each.programme for each in done if each is not None), *given]))[::-1]
    found = (
        adherence_of(
            history, who, name, plan=store.load(name) if name in store.ids() else None, since=given.get(name)
        )
        for name in names
    )
    return [each for each in found if each is not None]


def last_of(history: SqliteHistory, session: SessionRecord) -> Outcome | None:
    """The session of the same person and routine before this one; of nobody in particular there is none."""
    start = session.start
    if start.person is None:
        return None
    return last_outcome(history, start.person, start.routine_id, before=session.id)


def _trend_of(history: SqliteHistory, who: NamedPerson) -> Trend:
    """How somebody got on.

    Raises:
        InputMissing: There is no session of theirs.
    """
    found = trend_of(history, who, today(), MOST_SESSIONS)
    if not found.sessions:
        there_are = ", ".join(person.name for person in history.persons()) or "nobody with a name"
        raise InputMissing(f"no session of {who.name!r} is kept; there are: {there_are}")
    return found


def report_facts(outcome: Outcome, last: Outcome | None) -> dict[str, Any]:
    """What is on the page of a session."""
    facts = session_facts(outcome.session)
    pair = outcome.best_and_worst
    return {
        **facts,
        "limbs": {limb.value: _rounded(score, 1) for limb, score in outcome.limbs.items()},
        "best": pair[0].value if pair else None,
        "worst": pair[1].value if pair else None,
        "range_of_motion_deg": {
            each.joint: {
                "mean": _rounded(each.mean_deg, 1),
                "least": _rounded(each.least_deg, 1),
                "most": _rounded(each.most_deg, 1),
                "reference": _rounded(each.reference_deg, 1),
            }
            for each in outcome.ranges
        },
        "tempo": _rounded(outcome.tempo, 2),
        "held_s": _rounded(outcome.held_s, 1),
        "faults": [asdict(fault) for fault in outcome.faults],
        "last_time": last and _compared(last),
    }


def trend_facts(found: Trend) -> dict[str, Any]:
    """What is on the page of a person."""
    return {
        "person": found.person.name if found.person else None,
        "sessions": found.sessions,
        "days": {day.isoformat(): times for day, times in sorted(found.days.items())},
        "routines": [
            {
                "routine": routine.routine_id,
                "routine_name": routine.name,
                "joint": routine.joint,
                "reference_deg": _rounded(routine.reference_deg, 1),
                "sessions": [
                    {
                        "id": point.session_id,
                        "day": point.day.isoformat() if point.day else None,
                        "score": _rounded(point.score, 1),
                        "good": point.good,
                        "parts": point.parts,
                        "left_deg": _rounded(point.left_deg, 1),
                        "right_deg": _rounded(point.right_deg, 1),
                        "tempo": _rounded(point.tempo, 2),
                        "held_s": _rounded(point.held_s, 1),
                    }
                    for point in routine.points
                ],
            }
            for routine in found.routines
        ],
    }


def _compared(last: Outcome) -> dict[str, Any]:
    return {
        "id": last.session.id,
        "score": _rounded(last.score, 1),
        "tempo": _rounded(last.tempo, 2),
        "range_of_motion_deg": {each.joint: _rounded(each.mean_deg, 1) for each in last.ranges},
    }


def _local(session: SessionRecord) -> datetime | None:
    if not session.start.clock_set:
        return None
    return datetime.fromtimestamp(session.start.started_unix_s, tz=UTC).astimezone()


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits) + 0.0
