"""The screens of a body in view: placing, countdown, and the exercise itself."""

from __future__ import annotations

import math

from posecoach.coach.compose_body import body_items, picture_box
from posecoach.coach.compose_parts import coach_line, dial, heading, reach_meter, rep_dots, score_card
from posecoach.coach.layout import Layout
from posecoach.coach.motion_curves import eased, popped
from posecoach.coach.page import Page
from posecoach.coach.scene import Ink, Scene, Shape
from posecoach.coach.view import SessionView, StepKind, Verdict
from posecoach.coach.words import Words


def compose_active(view: SessionView, layout: Layout, words: Words, *, mirrored: bool) -> Scene:
    """The person, the ghost, how far, how many, how well, and the one cue."""
    page = Page(layout.aspect)
    heading(page, layout, view.routine_name, words)
    reach_meter(page, layout, view.reach, view.best_reach)
    _line(page, layout, view, words)
    _dial(page, layout, view, words)
    score_card(page, layout.score, view.score, _why_no_score(view), words)
    rep_dots(page, layout.dots, view.reps, view.reps_target, _newest_swell(view))
    picture = picture_box(view, layout, page, mirrored=mirrored)
    return Scene(picture, body_items(view, scored=True), tuple(page.items))


def compose_countdown(view: SessionView, layout: Layout, words: Words, *, mirrored: bool) -> Scene:
    """A huge number in a ring that runs out."""
    page = Page(layout.aspect)
    heading(page, layout, view.routine_name, words)
    left = view.countdown_s
    number = "" if left is None else f"{max(1, math.ceil(left))}"
    share = 0.0 if left is None else left - math.floor(left) if left % 1 else 1.0
    dial(page, layout.dial, number, words.starts_in, share if left else 0.0, Ink.GOOD)
    coach_line(page, layout, view.prompt or words.get_ready)
    reach_meter(page, layout, view.reach, view.best_reach)
    picture = picture_box(view, layout, page, mirrored=mirrored)
    return Scene(picture, body_items(view, scored=False), tuple(page.items))


def compose_placing(view: SessionView, layout: Layout, words: Words, *, mirrored: bool) -> Scene:
    """What to do to be ready."""
    page = Page(layout.aspect)
    heading(page, layout, view.routine_name, words)
    dial(page, layout.dial, "", "", 0.0, Ink.GOOD)
    coach_line(page, layout, view.prompt or words.step_in, icon=Shape.ARROW_UP, tint=Ink.FAIR)
    picture = picture_box(view, layout, page, mirrored=mirrored)
    return Scene(picture, body_items(view, scored=False), tuple(page.items))


def _line(page: Page, layout: Layout, view: SessionView, words: Words) -> None:
    cue = view.cue
    if cue is not None:
        fade = eased(view.now - cue.since, 0.3)
        icon = None if cue.limb is not None else Shape.ARROW_UP
        coach_line(page, layout, cue.text, limb=cue.limb, icon=icon, praise=cue.praise, opacity=fade)
    elif view.reps:
        last = view.reps[-1]
        template = {
            Verdict.GOOD: words.rep_good,
            Verdict.ATTEMPT: words.rep_attempt,
            Verdict.NOT_JUDGED: words.rep_not_judged,
        }[last.verdict]
        text = template.format(n=len(view.reps))
        coach_line(page, layout, f"{text} \N{EN DASH} {last.reason}" if last.reason else text, quiet=True)
    else:
        coach_line(page, layout, words.follow_ghost, quiet=True)


def _dial(page: Page, layout: Layout, view: SessionView, words: Words) -> None:
    box = layout.dial
    if view.kind is StepKind.HOLD:
        held = view.hold_s or 0.0
        target = view.hold_target_s
        under = words.seconds if target is None else words.seconds_of.format(n=f"{target:.0f}")
        done = target is not None and held >= target
        share = 0.0 if not target else held / target
        dial(page, box, f"{math.floor(held)}", under, share, Ink.GOOD if done or share else Ink.SEEN)
    elif view.kind is StepKind.FLOW:
        share = view.phase or 0.0
        dial(
            page,
            box,
            f"{100 * share:.0f}\N{THIN SPACE}%".replace("\N{THIN SPACE}", " "),
            words.of_the_way,
            share,
            Ink.GOOD,
        )
    else:
        counted = sum(rep.verdict is not Verdict.NOT_JUDGED for rep in view.reps)
        under = words.reps if view.reps_target is None else words.of_n.format(n=view.reps_target)
        dial(page, box, f"{counted}", under, view.phase or 0.0, Ink.SEEN, swell=_newest_swell(view))


def _newest_swell(view: SessionView) -> float:
    return popped(view.now - view.reps[-1].finished_at) if view.reps else 1.0


def _why_no_score(view: SessionView) -> str:
    return view.reps[-1].reason if view.reps and view.reps[-1].verdict is Verdict.NOT_JUDGED else ""
