"""The exercise itself: the person, the ghost, how far, how many, how well, and the one cue."""

from __future__ import annotations

import math

from posecoach.coach.compose_body import body_items, picture_box
from posecoach.coach.compose_gauges import MARKS, dial, reach_meter, rep_dots, score_card
from posecoach.coach.compose_line import coach_line, heading, praise_line, quiet_line
from posecoach.coach.compose_tempo import tempo_bar, tempo_height
from posecoach.coach.layout import Layout
from posecoach.coach.look import Look
from posecoach.coach.page import Page
from posecoach.coach.scene import Box, Ink, Scene, Shape
from posecoach.coach.view import SessionView, StepKind, Verdict
from posecoach.coach.words import Words

_CUE_FADES_IN_S = 0.25


def compose_active(view: SessionView, layout: Layout, look: Look) -> Scene:
    """Something good and alive is always on it: reach, phase, count, the last repetition."""
    page, words = Page(layout.aspect, look.type_scale), look.words
    heading(page, layout, view.routine_name, words)
    reach_meter(page, layout.meter, view.reach, view.best_reach)
    _line(page, layout, view, look)
    _dial(page, layout, view, look)
    if view.kind is StepKind.REPS or view.reps:
        score_card(page, layout.score, view.score, words)
        at_least = (view.reps_target or 5) if view.kind is StepKind.REPS else 1
        rep_dots(page, layout.dots, view.reps, at_least, _newest_swell(view, look))
    else:
        score_card(page, layout.lower, view.score, words)
    picture = picture_box(view, layout, page, look)
    return Scene(picture, body_items(view, look, scored=True), tuple(page.items))


def _line(page: Page, layout: Layout, view: SessionView, look: Look) -> None:
    box, cue, words = layout.line, view.cue, look.words
    if cue is not None and cue.text.strip():
        opacity = look.eased(view.now - cue.since, _CUE_FADES_IN_S)
        if cue.praise:
            praise_line(page, box, words.say(cue.text), opacity=opacity)
        else:
            icon = None if cue.limb is not None else Shape.POINTER
            # On the side that it is seen on.
            limb = cue.limb if look.mirrored or cue.limb is None else cue.limb.twin
            coach_line(page, box, words.say(cue.text), limb=limb, icon=icon, opacity=opacity)
    elif view.person is None:
        quiet_line(page, box, words.say(view.prompt) or words.step_in)
    elif view.reps:
        last = view.reps[-1]
        shape, ink = MARKS[last.verdict]
        text = _told(view, words)
        quiet_line(page, box, text, icon=Shape.TICK if shape is Shape.DISC else shape, tint=ink)
    else:
        quiet_line(page, box, words.say(view.prompt) or words.follow_ghost)


def _told(view: SessionView, words: Words) -> str:
    """What became of the last repetition."""
    last = view.reps[-1]
    name = {StepKind.REPS: words.rep_n, StepKind.HOLD: words.hold_n, StepKind.FLOW: words.flow_n}[view.kind]
    verdict = {
        Verdict.GOOD: words.was_good,
        Verdict.ATTEMPT: words.was_attempt,
        Verdict.NOT_JUDGED: words.was_not_judged,
    }[last.verdict]
    text = verdict.format(what=name.format(n=len(view.reps)))
    return f"{text} \N{EN DASH} {words.say(last.reason)}" if last.reason else text


def _dial(page: Page, layout: Layout, view: SessionView, look: Look) -> None:
    box, words = layout.dial, look.words
    if view.kind is StepKind.HOLD:
        held, target = view.hold_s or 0.0, view.hold_target_s
        under = words.seconds if target is None else words.seconds_of.format(n=f"{target:.0f}")
        share = held / target if target else 0.0
        dial(page, box, f"{math.floor(held)}", under, share, Ink.GOOD)
        return
    below = tempo_height(page)
    if view.kind is StepKind.FLOW:
        share = view.phase or 0.0
        dial(page, box, f"{100 * share:.0f} %", words.done, share, Ink.LIVE, below=below)
    else:
        counted = sum(rep.verdict is not Verdict.NOT_JUDGED for rep in view.reps)
        under = words.reps if view.reps_target is None else words.of_n.format(n=view.reps_target)
        swell = _newest_swell(view, look)
        dial(page, box, f"{counted}", under, view.phase or 0.0, Ink.LIVE, swell=swell, below=below)
    pad = 0.3 * below
    tempo_bar(page, Box(box.x + pad, box.bottom - below - pad / 2, box.w - 2 * pad, below), view.pace)


def _newest_swell(view: SessionView, look: Look) -> float:
    return look.popped(view.now - view.reps[-1].finished_at) if view.reps else 1.0
