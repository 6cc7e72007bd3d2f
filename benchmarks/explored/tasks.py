"""The same eight programs with tasks of asyncio: what they share, they share across an ``await``.

Each task comes two turns of the loop after the one before it. So all goes well, also in the wrong versions, in the
order that asyncio itself has; other orders must be tried to see a mistake. The standard library only, and nothing of
any tool: all tools are given the same.
"""

from __future__ import annotations

import asyncio


async def late(number, body):
    """Run the task of this number when its turn comes."""
    for _ in range(2 * number):
        await asyncio.sleep(0)
    await body()


class Counter:
    """Two tasks add 1 twice each. Wrong: without a lock."""

    def __init__(self, right):
        self.lock = asyncio.Lock()
        self.value = 0
        self.bodies = [self.locked if right else self.add] * 2

    async def add(self):
        for _ in range(2):
            seen = self.value
            await asyncio.sleep(0)
            self.value = seen + 1

    async def locked(self):
        async with self.lock:
            await self.add()

    def holds(self):
        return self.value == 4


class Account:
    """Money with a lock."""

    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = asyncio.Lock()


class Bank:
    """Two transfers in opposite directions. Wrong: the payer's lock is taken first, not that of the lower number."""

    def __init__(self, right):
        self.right = right
        self.a, self.b = Account(1, 100), Account(2, 100)
        self.bodies = [self.there, self.back]

    async def there(self):
        await self.pay(self.a, self.b, 10)

    async def back(self):
        await self.pay(self.b, self.a, 30)

    async def pay(self, source, target, amount):
        first, second = source, target
        if self.right and first.number > second.number:
            first, second = second, first
        async with first.lock:
            await asyncio.sleep(0)
            async with second.lock:
                source.balance -= amount
                target.balance += amount

    def holds(self):
        return (self.a.balance, self.b.balance) == (120, 80)


class Buffer:
    """A buffer for one item, with one condition."""

    def __init__(self):
        self.items = []
        self.condition = asyncio.Condition()

    async def put(self, item):
        async with self.condition:
            while self.items:
                await self.condition.wait()
            self.items.append(item)
            self.condition.notify_all()

    async def get(self):
        async with self.condition:
            while not self.items:
                await self.condition.wait()
            item = self.items.pop()
            self.condition.notify_all()
            return item


class BufferIf(Buffer):
    """Who is woken does not look again."""

    async def put(self, item):
        async with self.condition:
            if self.items:
                await self.condition.wait()
            self.items.append(item)
            self.condition.notify_all()

    async def get(self):
        async with self.condition:
            if not self.items:
                await self.condition.wait()
            item = self.items.pop()
            self.condition.notify_all()
            return item


class BufferNotify(Buffer):
    """The one who is woken may be of the wrong kind."""

    async def put(self, item):
        async with self.condition:
            while self.items:
                await self.condition.wait()
            self.items.append(item)
            self.condition.notify()

    async def get(self):
        async with self.condition:
            while not self.items:
                await self.condition.wait()
            item = self.items.pop()
            self.condition.notify()
            return item


class Buffered:
    """A buffer in use: two producers put an item each, two consumers take one each."""

    wrong = Buffer

    def __init__(self, right):
        self.buffer = Buffer() if right else self.wrong()
        self.got = []
        self.bodies = [self.give, self.take, self.give, self.take]

    async def take(self):
        self.got.append(await self.buffer.get())

    async def give(self):
        await self.buffer.put("item")

    def holds(self):
        return self.got == ["item", "item"]


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
        self.condition = asyncio.Condition()
        self.readers = 0
        self.writing = False
        self.inside = 0
        self.alone = True
        self.bodies = [self.read, self.write, self.write]

    async def read(self):
        async with self.condition:
            while self.writing:
                await self.condition.wait()
            self.readers += 1
        await asyncio.sleep(0)
        async with self.condition:
            self.readers -= 1
            self.condition.notify_all()

    async def write(self):
        async with self.condition:
            while self.readers or (self.right and self.writing):
                await self.condition.wait()
            self.writing = True
        self.alone = self.alone and self.inside == 0
        self.inside += 1
        await asyncio.sleep(0)
        self.inside -= 1
        async with self.condition:
            self.writing = False
            self.condition.notify_all()

    def holds(self):
        return self.alone


class Philosophers:
    """Three dine once each. Wrong: each takes the left fork first; right: the last one the right."""

    def __init__(self, right):
        self.right = right
        self.forks = [asyncio.Lock() for _ in range(3)]
        self.meals = [0, 0, 0]
        self.bodies = [self.first, self.second, self.third]

    async def first(self):
        await self.dine(0)

    async def second(self):
        await self.dine(1)

    async def third(self):
        await self.dine(2)

    async def dine(self, seat):
        first, second = self.forks[seat], self.forks[(seat + 1) % 3]
        if self.right and seat == 2:
            first, second = second, first
        async with first:
            await asyncio.sleep(0)
            async with second:
                self.meals[seat] += 1

    def holds(self):
        return self.meals == [1, 1, 1]


class Flight:
    """A value that is being fetched."""

    def __init__(self):
        self.landed = asyncio.Event()
        self.value = None


class SingleFlight:
    """Two ask for the same key, and one fetches it. Wrong: it awaits between the look and the entry."""

    def __init__(self, right):
        self.right = right
        self.flights = {}
        self.fetched = 0
        self.got = []
        self.bodies = [self.ask, self.ask]

    async def ask(self):
        self.got.append(await self.get("key"))

    async def get(self, key):
        flight = self.flights.get(key)
        if flight is None:
            if not self.right:
                await asyncio.sleep(0)
            flight = self.flights[key] = Flight()
            self.fetched += 1
            await asyncio.sleep(0)
            flight.value = key.upper()
            flight.landed.set()
        await flight.landed.wait()
        return flight.value

    def holds(self):
        return self.fetched == 1 and self.got == ["KEY", "KEY"]


class BackOff:
    """Two take two locks in opposite orders, but only try the second. Wrong: who fails does not let go of the first."""

    def __init__(self, right):
        self.right = right
        self.a, self.b = asyncio.Lock(), asyncio.Lock()
        self.done = 0
        self.bodies = [self.there, self.back]

    async def there(self):
        await self.work(self.a, self.b)

    async def back(self):
        await self.work(self.b, self.a)

    async def work(self, first, second):
        while True:
            await first.acquire()
            await asyncio.sleep(0)
            if not second.locked():
                await second.acquire()
                self.done += 1
                second.release()
                first.release()
                return
            if self.right:
                first.release()
            await asyncio.sleep(0.001)

    def holds(self):
        return self.done == 2


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
