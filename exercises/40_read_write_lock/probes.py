"""What runs beside the answer of kata 40."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from threading import Condition, Event, Thread, current_thread
from types import ModuleType
from typing import Any

from grader.bubble import quiesce
from grader.inside.register import Register


def started(*bodies: Callable[[], object], first: int = 1) -> list[Thread]:
    """Start a thread for each of `bodies`; the first one has the number `first`."""
    threads = [Thread(target=body, name=f"thread {number}") for number, body in enumerate(bodies, start=first)]
    for thread in threads:
        thread.start()
    return threads


def joined(threads: list[Thread]) -> None:
    """Wait until all have ended."""
    for thread in threads:
        thread.join()


def reader(lock: Any, told: list[str], name: str) -> Callable[[], None]:
    """Return what a reader does: it writes into `told` when it has the lock, and when it is about to give it back."""

    def read() -> None:
        lock.acquire_read()
        told.append(f"{name} in")
        told.append(f"{name} out")
        lock.release_read()

    return read


def writer(lock: Any, told: list[str], name: str) -> Callable[[], None]:
    """Return what a writer does, told as of a reader."""

    def write() -> None:
        lock.acquire_write()
        told.append(f"{name} in")
        told.append(f"{name} out")
        lock.release_write()

    return write


def crew_of(lock: Any, told: list[str], readers: int, writers: int) -> list[Callable[[], None]]:
    """Return what that many readers and writers do."""
    reading = [reader(lock, told, f"reader {number}") for number in range(1, readers + 1)]
    return reading + [writer(lock, told, f"writer {number}") for number in range(1, writers + 1)]


def meet(answer: ModuleType, readers: int, writers: int, *, forgiving: bool = False) -> list[str]:
    """Let readers and writers use a lock once each; return who went in and out, as it came.

    Args:
        answer: the answer.
        readers: how many readers there are.
        writers: how many writers there are.
        forgiving: whether they go on if the lock raises RuntimeError.
    """
    told: list[str] = []
    crew = crew_of(answer.ReadWriteLock(), told, readers, writers)
    joined(started(*[_forgiven(body) for body in crew] if forgiving else crew))
    return told


def _forgiven(body: Callable[[], None]) -> Callable[[], None]:
    """Return what does what `body` does, and no RuntimeError ends its thread."""

    def go_on() -> None:
        with contextlib.suppress(RuntimeError):
            body()

    return go_on


def readers_together(answer: ModuleType, count: int) -> int:
    """Let `count` readers come while another one holds the lock; return how many hold it too when they stand."""
    lock, leave = answer.ReadWriteLock(), Event()
    lock.acquire_read()
    inside: list[int] = []

    def read() -> None:
        lock.acquire_read()
        inside.append(1)
        leave.wait()
        lock.release_read()

    threads = started(*[read] * count)
    quiesce()
    together = len(inside)
    leave.set()
    lock.release_read()
    joined(threads)
    return together


def two_locks(answer: ModuleType) -> list[str]:
    """Hold a lock for writing while a writer uses another one; return what it told until then."""
    lock, told = answer.ReadWriteLock(), []
    lock.acquire_write()
    threads = started(writer(answer.ReadWriteLock(), told, "writer"))
    quiesce()
    before = list(told)
    lock.release_write()
    joined(threads)
    return before


def play(answer: ModuleType, script: str) -> list[str]:
    """Let readers and writers come and go as in `script`, each when all others stand; return who is in after each.

    Args:
        answer: the answer.
        script: ``"r"`` and ``"w"``: a reader, a writer comes; ``"R"`` and ``"W"``: one that is in goes out, if one is.
    """
    lock, inside, threads = answer.ReadWriteLock(), [], []

    def use(letter: str) -> None:
        ways = {"r": (lock.acquire_read, lock.release_read), "w": (lock.acquire_write, lock.release_write)}
        acquire, release = ways[letter]
        acquire()
        inside.append((letter, leave := Event()))
        leave.wait()
        release()

    def out(letter: str) -> None:
        for one in [one for one in inside if one[0] == letter][:1]:
            inside.remove(one)
            one[1].set()

    told = []
    for letter in script:
        if letter.islower():
            threads += started(lambda letter=letter: use(letter), first=len(threads) + 1)
        else:
            out(letter.lower())
        quiesce()
        told.append("".join(letter for letter, _ in inside))
    while inside:
        out(inside[0][0])
        quiesce()
    joined(threads)
    return told


def released_by_another(answer: ModuleType) -> list[str]:
    """Acquire in one thread and release in another, for reading and for writing; then do both once more."""
    lock = answer.ReadWriteLock()
    joined(started(lock.acquire_read))
    lock.release_read()
    joined(started(lock.acquire_write))
    lock.release_write()
    told: list[str] = []
    joined(started(writer(lock, told, "writer")))
    joined(started(reader(lock, told, "reader")))
    return told


def read_after_a_writer(lock: Any) -> list[Thread]:
    """Take the lock for reading, as one that waits for a writer to go out; return the writer's thread."""
    inside = Event()

    def write() -> None:
        lock.acquire_write()
        inside.set()
        quiesce()  # until the reader stands
        lock.release_write()

    threads = started(write, first=3)
    inside.wait()
    lock.acquire_read()
    return threads


