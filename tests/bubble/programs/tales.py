"""Programs whose events are looked at."""

import _thread
import dataclasses
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from expect import plays

at_import = threading.Lock()  # made at import


@plays
def print_numbers_in_a_thread():
    def print_numbers():
        for number in (1, 2):
            time.sleep(2.0)  # the nap
            print(number)  # the print

    thread = threading.Thread(target=print_numbers)
    thread.start()  # the start
    thread.join()  # the join
    print("done")


@plays
def locks_are_passed_on():
    lock = threading.Lock()  # made in a function

    def work():
        with at_import, lock:
            time.sleep(1)

    threads = [threading.Thread(target=work, name="worker") for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclasses.dataclass
class Account:
    lock: object = dataclasses.field(default_factory=threading.Lock)


@plays
def a_dataclass_makes_a_lock():
    account = Account()  # made by a dataclass
    with account.lock:
        pass


@plays
def inner_locks_are_not_told():
    items, event, condition = queue.Queue(), threading.Event(), threading.Condition()
    items.put(1)
    items.get()
    event.set()
    event.wait()
    with condition:
        condition.notify()


@plays
def a_pool_is_used():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(time.sleep, 1).result()  # the submit


@plays
def waits_have_words():
    threading.Timer(1, int).start()
    items, event = queue.Queue(), threading.Event()
    threading.Timer(2, event.set).start()
    threading.Timer(3, items.put, [1]).start()
    event.wait()
    items.get()
    event.wait()  # is set: no wait


@plays
def a_raw_thread_is_started():
    def raw():
        time.sleep(1)

    _thread.start_new_thread(raw, ())
    time.sleep(2)


@plays
def a_raw_thread_fails():
    def raw():
        raise ValueError("raw")

    seen = []
    hook, threading.excepthook = threading.excepthook, lambda args: seen.append(str(args.exc_value))
    _thread.start_new_thread(raw, ())
    time.sleep(1)
    threading.excepthook = hook
    return seen


@plays
def far_too_much_happens():
    for _ in range(12_000):
        time.sleep(0.1)
    print("done")


@plays
def much_of_everything():
    """For determinism: pools, queues, locks, timers, sets and ties."""
    items, lock, total = queue.Queue(3), threading.Lock(), [0]

    def produce(count):
        for number in range(count):
            time.sleep(0.1)
            items.put(number)

    def consume():
        while True:
            item = items.get()
            if item is None:
                return
            with lock:
                seen = total[0]
                time.sleep(0.05)
                total[0] = seen + item
                print(threading.current_thread().name, item)

    producers = [threading.Thread(target=produce, args=(10,)) for _ in range(3)]
    consumers = {threading.Thread(target=consume) for _ in range(4)}
    for thread in [*producers, *consumers]:
        thread.start()
    with ThreadPoolExecutor(3) as pool:
        futures = {pool.submit(lambda n=number: time.sleep(0.1) or n) for number in range(9)}
        print([future.result() for future in futures])
    for thread in producers:
        thread.join()
    for _ in consumers:
        items.put(None)
    for thread in consumers:
        thread.join(timeout=30)
    return total[0]
