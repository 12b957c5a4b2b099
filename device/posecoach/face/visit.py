"""A visit: somebody comes, chooses, exercises, sees how it went, and goes; one after the other, for ever.

Pure but for its own state, as a session is: time, poses and wishes come in, scenes and events go out. What
leads where is in `place.MOVES`; this walks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from posecoach.coach.events import Event
from posecoach.coach.gesture import DEAF, EXERCISING, GestureView, Listening
from posecoach.coach.gesture_reader import GestureReader
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.perception import Percept, Perception
from posecoach.coach.records import PlannedSet
from posecoach.coach.routine import Routine
from posecoach.coach.session import Session
from posecoach.coach.view import SessionView, Stage
from posecoach.face.markings import Markings
from posecoach.face.menu import Marked, Target, target_at
from posecoach.face.offer import Offer
from posecoach.face.on_offer import OnOffer
from posecoach.face.place import MANNERS, MOVES, Act, Move, Place, Turn
from posecoach.face.practice import Practice
from posecoach.face.presence import Presence
from posecoach.face.recorder import ANSWERS, RECORDING, Recorder
from posecoach.face.self_start import Begun, Looked, SelfStart
from posecoach.face.settings import Wished, Wishes
from posecoach.face.taking import Taking
from posecoach.face.walk import OfferedProgramme, Walk
from posecoach.face.walking import Walking
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate


class Visit:
    """What is on the screen, and what comes next."""

    def __init__(
        self,
        offer: Offer,
        begin: Callable[[Routine], Session],
        wishes: Wishes,
        *,
        wished: Callable[[Wishes], None] = lambda wishes: None,
        forgetful: bool = False,
        self_start: SelfStart | None = None,
        straight: OfferedProgramme | None = None,
    ) -> None:
        """Wait for somebody.

        Args:
            offer: What there is to do; at least one routine, where it does not begin with `record`.
            begin: A new session of a routine, for whoever is there.
            wishes: How the screen says things, and whether anything is heard.
            wished: Told when somebody has changed that.
            forgetful: Whether what one person has set does not outlast them: a kiosk is for whoever comes.
            straight: A programme that whoever comes goes on with, without having to choose it.
            self_start: Recognises who just begins to move instead of choosing; `None` where all choose.
        """
        self._wished = Wished(wishes, wished, forgetful=forgetful)
        self.on_offer = OnOffer(offer, self._wished)
        """What there is to do just now."""
        self.wanted = True
        """Whether to go on: not when somebody has quit."""
        self._self_start, self._walking = self_start, Walking(straight)
        alone = len(offer.routines) == 1 and not offer.programmes
        self._only = offer.routines[0] if alone else None
        self._practice = Practice(begin)
        self._perception, self._reader = Perception(), GestureReader(mirrored=wishes.look.mirrored)
        self._percept: Percept | None = None
        self.frame: Frame | None = None
        self._presence = Presence()
        self.recorder = Recorder(offer.records)
        """What somebody records."""
        self._taking = Taking(self.on_offer, self._wished, self._practice, self._walking, self.recorder)
        self._markings = Markings()
        self.place, self.since = Place.ATTRACT, 0.0
        self._enter(Place.ATTRACT, 0.0)

    @property
    def wishes(self) -> Wishes:
        """How whoever is there wants it."""
        return self._wished.now

    @property
    def session(self) -> Session | None:
        """The one that is under way or was the last; `None` before."""
        return self._practice.session

    @property
    def rested_s(self) -> float:
        """How long the session has been at rest: its clock stands still then."""
        return self._practice.rested_s

    @property
    def walk(self) -> Walk | None:
        """Through the sets of a programme; `None` where somebody does what they like."""
        return self._walking.walk

    @property
    def planned(self) -> PlannedSet | None:
        """Which set of a programme the session is; `None` of what somebody just does."""
        return None if self.walk is None else self.walk.under_way

    @property
    def heard(self) -> bool:
        """Whether the session is to be heard now."""
        return not self.wishes.silent and self.place in (Place.SESSION, Place.RESULT, Place.SUMMARY)

    @property
    def gesture(self) -> GestureView:
        """The gesture under way."""
        return self._reader.view

    @property
    def marked(self) -> Marked:
        """Which of the things on the screen is marked."""
        return self._markings.at(self.place)

    def take_events(self) -> list[Event]:
        """What the sessions have left since the last call, oldest first."""
        return self._practice.take_events()

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Take a frame and the people in it."""
        now, self.frame = frame.captured_at, frame
        begun: Begun | None = None
        if self.place is Place.SESSION and self.session is not None:
            self._practice.look(frame, poses)
            self._percept = self.session.percept
        elif self.place is Place.RECORD:
            self._percept = self.recorder.look(frame, poses)
        else:
            within = tuple(pose.within(frame.wh) for pose in poses)
            self._percept = self._perception.perceive(now, within, frame.wh)
            if self.place is Place.CHOOSE and self._self_start is not None:
                begun = self._self_start.look(Looked(now, within, frame.wh), self._percept)
        self._presence.look(now, somebody=self._percept is not None)
        intent = self._reader.update(now, self._percept, self._listening())
        if intent is not None:
            self.take(intent, now)
        elif begun is not None:
            self._practice.join(begun)
            self._enter(Place.SESSION, now)
        self.pass_time(now)

    def pass_time(self, now: float) -> None:
        """Let time do what it does at each place, whether anybody looks or not."""
        self.on_offer.tend_stick(self.place, self._markings)
        for turn in self._turns(now):
            move = MOVES.get((self.place, turn))
            if move is not None:
                self._go(move, None, now)
                return

    def take(self, intent: Intent, now: float) -> None:
        """Take what somebody wants, however they said it."""
        wish = intent.wish
        if wish is Wish.QUIT:
            self.wanted = False
        elif wish is Wish.MUTE:
            self._wished.change(replace(self.wishes, silent=not self.wishes.silent))
        elif not self.recorder.busy and (move := self._move(wish)) is not None:
            self._go(move, intent, now)

    def aim(self, targets: tuple[Target, ...], columns: int = 1) -> None:
        """Say what stands where on the screen now, for hands and fingers that point, and for up and down."""
        self._markings.aim(self.place, targets, columns)

    def view(self, now: float) -> SessionView | None:
        """What the session has to show; `None` where there is none."""
        return self._practice.view(now, active=self.place is Place.SESSION)

    def record(self, now: float) -> None:
        """Have a movement recorded, as if that had been chosen."""
        self.recorder.begin()
        self._enter(Place.RECORD, now)

    def finish(self) -> None:
        """Judge what was done until now: nothing more comes."""
        self._practice.finish()

    def _turns(self, now: float) -> tuple[Turn, ...]:
        """What has happened by itself, the most important first."""
        manners, turns = MANNERS[self.place], [*self.recorder.turns()]
        if self.recorder.busy:
            return ()
        exercising = self.place is Place.SESSION
        if exercising and self._practice.stage is Stage.SUMMARY:
            turns.append(Turn.OVER)
        alone = self._presence.alone_s(self.since) >= manners.gone_s
        if alone and not (exercising and (self._only or self._practice.stage is Stage.ACTIVE)):
            turns.append(Turn.GONE)
        if self._presence.came:
            turns.append(Turn.CAME)
        shown_s = manners.shown_s
        if self.place is Place.PROGRAMME and self.walk is not None:
            shown_s = None if self.walk.waits else self.walk.lasts_s
        if shown_s is not None and now - self.since >= shown_s:
            turns.append(Turn.LATE)
        return tuple(turns)

    def _listening(self) -> Listening:
        deaf = self.place is Place.SESSION and self._practice.stage is not Stage.ACTIVE
        wishes = DEAF if deaf else MANNERS[self.place].gestures
        wishes = self._practice.gestures if wishes is EXERCISING else wishes
        if self.place is Place.RECORD:
            wishes = self.recorder.heard(wishes)
        return Listening(wishes, tuple(target.box for target in self._markings.targets))

    def _move(self, wish: Wish) -> Move | None:
        """Where a wish leads from here."""
        move = MOVES.get((self.place, wish))
        if move is None or self.place is not Place.SESSION or self.session is None:
            return move
        if self.session.stage is not Stage.ACTIVE:  # it has not begun: there is nothing to pause or to judge
            return Move(Place.CHOOSE, Act.DROP) if wish is Wish.BACK else None
        if move.to is Place.PAUSED and self._percept is None:
            return replace(move, to=Place.AWAY)
        return move

    def _go(self, move: Move, intent: Intent | None, now: float) -> None:
        """Walk a way; what is taken may lead elsewhere."""
        to = move.to
        if move.act is Act.BEGIN:
            self._practice.begin_again()
        elif move.act is Act.DROP:
            self._practice.drop()
        elif move.act is Act.GO_ON:
            to = Place.CHOOSE if (routine := self._walking.go_on()) is None else to
            if routine is not None:
                self._practice.begin(routine)
        elif move.act is Act.WAIT:
            self._walking.wait()
            return
        elif move.act is Act.FINISH:
            self.finish()
        elif move.act is Act.END:
            self.recorder.end()
            return
        elif move.act is Act.MARK and intent is not None:
            self._markings.move(self.place, intent.wish)
            self.since = now
            return
        elif move.act is Act.TAKE:
            to = self._taking.take(self.place, self.marked.at)
        elif move.act is Act.TAKE_AT and intent is not None and intent.at is not None:
            target = target_at(self._markings.targets, intent.at)
            if target is None:
                return
            if isinstance(target.does, Wish):
                self.take(Intent(target.does), now)
                return
            if isinstance(target.does, Marked):
                self._markings.mark(self.place, target.does)
                self.since = now
                return
            self._markings.mark(self.place, replace(self.marked, at=target.does))
            to = self._taking.take(self.place, target.does)
        self._enter(to, now)

    def _enter(self, place: Place, now: float) -> None:
        if place is Place.KEPT and place is not self.place and self.recorder.kept is not None:
            self.on_offer.add(self.recorder.kept)
        if place not in RECORDING:
            self.recorder.drop()
        if self._only is not None and place in (Place.ATTRACT, Place.CHOOSE):
            self._practice.begin(self._only)  # it waits for somebody, as this place does
            place = Place.SESSION
        done = None if self.session is None else self.session.performance
        place = self._walking.leads(self.place, place, done)
        if place is Place.ATTRACT:
            self._wished.leave()
        if place is Place.RESULT and self._practice.little_to_tell:
            place = Place.SUMMARY
        resting = (Place.PAUSED, Place.AWAY)
        if self.place in resting and place not in resting:
            self._practice.rested_s += now - self.since
        if place is not self.place:
            self._markings.targets = ()
            if self._self_start is not None:
                self._self_start.forget()
            if place is Place.TREND:
                self.on_offer.recall()
            if (count := self.on_offer.count(place)) is not None:
                self._markings.enter(place, count)
                if place in ANSWERS:
                    self._markings.mark(place, Marked(count, count - 1))
        self.place, self.since = place, now
