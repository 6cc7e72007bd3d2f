"""Programs that can't go on."""

import asyncio
import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from expect import plays


@plays
def two_locks_in_opposite_order():
    a = threading.Lock()  # lock a
    b = threading.RLock()  # lock b

    def work(first, second):
        with first:
            time.sleep(1)
            with second:  # the second lock
                pass

    one = threading.Thread(target=work, args=(a, b), name="one")
    two = threading.Thread(target=work, args=(b, a), name="two")
    one.start()
    two.start()
    one.join()  # for one


@plays
def a_lock_is_taken_twice():
    lock = threading.Lock()  # the lock itself
    with lock, lock:
        pass


@plays
def a_queue_without_producer():
    queue.Queue().get()


@plays
def a_full_queue_without_consumer():
    items = queue.Queue(1)
    items.put(1)
    items.put(2)


@plays
def a_queue_whose_items_are_never_done():
    items = queue.SimpleQueue()
    try:
        items.get()
    finally:
        time.sleep(1)


@plays
def an_event_that_is_never_set():
    threading.Event().wait()


@plays
def a_condition_that_is_never_notified():
    condition = threading.Condition()
    with condition:
        condition.wait_for(lambda: False)


@plays
def a_semaphore_that_is_never_released():
    with threading.Semaphore(0):
        pass


@plays
def a_barrier_for_one_too_many():
    threading.Barrier(2).wait()


@plays
def a_future_that_nobody_completes():
    Future().result()


@plays
def a_pool_that_waits_for_itself():
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: pool.submit(int).result()).result()  # in a pool


@plays
def a_pool_that_can_not_be_left():
    lock = threading.Lock()
    lock.acquire()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lock.acquire)


@plays
def a_pool_whose_worker_stands_in_no_line_of_the_learners():
    lock = threading.Lock()  # taken by main
    with lock, ThreadPoolExecutor(2) as pool:
        pool.submit(lock.acquire)
        pool.submit(int)


@plays
def an_asyncio_future_that_nobody_completes():
    async def main():
        await asyncio.get_running_loop().create_future()

    asyncio.run(main())


@plays
def a_join_of_a_stuck_thread():
    worker = threading.Thread(target=threading.Event().wait, name="worker", daemon=True)
    worker.start()
    worker.join()


@plays
def a_lock_that_its_holder_forgot():
    lock = threading.Lock()
    worker = threading.Thread(target=lock.acquire, name="worker")
    worker.start()
    worker.join()
    lock.acquire()


@plays
def a_deadlock_that_is_swallowed():
    lock, tries = threading.Lock(), 0
    lock.acquire()
    while True:
        try:
            lock.acquire()
        except BaseException:
            tries += 1
            if tries == 5:
                return "swallowed"
