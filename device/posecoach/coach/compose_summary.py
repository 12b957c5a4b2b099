"""The end of a session: how it went, in a few facts, and one thing for next time."""

from __future__ import annotations

from posecoach.coach.compose_body import GOOD_FROM, level_ink
from posecoach.coach.compose_gauges import rep_dots
from posecoach.coach.compose_line import small_figure
from posecoach.coach.layout_summary import SummaryPlan, plan_summary
from posecoach.coach.look import Look
from posecoach.coach.page import Page, TextPart
from posecoach.coach.scene import Align, Box, Ink, Scene, Weight
from posecoach.coach.typesetting import width_em
from posecoach.coach.view import SessionView, StepKind, SummaryView, Verdict
from posecoach.coach.words import Words, capitalised
from posecoach.skeleton import Limb

_GROWS_S = 0.9
_ROW_H = 0.045
_SAME_PACE_PERCENT = 10
_TOLD_DEG = 3.0
_LIMB_WIDTHS = {Ink.GOOD: 0.085, Ink.FAIR: 0.11, Ink.POOR: 0.14, Ink.UNKNOWN: 0.05}


def compose_summary(
    view: SessionView, summary: SummaryView, aspect: float, look: Look, bottom: float = 1.0
) -> Scene:
    """No picture: the movement is over, the facts have the screen down to `bottom`."""
    page, words = Page(aspect, look.type_scale), look.words
    grown = look.eased(view.now - view.stage_since, _GROWS_S)
    plan = plan_summary(
        aspect,
        with_reps=bool(view.reps),
        with_range=bool(summary.range_of_motion_deg),
        bottom=bottom,
    )
    _title(page, plan.title, view, summary, words)
    _score(page, plan.score, summary, words, grown)
    _limbs(page, plan, summary, look)
    if plan.reps is not None:
        rep_dots(page, plan.reps, view.reps, view.reps_target or 1)
    if plan.range is not None:
        _range(page, plan.range, summary, words, grown)
    _next_time(page, plan.line, summary, words)
    return Scene(items=tuple(page.items))


def _title(page: Page, box: Box, view: SessionView, summary: SummaryView, words: Words) -> None:
    left = Box(box.x, box.y, 0.47 * box.w, box.h)
    page.text(words.say(view.routine_name), left, 0.062, max_lines=2, on=Ink.GROUND, weight=Weight.BOLD)
    minutes, seconds = divmod(round(max(0.0, summary.duration_s)), 60)
    facts = f"{minutes}:{seconds:02d}"
    if view.kind is StepKind.REPS and view.reps:
        good = sum(rep.verdict is Verdict.GOOD for rep in view.reps)
        facts = f"{words.good_reps.format(good=good, n=len(view.reps))}  ·  {facts}"
    rows = [facts] if summary.tempo is None else [facts, _tempo(summary.tempo, words)]
    row_h = box.h / len(rows)
    for i, row in enumerate(rows):
        apart = 0.005 if len(rows) > 1 else 0.0
        right = Box(left.right, box.y + i * row_h + apart, box.right - left.right, row_h - 2 * apart)
        page.text(row, right, 0.042, max_lines=2, ink=Ink.SOFT, on=Ink.GROUND, align=Align.RIGHT)


def _tempo(tempo: float, words: Words) -> str:
    """As somebody would say it: a few percent are nobody's pace."""
    percent = round(100 * abs(1 - tempo))
    if percent < _SAME_PACE_PERCENT:
        return words.tempo_same
    return (words.tempo_faster if tempo > 1 else words.tempo_slower).format(n=percent)


def _score(page: Page, box: Box, summary: SummaryView, words: Words, grown: float) -> None:
    page.panel(box)
    since = _since(summary, words)
    judged = words.judged.format(percent=f"{100 * summary.coverage:.0f}")
    if since is not None and box.h <= 0.4:  # a low box has room beside the ring, not below it
        radius = min(box.h - 0.04, 0.52 * box.w) / 2
        centre = (box.x + 0.02 + radius, box.centre[1])
        left = centre[0] + radius + 0.014
        beside = Box(left, box.y + 0.015, box.right - 0.01 - left, box.h - 0.03)
        parts = [TextPart(since, 0.034, 4, weight=Weight.BOLD), TextPart(judged, 0.032, 3, Ink.SOFT)]
        page.column(beside, parts, 0.022)
    else:
        foot_h = (0.11 if box.h > 0.4 else 0.065) + (0.055 if since else 0.0)
        radius = min(box.w - 0.06, box.h - foot_h - 0.04) / 2
        centre = (box.centre[0], box.y + (box.h - foot_h) / 2 + 0.01)
        foot = Box(box.x + 0.02, box.bottom - foot_h, box.w - 0.04, foot_h - 0.015)
        if since is not None:
            upper = Box(foot.x, foot.y, foot.w, 0.5 * foot.h - 0.008)
            page.text(since, upper, 0.042, max_lines=2, weight=Weight.BOLD, align=Align.CENTRE)
            foot = Box(foot.x, upper.bottom + 0.016, foot.w, upper.h)
        page.text(judged, foot, 0.042, max_lines=3, ink=Ink.SOFT, align=Align.CENTRE)
    value = 0.0 if summary.score is None else grown * summary.score
    page.ring(centre, radius, 0.12 * radius, value / 100, level_ink(summary.score))
    half = 0.72 * radius
    number = "\N{EN DASH}" if summary.score is None else f"{value:.0f}"
    room = Box(centre[0] - half, centre[1] - half, 2 * half, 2 * half)
    page.text(number, room, 0.95 * radius, weight=Weight.BOLD, align=Align.CENTRE)


