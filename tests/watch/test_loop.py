"""Waiting for what happens next."""

from __future__ import annotations

import queue

from grader.watch import model
from grader.watch.loop import next_of


class Late(queue.SimpleQueue[model.Event]):
    """A queue in which a signal comes just before a wait begins: it is handled when the wait has ended."""

    def get(self, block: bool = True, timeout: float | None = None) -> model.Event:  # noqa: ARG002, FBT001, FBT002
        if not self.empty():
            return super().get()
        assert timeout is not None, "this wait would not end"
        self.put(model.Ended())
        raise queue.Empty


def test_a_signal_that_comes_just_before_a_wait_is_heard_after_a_moment() -> None:
    assert next_of(Late(), 1.0, lambda: None) == model.Ended()


def test_while_something_runs_a_second_without_an_event_is_one() -> None:
    assert next_of(queue.SimpleQueue(), 0.001, lambda: model.Ticked(2.0)) == model.Ticked(2.0)
