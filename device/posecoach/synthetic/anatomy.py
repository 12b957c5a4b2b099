"""The solids of a bare body, in the proportions of its measures."""

from __future__ import annotations

from posecoach.synthetic.body import Body
from posecoach.synthetic.kinematics import Part
from posecoach.synthetic.look import Stuff
from posecoach.synthetic.solids import FORWARD, Solid


def circle(radius: float) -> tuple[float, float]:
    """A round cross-section: half breadth and half depth alike."""
    return radius, radius


def bare_solids(body: Body) -> list[Solid]:
    """The body itself, without clothes or hair."""
    return [*trunk_solids(body), *head_solids(body)] + [
        solid for side in (0, 1) for solid in (*arm_solids(body, side), *leg_solids(body, side))
    ]


def trunk_solids(
    body: Body, off_m: float = 0.0, low_off_m: float = 0.0, *, sleeveless: bool = False
) -> list[Solid]:
    """Hips, waist, chest, shoulders; cloth stands `off_m` off the skin, `low_off_m` below the waist."""
    girth, length, tall = body.girths, body.lengths, body.stature_m

    def ring(name: str, broad: float = 1.0, deep: float = 1.0) -> tuple[float, float]:
        off = low_off_m if name == "hips" else off_m
        return girth[f"{name}_half_breadth"] * broad + off, girth[f"{name}_half_depth"] * deep + off

    over = max(off_m - low_off_m, 0.0) / girth["hips_half_breadth"] + 0.02  # the shirt hangs over the hips
    chest, yoke = length["chest"], length["shoulder_half_width"]
    broad = 0.58 if sleeveless else 0.70
    solids = [
        Solid((Part.PELVIS, (-0.004 * tall, 0, -0.012 * tall)), (Part.PELVIS, (0, 0, 0.03 * tall)),
              (ring("hips", 0.92, 0.98), ring("hips", 0.95, 0.96)), Stuff.BOTTOM, cap=0.4),
        Solid((Part.PELVIS, (0, 0, 0.035 * tall)), (Part.WAIST, (0, 0, 0.04 * tall)),
              (ring("hips", 0.97 + over, 0.96 + over), ring("waist")), Stuff.TOP, cap=0.15),
        Solid((Part.WAIST, (0, 0, 0.03 * tall)), (Part.CHEST, (0.004 * tall, 0, 0.05 * tall)),
              (ring("waist"), ring("chest")), Stuff.TOP, cap=0.15),
        Solid((Part.CHEST, (0.004 * tall, 0, 0.04 * tall)), (Part.CHEST, (0, 0, chest - 0.045 * tall)),
              (ring("chest"), ring("chest", 0.95, 0.70)), Stuff.TOP, cap=0.3),
        # The cut of the shoulders, and the slope from the neck.
        Solid((Part.CHEST, (0, yoke * broad, chest - 0.036 * tall)),
              (Part.CHEST, (0, -yoke * broad, chest - 0.036 * tall)),
              ((0.047 * tall + off_m, 0.031 * tall + off_m),) * 2, Stuff.TOP, breadth_axis=FORWARD),
    ]  # fmt: skip
    collar = (Part.CHEST, (-0.006 * tall, 0.0, chest + 0.006 * tall))
    for side, sign in enumerate((1.0, -1.0)):
        shoulder = (Part(Part.LEFT_UPPER_ARM + side), (0.0, 0.0, 0.004 * tall))
        slope = (0.030 * tall + off_m, 0.029 * tall + off_m)
        if sleeveless:
            shoulder = (Part.CHEST, (0.0, sign * yoke * 0.74, chest - 0.022 * tall))
            slope = (0.030 * tall, 0.018 * tall)
        solids.append(
            Solid(collar, shoulder, ((0.030 * tall, 0.020 * tall), slope), Stuff.TOP, breadth_axis=FORWARD)
        )
        seat = girth["hips_half_depth"] * 0.78 + low_off_m
        solids.append(
            Solid((Part.PELVIS, (-0.020 * tall, sign * 0.045 * tall, -0.022 * tall)),
                  (Part.PELVIS, (-0.020 * tall, sign * 0.042 * tall, 0.005 * tall)),
                  ((seat, seat), (seat * 0.9, seat * 0.9)), Stuff.BOTTOM)
        )  # fmt: skip
        if body.curves > 0.5:
            bust = 0.037 * tall + off_m
            solids.append(
                Solid((Part.CHEST, (0.029 * tall, sign * 0.042 * tall, 0.030 * tall)),
                      (Part.CHEST, (0.014 * tall, sign * 0.044 * tall, 0.068 * tall)),
                      ((bust, bust), (bust * 0.9, bust * 0.9)), Stuff.TOP, round=True)
            )  # fmt: skip
    return solids


def head_solids(body: Body) -> list[Solid]:
    """Neck, skull, nose and ears."""
    girth, tall = body.girths, body.stature_m
    neck, broad, deep = girth["neck_girth"], girth["head_half_breadth"], girth["head_half_depth"]
    solids = [
        Solid((Part.NECK, (-0.006 * tall, 0, -0.02 * tall)), (Part.HEAD, (-0.012 * tall, 0, -0.036 * tall)),
              ((neck * 1.06, neck * 1.02), (neck * 0.94, neck * 0.96)), Stuff.SKIN),
        Solid((Part.HEAD, (0.011 * tall, 0, -0.039 * tall)), (Part.HEAD, (-0.004 * tall, 0, 0.008 * tall)),
              ((broad * 0.74, deep * 0.60), (broad, deep * 0.92)), Stuff.SKIN, round=True),
        Solid((Part.HEAD, (0.044 * tall, 0, 0.000)), (Part.HEAD, (0.0555 * tall, 0, -0.0185 * tall)),
              ((0.0035 * tall, 0.004 * tall), (0.0085 * tall, 0.0075 * tall)), Stuff.SKIN, round=True),
    ]  # fmt: skip
    ears = [
        Solid((Part.HEAD, (-0.003 * tall, sign * broad * 0.96, 0.000)),
              (Part.HEAD, (0.001 * tall, sign * broad * 0.93, -0.019 * tall)),
              ((0.0095 * tall, 0.0055 * tall), (0.006 * tall, 0.005 * tall)), Stuff.SKIN, FORWARD)
        for sign in (1.0, -1.0)
    ]  # fmt: skip
    return solids + ears


