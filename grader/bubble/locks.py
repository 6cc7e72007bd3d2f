"""Locks that the scheduler knows. Outside a run, and to threads that are not of it, they are real locks.

Each wraps a real lock that holds the state, so a lock made before a run or used after it is the same lock.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import originals
from grader.bubble.current import here
from grader.bubble.operations import BubbleThread, Operation, always
from grader.bubble.places import NOWHERE

if TYPE_CHECKING:
    from types import FrameType

_WAIT: Final = threading.Condition.wait.__code__
_MAKE_CONDITION: Final = threading.Condition.__init__.__code__


def _maker() -> tuple[str, int]:
    """Return file and line of the code that makes a lock; a dataclass's `__init__` counts as its caller."""
    return _place(sys._getframe(2))


def _maker_of_condition() -> tuple[str, int]:
    """Return file and line of the code that makes a Condition, if a lock is made for one now; else `NOWHERE`."""
    frame = sys._getframe(2)
    return _place(frame.f_back) if frame.f_code is _MAKE_CONDITION and frame.f_back is not None else NOWHERE


def _place(frame: FrameType) -> tuple[str, int]:
    while frame.f_code.co_filename == "<string>" and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _name(*places: tuple[str, int]) -> str:
    """Return the name of a lock that is made now, at `places`; ``""`` outside a run."""
    thread = here()
    if thread is None:
        return ""
    key = thread.scheduler.name_lock(thread)
    thread.scheduler.journal.number_lock(key, *places)
    return key


def _ident(thread: BubbleThread | None) -> int:
    """Return what tells the calling thread, as it is known in a run, from all others, also from those that ended."""
    return originals.get_ident() if thread is None else thread.ident


def take(real: Any, thread: BubbleThread, lock: object, *, blocking: bool, timeout: float) -> bool:
    """Take the lock `real` for `thread`, as ``lock.acquire(blocking, timeout)`` does, by the bubble's clock."""
    scheduler = thread.scheduler
    if not blocking or timeout == 0:
        scheduler.perform(thread, Operation("try", always, target=lock))
        taken: bool = real.acquire(False)
        scheduler.tried(thread, lock, taken=taken)
        return taken
    wake_at = None if timeout == -1 else scheduler.deadline(thread, timeout)
    operation = Operation("acquire", lambda: not real.locked(), wake_at=wake_at, target=lock)
    while scheduler.perform(thread, operation):
        if real.acquire(False):
            return True
    return False


def check(real: Any, *, blocking: bool, timeout: float) -> None:
    """Raise what a real lock raises for these arguments, if it does."""
    if timeout != -1 and (not blocking or timeout < 0 or timeout > originals.TIMEOUT_MAX):
        real.acquire(blocking, timeout)


class Lock:
    """Stands for ``threading.Lock``.

    Attributes:
        holder: the thread of a run that has it, if one has.
        made: file and line of the code that made it.
        key: its name, the same under any schedule: the key of the thread that made it, and which of its locks it is.
        within: file and line of the code that made the Condition that it was made for; `NOWHERE` if it was for none.
        inner: whether it is a Condition's own, one a wait, released by who notifies.
    """

    __slots__ = ("__weakref__", "_real", "holder", "inner", "key", "made")

    within = NOWHERE

    def __init__(self) -> None:
        self._real = originals.allocate_lock()
        self.holder: BubbleThread | None = None
        self.inner = sys._getframe(1).f_code is _WAIT
        self.made = _maker()
        self.key = _name(self.made)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002 - threading's own
        """Acquire the lock and return True, or False if it could not be had (in time)."""
        thread = here()
        if thread is None:
            return self._real.acquire(blocking, timeout)
        check(self._real, blocking=blocking, timeout=timeout)
        if not take(self._real, thread, self, blocking=blocking, timeout=timeout):
            return False
        self.holder = thread
        thread.scheduler.acquired(thread, self)
        return True

    def release(self) -> None:
        """Release the lock; any thread may.

        Raises:
            RuntimeError: if it is not locked.
        """
        thread = here()
        if thread is not None:
            thread.scheduler.releasing(thread, self)
        self._real.release()
        self.holder = None
        if thread is not None:
            thread.scheduler.released(thread, self)

    def locked(self) -> bool:
        """Return whether somebody holds the lock."""
        thread = here()
        if thread is not None:
            thread.scheduler.looks(thread, self)
        return self._real.locked()

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *error: object) -> None:
        self.release()

    def __repr__(self) -> str:
        state = "locked" if self._real.locked() else "unlocked"
        return f"<{state} _thread.lock object at {id(self):#x}>"

    def _is_owned(self) -> bool:
        return self._real.locked()  # as Condition would find out, without a try that counts as an operation

    def _at_fork_reinit(self) -> None:
        self._real = originals.allocate_lock()
        self.holder = None


class RLock:
    """Stands for ``threading.RLock``; attributes as those of `Lock`."""

    __slots__ = ("__weakref__", "_count", "_owner", "_real", "holder", "key", "made", "within")

    inner = False

    def __init__(self) -> None:
        self._real = originals.allocate_lock()
        self._owner = 0
        self._count = 0
        self.holder: BubbleThread | None = None
        self.made = _maker()
        self.within = _maker_of_condition()
        self.key = _name(self.made, self.within)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002 - threading's own
        """Acquire the lock, once more if the calling thread has it already; False if it could not be had."""
        thread = here()
        me = _ident(thread)
        check(self._real, blocking=blocking, timeout=timeout)
        if self._owner == me:
            self._count += 1
            return True
        if thread is None:
            taken = self._real.acquire(blocking, timeout)
        else:
            taken = take(self._real, thread, self, blocking=blocking, timeout=timeout)
        if taken:
            self._own(me, 1, thread)
        return taken

    def _own(self, me: int, count: int, thread: BubbleThread | None) -> None:
        self._owner, self._count, self.holder = me, count, thread
        if thread is not None:
            thread.scheduler.acquired(thread, self)

    def release(self) -> None:
        """Release the lock once.

        Raises:
            RuntimeError: if the calling thread does not have it.
        """
        if not self._is_owned():
            self._refuse()
            return
        self._count -= 1
        if not self._count:
            self._disown()

    def _disown(self) -> None:
        thread = here()
        if thread is not None:
            thread.scheduler.releasing(thread, self)
        self._owner, self._count, self.holder = 0, 0, None
        self._real.release()
        if thread is not None:
            thread.scheduler.released(thread, self)

    def _refuse(self) -> None:
        thread = here()
        if thread is None or not thread.abandoned:
            raise RuntimeError("cannot release un-acquired lock")

    def locked(self) -> bool:
        """Return whether somebody holds the lock."""
        return self._real.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *error: object) -> None:
        self.release()

    def __repr__(self) -> str:
        state = "locked" if self._real.locked() else "unlocked"
        return f"<{state} _thread.RLock object owner={self._owner} count={self._count} at {id(self):#x}>"

    # --- what Condition asks of a lock

    def _is_owned(self) -> bool:
        return self._owner == _ident(here())

    def _recursion_count(self) -> int:
        return self._count if self._is_owned() else 0

    def _release_save(self) -> tuple[int, int]:
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        state = self._count, self._owner
        self._disown()
        return state

    def _acquire_restore(self, state: tuple[int, int]) -> None:
        thread = here()
        if thread is None:
            self._real.acquire()
        else:
            take(self._real, thread, self, blocking=True, timeout=-1)
        self._own(state[1], state[0], thread)

    def _at_fork_reinit(self) -> None:
        self._real = originals.allocate_lock()
        self._owner = self._count = 0
        self.holder = None
