"""Right answers in unusual styles."""

import _thread
import collections
import dataclasses
import datetime
import functools
import os
import pickle
import queue
import sched
import select
import selectors
import socket
import threading
import time as clock
import timeit
from threading import Thread
from time import monotonic, sleep

from expect import takes

MADE_AT_IMPORT = threading.Lock()


class Pacer:
    wait = clock.sleep
    tick = clock.monotonic
    make_lock = threading.Lock

    def pace(self):
        began = self.tick()
        with self.make_lock():
            self.wait(1)
        return self.tick() - began


class Sleeper(Thread):
    def __init__(self, seconds):
        super().__init__()
        self.seconds, self.result = seconds, None

    def run(self):
        sleep(self.seconds)
        self.result = self.seconds * 2


class Quick(Thread):
    def start(self):
        self.began = monotonic()
        super().start()

    def join(self, timeout=None):
        super().join(timeout)
        return round(monotonic() - self.began, 3)


@takes(1.0, 1.0)
def sleep_and_clock_are_attributes_of_a_class():
    return round(Pacer().pace(), 6)


@takes(2.0, 2.0)
def names_are_imported_from_time():
    began = monotonic()
    sleep(2)
    return round(monotonic() - began, 6)


@takes(4.0, [4.0, 4.0, 4.0])
def clocks_are_read_by_number_and_by_os_times():
    def read():
        monotonic_clock = clock.clock_gettime(clock.CLOCK_MONOTONIC)
        return monotonic_clock, clock.clock_gettime_ns(clock.CLOCK_REALTIME) / 1e9, os.times().elapsed

    before = read()
    sleep(4)
    return [round(later - earlier, 5) for earlier, later in zip(before, read(), strict=True)]


