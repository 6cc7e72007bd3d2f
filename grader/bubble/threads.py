"""Starting, joining and ending threads under the scheduler."""

from __future__ import annotations

import contextlib
import sys
import threading
import types
from typing import TYPE_CHECKING, Any

from grader.bubble import originals
from grader.bubble.current import here, running
from grader.bubble.operations import BubbleThread, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KNOWN_AS = "_bubble_thread"
"""The attribute of a `threading.Thread` that holds its `BubbleThread`."""


_OF_THREADS = frozenset(
    method.__code__ for method in vars(threading.Thread).values() if isinstance(method, types.FunctionType)
)
"""Code of the methods of threads: what they ask an Event is none of the learner's asking."""


def start_new_thread(function: Callable[..., object], args: Any, kwargs: dict[str, Any] | None = None, /) -> int:
    """Stand for ``_thread.start_new_thread``: return the new thread's identifier."""
    starter = here()
    if starter is None:
        return originals.start_new_thread(function, args, kwargs or {})
    if not isinstance(args, tuple) or not callable(function):
        raise TypeError("1st arg must be callable, 2nd arg must be a tuple")
    ident: int = _start(starter, function, args, kwargs or {}, lambda live: originals.start_new_thread(live, ()))
    return ident


def start_joinable_thread(function: Callable[[], object], handle: Any = None, daemon: bool = True) -> Any:  # noqa: FBT001, FBT002 - _thread's own
    """Stand for ``_thread.start_joinable_thread`` (3.13): return the handle."""
    starter = here()
    if starter is None:
        return originals.start_joinable_thread(function, handle=handle, daemon=daemon)
    # To the interpreter all are daemons: one that can't be ended must not keep the process from its end.
    return _start(
        starter, function, (), {}, lambda live: originals.start_joinable_thread(live, handle=handle, daemon=True)
    )


def _start(
    starter: BubbleThread,
    function: Callable[..., object],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    spawn: Callable[[Any], Any],
) -> Any:
    owner = getattr(function, "__self__", None)
    thread = owner if isinstance(owner, threading.Thread) else None
    name = thread.name if thread is not None else getattr(function, "__name__", "thread")

    def body(me: BubbleThread) -> None:
        me.thread = thread
        if thread is None:
            _live_raw(me, function, args, kwargs)
        else:
            _live(me, thread, function)

    daemon = thread.daemon if thread is not None else True  # a raw thread keeps no program from its end
    return starter.scheduler.start(starter, name, body, spawn, daemon=daemon)[1]


def _live(me: BubbleThread, thread: threading.Thread, bootstrap: Callable[[], object]) -> None:
    """Run a `threading.Thread`; it begins where it tells its starter that it has started."""
    setattr(thread, _KNOWN_AS, me)
    started: Any = thread._started  # type: ignore[attr-defined]

    def begin() -> None:
        del started.set
        started.set()
        started.wait = lambda timeout=None: True  # noqa: ARG005 - the starter's wait is no operation
        me.scheduler.begin(me)

    started.set = begin
    try:
        bootstrap()
    except BaseException:
        if not me.abandoned:
            raise
        threading._limbo.pop(thread, None)  # type: ignore[attr-defined]
        threading._active.pop(originals.get_ident(), None)  # type: ignore[attr-defined]


def _live_raw(me: BubbleThread, function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    try:
        me.scheduler.begin(me)
        function(*args, **kwargs)
    except SystemExit:
        pass
    except BaseException as error:  # noqa: BLE001 - the thread's last resort, as in C
        if not me.abandoned:
            me.error = error
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))


def make_invoke_excepthook(original: Callable[[], Callable[[Any], None]]) -> Callable[[], Callable[[Any], None]]:
    """Return a stand-in for ``threading._make_invoke_excepthook`` that notes the error.

    Abandoned threads are silent.
    """

    def make() -> Callable[[Any], None]:
        invoke = original()

        def invoke_and_note(thread: Any) -> None:
            me = here()
            if me is not None:
                if me.abandoned:
                    return
                error = sys.exception()
                me.error = None if isinstance(error, SystemExit) else error
            invoke(thread)

        return invoke_and_note

    return make


def _known(thread: threading.Thread) -> BubbleThread | None:
    """Return the thread as the present run knows it, if it does."""
    known: BubbleThread | None = thread.__dict__.get(_KNOWN_AS)
    return known if known is not None and known.scheduler is running() else None


def join(self: threading.Thread, timeout: float | None = None) -> None:
    """Stand for ``Thread.join``."""
    me, other = here(), _known(self)
    if me is None or other is None or other is me:
        originals.join(self, timeout)
        return
    wake_at = None if timeout is None else me.scheduler.deadline(me, max(timeout, 0))
    if timeout is not None and timeout <= 0:
        is_alive(self)
    elif me.scheduler.perform(me, Operation("join", lambda: other.ended is not None, wake_at=wake_at, target=other)):
        settle(other)


def is_alive(self: threading.Thread) -> bool:
    """Stand for ``Thread.is_alive``."""
    me, other = here(), _known(self)
    if me is None or other is None:
        return originals.is_alive(self)
    return not me.scheduler.ask(me, other, lambda: other.ended is not None)


def announced(method: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    """Return a stand-in for a method of threads by which one more or less is alive."""

    def announce(self: threading.Thread) -> None:
        me = here()
        if me is not None:
            me.scheduler.living(me)
        method(self)

    return announce


def is_set(self: threading.Event) -> bool:
    """Stand for ``Event.is_set``: who asks again and again must let the others run."""
    me = here()
    if me is None or sys._getframe(1).f_code in _OF_THREADS:
        return originals.is_set(self)
    return me.scheduler.ask(me, self, lambda: originals.is_set(self), self._cond._lock)  # type: ignore[attr-defined]


def _is_alone(threads: Any) -> bool:
    return (threads if isinstance(threads, int) else len(threads)) == 1


def counting(original: Callable[[], Any]) -> Callable[[], Any]:
    """Return a stand-in for ``threading.active_count`` or ``enumerate``: who asks again and again lets others run."""

    def count() -> Any:
        me = here()
        if me is not None:
            me.scheduler.ask(me, original, lambda: _is_alone(original()))
        return original()

    return count


def acquire_semaphore(self: threading.Semaphore, blocking: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - threading's own
    """Stand for ``Semaphore.acquire``, which with a timeout of 0 looks at clocks: a pool does so at each `submit`."""
    if blocking and timeout == 0:
        blocking, timeout = False, None
    return originals.acquire_semaphore(self, blocking, timeout)


def settle(thread: BubbleThread) -> None:
    """Wait until the real thread is gone that has ended for the bubble: a matter of microseconds."""
    if thread.thread is not None and thread.ended is not None:
        with contextlib.suppress(RuntimeError, AssertionError):  # it never began
            originals.join(thread.thread, 1.0)


@contextlib.contextmanager
def stand_for_main(main: BubbleThread) -> Iterator[None]:
    """Let the calling thread be known as `main` while in the run, so that others can join it."""
    thread = threading.current_thread()
    setattr(thread, _KNOWN_AS, main)
    try:
        yield
    finally:
        delattr(thread, _KNOWN_AS)
