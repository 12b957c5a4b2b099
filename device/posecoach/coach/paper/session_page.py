"""One session on one page."""

from __future__ import annotations

from datetime import datetime

from posecoach.coach.compose_body import level_ink
from posecoach.coach.outcome import Outcome
from posecoach.coach.paper.fault_list import fault_list
from posecoach.coach.paper.limb_chart import limb_chart
from posecoach.coach.paper.range_chart import range_chart
from posecoach.coach.paper.rep_chart import rep_chart
from posecoach.coach.paper.sheet import A4, Paper, Sheet
from posecoach.coach.paper.tempo_table import compared_table, tempo_line
from posecoach.coach.paper.words import ENGLISH_PAPER, PaperWords
from posecoach.coach.scene import Align, Box, Ink, Scene, Shape, Weight
from posecoach.coach.trend import routine_words
from posecoach.coach.words import capitalised


def session_page(
    outcome: Outcome,
    last: Outcome | None = None,
    *,
    started: datetime | None = None,
    last_started: datetime | None = None,
    paper: Paper = A4,
    words: PaperWords = ENGLISH_PAPER,
) -> Scene:
    """The report of a session.

    Args:
        outcome: What it came to.
        last: The same routine by the same person the time before, if there was one.
        started: By the clock of the wall; `None` where it was not set.
        last_started: Likewise of `last`.
        paper: Its format.
        words: Its language.
    """
    sheet = Sheet(paper)
    inside = sheet.inside
    gap = 14.0
    top = _title(sheet, inside, outcome, started, words)
    foot_h = 66.0
    foot = Box(inside.x, inside.bottom - foot_h, inside.w, foot_h)
    rows_h = foot.y - gap - top - 3 * gap
    shares = (0.285, 0.275, 0.27, 0.17)
    boxes, y = [], top
    for share in shares:
        boxes.append(Box(inside.x, y, inside.w, share * rows_h))
        y = boxes[-1].bottom + gap
    first, chart, middle, faults = boxes
    third = (inside.w - 2 * gap) / 100
    score = Box(first.x, first.y, 23 * third, first.h)
    limbs = Box(score.right + gap, first.y, 47 * third, first.h)
    short = Box(limbs.right + gap, first.y, first.right - limbs.right - gap, first.h)
    _score(sheet, score, outcome, words)
    limb_chart(sheet, limbs, outcome, words)
    _in_short(sheet, short, outcome, words)
    rep_chart(sheet, chart, outcome, words)
    ranges = Box(middle.x, middle.y, 0.58 * middle.w, middle.h)
    side = Box(ranges.right + gap, middle.y, middle.right - ranges.right - gap, middle.h)
    before = {each.joint: each.mean_deg for each in last.ranges} if last else {}
    range_chart(sheet, ranges, outcome, before, words)
    tempo = Box(side.x, side.y, side.w, 66)
    tempo_line(sheet, tempo, outcome, words)
    compared = Box(side.x, tempo.bottom + 8, side.w, side.bottom - tempo.bottom - 8)
    when = words.day(last_started) if last_started else ""
    compared_table(sheet, compared, outcome, last, when, words)
    fault_list(sheet, faults, outcome, words)
    _foot(sheet, foot, outcome, words)
    return sheet.scene()


def _title(sheet: Sheet, inside: Box, outcome: Outcome, started: datetime | None, words: PaperWords) -> float:
    """The head of the page; where it ends."""
    session = outcome.session
    brand_line(sheet, inside, words.session_report, words)
    name = session.start.routine_name or routine_words(session.start.routine_id)
    who = session.start.person.name if session.start.person else ""
    title = Box(inside.x, inside.y + 20, inside.w, 30)
    sheet.text(words.say(name), title, 25.0, weight=Weight.BOLD)
    when = f"{words.day(started)}, {started:%H:%M}" if started else words.no_date
    view = session.start.view
    facts = [who or words.nobody, when, words.seen_from.format(side=words.sides.get(view, view))]
    if session.summary is None:
        facts.append(words.cut_off)
    else:
        minutes, seconds = divmod(round(session.summary.duration_s), 60)
        facts.append(words.minutes.format(m=minutes, s=seconds))
    sheet.text("  ·  ".join(facts), Box(inside.x, title.bottom + 3, inside.w, 16), 11.0, ink=Ink.SOFT)
    return title.bottom + 34


