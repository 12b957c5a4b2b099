"""What was wrong, in the words in which it was said, and how often."""

from __future__ import annotations

from typing import Final

from posecoach.coach.compose_gauges import MARKS
from posecoach.coach.outcome import Outcome
from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.paper.words import PaperWords
from posecoach.coach.scene import Box, Ink, Shape, Weight
from posecoach.coach.view import Verdict
from posecoach.coach.words import capitalised

_ROW_PT: Final = 15.0


def fault_list(sheet: Sheet, box: Box, outcome: Outcome, words: PaperWords) -> None:
    """Faults first, then why something did not count; what has no room is counted."""
    room = sheet.heading(words.to_change, box)
    count = len(outcome.parts)
    named = {Verdict.GOOD: words.good, Verdict.ATTEMPT: words.attempt, Verdict.NOT_JUDGED: words.not_judged}
    lines = [
        (Shape.POINTER, Ink.POOR, words.say(capitalised(fault.text)), fault.times, Weight.BOLD)
        for fault in outcome.faults
    ]
    lines += [
        (
            *MARKS[verdict],
            words.because.format(verdict=capitalised(named[verdict]), reason=words.say(reason)),
            times,
            Weight.MEDIUM,
        )
        for reason, verdict, times in outcome.reasons
    ]
    if not lines:
        text = words.no_faults if outcome.judged else words.nothing_done if not outcome.parts else ""
        summary = outcome.session.summary
        text = text or (summary.reason if summary else "")
        sheet.text(words.say(capitalised(text)), Box(room.x, room.y, room.w, 14), 10.0)
        return
    fits = max(1, int(room.h / _ROW_PT))
    shown = lines if len(lines) <= fits else lines[: fits - 1]
    for i, (shape, ink, text, times, weight) in enumerate(shown):
        row = Box(room.x, room.y + i * _ROW_PT, room.w, _ROW_PT)
        sheet.mark(shape, (row.x + 5, row.centre[1]), 7.0, ink)
        often = words.times_of.format(times=times, n=count)
        sheet.text(often, Box(row.x + 16, row.y, 44, row.h), 9.0, ink=Ink.SOFT)
        sheet.text(text, Box(row.x + 64, row.y, row.w - 64, row.h), 9.5, weight=weight)
    if len(shown) < len(lines):
        row = Box(room.x + 64, room.y + len(shown) * _ROW_PT, room.w - 64, _ROW_PT)
        sheet.text(words.and_more.format(n=len(lines) - len(shown)), row, 9.0, ink=Ink.SOFT)
