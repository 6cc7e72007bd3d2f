"""The bubble is installed once, late if need be, and leaves a process as it was outside its runs."""

from __future__ import annotations

import json
from typing import Any

from tests.bubble.playing import child


def said(source: str) -> Any:
    """Return what `source` prints as JSON, run in a fresh Python; it must say nothing on stderr."""
    done = child("-c", source)
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_it_works_after_the_modules_that_make_locks() -> None:
    """logging, pools, queues and timers that were imported before follow the bubble's clock all the same."""
    source = """
import asyncio, concurrent.futures, datetime, functools, json, logging, queue, sched, tempfile, threading, time, timeit
from datetime import datetime as early
from time import sleep
from threading import Lock
from grader import bubble
logging.basicConfig(stream=__import__("io").StringIO())
bubble.install()
bubble.install()

def program():
    lock = Lock()
    def work(number):
        logging.warning("in %s", number)
        with lock:
            sleep(1)
        return queue.Queue
    before, began = early.now(), timeit.default_timer()
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(work, number) for number in range(3)]
        later = [pool.submit(pool.submit, sleep, 1) for _ in range(3)]
        concurrent.futures.wait(futures)
    sched.scheduler().run()
    tempfile.gettempdir()
    return [round((early.now() - before).total_seconds(), 3), round(timeit.default_timer() - began, 3)]

outcome = bubble.run(program)
print(json.dumps([outcome.value, outcome.seconds, repr(outcome.error), str(outcome.deadlock)]))
"""
    assert said(source) == [[3.0, 3.0], 3.0, "None", "None"]


def test_locks_made_before_are_replaced_so_that_their_holder_may_be_stopped() -> None:
    """A thread that waits for logging's lock would else do so for real, and the one that has it would never run."""
    source = """
import json, logging, threading
from grader import bubble
class Stream:
    def write(self, text):
        bubble.note("print", text)  # the other one runs now, while this one holds logging's lock
    def flush(self):
        pass
logging.basicConfig(stream=Stream(), format="%(message)s")
bubble.install()
def program():
    threads = [threading.Thread(target=logging.warning, args=(name,)) for name in "ab"]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
outcome = bubble.run(program, chooser=lambda enabled: enabled[-1])
print(json.dumps([event.detail for event in outcome.events if event.what == "print"]))
"""
    assert said(source) == ["b\n", "a\n"]


def test_outside_a_run_locks_exclude_and_clocks_are_real() -> None:
    """A lock made before a run is the same lock in it and after it, for real threads too."""
    source = """
import json, threading, time
from grader import bubble
bubble.install()
lock, total = threading.Lock(), [0]

def add():
    for _ in range(20000):
        with lock:
            total[0] += 1

def program():
    lock.acquire()
    threads = [threading.Thread(target=time.sleep, args=(1,)) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()

result = [bubble.active(), bubble.thread_name(), bubble.now()]
bubble.note("print", "harmless")
result.append(bubble.run(program).seconds)
result += [lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01)]
lock.release()
began = time.monotonic()
threads = [threading.Thread(target=add) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
time.sleep(0.05)
result += [total[0], 0.05 <= time.monotonic() - began < 20]
print(json.dumps(result))
"""
    assert said(source) == [False, "", 0.0, 1.0, True, False, False, 80000, True]


def test_a_timed_out_wait_ends_one_nanosecond_after_its_deadline() -> None:
    """So that who waits until a deadline is past need not wait twice."""
    source = """
import json, threading
from grader import bubble
bubble.install()
def program():
    lock, run = threading.Lock(), bubble.current.running()
    lock.acquire()
    began = run.now
    lock.acquire(timeout=1.5)
    return run.now - began
print(json.dumps(bubble.run(program).value))
"""
    assert said(source) == 1_500_000_001