def writer_waits(answer: ModuleType, *, after_a_writer: bool) -> list[list[str]]:
    """Hold the lock for reading while first a writer comes, then a reader; return what they told before and after."""
    lock, told = answer.ReadWriteLock(), []
    threads = []
    if after_a_writer:
        threads += read_after_a_writer(lock)
    else:
        lock.acquire_read()
    threads += started(writer(lock, told, "writer"))
    quiesce()
    threads += started(reader(lock, told, "reader"), first=2)
    quiesce()
    before = list(told)
    lock.release_read()
    joined(threads)
    return [before, told]


def comes_back(answer: ModuleType, held: str, waiting: str, again: str) -> list[str]:
    """Hold the lock while others come, give it back, and at once come again; return who went in and out.

    Args:
        answer: the answer.
        held: as what it is held, ``"r"`` or ``"w"``.
        waiting: who comes meanwhile, such as ``"wr"``: first a writer, then a reader.
        again: as what the one that gave it back comes again.
    """
    lock, told = answer.ReadWriteLock(), []
    ways = {"r": (lock.acquire_read, lock.release_read), "w": (lock.acquire_write, lock.release_write)}
    acquire, release = ways[held]
    users = {"r": (reader, "reader"), "w": (writer, "writer")}
    acquire()
    threads = []
    for number, letter in enumerate(waiting, start=1):
        use, name = users[letter]
        threads += started(use(lock, told, name), first=number)
        quiesce()
    release()
    use, name = users[again]
    use(lock, told, f"{name} again")()
    joined(threads)
    return told


def readers_wait(answer: ModuleType, order: str) -> list[list[str]]:
    """Hold the lock for writing while others come, one after the other; return what they told before and after.

    Args:
        answer: the answer.
        order: who comes, such as ``"wr"``: first a writer, then a reader.
    """
    lock, told = answer.ReadWriteLock(), []
    lock.acquire_write()
    threads = []
    for number, letter in enumerate(order, start=1):
        body = writer(lock, told, "writer") if letter == "w" else reader(lock, told, "reader")
        threads += started(body, first=number)
        quiesce()
    before = list(told)
    lock.release_write()
    joined(threads)
    return [before, told]


def let_in(answer: ModuleType, order: str) -> list[str]:
    """Hold the lock for writing while others come as in `order`; give it back, and return who is in when all stand."""
    lock, told, leave = answer.ReadWriteLock(), [], Event()

    def read() -> None:
        lock.acquire_read()
        told.append("reader")
        leave.wait()
        lock.release_read()

    def write() -> None:
        lock.acquire_write()
        told.append("writer")
        lock.release_write()

    lock.acquire_write()
    threads = []
    for number, letter in enumerate(order, start=1):
        threads += started(write if letter == "w" else read, first=number)
        quiesce()
    lock.release_write()
    quiesce()
    inside = list(told)
    leave.set()
    joined(threads)
    return inside


@contextlib.contextmanager
def noting_the_woken() -> Iterator[set[Thread]]:
    """Yield the threads that come back from a wait at a Condition in the block."""
    woken: set[Thread] = set()
    original = Condition.wait

    def wait(condition: Condition, timeout: float | None = None) -> bool:
        told = original(condition, timeout)
        woken.add(current_thread())
        return told

    Condition.wait = wait  # type: ignore[method-assign]
    try:
        yield woken
    finally:
        Condition.wait = original  # type: ignore[method-assign]