def arm_solids(body: Body, side: int) -> list[Solid]:
    """Upper arm, forearm, palm, fingers and thumb."""
    girth, tall = body.girths, body.stature_m
    upper, fore, hand = body.lengths["upper_arm"], body.lengths["forearm"], body.lengths["hand"]
    arm, elbow, wrist = (
        Part(Part.LEFT_UPPER_ARM + side),
        Part(Part.LEFT_FOREARM + side),
        Part(Part.LEFT_HAND + side),
    )
    inward = -1.0 if side == 0 else 1.0
    top, low = girth["upper_arm_top"], girth["upper_arm_low"]
    bulge, thin = girth["forearm_top"], girth["wrist"]
    return [
        Solid((arm, (0, 0, 0)), (arm, (0, 0, -0.45 * upper)),
              (circle(top * 1.02), circle(top * 0.92)), Stuff.SKIN),
        Solid((arm, (0, 0, -0.4 * upper)), (elbow, (0, 0, 0)), (circle(top * 0.93), circle(low)), Stuff.SKIN),
        Solid((elbow, (0, 0, 0)), (elbow, (0, 0, -0.32 * fore)),
              (circle(low * 0.98), circle(bulge * 1.04)), Stuff.SKIN),
        Solid((elbow, (0, 0, -0.3 * fore)), (wrist, (0, 0, 0)),
              (circle(bulge * 1.04), (thin, thin)), Stuff.SKIN),
        Solid((wrist, (0, 0, -0.1 * hand)), (wrist, (0, 0, -0.5 * hand)),
              ((0.019 * tall, 0.013 * tall), (0.023 * tall, 0.011 * tall)), Stuff.SKIN, FORWARD),
        Solid((wrist, (0, 0, -0.5 * hand)), (wrist, (0.004 * tall, inward * 0.006 * tall, -0.88 * hand)),
              ((0.021 * tall, 0.0095 * tall), (0.014 * tall, 0.007 * tall)), Stuff.SKIN, FORWARD),
        Solid((wrist, (0.014 * tall, 0, -0.22 * hand)),
              (wrist, (0.027 * tall, inward * 0.006 * tall, -0.55 * hand)),
              (circle(0.009 * tall), circle(0.0065 * tall)), Stuff.SKIN),
    ]  # fmt: skip


def leg_solids(body: Body, side: int) -> list[Solid]:
    """Thigh, calf, shoe and its sole."""
    girth, tall = body.girths, body.stature_m
    thigh, shin = body.lengths["thigh"], body.lengths["shin"]
    hip, knee, foot = Part(Part.LEFT_THIGH + side), Part(Part.LEFT_SHIN + side), Part(Part.LEFT_FOOT + side)
    top, middle, low = girth["thigh_top"], girth["thigh_top"] * 0.9, girth["knee"]
    calf, thin, broad = girth["calf"], girth["ankle"], girth["foot_half_breadth"]
    down, long = -body.lengths["ankle_height"], body.lengths["foot"]
    return [
        Solid((hip, (0, 0, 0.0)), (hip, (0.004 * tall, 0, -0.45 * thigh)),
              (circle(top), circle(middle)), Stuff.SKIN),
        Solid((hip, (0.004 * tall, 0, -0.42 * thigh)), (knee, (0, 0, 0)),
              (circle(middle), circle(low * 1.04)), Stuff.SKIN),
        Solid((knee, (0, 0, 0)), (knee, (-0.008 * tall, 0, -0.32 * shin)),
              (circle(low), circle(calf * 1.05)), Stuff.SKIN),
        Solid((knee, (-0.008 * tall, 0, -0.3 * shin)), (knee, (-0.002 * tall, 0, -0.97 * shin)),
              (circle(calf * 1.05), circle(thin)), Stuff.SKIN),
        Solid((knee, (-0.002 * tall, 0, -0.88 * shin)), (foot, (-0.004 * tall, 0, down * 0.3)),
              (circle(thin * 1.06), circle(thin * 1.1)), Stuff.SOCK),
        Solid((foot, (-0.024 * tall, 0, down + 0.024 * tall)), (foot, (0.1 * long, 0, down + 0.026 * tall)),
              ((0.021 * tall, 0.022 * tall), (0.024 * tall, 0.024 * tall)), Stuff.SHOE),
        Solid((foot, (0.1 * long, 0, down + 0.026 * tall)), (foot, (0.56 * long, 0, down + 0.017 * tall)),
              ((0.024 * tall, 0.023 * tall), (broad, 0.016 * tall)), Stuff.SHOE),
        Solid((foot, (-0.026 * tall, 0, down + 0.006 * tall)), (foot, (0.55 * long, 0, down + 0.006 * tall)),
              ((0.0215 * tall, 0.006 * tall), (broad * 1.02, 0.006 * tall)), Stuff.SOLE),
    ]  # fmt: skip