def test_no_real_thread_is_left_when_a_run_is_over() -> None:
    """Their last steps, which the bubble does not see, are waited for."""
    source = """
import json, sys, threading
from grader import bubble
bubble.install()
class Slow:
    def __del__(self):
        bubble.originals.sleep(0.1)
local = threading.local()
def work():
    local.slow = Slow()
bubble.run(lambda: threading.Thread(target=work).start())
print(json.dumps(len(sys._current_frames())))
"""
    assert said(source) == 1


def test_in_a_run_the_caller_can_ask_where_it_is() -> None:
    source = """
import json, threading, time
from grader import bubble
bubble.install()
def program():
    seen = []
    def look():
        time.sleep(1.5)
        seen.append([bubble.active(), bubble.thread_name(), bubble.now()])
    thread = threading.Thread(target=look, name="looker")
    thread.start()
    thread.join()
    seen.append([bubble.active(), bubble.thread_name(), bubble.now()])
    try:
        bubble.run(print)
    except RuntimeError as error:
        seen.append(str(error))
    return seen
print(json.dumps(bubble.run(program).value))
"""
    assert said(source) == [
        [True, "looker", 1.5],
        [True, "MainThread", 1.5],
        "a run cannot be started inside a run",
    ]


def test_clocks_begin_at_the_real_time_and_move_with_each_look() -> None:
    """They agree with the real clocks to some milliseconds when a run begins, and each look is later."""
    source = """
import json, time
from grader import bubble
names = ("time", "monotonic", "perf_counter")
bubble.install()
def program():
    looks = [time.monotonic_ns() for _ in range(50)]
    return [[getattr(time, name)() for name in names], all(a < b for a, b in zip(looks, looks[1:]))]
real = [getattr(time, name)() for name in names]
seen, moving = bubble.run(program).value
print(json.dumps([all(-0.001 < b - a < 1 for a, b in zip(real, seen)), moving]))
"""
    assert said(source) == [True, True]


def test_a_forked_child_is_outside_the_bubble() -> None:
    """It has one thread and real time; the parent waits for it really, and its run goes on."""
    source = """
import json, os, selectors, sys, threading, time
from grader import bubble
bubble.install()
def program():
    if not hasattr(os, "fork"):
        return [7, True, 3.0]
    began = time.monotonic()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        time.sleep(0.05)
        os.write(writer, b"x")
        os._exit(7 if not bubble.active() else 8)
    with selectors.DefaultSelector() as selector:
        selector.register(reader, selectors.EVENT_READ)
        ready = bool(selector.select())
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    time.sleep(3)
    return [code, ready, round(time.monotonic() - began, 3)]
print(json.dumps(bubble.run(program).value))
"""
    assert said(source) == [7, True, 3.0]


def test_the_process_ends_as_usual_after_runs() -> None:
    """Pools that were never shut down do not keep it, nor do threads that could not be ended."""
    source = """
import json, threading, time
from concurrent.futures import ThreadPoolExecutor
from grader import bubble
bubble.install()
pools = []
def program():
    pools.append(ThreadPoolExecutor(2))
    pools[0].submit(time.sleep, 1)
    def stubborn():
        while True:
            try:
                time.sleep(1)
                threading.Event().wait()
            except BaseException:
                pass
    threading.Thread(target=stubborn, daemon=True).start()
    time.sleep(1.5)
print(json.dumps(bubble.run(program).seconds))
"""
    assert said(source) == 1.5


def test_a_function_that_swallows_its_end_for_ever_is_reported_to_the_caller() -> None:
    """`on_lost` gets what is known, and ends the process."""
    source = """
import json, os, sys, threading
from grader import bubble
bubble.install()
def program():
    lock = threading.Lock()
    lock.acquire()
    while True:
        try:
            lock.acquire()
        except BaseException:
            pass
def lost(outcome):
    print(json.dumps([str(outcome.deadlock)[:16], outcome.value]))
    sys.stdout.flush()
    os._exit(0)
bubble.run(program, on_lost=lost)
"""
    assert said(source) == ["Nobody can go on", None]
