"""The loop: hears what happens, one thing after the other, lets follow what follows, and draws."""

from __future__ import annotations

import contextlib
import logging  # noqa: F401 - hooks forks: imported by one thread while another forks, it fails
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import FrameType
from typing import Final, assert_never

from grader.course import Course, Kata
from grader.report import Exit
from grader.submission import Answer, find
from grader.verdict import Verdict
from grader.watch import deeds, messages, model
from grader.watch.editing import has_window, open_beside
from grader.watch.files import Follower
from grader.watch.painter import Painter
from grader.watch.runs import Runner
from grader.watch.screen import frame, summary
from grader.watch.terminal import Closed, Terminal

_TICK: Final = 0.5 if sys.platform == "win32" else 1.0
"""Seconds between two looks at the clock."""


class Watch:
    """One watch of a course, from its beginning to its end.

    Args:
        course: what is watched.
        at: the place of the kata that is watched first; None for the first that is not done.
        full: whether the terminal can place what is written.
        time_scale: how much longer real-time limits are.
    """

    def __init__(self, course: Course, at: int | None, *, full: bool, time_scale: float = 1.0) -> None:
        self._course = course
        self._at = at
        self._heard: queue.SimpleQueue[model.Event] = queue.SimpleQueue()
        self._full = full
        self._terminal = Terminal(self._on_key, self._on_closed, full=full)
        self._painter = Painter(self._terminal, full=full)
        self._follower: Follower | None = None
        self._time_scale = time_scale
        self._runner = Runner(self._heard.put, self._note, time_scale)
        self._began = 0.0
        self._exit: Exit | None = None

    def go(self) -> Exit:
        """Watch until the user ends it; return the exit code."""
        with _signals(self._heard):
            try:
                self._state, todo = self._begin()
                self._terminal.take()
                self._do(todo)
                while self._exit is None:
                    self._hear()
            except Closed:
                self._exit = Exit.INTERRUPTED
            finally:
                self._terminal.give_back()
                self._close()
        with contextlib.suppress(Closed):
            self._terminal.write(f"{summary(self._state)}\n")
        return self._exit or Exit.PASSED

    def _begin(self) -> model.Step:
        entries, remark = deeds.entries(self._course)
        at = self._at if self._at is not None else model.first_open(entries)
        return model.begin(entries, at or 0, remark)

    def _close(self) -> None:
        if self._follower is not None:
            self._follower.close()
        self._runner.close()

    # What happens

    def _on_key(self, key: str) -> None:
        self._heard.put(model.Resized() if key == "redraw" else model.Pressed(key))

    def _on_closed(self) -> None:
        self._heard.put(model.Ended())

    def _on_found(self, kata: Kata, answer: Answer) -> None:
        self._heard.put(model.Found(kata.name, answer))

    def _on_said(self, sentence: str) -> None:
        self._heard.put(model.Said(sentence))

    def _note(self, verdict: Verdict, answer: Answer) -> str:
        return deeds.note(self._course, verdict, answer)

    def _hear(self) -> None:
        """Draw, wait for what happens, and let follow what follows from all that did."""
        self._draw()
        self._take(next_of(self._heard, _TICK, self._tick))
        while self._exit is None and not self._heard.empty():
            self._take(self._heard.get())

    def _tick(self) -> model.Event | None:
        """Return what a second without an event is; None where it changes nothing that is shown."""
        runs = self._state.phase is model.Phase.RUNNING and self._full
        if runs or sys.platform == "win32":  # nothing tells there that the window has another size
            return model.Ticked(time.monotonic() - self._began)
        return None

    def _take(self, event: model.Event) -> None:
        if isinstance(event, model.Resized):
            self._painter.forget()
        self._state, todo = model.step(self._state, event)
        self._do(todo)

    def _draw(self) -> None:
        if not (self._full or (self._state.settled and not self._state.ends) or self._state.opened):
            return  # what is written row by row is not written at each step
        shown = frame(self._state, self._painter.look())
        self._state = replace(self._state, scroll=shown.scroll)
        self._painter.draw(shown)

    # What follows

    def _do(self, todo: tuple[model.Deed, ...]) -> None:
        for deed in todo:
            for event in self._done(deed):
                self._heard.put(event)

    def _done(self, deed: model.Deed) -> Iterator[model.Event]:
        match deed:
            case model.Judge():
                self._began = time.monotonic()
                self._runner.judge(deed)
            case model.Follow():
                self._follow(deed.kata)
            case model.Look():
                yield from self._look()
            case model.Suspend():
                self._suspend()
            case model.CheckAll():
                yield from self._check_all()
            case model.Quit():
                self._exit = Exit.INTERRUPTED if deed.interrupted else Exit.PASSED
            case _:
                yield from self._done_for_the_learner(deed)

    def _done_for_the_learner(
        self,
        deed: model.ShowHint | model.ShowReference | model.ShowLesson | model.Survey | model.Reset | model.Edit,
    ) -> Sequence[model.Event]:
        match deed:
            case model.ShowHint():
                return deeds.show_hint(self._course, deed.kata, deed.number, deed.seen)
            case model.ShowReference():
                return deeds.show_reference(self._course, deed.kata)
            case model.ShowLesson():
                return deeds.show_lesson(deed.kata)
            case model.Survey():
                return deeds.survey(self._course)
            case model.Reset():
                return deeds.reset(self._course, deed.kata)
            case model.Edit():
                return deeds.missing(deed.kata) or self._edit(deed.kata)
            case _:
                assert_never(deed)

    def _follow(self, kata: Kata) -> None:
        if self._follower is not None:
            self._follower.close()
        self._follower = Follower(kata, self._course.root, self._on_found, self._on_said, self._course.katas)

    def _look(self) -> Iterator[model.Event]:
        kata = self._state.kata
        yield model.Found(kata.name, find(kata, self._course.root), asked=True)

    def _edit(self, kata: Kata) -> Sequence[model.Event]:
        if has_window():
            open_beside(kata, self._course.root, self._on_said)
            return [model.Said(messages.OPENED)]
        with self._given_back(), _handled(_OF_AN_EDITOR):
            self._terminal.write(f"{messages.EDITOR_HAS_IT}\n")
            return deeds.edit_here(kata)

    def _check_all(self) -> Sequence[model.Event]:
        with self._given_back(), _handled(_OF_AN_EDITOR):
            self._terminal.write(f"{messages.CHECKS_ALL}\n")
            command = [sys.executable, "-m", "grader", "--time-scale", str(self._time_scale)]
            subprocess.run(command, cwd=self._course.root, check=False)
            with contextlib.suppress(EOFError, OSError):  # a terminal that is gone is told of elsewhere
                input(messages.TO_GO_BACK)
        return deeds.survey(self._course)

    def _suspend(self) -> None:
        with self._given_back():
            os.kill(os.getpid(), signal.SIGSTOP)

    @contextlib.contextmanager
    def _given_back(self) -> Iterator[None]:
        """Leave the terminal to others in the block."""
        self._terminal.give_back()
        try:
            yield
        finally:
            self._terminal.take()
            self._painter.forget()


