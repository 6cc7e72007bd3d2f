"""Small programs with threads, as hypothesis makes them: what fails shrinks to a few lines."""

from __future__ import annotations

import dataclasses

from hypothesis import strategies as st

_HEAD = """
import queue, threading, time
from concurrent.futures import ThreadPoolExecutor

G = 0

class State:
    total = 0

    def __init__(self):
        self.x = self.y = 0
        self.items = []
        self.table = {}
        self.nested = [[], []]
        self.a = threading.Lock()
        self.b = threading.RLock()
        self.condition = threading.Condition()
        self.under_a = threading.Condition(self.a)
        self.event = threading.Event()
        self.semaphore = threading.Semaphore(1)
        self.bounded = threading.BoundedSemaphore(1)
        self.barrier = threading.Barrier(2)
        self.queue = queue.Queue(1)
        self.simple = queue.SimpleQueue()

def started(body):
    thread = threading.Thread(target=body)
    thread.start()
    return thread

def together(*bodies):
    logs = [[] for _ in bodies]
    threads = [threading.Thread(target=body, args=(log,)) for body, log in zip(bodies, logs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return logs

def program():
    global G
    G = State.total = 0
    s = State()
"""

LINES = (
    # data
    "s.x += 1",
    "s.y = 5",
    "log.append(s.x)",
    "log.append(s.y)",
    "s.x, s.y = s.y, s.x",
    "s.items.append(len(s.items))",
    "log.append(len(s.items))",
    "mine = s.items\n        mine.append(1)",
    "for item in s.items: log.append(item)",
    "if s.items: log.append(s.items.pop())",
    "log.append(list(s.items))",
    "s.items = [7]",
    "with s.a: s.items = [*s.items, 8]",
    "s.table['k'] = s.x",
    "log.append(s.table.get('k'))",
    "log.append('k' in s.table)",
    "s.table.setdefault('m', []).append(1)",
    "log.append(sum(map(len, s.table.values() if 'm' in s.table and 'k' not in s.table else [])))",
    "s.nested[0].append(1)",
    "log.append(len(s.nested[0]))",
    "s.nested[0] = s.nested[1]",
    "s.nested[1].append(2)",
    "State.total += 1",
    "log.append(s.total)",
    "s.total = 3",
    "bump()",
    "log.append(G)",
    "print(s.x)",
    # locks
    "with s.a: s.x += 1",
    "with s.a: s.y = s.x",
    "with s.a: log.append(s.x)",
    "with s.b: s.x += 1",
    "with s.b:\n            with s.b: log.append(s.x)",
    "with s.b:\n            with s.a: s.y += 1",
    "with s.a:\n            with s.b: s.x += 1",
    "s.a.acquire()",
    "s.b.acquire()",
    "try: s.a.release()\n        except RuntimeError: log.append('free')",
    "try: s.b.release()\n        except RuntimeError: log.append('not mine')",
    "log.append(s.a.acquire(blocking=False))\n        if log[-1]:\n            s.y += 1\n            s.a.release()",
    "log.append(s.b.acquire(blocking=False))\n        if log[-1]: s.b.release()",
    "log.append(s.a.acquire(timeout=1))\n        if log[-1]:\n            time.sleep(2)\n            s.a.release()",
    "log.append(s.b.acquire(timeout=1))\n        if log[-1]: s.b.release()",
    "log.append(s.a.locked())",
    # conditions
    "with s.condition:\n            while not s.items: s.condition.wait()\n            s.items.pop()",
    "with s.condition:\n            if not s.items: s.condition.wait()\n            log.append(len(s.items))",
    "with s.condition: log.append(s.condition.wait(1))",
    "with s.condition: log.append(s.condition.wait_for(lambda: len(s.items) > 0, 1))",
    "with s.condition:\n            s.items.append(1)\n            s.condition.notify()",
    "with s.condition: s.condition.notify_all()",
    "with s.under_a: s.under_a.wait()",
    "with s.under_a: log.append(s.under_a.wait(2))",
    "with s.a: s.under_a.notify()",
    # events
    "s.event.set()",
    "s.event.wait()",
    "log.append(s.event.wait(1))",
    "log.append(s.event.is_set())",
    "s.event.clear()",
    # semaphores
    "with s.semaphore: s.y += 1",
    "s.semaphore.acquire()",
    "s.semaphore.release()",
    "log.append(s.semaphore.acquire(blocking=False))",
    "log.append(s.semaphore.acquire(timeout=1))",
    "with s.bounded: log.append(s.y)",
    "try: s.bounded.release()\n        except ValueError: log.append('too many')",
    # barriers
    "s.barrier.wait()",
    "try: log.append(s.barrier.wait())\n        except threading.BrokenBarrierError: log.append('broken')",
    "try: s.barrier.wait(1)\n        except threading.BrokenBarrierError: log.append('broken')",
    "s.barrier.abort()",
    "s.barrier.reset()",
    # queues
    "s.queue.put(s.x)",
    "log.append(s.queue.get())",
    "try: s.queue.put_nowait(2)\n        except queue.Full: log.append('full')",
    "try: log.append(s.queue.get(timeout=1))\n        except queue.Empty: log.append('empty')",
    "s.queue.get()\n        s.queue.task_done()",
    "s.queue.join()",
    "log.append(s.queue.qsize())",
    "s.simple.put(s.y)",
    "log.append(s.simple.get())",
    "try: log.append(s.simple.get_nowait())\n        except queue.Empty: log.append('empty')",
    # time, and threads of threads
    "time.sleep(1)",
    "time.sleep(2)",
    "log.append(time.monotonic())",
    "threading.Timer(1, s.event.set).start()",
    "started(s.event.set)",
    "started(lambda: s.items.append(3)).join()",
    "started(s.event.wait).join(1)",
    "with ThreadPoolExecutor(1) as pool: log.append(pool.submit(len, s.items).result())",
)
"""Operations of the thread that has `log`, on what all have: `s`."""

FAILING = (
    "log.append(s.items[0])",
    "assert s.x == 0",
    "if s.y: raise LookupError('y is there')",
    "s.items.remove(1)",
)
"""Operations that may raise."""


@dataclasses.dataclass(frozen=True)
class Program:
    """The lines of each of its threads."""

    threads: tuple[tuple[str, ...], ...]

    @property
    def source(self) -> str:
        """A module, whose `program` starts the threads and returns what they leave and what they saw."""
        bodies = (
            f"    def t{number}(log):\n" + "".join(f"        {line}\n" for line in lines)
            for number, lines in enumerate(self.threads)
        )
        names = ", ".join(f"t{number}" for number in range(len(self.threads)))
        end = f"    logs = together({names})\n    return s.x, s.y, s.items, s.table, s.nested, State.total, G, logs\n"
        bump = "    def bump():\n        global G\n        G += 1\n"
        return _HEAD + bump + "".join(bodies) + end


@st.composite
def programs(draw: st.DrawFn, *more: str) -> Program:
    """Make programs of two or three threads of one to four lines each, from few, so that they meet.

    Args:
        draw: hypothesis's own.
        more: lines of which one is among the few.
    """
    few = draw(st.lists(st.sampled_from(LINES), min_size=3, max_size=6, unique=True))
    few += [draw(st.sampled_from(more))] if more else []
    most = draw(st.sampled_from((2, 3, 4)))
    threads = 3 if most == 2 else 2
    body = st.lists(st.sampled_from(few), min_size=1, max_size=most).map(tuple)
    return Program(tuple(draw(st.lists(body, min_size=2, max_size=threads))))
