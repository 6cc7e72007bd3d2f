"""What runs beside the answer of kata 37."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable
from threading import Thread
from types import ModuleType
from typing import Any

from grader.bubble import quiesce
from grader.inside.register import Register


def started(*bodies: Callable[[], object]) -> list[Thread]:
    """Start a thread for each of `bodies`."""
    threads = [Thread(target=body, name=f"thread {number}") for number, body in enumerate(bodies, start=1)]
    for thread in threads:
        thread.start()
    return threads


def joined(threads: list[Thread]) -> None:
    """Wait until all have ended."""
    for thread in threads:
        thread.join()


def attempt(call: Callable[[], Any]) -> Any:
    """Return what `call` returns, or the name of what it raises of the errors that a buffer has."""
    try:
        return call()
    except TimeoutError:
        return "TimeoutError"
    except ValueError:
        return "ValueError"


def clocked(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what came of `call`, and the seconds that it took."""
    began = time.monotonic()
    told = attempt(call)
    return told, round(time.monotonic() - began, 6)


# --- one thread


def in_turn(answer: ModuleType, items: list[Any]) -> list[Any]:
    """Put `items` into a buffer in which they have room, and get as many."""
    buffer = answer.BoundedBuffer(len(items))
    for item in items:
        buffer.put(item)
    return [buffer.get() for _ in items]


def alone(answer: ModuleType) -> list[tuple[str, str, bool]]:
    """Put each of some items alone into a buffer; return it, what get(timeout=0) gave, and whether it is that."""
    came = []
    for item in (None, False, 0, "", 7, "seven"):
        buffer = answer.BoundedBuffer(1)
        buffer.put(item)
        told = attempt(lambda buffer=buffer: buffer.get(timeout=0))
        came.append((repr(item), told if told in ("TimeoutError", "ValueError") else repr(told), told is item))
    return came


def made(answer: ModuleType, sizes: list[int]) -> list[str]:
    """Return for each of `sizes` whether such a buffer can be made."""
    return [attempt(lambda size=size: answer.BoundedBuffer(size) and "made") for size in sizes]


def timed(answer: ModuleType, wait: float, count: int) -> list[tuple[Any, float]]:
    """Return what came of each of the first `count` of these calls, and its seconds, for a buffer of one."""
    buffer = answer.BoundedBuffer(1)
    calls = [
        lambda: buffer.get(timeout=wait),
        lambda: buffer.get(timeout=0),
        lambda: buffer.put("first", timeout=0),
        lambda: buffer.put("second", timeout=wait),
        lambda: buffer.put("second", timeout=0),
        lambda: buffer.get(timeout=wait),
        lambda: buffer.put(None),
        lambda: buffer.get(timeout=0),
    ]
    return [clocked(call) for call in calls[:count]]


# --- several threads, and a wait for the moment at which nobody can go on


def fills_up(answer: ModuleType) -> list[int]:
    """Let a thread put 3 items into a buffer of 2.

    Returns:
        How many it had put when it stood, when it stood after a get, and when it had ended.
    """
    buffer = answer.BoundedBuffer(2)
    put: list[int] = []

    def produce() -> None:
        for item in range(3):
            buffer.put(item)
            put.append(item)

    threads = started(produce)
    quiesce()
    stood = [len(put)]
    buffer.get()
    quiesce()
    stood.append(len(put))
    joined(threads)
    return [*stood, len(put)]


def crowd(answer: ModuleType) -> list[int]:
    """Let two threads put into a buffer of 1; return how many had put when all stood, and what is got in the end."""
    buffer = answer.BoundedBuffer(1)
    put: list[int] = []

    def produce() -> None:
        buffer.put("item")
        put.append(1)

    threads = started(produce, produce)
    quiesce()
    stood = [len(put)]
    buffer.get()
    joined(threads)
    buffer.get()
    return [*stood, len(put)]


def waits_for_an_item(answer: ModuleType) -> list[Any]:
    """Let a thread get from an empty buffer; return what it had when it stood, and after a put."""
    buffer = answer.BoundedBuffer(1)
    got: list[Any] = []
    threads = started(lambda: got.append(buffer.get()))
    quiesce()
    stood = list(got)
    buffer.put("item")
    joined(threads)
    return [stood, got]


# --- in all orders