def next_of(
    heard: queue.SimpleQueue[model.Event], seconds: float, tick: Callable[[], model.Event | None]
) -> model.Event:
    """Wait for what happens next; return it, or what `tick` makes of so many seconds without anything.

    No wait is longer: a signal that comes in the moment before a wait begins does not end it, and is handled after it.
    """
    while True:
        try:
            return heard.get(timeout=seconds)
        except queue.Empty:
            if (event := tick()) is not None:
                return event


@contextlib.contextmanager
def _signals(heard: queue.SimpleQueue[model.Event]) -> Iterator[None]:
    """Let signals be heard as what happens, as long as the block runs."""
    meant: dict[str, model.Event] = {
        "SIGINT": model.Ended(),
        "SIGTERM": model.Ended(),
        "SIGHUP": model.Ended(),
        "SIGQUIT": model.Ended(),
        "SIGWINCH": model.Resized(),
        "SIGTSTP": model.Stopped(),
    }

    def hear(number: int, _: FrameType | None) -> None:
        heard.put(meant[signal.Signals(number).name])

    with _handled(dict.fromkeys(meant, hear)):
        yield


def _nothing(_: int, __: FrameType | None) -> None:
    """Let a signal go by."""


_Handler = Callable[[int, FrameType | None], None] | signal.Handlers
_OF_AN_EDITOR: Final[dict[str, _Handler]] = {"SIGINT": _nothing, "SIGTSTP": signal.SIG_DFL}
"""While an editor has the terminal Ctrl-C is the editor's alone, and Ctrl-Z stops both of us."""


@contextlib.contextmanager
def _handled(handlers: Mapping[str, _Handler]) -> Iterator[None]:
    """Handle signals in the block, those that this system knows."""
    known = {getattr(signal, name): handler for name, handler in handlers.items() if hasattr(signal, name)}
    before = {number: signal.signal(number, handler) for number, handler in known.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
