"""Eight small programs with threads, each with a usual mistake and without it.

A program is made afresh for each schedule. It says what its threads do (`bodies`), and tells at the end whether all is
well (`holds`). The standard library only, and nothing of any tool: all tools are given the same.
"""

from __future__ import annotations

import threading
import time


class Counter:
    """Two threads add 1 twice each. Wrong: without a lock."""

    def __init__(self, right):
        self.lock = threading.Lock()
        self.value = 0
        self.bodies = [self.locked if right else self.unlocked] * 2

    def locked(self):
        for _ in range(2):
            with self.lock:
                self.value += 1

    def unlocked(self):
        for _ in range(2):
            self.value += 1

    def holds(self):
        return self.value == 4


class Account:
    """Money with a lock."""

    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


class Bank:
    """Two transfers in opposite directions. Wrong: the payer's lock is taken first, not that of the lower number."""

    def __init__(self, right):
        self.right = right
        self.a, self.b = Account(1, 100), Account(2, 100)
        self.bodies = [lambda: self.pay(self.a, self.b, 10), lambda: self.pay(self.b, self.a, 30)]

    def pay(self, source, target, amount):
        first, second = source, target
        if self.right and first.number > second.number:
            first, second = second, first
        with first.lock, second.lock:
            source.balance -= amount
            target.balance += amount

    def holds(self):
        return (self.a.balance, self.b.balance) == (120, 80)


class Buffer:
    """A buffer for one item, with one condition."""

    def __init__(self):
        self.items = []
        self.condition = threading.Condition()

    def put(self, item):
        with self.condition:
            while self.items:
                self.condition.wait()
            self.items.append(item)
            self.condition.notify_all()

    def get(self):
        with self.condition:
            while not self.items:
                self.condition.wait()
            item = self.items.pop()
            self.condition.notify_all()
            return item


class BufferIf(Buffer):
    """Who is woken does not look again."""

    def put(self, item):
        with self.condition:
            if self.items:
                self.condition.wait()
            self.items.append(item)
            self.condition.notify_all()

    def get(self):
        with self.condition:
            if not self.items:
                self.condition.wait()
            item = self.items.pop()
            self.condition.notify_all()
            return item


class BufferNotify(Buffer):
    """The one who is woken may be of the wrong kind."""

    def put(self, item):
        with self.condition:
            while self.items:
                self.condition.wait()
            self.items.append(item)
            self.condition.notify()

    def get(self):
        with self.condition:
            while not self.items:
                self.condition.wait()
            item = self.items.pop()
            self.condition.notify()
            return item


class Buffered:
    """A buffer in use: two consumers take an item each, two producers put one each."""

    wrong = Buffer

    def __init__(self, right):
        self.buffer = Buffer() if right else self.wrong()
        self.got = [None, None]
        self.bodies = [
            lambda: self.take(0),
            lambda: self.take(1),
            lambda: self.buffer.put("a"),
            lambda: self.buffer.put("b"),
        ]

    def take(self, place):
        self.got[place] = self.buffer.get()

    def holds(self):
        return set(self.got) == {"a", "b"}


class BufferWithIf(Buffered):
    """Wrong: ``if`` for ``while``."""

    wrong = BufferIf


class BufferWithNotify(Buffered):
    """Wrong: ``notify`` for ``notify_all``, where producers and consumers wait for the same condition."""

    wrong = BufferNotify


class ReadWriteLock:
    """One reader and two writers. Wrong: a writer waits for readers, but not for another writer."""

    def __init__(self, right):
        self.right = right
        self.condition = threading.Condition()
        self.readers = 0
        self.writing = False
        self.inside = 0
        self.alone = True
        self.bodies = [self.read, self.write, self.write]

    def read(self):
        with self.condition:
            while self.writing:
                self.condition.wait()
            self.readers += 1
        with self.condition:
            self.readers -= 1
            self.condition.notify_all()

    def write(self):
        with self.condition:
            while self.readers or (self.right and self.writing):
                self.condition.wait()
            self.writing = True
            self.alone = self.alone and self.inside == 0
            self.inside += 1
        with self.condition:
            self.inside -= 1
            self.writing = False
            self.condition.notify_all()

    def holds(self):
        return self.alone


class Philosophers:
    """Three dine once each. Wrong: each takes the left fork first; right: the last one the right."""

    def __init__(self, right):
        self.right = right
        self.forks = [threading.Lock() for _ in range(3)]
        self.meals = [0, 0, 0]
        self.bodies = [lambda seat=seat: self.dine(seat) for seat in range(3)]

    def dine(self, seat):
        first, second = self.forks[seat], self.forks[(seat + 1) % 3]
        if self.right and seat == 2:
            first, second = second, first
        with first, second:
            self.meals[seat] += 1

    def holds(self):
        return self.meals == [1, 1, 1]


class Flight:
    """A value that is being fetched."""

    def __init__(self):
        self.landed = threading.Event()
        self.value = None


class SingleFlight:
    """Two ask for the same key, and one fetches it. Wrong: nobody holds the lock between the look and the entry."""

    def __init__(self, right):
        self.lock = threading.Lock()
        self.flights = {}
        self.fetched = 0
        self.got = [None, None]
        get = self.get if right else self.get_wrong
        self.bodies = [lambda: self.ask(get, 0), lambda: self.ask(get, 1)]

    def ask(self, get, place):
        self.got[place] = get("key")

    def fetch(self, key):
        with self.lock:
            self.fetched += 1
        return key.upper()

    def get(self, key):
        with self.lock:
            flight = self.flights.get(key)
            first = flight is None
            if first:
                flight = self.flights[key] = Flight()
        return self.finish(key, flight, first)

    def get_wrong(self, key):
        with self.lock:
            flight = self.flights.get(key)
        first = flight is None
        if first:
            flight = Flight()
            with self.lock:
                self.flights[key] = flight
        return self.finish(key, flight, first)

    def finish(self, key, flight, first):
        if first:
            flight.value = self.fetch(key)
            flight.landed.set()
        else:
            flight.landed.wait()
        return flight.value

    def holds(self):
        return self.fetched == 1 and self.got == ["KEY", "KEY"]


class BackOff:
    """Two take two locks in opposite orders, but only try the second. Wrong: who fails does not let go of the first."""

    def __init__(self, right):
        self.right = right
        self.a, self.b = threading.Lock(), threading.Lock()
        self.done = [0, 0]
        self.bodies = [lambda: self.work(self.a, self.b, 0), lambda: self.work(self.b, self.a, 1)]

    def work(self, first, second, place):
        while True:
            first.acquire()
            if second.acquire(blocking=False):
                self.done[place] += 1
                second.release()
                first.release()
                return
            if self.right:
                first.release()
            time.sleep(0.001)

    def holds(self):
        return self.done == [1, 1]


PROGRAMS = {
    "counter": Counter,
    "bank": Bank,
    "buffer, if": BufferWithIf,
    "buffer, notify": BufferWithNotify,
    "read-write lock": ReadWriteLock,
    "philosophers": Philosophers,
    "single flight": SingleFlight,
    "try-lock back-off": BackOff,
}
