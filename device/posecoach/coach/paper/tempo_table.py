"""How fast it was done, and how it all compares with the time before."""

from __future__ import annotations

import math

from posecoach.coach.outcome import Outcome
from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.paper.words import PaperWords
from posecoach.coach.scene import Align, Box, Ink, Shape, Weight
from posecoach.coach.summary import mean


def tempo_line(sheet: Sheet, box: Box, outcome: Outcome, words: PaperWords) -> None:
    """A mark between slower and faster; the reference's pace is in the middle."""
    room = sheet.heading(words.tempo, box)
    each, tempo = outcome.seconds_each, outcome.tempo
    if each is None or tempo is None:
        said = words.no_tempo if outcome.held_s is None else words.held.format(n=f"{outcome.held_s:.0f}")
        sheet.paragraph(said, Box(room.x, room.y, room.w, 30), ink=Ink.SOFT, max_lines=2)
        return
    own, wanted = each
    text = words.seconds_alone.format(own=f"{own:.1f}")
    if wanted is not None:
        text = words.seconds_each.format(own=f"{own:.1f}", wanted=f"{wanted:.1f}")
    sheet.text(text, Box(room.x, room.y, room.w, 12), 9.0)
    y, half = room.y + 22, room.w / 2 - 6
    middle = room.centre[0]
    sheet.line(((middle - half, y), (middle + half, y)), 1.2, Ink.FAINT)
    sheet.line(((middle, y - 5), (middle, y + 5)), 1.8, Ink.TEXT)
    # Twice as fast and half as fast are as far apart from the middle.
    share = max(-1.0, min(1.0, math.log2(max(tempo, 1e-3))))
    sheet.mark(Shape.DISC, (middle + half * share, y), 8.0, Ink.LIVE)
    ends = ((words.slower, Align.LEFT, room.x), (words.faster, Align.RIGHT, room.centre[0]))
    for word, align, x in ends:
        sheet.text(word, Box(x, y + 6, room.w / 2, 11), 7.5, ink=Ink.SOFT, align=align)


def compared_table(
    sheet: Sheet, box: Box, outcome: Outcome, last: Outcome | None, when: str, words: PaperWords
) -> None:
    """Now, then, and the difference; why not where there is nothing to compare with."""
    room = sheet.heading(words.compared, box, when if last else "")
    if last is None:
        named = outcome.session.start.person is not None
        text = words.first_time if named else words.no_person
        sheet.paragraph(text, Box(room.x, room.y, room.w, 40), ink=Ink.SOFT, max_lines=3)
        return
    rows = [
        (words.row_score, outcome.score, last.score, "{:.0f}"),
        (words.row_good, _share_good(outcome), _share_good(last), "{:.0f} %"),
        (words.row_range, reached(outcome), reached(last), "{:.0f} %"),
        (words.row_tempo, outcome.tempo, last.tempo, "{:.2f}"),
    ]
    pitch = min(16.0, room.h / len(rows))
    for i, (name, now, then, form) in enumerate(rows):
        _row(sheet, Box(room.x, room.y + i * pitch, room.w, pitch), name, now, then, form)


def _row(sheet: Sheet, row: Box, name: str, now: float | None, then: float | None, form: str) -> None:
    columns = (0.54, 0.155, 0.155, 0.15)
    x = row.x
    dash = "\N{EN DASH}"
    difference = ""
    if now is not None and then is not None:
        said = form.format(abs(now - then)).removesuffix(" %")
        nothing = form.format(0.0).removesuffix(" %")
        up = now > then
        difference = "=" if said == nothing else f"{'↑' if up else '↓'} {said}"
    cells = (
        (name, Ink.TEXT, Weight.MEDIUM, Align.LEFT),
        (dash if then is None else form.format(then), Ink.SOFT, Weight.MEDIUM, Align.RIGHT),
        (dash if now is None else form.format(now), Ink.TEXT, Weight.BOLD, Align.RIGHT),
        (difference, Ink.TEXT, Weight.MEDIUM, Align.RIGHT),
    )
    for (text, ink, weight, align), share in zip(cells, columns, strict=True):
        sheet.text(text, Box(x, row.y, share * row.w - 3, row.h), 9.0, ink=ink, weight=weight, align=align)
        x += share * row.w
    sheet.rule(row.x, row.bottom, row.right, Ink.TRACK, 0.4)


def reached(outcome: Outcome) -> float | None:
    """The mean share of the reference's ranges that was reached, in percent."""
    shares = [each.mean_deg / each.reference_deg for each in outcome.ranges if each.reference_deg]
    share = mean(shares)
    return None if share is None else 100 * share


def _share_good(outcome: Outcome) -> float | None:
    return 100 * outcome.good / len(outcome.parts) if outcome.parts else None
