"""What is wrong with a box, as its log tells it."""

from __future__ import annotations


def test_a_trouble_is_logged_once_and_its_end_once(board, caplog):
    from posecoach.coach.view import TroubleView

    trouble = TroubleView("C1", "The camera stopped")
    with caplog.at_level("INFO", logger="posecoach"):
        for _ in range(5):
            board.tell("camera", trouble, "no frame")
        for _ in range(5):
            board.tell("camera", None)

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "C1" in caplog.records[0].message
    assert "no frame" in caplog.records[0].message
