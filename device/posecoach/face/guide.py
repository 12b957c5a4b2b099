"""What is heard between the sessions: what can be done here, what is marked, and how to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from posecoach.coach.floor import Floor
from posecoach.coach.heard_moves import sign, wanted
from posecoach.coach.recording import STAND, Recording
from posecoach.coach.sayings import introduced, sentence
from posecoach.coach.utterance import Earcon, Kind, Said, Utterance, usual_length_s
from posecoach.coach.view import Stage
from posecoach.coach.words import Words
from posecoach.face.compose_stick import brought_row
from posecoach.face.place import Place
from posecoach.face.questions import question_at
from posecoach.face.recorder import ANSWERS
from posecoach.face.visit import Visit
from posecoach.face.walk import Walk

_AT_REST: Final = (Place.PAUSED, Place.AWAY)


class Guide:
    """Pure but for its own state. Sessions have a voice of their own: this one is silent while they speak."""

    def __init__(
        self, *, unseen: bool = False, length_s: Callable[[Utterance], float] = usual_length_s
    ) -> None:
        """Nobody is there.

        Args:
            unseen: Whether somebody listens who does not see the screen: what is marked is said then.
            length_s: How long an utterance lasts.
        """
        self._unseen = unseen
        self._floor = Floor(length_s)
        self._place = Place.ATTRACT
        self._told = ""
        self._stage, self._times = Stage.IDLE, 0  # of what is recorded

    def heed(self, visit: Visit, now: float) -> list[Said]:
        """Take where somebody is; what begins to be heard now."""
        before, self._place = self._place, visit.place
        if visit.wishes.silent:
            return []
        for utterance in self._wanted(visit, before, now):
            self._floor.want(utterance)
        return [each for each in self._floor.decide(now) if isinstance(each, Said)]

    def _wanted(self, visit: Visit, before: Place, now: float) -> Iterator[Utterance]:
        words = visit.wishes.look.words
        if visit.place is not before:
            self._told = _marked(visit)
            if before in _AT_REST and visit.place is Place.SESSION:
                yield sign(Earcon.START, visit.since)
            self._stage, self._times = Stage.IDLE, 0
            if text := _asked(visit, words):
                yield wanted(Kind.STEP, visit.since, text)
        elif (told := _marked(visit)) != self._told:
            self._told = told
            if self._unseen and told:
                yield wanted(Kind.STEP, visit.since, sentence(words.say(told)))
        if visit.place is Place.RECORD and visit.recorder.recording is not None:
            yield from self._recorded(visit.recorder.recording, words, now)

    def _recorded(self, recording: Recording, words: Words, now: float) -> Iterator[Utterance]:
        """That somebody is seen well, that it begins, and each time that it was seen."""
        stage, self._stage = self._stage, recording.stage
        times, self._times = self._times, recording.times
        if recording.stage is not stage:
            if recording.stage is Stage.COUNTDOWN:
                yield sign(Earcon.READY, now)
            elif recording.stage is Stage.ACTIVE:
                yield sign(Earcon.START, now)
                yield wanted(Kind.STEP, now, sentence(words.show_times.format(n=recording.asked.times)))
            elif recording.over:
                yield sign(Earcon.FINISHED, now)
        if recording.times > times:
            yield sign(Earcon.GOOD, now)
            yield wanted(Kind.COUNT, now, str(recording.times))


def _asked(visit: Visit, words: Words) -> str:
    """What is said to whoever comes to a place; empty where its session speaks, or nobody listens."""
    recorder = visit.recorder
    if visit.place in ANSWERS:
        question = question_at(visit.place, recorder, visit.wishes.look)
        answers = (f"{answer.label}: {answer.how}" for answer in question.answers)
        return " ".join(map(sentence, (question.title, question.told[0], *answers)))
    asked = {
        Place.RECORD: (words.record, words.say(STAND)),
        Place.CHOOSE: (words.what_would_you_like, words.how_to_choose),
        Place.PAUSED: (words.paused, words.go_on_crossing),
        Place.AWAY: (words.away, words.go_on_returning),
    }
    if visit.place is Place.PROGRAMME and visit.walk is not None:
        return _between(visit.walk, words)
    return " ".join(map(sentence, asked.get(visit.place, ())))


def _between(walk: Walk, words: Words) -> str:
    """How the last set was, and what comes next."""
    said = []
    if walk.last is not None and walk.last.score is not None:
        said.append(words.say_score.format(score=f"{walk.last.score:.0f}"))
    coming = walk.next
    if coming is None:
        return " ".join([*said, sentence(words.all_done_today)])
    if walk.rests:
        said.append(sentence(words.rest))
    return " ".join([*said, words.say_next.format(what=introduced(coming.routine, words).rstrip("."))])


def _marked(visit: Visit) -> str:
    """The name of what is marked where something can be, and how it is set."""
    at, stick, settings = visit.marked.at, visit.on_offer.offer.stick, visit.on_offer.offer.settings
    if visit.place is Place.CHOOSE:
        return visit.on_offer.tiles[at].title
    if visit.place is Place.STICK and stick is not None and at < len(stick.brought):
        row = brought_row(stick.brought[at], visit.wishes.look.words)
        return f"{row.label}: {row.value}"
    if visit.place is Place.SETTINGS and at < len(settings):
        row = settings[at].told(visit.wishes)
        return f"{row.label}: {row.value}"
    return ""
