"""Programs with threads, right and wrong ones, each a function that builds all that it needs afresh."""

from __future__ import annotations

import contextlib
import gc
import heapq
import multiprocessing
import queue
import sys
import threading
import time


def together(*bodies):
    """Run `bodies` in a thread each, to their ends."""
    threads = [threading.Thread(target=body, name=f"t{number}") for number, body in enumerate(bodies, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- counter


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def locked(self):
        with self.lock:
            self.value += 1

    def unlocked(self):
        self.value += 1

    def apart(self):
        with self.lock:
            seen = self.value
        with self.lock:
            self.value = seen + 1


def count(how, threads, times):
    counter = Counter()
    add = {"locked": counter.locked, "unlocked": counter.unlocked, "apart": counter.apart}[how]

    def work():
        for _ in range(times):
            add()

    together(*[work] * threads)
    return counter.value == threads * times


def count_between_processes(how, kind):
    """Count under a lock of multiprocessing, or under it first and under it once more."""
    counter = Counter()
    counter.lock = getattr(multiprocessing, kind)()
    add = {"locked": counter.locked, "apart": counter.apart}[how]
    together(add, add)
    return counter.value == 2


# --- bank


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


def pay_in_order(source, target, amount):
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock, second.lock:
        source.balance -= amount
        target.balance += amount


def pay_crosswise(source, target, amount):
    with source.lock:
        with target.lock:
            source.balance -= amount
            target.balance += amount


def pay_backwards(source, target, amount):
    """The published "fix": it orders the accounts, and with them who pays."""
    if source.number > target.number:
        source, target = target, source
    with source.lock, target.lock:
        source.balance -= amount
        target.balance += amount


def pay_unlocked(source, target, amount):
    source.balance -= amount
    target.balance += amount


def bank(how):
    pay = {"order": pay_in_order, "cross": pay_crosswise, "back": pay_backwards, "unlocked": pay_unlocked}[how]
    a, b = Account(1, 100), Account(2, 100)
    together(lambda: pay(a, b, 10), lambda: pay(b, a, 30))
    return (a.balance, b.balance) == (120, 80)


# --- bounded buffer


class Buffer:
    def __init__(self, size):
        self.size = size
        self.items = []
        self.condition = threading.Condition()

    def put(self, item):
        with self.condition:
            while len(self.items) >= self.size:
                self.condition.wait()
            self.items.append(item)
            self.condition.notify_all()

    def get(self):
        with self.condition:
            while not self.items:
                self.condition.wait()
            item = self.items.pop(0)
            self.condition.notify_all()
            return item


class BufferIf(Buffer):
    def put(self, item):
        with self.condition:
            if len(self.items) >= self.size:
                self.condition.wait()
            self.items.append(item)
            self.condition.notify_all()

    def get(self):
        with self.condition:
            if not self.items:
                self.condition.wait()
            item = self.items.pop(0)
            self.condition.notify_all()
            return item


class BufferNotify(Buffer):
    def put(self, item):
        with self.condition:
            while len(self.items) >= self.size:
                self.condition.wait()
            self.items.append(item)
            self.condition.notify()

    def get(self):
        with self.condition:
            while not self.items:
                self.condition.wait()
            item = self.items.pop(0)
            self.condition.notify()
            return item


def buffer(kind, producers, consumers, items):
    """Each producer puts `items`; the consumers share them."""
    it = KINDS[kind](1)
    total = producers * items
    shares = [total // consumers + (number < total % consumers) for number in range(consumers)]
    got = [[] for _ in range(consumers)]

    def produce(number):
        for item in range(items):
            it.put((number, item))

    def consume(number):
        for _ in range(shares[number]):
            got[number].append(it.get())

    together(
        *[lambda number=number: produce(number) for number in range(producers)],
        *[lambda number=number: consume(number) for number in range(consumers)],
    )
    return sorted(sum(got, [])) == sorted((p, i) for p in range(producers) for i in range(items))


# --- read-write lock


class ReadWriteLock:
    def __init__(self):
        self.condition = threading.Condition()
        self.readers = 0
        self.writing = False

    def read(self):
        with self.condition:
            while self.writing:
                self.condition.wait()
            self.readers += 1

    def read_done(self):
        with self.condition:
            self.readers -= 1
            if not self.readers:
                self.condition.notify_all()

    def write(self):
        with self.condition:
            while self.writing or self.readers:
                self.condition.wait()
            self.writing = True

    def write_done(self):
        with self.condition:
            self.writing = False
            self.condition.notify_all()


class ReadWriteLockWrong(ReadWriteLock):
    def write(self):
        with self.condition:
            while self.readers:  # and other writers?
                self.condition.wait()
            self.writing = True


class ReadWriteLockIf(ReadWriteLock):
    def write(self):
        with self.condition:
            if self.writing or self.readers:
                self.condition.wait()
            self.writing = True


def read_write(kind, readers, writers):
    it = KINDS[kind]()
    inside = {"readers": 0, "writers": 0}
    guard = threading.Lock()
    bad = []

    def enter(who):
        with guard:
            inside[who] += 1
            if inside["writers"] > 1 or (inside["writers"] and inside["readers"]):
                bad.append(dict(inside))

    def leave(who):
        with guard:
            inside[who] -= 1

    def read():
        it.read()
        enter("readers")
        leave("readers")
        it.read_done()

    def write():
        it.write()
        enter("writers")
        leave("writers")
        it.write_done()

    together(*[read] * readers, *[write] * writers)
    return not bad


# --- single flight


class SingleFlight:
    def __init__(self, fetch):
        self.fetch = fetch
        self.lock = threading.Lock()
        self.flights = {}

    def get(self, key):
        with self.lock:
            flight = self.flights.get(key)
            first = flight is None
            if first:
                flight = self.flights[key] = Flight()
        if first:
            flight.value = self.fetch(key)
            flight.landed.set()
        else:
            flight.landed.wait()
        return flight.value


class Flight:
    def __init__(self):
        self.landed = threading.Event()
        self.value = None


class SingleFlightWrong(SingleFlight):
    def get(self, key):
        with self.lock:
            flight = self.flights.get(key)
        if flight is None:
            flight = Flight()
            with self.lock:
                self.flights[key] = flight
            flight.value = self.fetch(key)
            flight.landed.set()
        else:
            flight.landed.wait()
        return flight.value


def single_flight(kind, callers):
    fetched = []
    lock = threading.Lock()

    def fetch(key):
        with lock:
            fetched.append(key)
        return key.upper()

    it = KINDS[kind](fetch)
    got = []

    def call():
        value = it.get("a")
        with lock:
            got.append(value)

    together(*[call] * callers)
    return fetched == ["a"] and got == ["A"] * callers


# --- philosophers


def philosophers(how, number, meals=1):
    forks = [threading.Lock() for _ in range(number)]

    def dine(seat):
        left, right = forks[seat], forks[(seat + 1) % number]
        if how == "ordered" and seat == number - 1:
            left, right = right, left
        for _ in range(meals):
            with left, right:
                pass

    together(*[lambda seat=seat: dine(seat) for seat in range(number)])
    return True


def back_off(naps):
    """Takes one lock, tries the other, and lets go if that fails: a livelock only if nobody is ever lucky."""
    a, b = threading.Lock(), threading.Lock()
    done = []

    def work(first, second):
        while True:
            first.acquire()
            if second.acquire(blocking=False):
                done.append(1)
                second.release()
                first.release()
                return
            first.release()
            if naps:
                time.sleep(0.001)

    together(lambda: work(a, b), lambda: work(b, a))
    return done == [1, 1]


# --- others


def busy_wait(sets):
    state = {"ready": False}

    def setter():
        if sets:
            state["ready"] = True

    def waiter():
        while not state["ready"]:
            pass

    together(waiter, setter)
    return True


def timed_wait(right):
    """Who waits for the slow one must look whether it came."""
    event, got = threading.Event(), []

    def slow():
        time.sleep(2)
        got.append("late")
        event.set()

    def waiter():
        if event.wait(1 if not right else 3):
            got.append("seen")

    together(slow, waiter)
    return got == ["late", "seen"]


def forgotten_lock():
    lock = threading.Lock()

    def work():
        lock.acquire()
        try:
            raise LookupError("lost")
        except LookupError:
            return
        lock.release()

    together(work)
    return True


def left_behind():
    gate = threading.Event()
    threading.Thread(target=gate.wait, name="forgotten").start()
    return True


def lazily(locked):
    """Makes a thing once, at its first use."""
    state = {"thing": None, "made": 0}
    lock = threading.Lock()

    def make():
        state["made"] += 1
        return object()

    def use():
        if locked:
            with lock:
                if state["thing"] is None:
                    state["thing"] = make()
        elif state["thing"] is None:
            state["thing"] = make()

    together(use, use)
    return state["made"] == 1


class Left:
    """What a schedule leaves behind; it notes the functions that run when it is collected."""

    around = []

    def __init__(self):
        self.itself = self

    def __del__(self):
        frame = sys._getframe()
        while frame is not None:
            self.around.append(frame.f_code.co_name)
            frame = frame.f_back


def leaves_behind():
    """Tells whether what the schedules before have left was collected while nobody joined a thread."""
    gc.set_threshold(1)
    lock = threading.Lock()

    def work():
        with lock:
            Left()

    together(work, work, work)
    return not {"settle", "join"} & {*Left.around}


def raises_when_unlucky():
    seen = []

    def first():
        seen.append(1)

    def second():
        seen[0]

    together(first, second)
    return True


def semaphore_limit(limit):
    """At most `limit` of three are inside at once; of the two variants one is too generous."""
    semaphore, lock = threading.Semaphore(limit), threading.Lock()
    inside, peak = [0], [0]

    def work():
        with semaphore:
            with lock:
                inside[0] += 1
                peak[0] = max(peak[0], inside[0])
            with lock:
                inside[0] -= 1

    together(work, work)
    return peak[0] <= 1


def notified_too_early(right):
    """A notify that nobody waits for yet is lost, unless there is a flag."""
    condition, flag = threading.Condition(), []

    def waiter():
        with condition:
            if right:
                while not flag:
                    condition.wait()
            else:
                condition.wait()

    def notifier():
        with condition:
            flag.append(1)
            condition.notify()

    together(waiter, notifier)
    return True


def mailbox():
    """A queue: items of one sender come in order."""
    import queue

    box, got = queue.Queue(), []

    def send(name):
        for number in range(2):
            box.put((name, number))

    def receive():
        for _ in range(4):
            got.append(box.get())

    together(lambda: send("a"), lambda: send("b"), receive)
    return [n for name, n in got if name == "a"] == [0, 1] and len(got) == 4


def barrier():
    gate, order = threading.Barrier(2), []

    def work(name):
        order.append(("before", name))
        gate.wait()
        order.append(("after", name))

    together(lambda: work("a"), lambda: work("b"))
    return [when for when, _ in order] == ["before", "before", "after", "after"]


KINDS = {
    kind.__name__: kind
    for kind in (
        Buffer,
        BufferIf,
        BufferNotify,
        ReadWriteLock,
        ReadWriteLockWrong,
        ReadWriteLockIf,
        SingleFlight,
        SingleFlightWrong,
    )
}


def long():
    """Takes many steps, and is busy with something all the time."""
    return count("locked", 2, 300)


def lost():
    counter = Counter()
    together(counter.apart, counter.apart)
    return counter.value


def impatient():
    """Waits a second for what takes no time."""
    event, got = threading.Event(), []

    def waiter():
        got.append(event.wait(1))

    together(waiter, event.set)
    return got == [True]


def slots(how="sleep"):
    """Keeps two threads apart by waits alone."""
    counter = Counter()
    nap = {
        "sleep": time.sleep,
        "event": lambda seconds: threading.Event().wait(seconds),
        "queue": lambda seconds: queue.Queue().get(timeout=seconds) if seconds else None,
    }[how]

    def add(number):
        try:
            nap(0.5 * number)
        except queue.Empty:
            pass
        counter.value += 1

    together(lambda: add(0), lambda: add(1))
    return counter.value == 2


def naps_with_a_lock():
    """Is right, and sleeps with a lock in hand, and after it has tried one in vain."""
    counter = Counter()

    def add():
        while not counter.lock.acquire(blocking=False):
            time.sleep(0.1)
        seen = counter.value
        time.sleep(0.5)
        counter.value = seen + 1
        counter.lock.release()

    together(add, add)
    return counter.value == 2


def gives_up():
    """Is right: it waits for a lock no longer than a minute, and tells if that was in vain."""
    counter = Counter()

    def add():
        if not counter.lock.acquire(timeout=60):
            raise TimeoutError
        seen = counter.value
        time.sleep(0.5)
        counter.value = seen + 1
        counter.lock.release()

    together(add, add)
    return counter.value == 2


def deep(number):
    """Wrong only if one thread is stopped within each of its steps by the other."""
    counter = Counter()
    seen = []

    def climb():
        for _ in range(number):
            with counter.lock:
                counter.value += 1

    def look():
        for _ in range(number):
            with counter.lock:
                seen.append(counter.value)

    together(climb, look, climb)
    return len(set(seen)) < 3


def hidden(locked):
    """Sets an attribute whose name nobody can read off the code."""
    counter = Counter()
    name = "value"

    def work():
        with counter.lock if locked else contextlib.nullcontext():
            setattr(counter, name, getattr(counter, name) + 1)

    together(work, work)
    return counter.value == 2


def spelt(locked):
    """Sets an attribute by a function that is given its name as text."""
    counter = Counter()

    def work():
        with counter.lock if locked else contextlib.nullcontext():
            setattr(counter, "value", getattr(counter, "value") + 1)

    together(work, work)
    return counter.value == 2


class Kept:
    """Numbers, of which the last one is the total; a way to add one that is called in several ways."""

    def __init__(self):
        self.numbers = [0]

    def add(self, how):
        last = self.numbers[-1]
        if how == "comprehension":
            self.numbers.append([last + one for one in (1,)][0])
        elif how == "or":
            self.numbers.append(last + 1 or last)
        elif how == "conditional":
            self.numbers.append(last + 1 if last >= 0 else last)
        elif how == "lambda":
            self.numbers.append((lambda one: last + one)(1))
        elif how == "text":
            self.numbers.append(int(f"{last + 1}"))
        else:
            heapq.heappush(self.numbers, last + 1)


def adds(how):
    """Two threads add to a list without a lock, in a call whose argument is worked out in the call."""
    kept = Kept()
    together(lambda: kept.add(how), lambda: kept.add(how))
    return max(kept.numbers) == 2


CALLS = []


def whimsical():
    """Remembers that it was called before."""
    CALLS.append(1)
    counter = Counter()
    together(*[counter.locked] * (2 if len(CALLS) % 2 else 3))
    return True


# --- who is alive


def asks_who_lives(how):
    """A thread asks whether the other two are there: before and after the end of each."""
    told = []
    seen = set()

    def ask():
        told.append(threading.active_count() if how == "count" else quick.is_alive())

    quick = threading.Thread(target=lambda: seen.add("quick"))
    asking = threading.Thread(target=ask)
    quick.start()
    asking.start()
    quick.join()
    asking.join()
    return told[0]


# --- loops


def goes_over(how):
    """Two threads go over what nobody changes, each beside a list of its own that it does change."""
    numbers = [1, 2]
    own = [[], []]

    def collect(mine):
        if how == "comprehension":
            mine += [number for number in range(len(numbers))]
        elif how == "enumerate":
            for place, number in enumerate(numbers):
                mine.append(place + number)
        else:
            for number in numbers:
                mine.append(number)

    together(*[lambda mine=mine: collect(mine) for mine in own])
    return len(own[0]) == len(own[1]) == 2


def goes_over_itself():
    """The loop's variable has the name of what it goes over: two threads look into the same inner list."""
    inner = [0]
    lists = [inner]
    lost = []

    def look(lists):
        for lists in lists:
            for _ in lists:
                lost.append(inner[0])

    def change():
        inner[0] = 1

    together(lambda: look(lists), change)
    return lost[0]



# --- without an end, or only long


def keeps_and_tries(lets_go):
    """Each has a lock and tries that of the other, with a nap between; who lets go meanwhile gets it one day."""
    locks = [threading.Lock(), threading.Lock()]

    def work(mine, other):
        mine.acquire()
        while not other.acquire(blocking=False):
            if lets_go:
                mine.release()
            time.sleep(0.001)
            if lets_go:
                mine.acquire()
        other.release()
        mine.release()

    together(lambda: work(*locks), lambda: work(*reversed(locks)))
    return True


def naps(how):
    """Many naps, while another thread waits for the one who takes them: they have an end."""
    done = threading.Event()

    def nap():
        if how == "counted":
            for _ in range(9000):
                time.sleep(0.001)
        else:
            until = time.monotonic() + 9
            while time.monotonic() < until:
                time.sleep(0.001)
        done.set()

    together(nap, done.wait)
    return True
