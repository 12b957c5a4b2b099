"""A dressed body: the solids of clothes and hair over those of the body."""

from __future__ import annotations

from dataclasses import replace

from posecoach.synthetic.anatomy import arm_solids, circle, head_solids, leg_solids, trunk_solids
from posecoach.synthetic.body import Body
from posecoach.synthetic.kinematics import Part
from posecoach.synthetic.look import Hair, Look, Stuff
from posecoach.synthetic.solids import Solid


def dressed_solids(body: Body, look: Look) -> list[Solid]:
    """The solids to paint for a body with a look."""
    loose_m = look.loose_top * body.stature_m
    low_m = look.loose_bottom * body.stature_m
    solids = trunk_solids(body, loose_m, low_m, sleeveless=look.sleeve <= 0)
    solids += head_solids(body)
    solids += hair_solids(body, look.hair)
    for side in (0, 1):
        sleeve = _sleeve(body, side, look)
        legging = _legging(body, side, look)
        # What is covered all over need not be painted.
        arm, leg = arm_solids(body, side), leg_solids(body, side)
        solids += arm[4:] if look.sleeve >= 0.99 else arm[1 if look.sleeve > 0.25 else 0 :]
        first_bare = 3 if look.legging > 0.7 else 1
        solids += leg[4:] if look.legging >= 0.99 else leg[first_bare:]
        solids += sleeve + legging
    return solids


def hair_solids(body: Body, style: Hair) -> list[Solid]:
    """Hair: a cap behind and over the skull, and what hangs from it."""
    tall = body.stature_m
    broad, deep = body.girths["head_half_breadth"], body.girths["head_half_depth"]

    def lock(start: tuple[float, float, float], end: tuple[float, float, float], *radii: float) -> Solid:
        first, last = radii[0] * tall, radii[-1] * tall
        return Solid(
            (Part.HEAD, (start[0] * tall, start[1] * tall, start[2] * tall)),
            (Part.HEAD, (end[0] * tall, end[1] * tall, end[2] * tall)),
            ((first, first), (last, last)),
            Stuff.HAIR,
            round=True,
        )

    if style is Hair.BALD:
        return []
    thick = {Hair.CROPPED: 0.0012, Hair.SHORT: 0.0045}.get(style, 0.0055) * tall
    cap = Solid(
        (Part.HEAD, (-0.017 * tall, 0, -0.006 * tall)),
        (Part.HEAD, (-0.009 * tall, 0, 0.013 * tall)),
        ((broad * 0.99 + thick, deep * 0.80 + thick), (broad * 1.0 + thick, deep * 0.90 + thick)),
        Stuff.HAIR,
        round=True,
    )
    nape = lock((-0.030, 0, -0.01), (-0.026, 0, -0.036), 0.030, 0.024)
    solids = [cap, nape]
    if style is not Hair.CROPPED:
        for sign in (1.0, -1.0):  # combed to the sides
            solids.append(lock((0.027, sign * 0.006, 0.046), (0.008, sign * 0.037, 0.024), 0.0135, 0.013))
            solids.append(lock((0.008, sign * 0.037, 0.024), (-0.012, sign * 0.039, -0.004), 0.013, 0.010))
    if style is Hair.LONG:
        for sign in (1.0, -1.0):
            solids += [lock((-0.012, sign * 0.036, -0.004), (-0.016, sign * 0.042, -0.082), 0.018, 0.016)]
        solids.append(lock((-0.034, 0, -0.01), (-0.042, 0, -0.105), 0.038, 0.032))
    elif style is Hair.BUN:
        solids.append(lock((-0.052, 0, 0.038), (-0.058, 0, 0.046), 0.023))
    elif style is Hair.TAIL:
        solids.append(lock((-0.054, 0, 0.024), (-0.074, 0, 0.002), 0.016, 0.018))
        solids.append(lock((-0.074, 0, 0.002), (-0.072, 0, -0.090), 0.018, 0.010))
    return solids


def _sleeve(body: Body, side: int, look: Look) -> list[Solid]:
    upper, fore = body.lengths["upper_arm"], body.lengths["forearm"]
    reach = look.sleeve * (upper + fore)
    if reach <= 0:
        return []
    arm, elbow = Part(Part.LEFT_UPPER_ARM + side), Part(Part.LEFT_FOREARM + side)
    wrist = Part(Part.LEFT_HAND + side)
    off = look.loose_top * body.stature_m * 0.8 + 0.002 * body.stature_m
    top, low = body.girths["upper_arm_top"] + off, body.girths["upper_arm_low"] + off
    if reach < upper:
        hem = top * 0.93 + 0.6 * off
        return [
            Solid((arm, (0, 0, 0)), (arm, (0, 0, -reach)), (circle(top), circle(hem)), Stuff.TOP, cut=True)
        ]
    cuff = body.girths["wrist"] + 0.7 * off
    full = body.girths["forearm_top"] + off
    return [
        Solid((arm, (0, 0, 0)), (elbow, (0, 0, 0)), (circle(top), circle(low)), Stuff.TOP),
        Solid((elbow, (0, 0, 0)), (elbow, (0, 0, -0.32 * fore)), (circle(low), circle(full)), Stuff.TOP),
        Solid(
            (elbow, (0, 0, -0.3 * fore)),
            (wrist, (0, 0, 0)),
            (circle(full), circle(cuff)),
            Stuff.TOP,
            cut=True,
        ),
    ]


def _legging(body: Body, side: int, look: Look) -> list[Solid]:
    thigh, shin = body.lengths["thigh"], body.lengths["shin"]
    reach = look.legging * (thigh + shin)
    hip, knee = Part(Part.LEFT_THIGH + side), Part(Part.LEFT_SHIN + side)
    off = look.loose_bottom * body.stature_m + 0.0015 * body.stature_m
    top = body.girths["thigh_top"]
    middle, low = top * 0.9 + off, body.girths["knee"] * 1.04 + off
    forward = 0.004 * body.stature_m
    solids = [
        Solid(
            (hip, (0, 0, 0.0)),
            (hip, (forward, 0, -0.45 * thigh)),
            (circle(top + off), circle(middle)),
            Stuff.BOTTOM,
        )
    ]
    if reach < thigh:  # shorts widen to their hem
        share = reach / thigh
        hem = top * (1.0 - 0.13 * share) + 1.6 * off
        return [
            replace(
                solids[0], end=(hip, (forward, 0, -reach)), radii=(circle(top + off), circle(hem)), cut=True
            )
        ]
    solids.append(
        Solid(
            (hip, (forward, 0, -0.42 * thigh)), (knee, (0, 0, 0)), (circle(middle), circle(low)), Stuff.BOTTOM
        )
    )
    back = -0.008 * body.stature_m
    calf, thin = body.girths["calf"] * 1.05 + off, body.girths["ankle"] + 1.3 * off
    down = min((reach - thigh) / shin, 0.95)
    bulge = min(0.32, down)
    solids.append(
        Solid(
            (knee, (0, 0, 0)),
            (knee, (back, 0, -bulge * shin)),
            (circle(low), circle(calf)),
            Stuff.BOTTOM,
            cut=down <= 0.32,
        )
    )
    if down > 0.32:
        share = (down - 0.32) / 0.63
        hem = calf + (thin - calf) * share
        solids.append(
            Solid(
                (knee, (back, 0, -0.3 * shin)),
                (knee, (back * (1 - share), 0, -down * shin)),
                (circle(calf), circle(hem)),
                Stuff.BOTTOM,
                cut=True,
            )
        )
    return solids