def exchange(answer: ModuleType, size: int, puts: list[list[str]], gets: list[int]) -> list[list[str]]:
    """Let a thread put each list of `puts`, and one get each number of `gets`; return what each of these got."""
    buffer = answer.BoundedBuffer(size)
    got: list[list[str]] = [[] for _ in gets]

    def produce(items: list[str]) -> None:
        for item in items:
            buffer.put(item)

    def consume(number: int) -> None:
        mine = got[number]
        for _ in range(gets[number]):
            mine.append(buffer.get())

    producers = [lambda items=items: produce(items) for items in puts]
    consumers = [lambda number=number: consume(number) for number in range(len(gets))]
    joined(started(*consumers, *producers))
    return got


def gets_twice(answer: ModuleType) -> list[str]:
    """Let two threads wait for an item of an empty buffer of 2; put two in one go and return what they got."""
    buffer = answer.BoundedBuffer(2)
    got: list[str] = []
    threads = started(*[lambda: got.append(buffer.get())] * 2)
    quiesce()
    buffer.put("item")
    buffer.put("item")
    joined(threads)
    return got


def puts_twice(answer: ModuleType) -> list[str]:
    """Let two threads wait for room in a full buffer of 2; get both items in one go and return what is got later."""
    buffer = answer.BoundedBuffer(2)
    buffer.put("old")
    buffer.put("old")
    threads = started(*[lambda: buffer.put("new")] * 2)
    quiesce()
    buffer.get()
    buffer.get()
    joined(threads)
    return [buffer.get(), buffer.get()]


def get_timed_out(answer: ModuleType) -> list[Any]:
    """Let one thread get with a timeout and one without; put an item at the moment at which the first gives up.

    And another if the first thread got that.
    """
    buffer = answer.BoundedBuffer(2)
    got: list[Any] = [None, None]

    def hurried() -> None:
        got[0] = attempt(lambda: buffer.get(timeout=1.0))

    def patient() -> None:
        got[1] = buffer.get()

    first, second = started(hurried, patient)
    time.sleep(1.0)
    buffer.put("item")
    first.join()
    if got[0] != "TimeoutError":
        buffer.put("item")
    second.join()
    return got


def put_timed_out(answer: ModuleType) -> list[str]:
    """Let one thread put into a full buffer with a timeout and one without; get when the first gives up.

    And once more if the first thread had put its item; return what came of the two.
    """
    buffer = answer.BoundedBuffer(1)
    buffer.put("old")
    told = ["", ""]

    def hurried() -> None:
        told[0] = attempt(lambda: buffer.put("hurried", timeout=1.0) or "put")

    def patient() -> None:
        told[1] = buffer.put("patient") or "put"

    first, second = started(hurried, patient)
    time.sleep(1.0)
    buffer.get()
    first.join()
    if told[0] != "TimeoutError":
        buffer.get()
    second.join()
    return told


# --- timeouts while others are at work


def one_for_two(answer: ModuleType, first: float, wait: float) -> list[list[tuple[Any, float]]]:
    """Let two threads wait `wait` seconds for an item, then two for room; give one each after `first` seconds."""
    empty, full = answer.BoundedBuffer(1), answer.BoundedBuffer(1)
    full.put("item")
    told: list[list[tuple[Any, float]]] = []
    for call, give in (
        (lambda: empty.get(timeout=wait), lambda: empty.put("item")),
        (lambda: full.put("more", timeout=wait), full.get),
    ):
        seen: list[tuple[Any, float]] = []
        threads = started(*[lambda call=call, seen=seen: seen.append(clocked(call))] * 2)
        time.sleep(first)
        give()
        joined(threads)
        told.append(sorted(seen, key=lambda pair: pair[1]))
    return told


def get_woken_in_vain(answer: ModuleType, first: float, wait: float) -> list[tuple[Any, float]]:
    """Let a thread get with the timeout `wait`; put an item after `first` seconds and take it away at once.

    Returns:
        What came of the get, and the seconds that it took; nothing if its thread died.
    """
    buffer = answer.BoundedBuffer(1)
    told: list[tuple[Any, float]] = []
    threads = started(lambda: told.append(clocked(lambda: buffer.get(timeout=wait))))
    time.sleep(first)
    buffer.put("item")
    attempt(lambda: buffer.get(timeout=0))  # the thread that waited may have been quicker
    joined(threads)
    return told