def brand_line(sheet: Sheet, inside: Box, kind: str, words: PaperWords) -> None:
    """Whose page it is, and what it is."""
    sheet.mark(Shape.RING, (inside.x + 5, inside.y + 6), 10.0, Ink.GOOD)
    sheet.text(words.brand, Box(inside.x + 15, inside.y, 0.4 * inside.w, 12), 10.0, ink=Ink.SOFT)
    at = Box(inside.x + 0.45 * inside.w, inside.y, 0.55 * inside.w, 12)
    sheet.text(kind, at, 10.0, ink=Ink.SOFT, align=Align.RIGHT)


def _score(sheet: Sheet, box: Box, outcome: Outcome, words: PaperWords) -> None:
    room = sheet.heading(words.score, box)
    radius = min(room.w - 6, room.h - 20) / 2
    centre = (room.centre[0], room.y + radius)
    score, summary = outcome.score, outcome.session.summary
    sheet.ring(centre, radius, 0.15 * radius, (score or 0.0) / 100, level_ink(score))
    inner = 0.72 * radius
    number = "\N{EN DASH}" if score is None else f"{score:.0f}"
    at = Box(centre[0] - inner, centre[1] - 0.62 * inner, 2 * inner, 1.1 * inner)
    sheet.text(number, at, 0.86 * radius, weight=Weight.BOLD, align=Align.CENTRE)
    under = Box(centre[0] - 0.75 * inner, centre[1] + 0.5 * inner, 1.5 * inner, 12)
    said = words.no_score if score is None else words.of_hundred
    sheet.text(said, under, 8.5, ink=Ink.SOFT, align=Align.CENTRE)
    if summary is not None:
        seen = words.seen.format(percent=f"{100 * summary.coverage:.0f}")
        below = Box(room.x, centre[1] + radius + 5, room.w, 13)
        sheet.text(seen, below, 9.5, ink=Ink.SOFT, align=Align.CENTRE)


def _in_short(sheet: Sheet, box: Box, outcome: Outcome, words: PaperWords) -> None:
    """Best limb and the one to improve, and the one thing for next time."""
    room = sheet.heading(words.in_short, box)
    y = room.y
    summary = outcome.session.summary
    if outcome.score is None or not outcome.judged:
        text = summary.reason if summary and summary.reason else words.no_score
        said = words.say(capitalised(text))
        sheet.paragraph(said, Box(room.x, y, room.w, room.h), 12.0, max_lines=6, weight=Weight.BOLD)
        return
    pair = outcome.best_and_worst
    for label, limb in zip((words.best, words.worst), pair or (), strict=False):
        sheet.text(label, Box(room.x, y, room.w, 11), 8.0, ink=Ink.SOFT)
        name = capitalised(words.names[limb.value])
        sheet.text(name, Box(room.x, y + 11, room.w, 16), 12.0, weight=Weight.BOLD)
        y += 34
    if pair is None:
        sheet.text(words.limbs_alike, Box(room.x, y, room.w, 16), 10.0, ink=Ink.SOFT)
        y += 22
    if outcome.faults:
        text = words.say(capitalised(outcome.faults[0].text))
        sheet.text(words.next_time, Box(room.x, y, room.w, 11), 8.0, ink=Ink.SOFT)
        rest = Box(room.x, y + 14, room.w, room.bottom - y - 14)
        sheet.paragraph(text, rest, 11.0, max_lines=4, weight=Weight.BOLD)


def _foot(sheet: Sheet, box: Box, outcome: Outcome, words: PaperWords) -> None:
    sheet.rule(box.x, box.y, box.right)
    column = (box.w - 24) / 3
    for i, text in enumerate((words.reading_score, words.reading_seen, words.reading_range)):
        at = Box(box.x + i * (column + 12), box.y + 6, column, box.h - 18)
        sheet.paragraph(text, at, 7.5, max_lines=6, ink=Ink.SOFT)
    start = outcome.session.start
    made = words.made_by.format(
        version=start.app_version, number=outcome.session.id, uuid=outcome.session.uuid
    )
    sheet.text(made, Box(box.x, box.bottom - 11, box.w, 10), 7.5, ink=Ink.SOFT)