@takes(3.0, [2, 4, 6])
def thread_is_subclassed():
    threads = [Sleeper(seconds) for seconds in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [thread.result for thread in threads]


@takes(1.0, 1.0)
def join_and_start_are_overridden():
    thread = Quick(target=sleep, args=(1,))
    thread.start()
    return thread.join()


@takes(3.0, 3)
def raw_threads_report_by_locks():
    done = [_thread.allocate_lock() for _ in range(3)]
    total = []

    def work(number):
        clock.sleep(number)
        total.append(number)
        done[number - 1].release()

    for number, lock in enumerate(done, 1):
        lock.acquire()
        _thread.start_new_thread(work, (number,))
    for lock in done:
        lock.acquire()
    return len(total)


@takes(2.0, 2.0)
def an_event_is_used_as_a_sleep():
    began = clock.perf_counter()
    threading.Event().wait(2)
    return round(clock.perf_counter() - began, 3)


@takes(2.0, 2)
def a_pool_is_built_by_hand():
    tasks, results = queue.Queue(), []

    def worker():
        for task in iter(tasks.get, None):
            clock.sleep(task)
            results.append(task)

    workers = [Thread(target=worker) for _ in range(3)]
    for worker_ in workers:
        worker_.start()
    for task in (1, 2):
        tasks.put(task)
    for _ in workers:
        tasks.put(None)
    for worker_ in workers:
        worker_.join()
    return len(results)


@takes(5.0, 10)
def a_stop_flag_ends_a_loop_of_timed_waits():
    stop, ticks = threading.Event(), []

    def tick():
        while not stop.wait(0.5):
            ticks.append(1)

    thread = Thread(target=tick)
    thread.start()
    sleep(5)
    sleep(0.0000001)
    stop.set()
    thread.join()
    return len(ticks)


@takes(3.0, True)
def is_alive_is_asked_again_and_again():
    thread = Thread(target=sleep, args=(3,))
    thread.start()
    asked = 0
    while thread.is_alive():
        asked += 1
    return asked > 10


@takes(3.0, within=0.01)
def is_alive_is_asked_of_all_again_and_again():
    """One has ended long before the other: that it has, each time, is no progress."""
    threads = [Thread(target=sleep, args=(seconds,)) for seconds in (1, 3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        pass


@takes(3.0)
def is_alive_is_asked_with_naps_of_nothing():
    thread = Thread(target=sleep, args=(3,))
    thread.start()
    while thread.is_alive():
        sleep(0)


@takes(10.0, within=0.0001)
def the_clock_is_read_often_between_naps():
    """Who sleeps does not spin, however much it measures."""
    for _ in range(100):
        sleep(0.1)
        for _ in range(200):
            clock.perf_counter()


@takes(3.0, [3.0, 0.0])
def the_living_are_counted_again_and_again():
    began = monotonic()
    Thread(target=sleep, args=(3,)).start()
    while threading.active_count() > 1:
        pass
    ended = monotonic()
    while len(threading.enumerate()) > 1:
        pass
    return [round(ended - began, 6), round(monotonic() - ended, 6)]


@takes(1.0, True)
def an_event_is_asked_again_and_again():
    stop, count = threading.Event(), [0]

    def work():
        while not stop.is_set():
            count[0] += 1

    thread = Thread(target=work)
    thread.start()
    sleep(1)
    stop.set()
    thread.join()
    return count[0] > 100


@takes(2.0, "got it")
def a_lock_is_tried_until_it_is_free():
    lock = threading.Lock()

    def hold():
        with lock:
            sleep(2)

    Thread(target=hold).start()
    sleep(0.5)
    while not lock.acquire(blocking=False):
        pass
    return "got it"


@takes(2.0, "item")
def a_queue_is_asked_whether_it_is_empty():
    items = queue.Queue()
    threading.Timer(2, items.put, ["item"]).start()
    while items.empty():
        pass
    return items.get()


@takes(2.0, "item")
def get_nowait_is_tried_with_pauses():
    items = queue.Queue()
    threading.Timer(1.95, items.put, ["item"]).start()
    while True:
        try:
            return items.get_nowait()
        except queue.Empty:
            sleep(0.1)


@takes(1.0, [True, True, 1.0])
def dates_follow_the_clock():
    before, day = datetime.datetime.now(), datetime.date.today()
    stamp = clock.localtime()
    sleep(1)
    after = datetime.datetime.now()
    return [
        day == before.date() or day == after.date(),
        clock.strftime("%S") != clock.strftime("%S", stamp),
        (after - before).total_seconds(),
    ]


@takes(0.0, [True, True, True, "datetime.datetime(2020, 1, 2, 0, 0)", True])
def dates_are_dates():
    moment = datetime.datetime(2020, 1, 2)
    utc = datetime.datetime.now(datetime.timezone.utc)
    return [
        isinstance(moment, datetime.date),
        issubclass(datetime.datetime, datetime.date),
        pickle.loads(pickle.dumps(moment)) == moment,
        repr(moment),
        utc.tzinfo is datetime.timezone.utc,
    ]


@takes(6.0, [1.0, 3.0, 6.0])
def a_scheduler_of_sched_keeps_its_times():
    times, began = [], monotonic()
    scheduler = sched.scheduler()
    for delay in (3, 1, 6):
        scheduler.enter(delay, 1, lambda: times.append(round(monotonic() - began, 3)))
    scheduler.run()
    return times


@takes(0.5, 0.5)
def timeit_measures_the_bubbles_clock():
    return round(timeit.timeit(lambda: sleep(0.5), number=1), 6)


@takes(1.5)
def select_is_used_as_a_sleep():
    select.select([], [], [], 1.5)


@takes(2.0, [4, 2])
def a_cached_property_is_computed_once():
    class Lazy:
        computed = 0

        @functools.cached_property
        def value(self):
            with MADE_AT_IMPORT:
                if "value" not in vars(self):
                    sleep(2)
                    self.computed += 1
                    vars(self)["value"] = 2
            return 2

    lazy, values = Lazy(), []
    threads = [Thread(target=lambda: values.append(lazy.value)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [len(values), values[0]]


@takes(2.0, 2)
def a_dataclass_makes_its_own_lock():
    @dataclasses.dataclass
    class Account:
        lock: object = dataclasses.field(default_factory=threading.Lock)
        balance: int = 0

    account, locks = Account(), collections.defaultdict(threading.Lock)

    def deposit():
        with account.lock, locks["one"]:
            balance = account.balance
            sleep(1)
            account.balance = balance + 1

    threads = [Thread(target=deposit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return account.balance


@takes(0.0, [True, True, True])
def locks_are_instances_of_lock_type():
    return [
        isinstance(threading.Lock(), _thread.LockType),
        isinstance(_thread.allocate_lock(), type(threading.Lock())),
        isinstance(threading.RLock(), type(threading.RLock())),
    ]


@takes(1.0, [1, 2])
def a_thread_waits_for_one_that_waits():
    order = []

    def second(first):
        first.join()
        order.append(2)

    def slow():
        sleep(1)
        order.append(1)

    first = Thread(target=slow)
    other = Thread(target=second, args=(first,))
    first.start()
    other.start()
    other.join()
    return order


@takes(3.0, True, within=0.004)
def threads_play_ping_pong_for_three_seconds():
    ball, rounds = threading.Condition(), [0]
    turn = ["ping"]
    end = monotonic() + 3

    def play(me, other):
        while monotonic() < end:
            with ball:
                while turn[0] != me and monotonic() < end:
                    ball.wait(0.5)
                turn[0] = other
                rounds[0] += 1
                ball.notify()

    threads = [Thread(target=play, args=names) for names in (("ping", "pong"), ("pong", "ping"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rounds[0] > 10


@takes(3.0, within=0.004)
def the_clock_is_read_until_it_is_time():
    began = clock.time()
    while clock.time() - began < 3:
        pass


@takes(3.0, 6)
def the_clock_is_read_while_others_sleep():
    ticks = []

    def tick():
        for _ in range(6):
            sleep(0.5)
            ticks.append(1)

    thread = Thread(target=tick)
    thread.start()
    while len(ticks) < 6:
        clock.perf_counter()
    thread.join()
    return len(ticks)


@takes(1.0, [1.0, 1.0])
def a_token_bucket_survives_rounding():
    """A rounding error asks for a sleep of 1e-17 s: time must move all the same."""
    began = monotonic()
    due = began + 1.0
    while (rest := due - monotonic()) > 0:
        sleep(max(rest / 2, 1e-17) if rest > 1e-9 else 1e-17)
    return [round(monotonic() - began, 6), 1.0]


@takes(1.0, [5, 5, 5])
def a_module_that_sleeps_is_imported_by_three_threads():
    """Two of them wait for the import lock, which the bubble must know."""
    values = []

    def work():
        import slow_import

        values.append(slow_import.VALUE)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return values


@takes(2.0, [False, True, b"late"])
def a_selector_waits_for_a_socket_of_another_thread():
    here, there = socket.socketpair()
    with here, there, selectors.DefaultSelector() as selector:
        selector.register(here, selectors.EVENT_READ)

        def send():
            sleep(2)
            there.send(b"late")

        Thread(target=send).start()
        return [bool(selector.select(1)), bool(selector.select(5)), here.recv(10)]