def put_woken_in_vain(answer: ModuleType, first: float, wait: float) -> list[tuple[Any, float]]:
    """Let a thread put into a full buffer with the timeout `wait`; get after `first` seconds, fill the place at once.

    Returns:
        What came of the put, and the seconds that it took; nothing if its thread died.
    """
    buffer = answer.BoundedBuffer(1)
    buffer.put("old")
    told: list[tuple[Any, float]] = []
    threads = started(lambda: told.append(clocked(lambda: buffer.put("item", timeout=wait) or "put")))
    time.sleep(first)
    buffer.get()
    attempt(lambda: buffer.put("quicker", timeout=0))  # the thread that waited may have been quicker
    joined(threads)
    return told


# --- closing


def closes_on_getters(answer: ModuleType) -> dict[str, Any]:
    """Close an empty buffer on which two threads wait."""
    buffer = answer.BoundedBuffer(1)
    told: list[str] = []
    threads = started(*[lambda: told.append(attempt(buffer.get))] * 2)
    quiesce()
    buffer.close()
    joined(threads)
    buffer.close()
    later = [attempt(lambda: buffer.put(1)), attempt(buffer.get), attempt(lambda: buffer.get(timeout=0))]
    return {"waiting": told, "later": later}


def closes_on_putters(answer: ModuleType) -> dict[str, Any]:
    """Close a full buffer on which two threads wait."""
    buffer = answer.BoundedBuffer(1)
    buffer.put("left")
    told: list[str] = []
    threads = started(*[lambda: told.append(attempt(lambda: buffer.put("more")))] * 2)
    quiesce()
    buffer.close()
    joined(threads)
    later = [attempt(buffer.get), attempt(buffer.get), attempt(lambda: buffer.put("more"))]
    return {"waiting": told, "later": later}


def kept_after_closing(answer: ModuleType) -> bool:
    """Put an item and close the buffer; return whether the item is still there, in whatever it is kept."""

    class Item:
        """Something that can tell when nobody has it any more."""

    buffer, item = answer.BoundedBuffer(1), Item()
    seen = weakref.ref(item)
    buffer.put(item)
    del item
    buffer.close()
    gc.collect()
    return seen() is not None


def closes_at_any_time(answer: ModuleType) -> list[Any]:
    """Close a buffer while one thread gets from it: an item was put just before."""
    buffer = answer.BoundedBuffer(1)
    got: list[Any] = []
    threads = started(lambda: got.append(attempt(buffer.get)))
    buffer.put("left")
    buffer.close()
    joined(threads)
    return got


def put_meets_close(answer: ModuleType, inside: list[str]) -> list[Any]:
    """Close a buffer of 1 while one thread puts.

    Args:
        inside: what is in the buffer; if there is something, the thread waits, and that is got just before the closing.

    Returns:
        What a get right after the closing gave, what came of the put, and what one more get gave when all was over.
    """
    buffer = answer.BoundedBuffer(1)
    for item in inside:
        buffer.put(item)
    told: list[str] = []
    threads = started(lambda: told.append(attempt(lambda: buffer.put("new") or "put")))
    if inside:
        quiesce()
        buffer.get()
    buffer.close()
    at_once = attempt(buffer.get)
    joined(threads)
    return [at_once, *told, attempt(buffer.get)]


# --- plain threads


def many(answer: ModuleType, size: int, workers: int, count: int) -> list[Any]:
    """Send `count` numbers from each of `workers` threads to as many; return how many came, and whether in order."""
    puts = [[f"{producer} {number:06}" for number in range(count)] for producer in range(workers)]
    got = exchange(answer, size, puts, [count] * workers)
    in_order = [
        [item for item in items if item.startswith(f"{producer} ")] for items in got for producer in range(workers)
    ]
    everything = sorted(item for items in got for item in items) == sorted(item for items in puts for item in items)
    return [everything, all(items == sorted(items) for items in in_order)]


def tells_the_judge(answer: ModuleType, address: str, size: int, workers: int, count: int) -> None:
    """Let `workers` threads put `count` items of the judge's each, and as many get them; all begin together.

    They tell the judge what they have put, that they are about to get, and what they have got.
    """
    register, buffer = Register(address), answer.BoundedBuffer(size)

    def produce() -> None:
        register.meet("start", 2 * workers)
        for _ in range(count):
            item = register.take()
            buffer.put(item)
            register.say("put", item)

    def consume() -> None:
        register.meet("start", 2 * workers)
        time.sleep(0.05)  # so that the buffer is full at first
        for _ in range(count):
            register.say("asks")
            register.say("got", buffer.get())

    joined(started(*[produce, consume] * workers))