def _since(summary: SummaryView, words: Words) -> str | None:
    """How the score differs from the last time; `None` where there is nothing to compare."""
    if summary.last is None or summary.last.score is None or summary.score is None:
        return None
    difference = round(summary.score) - round(summary.last.score)
    if difference == 0:
        return words.last_time_same
    return (words.last_time_better if difference > 0 else words.last_time_worse).format(n=abs(difference))


def _limbs(page: Page, plan: SummaryPlan, summary: SummaryView, look: Look) -> None:
    """A figure that stands as the picture did, its limbs as they were judged; best and worst in words."""
    box, words = plan.figure, look.words
    joined = plan.figure.y == plan.words.y
    for panel in (plan.figure.around(plan.words),) if joined else (plan.figure, plan.words):
        page.panel(panel)
    looks = {}
    for limb in Limb:
        ink = level_ink(summary.limb_scores.get(limb))
        looks[limb if look.mirrored else limb.twin] = (ink, _LIMB_WIDTHS[ink])
    small_figure(page, box.centre, min(box.h - 0.05, 1.3 * box.w), looks)
    rows = [
        (label, limb) for label, limb in ((words.best, summary.best), (words.worst, summary.worst)) if limb
    ]
    area = plan.words.inset(0.02, 0.012)
    if not rows:
        judged = any(score is not None for score in summary.limb_scores.values())
        page.text(words.limbs_alike if judged else words.no_limbs, area, 0.045, max_lines=5, ink=Ink.SOFT)
    across = area.w > 2 * area.h  # side by side
    for i, (label, name) in enumerate(rows):
        if across:
            room = Box(area.x + i * area.w / 2, area.y, 0.48 * area.w, area.h)
        else:
            pitch = min(area.h / 2, 0.18)
            room = Box(area.x, area.centre[1] + (i - len(rows) / 2) * pitch, area.w, pitch)
        name_part = TextPart(words.say(capitalised(name)), 0.056 * page.upright, 2, weight=Weight.BOLD)
        page.column(room, [TextPart(label, 0.038 * page.upright, 2, Ink.SOFT), name_part], 0.022)


def _range(page: Page, box: Box, summary: SummaryView, words: Words, grown: float) -> None:
    page.panel(box)
    area = box.inset(0.026, 0.016)
    rows = list(summary.range_of_motion_deg.items())
    shown = rows[: max(1, int(area.h / (_ROW_H * page.upright)) - 1)]
    pitch = min(area.h / (len(shown) + 1), 0.09)
    top = area.centre[1] - pitch * (len(shown) + 1) / 2
    title = words.range_compared if summary.last_deg else words.range_of_motion
    page.text(title, Box(area.x, top, area.w, pitch), 0.04 * page.upright, max_lines=2, ink=Ink.SOFT)
    widest = max(130.0, *summary.range_of_motion_deg.values(), *summary.reference_deg.values())
    names = [words.say(capitalised(joint)) for joint, _ in shown]
    longest = max(width_em(name, Weight.MEDIUM) for name in names)
    # All alike; as small as can be read rather than on two lines.
    size = max(page.least, min(0.042 * page.upright, 0.455 * area.w / longest / page.type_scale))
    bar_w = 0.22 if summary.last_deg else 0.28  # an arrow needs room
    for i, ((joint, degrees), name) in enumerate(zip(shown, names, strict=True), start=1):
        row = Box(area.x, top + i * pitch, area.w, pitch)
        name_w = 0.46 * row.w
        rather_one_line = width_em(name, Weight.MEDIUM) * page.least <= name_w
        page.text(
            name,
            Box(row.x, row.y, name_w, row.h),
            size,
            max_lines=1 if rather_one_line else 2,
        )
        track = Box(row.x + 0.48 * row.w, row.centre[1] - 0.012, bar_w * row.w, 0.024)
        page.bar(track, grown * degrees / widest, Ink.LIVE)
        if joint in summary.reference_deg:  # as far as the reference goes
            x = track.x + track.w * summary.reference_deg[joint] / widest
            page.stroke(((x, track.y - 0.006), (x, track.bottom + 0.006)), 0.007, Ink.TEXT)
        number = Box(row.x + (0.5 + bar_w) * row.w, row.y, (0.5 - bar_w) * row.w, row.h)
        arrow = _arrow(degrees, summary.last_deg.get(joint))
        page.text(
            f"{arrow}{degrees:.0f}°", number, 0.042 * page.upright, weight=Weight.BOLD, align=Align.RIGHT
        )


def _arrow(degrees: float, before: float | None) -> str:
    """Whether a joint went further than the last time; nothing where a camera could not tell."""
    if before is None or abs(degrees - before) < _TOLD_DEG:
        return ""
    return "↑" if degrees > before else "↓"


def _next_time(page: Page, box: Box, summary: SummaryView, words: Words) -> None:
    page.panel(box, Ink.RAISED)
    area = box.inset(0.03, 0.02)
    text = words.say(capitalised(summary.reason or summary.advice))
    label = words.no_score if summary.score is None else "" if summary.reason else words.next_time
    if not text.strip():
        text, label = _closing(summary, words), ""
    label_h = 0.05 if label else 0.0
    page.text(label, Box(area.x, area.y, area.w, label_h), 0.04 * page.upright, ink=Ink.SOFT, on=Ink.RAISED)
    room = Box(area.x, area.y + label_h, area.w, area.h - label_h)
    page.text(text, room, 0.07 * page.upright, max_lines=4, on=Ink.RAISED, weight=Weight.BOLD)


def _closing(summary: SummaryView, words: Words) -> str:
    """What is said where there is nothing to change."""
    if summary.score is None:
        return words.no_score
    return words.keep if summary.score >= GOOD_FROM else words.finished
