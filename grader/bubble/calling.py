"""One run, from its first step to its last."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from grader.bubble import messages
from grader.bubble.current import running, set_running
from grader.bubble.durations import nanoseconds, seconds
from grader.bubble.numbering import Numbering
from grader.bubble.operations import Abandoned
from grader.bubble.outcome import Outcome
from grader.bubble.scheduler import Scheduler
from grader.bubble.threads import settle, stand_for_main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.bubble.scheduler import Chooser


def run(
    function: Callable[..., Any],
    *args: Any,
    limit: float = 3600.0,
    files: Iterable[str] = (),
    chooser: Chooser | None = None,
    on_lost: Callable[[Outcome], None] | None = None,
    **kwargs: Any,
) -> Outcome:
    """Call ``function(*args, **kwargs)`` in the calling thread, as "MainThread" of a bubble.

    Returns when it has returned or raised, and all other threads have ended or been given up: daemon threads when all
    others are done, and those that wait for what never comes.

    >>> import threading, time
    >>> def naps():
    ...     threads = [threading.Thread(target=time.sleep, args=(2,)) for _ in range(3)]
    ...     for thread in threads:
    ...         thread.start()
    ...     for thread in threads:
    ...         thread.join()
    ...     return "rested"
    >>> outcome = run(naps)
    >>> outcome.value, outcome.seconds, len(outcome.threads)
    ('rested', 2.0, 3)

    Event loops keep the same time:

    >>> import asyncio
    >>> run(lambda: asyncio.run(asyncio.sleep(60))).seconds
    60.0

    A chooser takes the place of the usual order, here to let the thread that came last go first:

    >>> def race():
    ...     order = []
    ...     threads = [threading.Thread(target=order.append, args=(name,)) for name in "ab"]
    ...     for thread in threads:
    ...         thread.start()
    ...     for thread in threads:
    ...         thread.join()
    ...     return order
    >>> run(race).value, run(race, chooser=lambda able: able[-1]).value
    (['a', 'b'], ['b', 'a'])

    Args:
        function: what to call, with the other arguments.
        limit: virtual seconds after which the run is given up.
        files: paths of the learner's files, or of folders of them; events tell their lines.
        chooser: gets the threads that can go on, each with its announced `operation`, the one that would go on by
            default first, and returns the next to go; None ends the run there.
        on_lost: called in the calling thread, with what is known, if the function was given up (deadlock, limit)
            but swallows that again and again (``except BaseException``); it should end the process.

    Raises:
        RuntimeError: if this process is in a run already.
    """
    call = Call()
    scheduler = Scheduler(
        nanoseconds(limit), files, chooser, None if on_lost is None else lambda: on_lost(call.outcome(scheduler))
    )
    return call.conduct(scheduler, function, args, kwargs)


class Call:
    """The call of the function, and what came of it."""

    def __init__(self) -> None:
        self._value: Any = None
        self._error: BaseException | None = None
        self._ended: int | None = None
        self._left: tuple[str, ...] = ()

    def conduct(
        self, scheduler: Scheduler, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Outcome:
        """Make the call under `scheduler`, from its first step to its last.

        Raises:
            RuntimeError: if this process is in a run already.
        """
        if running() is not None:
            raise RuntimeError(messages.RUN_IN_RUN)
        collecting = gc.isenabled()
        gc.disable()  # finalizers would run at another place each time, and where locks of threading are held
        set_running(scheduler)
        try:
            with Numbering(), stand_for_main(scheduler.main):
                self._make(scheduler, function, args, kwargs)
                if running() is scheduler:  # else this is a fork that came out of the function
                    scheduler.finish()
        finally:
            set_running(None)
            for thread in scheduler.threads:
                settle(thread)
            if collecting:
                gc.enable()
        return self.outcome(scheduler)

    def _make(
        self, scheduler: Scheduler, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        code = getattr(function, "__code__", None)
        scheduler.journal.tell_main(scheduler.main, code)
        value, error = None, None
        try:
            value = function(*args, **kwargs)
        except Abandoned:
            pass
        except BaseException as problem:  # noqa: BLE001 - it is what the caller asked for
            error = problem
        if not scheduler.main.abandoned:
            self._value, self._error = value, error
        self._ended = scheduler.now
        self._left = scheduler.left()

    def outcome(self, scheduler: Scheduler) -> Outcome:
        """Return what is known so far."""
        return Outcome(
            value=self._value,
            error=self._error,
            seconds=seconds(scheduler.now if self._ended is None else self._ended),
            events=scheduler.journal.events(),
            threads=scheduler.records(),
            left=self._left if self._ended is not None else scheduler.left(),
            deadlock=scheduler.deadlock,
            over_limit=scheduler.over_limit,
        )
