"""Processes that answer side by side, some of which really die at it."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from answering import Echo, nothing_here
from posecoach.errors import ModelUnavailable
from posecoach.service.crew import Crew, Lost

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a child is tied to its parent by Linux")


def test_every_question_is_answered_once_and_one_that_ends_its_process_is_lost_alone():
    words = [f"word {n}".encode() for n in range(30)]
    words[3], words[11], words[12], words[29] = b"kill", b"raise", b"abort", b"kill"

    with Crew[int](Echo, 2) as crew:
        told = list(crew.answers(enumerate(words)))

    assert sorted(number for number, _ in told) == list(range(30))
    lost = {number: str(answer) for number, answer in told if isinstance(answer, Lost)}
    assert sorted(lost) == [3, 11, 12, 29]
    assert "SIGKILL" in lost[3]
    assert "no such word" in lost[11]
    assert "SIGABRT" in lost[12]
    answered = {n: answer.split(b" ") for n, answer in told if isinstance(answer, bytes)}
    assert all(b" ".join(words[n].split(b" "))[::-1].startswith(answer[0]) for n, answer in answered.items())
    assert len({answer[-1] for answer in answered.values()}) >= 2


def test_what_hangs_is_ended_and_the_others_go_on():
    with Crew[str](Echo, 1, answer_within_s=0.3) as crew:
        told = dict(crew.answers([("a", b"one"), ("b", b"hang"), ("c", b"two")]))

    assert isinstance(told["b"], Lost)
    assert "no answer" in str(told["b"])
    assert told["a"].startswith(b"eno")
    assert told["c"].startswith(b"owt")


def test_what_cannot_be_made_says_why_instead_of_losing_questions():
    with (
        Crew[int](nothing_here, 2) as crew,
        pytest.raises(ModelUnavailable, match="no such model on this box"),
    ):
        list(crew.answers(enumerate([b"a", b"b"])))


def test_one_that_ends_while_it_has_nothing_to_do_is_replaced_and_nothing_is_lost():
    with Crew[int](Echo, 1) as crew:
        first = list(crew.answers([(1, b"one")]))
        (pid,) = crew.pids
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        second = list(crew.answers([(2, b"two"), (3, b"three")]))

    told = dict(first + second)
    assert [told[n].split()[0] for n in (1, 2, 3)] == [b"eno", b"owt", b"eerht"]


def test_nothing_to_ask_is_nothing_to_wait_for():
    with Crew[int](Echo, 1) as crew:
        assert list(crew.answers([])) == []
