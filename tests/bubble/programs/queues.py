"""Every class of queue, waited on."""

import queue
import threading
import time

from expect import takes


def start(function, *args):
    thread = threading.Thread(target=function, args=args)
    thread.start()
    return thread


@takes(3.0, [0, 1, 2])
def a_queue_hands_items_on():
    items, got = queue.Queue(), []

    def produce():
        for number in range(3):
            time.sleep(1)
            items.put(number)
        items.put(None)

    start(produce)
    while (item := items.get()) is not None:
        got.append(item)
    return got


@takes(1.0, "Full")
def a_full_queue_refuses_in_time():
    items = queue.Queue(maxsize=1)
    items.put(1)
    try:
        items.put(2, timeout=1)
    except queue.Full as error:
        return type(error).__name__


@takes(2.5, "Empty")
def an_empty_queue_refuses_in_time():
    try:
        queue.Queue().get(timeout=2.5)
    except queue.Empty as error:
        return type(error).__name__


@takes(6.0, 3)
def a_bounded_queue_slows_the_producer():
    items = queue.Queue(maxsize=1)

    def consume():
        while items.get() is not None:
            time.sleep(2)

    consumer = start(consume)
    for number in range(3):
        items.put(number)
    items.put(None)
    consumer.join()
    return number + 1


@takes(4.0)
def join_waits_until_all_is_done():
    items = queue.Queue()

    def work():
        while True:
            items.get()
            time.sleep(2)
            items.task_done()

    for _ in range(2):
        threading.Thread(target=work, daemon=True).start()
    for number in range(4):
        items.put(number)
    items.join()


@takes(1.0, [[3, 2, 1], [1, 2, 3]])
def lifo_and_priority_queues_order_items():
    results = []
    for kind, given in ((queue.LifoQueue, (1, 2, 3)), (queue.PriorityQueue, (2, 3, 1))):
        items = kind()
        for item in given:
            items.put(item)
        results.append([items.get() for _ in given])
    try:
        items.get(timeout=1)
    except queue.Empty:
        return results


@takes(3.0, ["a", "Empty", "Empty"])
def a_simple_queue_waits_too():
    items, got = queue.SimpleQueue(), []
    threading.Timer(1, items.put, ["a"]).start()
    got.append(items.get())
    for arguments in ({"timeout": 2}, {"block": False}):
        try:
            items.get(**arguments)
        except queue.Empty as error:
            got.append(type(error).__name__)
    return got