def woken_at_the_turn(answer: ModuleType, order: str) -> int:
    """Do what `let_in` does; return how many of those who came had been woken from a Condition when all stand."""
    lock, leave = answer.ReadWriteLock(), Event()

    def use(acquire: Callable[[], object], release: Callable[[], object]) -> None:
        acquire()
        leave.wait()
        release()

    with noting_the_woken() as woken:
        lock.acquire_write()
        threads = []
        for number, letter in enumerate(order, start=1):
            ways = (lock.acquire_write, lock.release_write) if letter == "w" else (lock.acquire_read, lock.release_read)
            threads += started(lambda ways=ways: use(*ways), first=number)
            quiesce()
        woken.clear()
        lock.release_write()
        quiesce()
        count = len(woken.intersection(threads))
        leave.set()
        joined(threads)
    return count


def released_by_nobody(answer: ModuleType, count: int) -> list[str]:
    """Release what nobody holds: at first, and after holds that were given back; then use the lock.

    Args:
        answer: the answer.
        count: with how many of these four releases it ends; the lock is used only after all of them.
    """
    lock = answer.ReadWriteLock()
    told = []

    def attempt(release: Callable[[], object]) -> None:
        try:
            release()
        except RuntimeError:
            told.append("RuntimeError")
        else:
            told.append("nothing")

    def after_a_hold(acquire: Callable[[], object], release: Callable[[], object]) -> None:
        acquire()
        release()
        attempt(release)

    steps = [
        lambda: attempt(lock.release_read),
        lambda: attempt(lock.release_write),
        lambda: after_a_hold(lock.acquire_read, lock.release_read),
        lambda: after_a_hold(lock.acquire_write, lock.release_write),
    ]
    for step in steps[:count]:
        step()
    if count < len(steps):
        return told
    joined(started(writer(lock, told, "writer")))
    joined(started(reader(lock, told, "reader")))
    return told


def released_the_other_way(answer: ModuleType, held: str) -> str:
    """Hold the lock as `held` says, ``"r"`` or ``"w"``, and release it in the other way; return what came of that."""
    lock = answer.ReadWriteLock()
    ways = {"r": (lock.acquire_read, lock.release_write), "w": (lock.acquire_write, lock.release_read)}
    acquire, release = ways[held]
    acquire()
    try:
        release()
    except RuntimeError:
        return "RuntimeError"
    return "nothing"


def many(answer: ModuleType, workers: int, times: int) -> list[int]:
    """Let as many readers as writers use two numbers that are always equal under the lock; return how they end.

    Returns:
        The two numbers, and how often a reader saw them differ.
    """
    lock, numbers, torn = answer.ReadWriteLock(), [0, 0], []

    def write() -> None:
        for _ in range(times):
            lock.acquire_write()
            numbers[0] += 1
            numbers[1] += 1
            lock.release_write()

    def read() -> None:
        for _ in range(times):
            lock.acquire_read()
            if numbers[0] != numbers[1]:
                torn.append(1)
            lock.release_read()

    joined(started(*[write, read] * workers))
    return [*numbers, len(torn)]


def tells_the_judge(answer: ModuleType, address: str, workers: int, times: int) -> None:
    """Let `workers` readers meet inside; then let them and as many writers, that begin together, use the lock.

    Each tells the judge that it is in, and that it is about to go out. A writer adds 1 to what is in the register.
    """
    register, lock = Register(address), answer.ReadWriteLock()

    def meet_inside() -> None:
        lock.acquire_read()
        register.meet("inside", workers)
        lock.release_read()

    def read(number: int) -> None:
        register.meet("start", 2 * workers)
        for _ in range(times):
            lock.acquire_read()
            register.say("in", "reader", number)
            register.say("out", "reader", number)
            lock.release_read()

    def write(number: int) -> None:
        register.meet("start", 2 * workers)
        for _ in range(times):
            lock.acquire_write()
            register.say("in", "writer", number)
            register.write(register.read() + 1)
            register.say("out", "writer", number)
            lock.release_write()

    joined(started(*[meet_inside] * workers))
    crew = [lambda number=number, body=body: body(number) for number in range(workers) for body in (read, write)]
    joined(started(*crew))
