"""Sees what threads do with shared data, in chosen files, before each instruction that does it.

By ``sys.monitoring`` from Python 3.12 on, by ``sys.settrace`` before. Nothing is watched but while `watched` lasts, and
then only code of those files.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import messages
from grader.bubble.accesses import DOUBT, KEPT, LASTING, Access, accesses
from grader.bubble.current import here
from grader.bubble.objects import NOTHING, UNKNOWN, find, is_of_container, outer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from grader.bubble.chosen import ChosenRun
    from grader.bubble.operations import BubbleThread
    from grader.bubble.places import Places

_TOOLS: Final = (3, 4, 1, 2, 0)
"""Numbers of monitoring tools, in the order in which they are tried: first those that nobody has a claim on."""

_WRITES_BACK: Final = sys.version_info < (3, 12)
"""Whether a trace function that looked at a frame's locals sets these, and what is shared of them, back at its end."""


class Watch:
    """What is watched: the code of some files.

    Args:
        places: tells these files.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._tables: dict[int, dict[int, tuple[Access, ...]]] = {}  # by id: codes of two files may be equal
        self._codes: list[CodeType] = []

    def table(self, code: CodeType) -> dict[int, tuple[Access, ...]]:
        """Return what the instructions of `code` access, by their offsets; nothing if it is not watched."""
        known = self._tables.get(id(code))
        if known is None:
            known = accesses(code) if self._places.name(code.co_filename) else {}
            self._tables[id(code)] = known
            self._codes.append(code)
        return known

    def enter(self) -> None:
        """Begin to watch the calling thread."""

    def leave(self) -> None:
        """Watch the calling thread no longer."""


class _Tracing(Watch):
    """For Python 3.11."""

    def enter(self) -> None:
        """Begin to watch the calling thread."""
        sys.settrace(self._call)

    def leave(self) -> None:
        """Watch the calling thread no longer."""
        sys.settrace(None)

    def _call(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:  # noqa: ARG002 - settrace's
        if not self.table(frame.f_code):
            return None
        frame.f_trace_lines = False
        frame.f_trace_opcodes = True
        return self._opcode

    def _opcode(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:  # noqa: ARG002 - settrace's
        if event == "opcode":
            for access in self._tables[id(frame.f_code)].get(frame.f_lasti, ()):
                _meet(access, frame)
        return self._opcode


class _Monitoring(Watch):
    """For Python 3.12 and later: all is set up before any thread starts."""

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self._tool = -1

    def open(self) -> None:
        """Set the events of all functions of the files."""
        monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        self._tool = next(tool for tool in _TOOLS if monitoring.get_tool(tool) is None)
        monitoring.use_tool_id(self._tool, "bubble")
        event = monitoring.events.INSTRUCTION
        monitoring.register_callback(self._tool, event, self._instruction)
        for code in self._found():
            monitoring.set_local_events(self._tool, code, event)

    def close(self) -> None:
        """Undo what `open` did."""
        monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        for code in self._codes:
            if self._tables[id(code)]:
                monitoring.set_local_events(self._tool, code, 0)
        monitoring.register_callback(self._tool, monitoring.events.INSTRUCTION, None)
        monitoring.free_tool_id(self._tool)

    def _found(self) -> Iterator[CodeType]:
        functions = [thing.__code__ for thing in gc.get_objects() if isinstance(thing, FunctionType)]
        seen: set[int] = set()
        waiting = [code for code in functions if self._places.name(code.co_filename)]
        while waiting:
            code = waiting.pop()
            if id(code) not in seen:
                seen.add(id(code))
                waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
                if self.table(code):
                    yield code

    def _instruction(self, code: CodeType, offset: int) -> None:
        for access in self._tables[id(code)].get(offset, ()):
            _meet(access, sys._getframe(1))


def _meet(access: Access, frame: FrameType) -> None:
    """Tell the run of the calling thread what it is about to do."""
    thread = here()
    if thread is None or thread.abandoned or thread.scheduler.silent:
        return
    run: ChosenRun = thread.scheduler  # type: ignore[assignment]
    if access.mode == KEPT:
        if is_of_container(access, frame):
            run.points.doubt(messages.keeps_method(access.name))
        return
    if access.mode == DOUBT and (access.path is LASTING or not run.is_alone()):
        run.points.doubt(access.name)
        run.access(thread, "write", messages.UNSEEN)  # a place to switch at: it may be found to be wrong there
    elif not run.is_alone():
        _touch(run, thread, access, frame)


def _touch(run: ChosenRun, thread: BubbleThread, access: Access, frame: FrameType) -> None:
    """Tell `run` that `thread` is about to read or write."""
    found: object = UNKNOWN
    if run.points.whole or access.name in run.points.shared:
        found = find(access, frame, run.points.shared)
        run.pass_through(outer(access, frame))
    if found is not NOTHING:
        run.access(thread, access.mode, access.name, found)
        if _WRITES_BACK and found is not UNKNOWN:
            frame.f_locals  # noqa: B018 - what was looked at is set back when tracing ends: let it be what it is now


@contextlib.contextmanager
def watched(places: Places, files: Iterable[str]) -> Iterator[Watch | None]:
    """Watch the code of `files`, if there are any, while this lasts.

    To be entered by the main thread when no other runs code of the files.
    """
    if not tuple(files):
        yield None
    elif sys.version_info < (3, 12):
        before = sys.gettrace()
        try:
            yield _Tracing(places)
        finally:
            sys.settrace(before)
    else:
        watch = _Monitoring(places)
        watch.open()
        try:
            yield watch
        finally:
            watch.close()
