"""concurrent.futures with threads."""

import concurrent.futures
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from expect import takes


def nap(seconds):
    time.sleep(seconds)
    return seconds


def fail(seconds):
    time.sleep(seconds)
    raise KeyError(seconds)


@takes(4.0, list(range(10)))
def ten_seconds_of_sleep_on_three_workers():
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(lambda number: time.sleep(1) or number, range(10)))


@takes(3.0, [1, 2, 3])
def futures_come_as_they_complete():
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(nap, seconds) for seconds in (3, 1, 2)]
        return [future.result() for future in concurrent.futures.as_completed(futures)]


@takes(5.0, [[1], "TimeoutError"])
def as_completed_times_out():
    done = []
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(nap, seconds) for seconds in (5, 1)]
        try:
            for future in concurrent.futures.as_completed(futures, timeout=2):
                done.append(future.result())
        except TimeoutError as error:
            return [done, type(error).__name__]


@takes(3.0, [1, 2.0, 2])
def wait_returns_what_is_done():
    with ThreadPoolExecutor(3) as pool:
        began = time.monotonic()
        futures = [pool.submit(nap, seconds) for seconds in (1, 2, 3)]
        first, _ = concurrent.futures.wait(futures, return_when=concurrent.futures.FIRST_COMPLETED)
        done, _ = concurrent.futures.wait(futures, timeout=1)
        return [len(first), round(time.monotonic() - began, 3), len(done)]


@takes(4.0, ["TimeoutError", 2.0])
def a_result_is_not_waited_for_too_long():
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        future = pool.submit(nap, 4)
        try:
            future.result(timeout=2)
        except TimeoutError as error:
            return [type(error).__name__, round(time.monotonic() - began, 3)]


@takes(2.0, ["KeyError", "KeyError"])
def an_exception_comes_out_of_the_future():
    with ThreadPoolExecutor() as pool:
        future = pool.submit(fail, 1)
        names = [type(future.exception()).__name__]
        try:
            list(pool.map(fail, [1]))
        except KeyError as error:
            names.append(type(error).__name__)
        return names


@takes(2.0, [["ready", "ready"], ["p_0", "p_1"]])
def the_initializer_runs_in_each_worker():
    local, names = threading.local(), []

    def prepare(word):
        local.word = word

    def work(_):
        time.sleep(2)
        names.append(threading.current_thread().name)
        return local.word

    with ThreadPoolExecutor(2, thread_name_prefix="p", initializer=prepare, initargs=("ready",)) as pool:
        return [list(pool.map(work, range(2))), names]


@takes(1.0, [True, False, 1])
def a_future_that_waits_can_be_cancelled():
    with ThreadPoolExecutor(1) as pool:
        running, waiting = pool.submit(nap, 1), pool.submit(nap, 1)
        time.sleep(0.5)
        return [waiting.cancel(), running.cancel(), running.result()]


@takes(2.0, 1)
def shutdown_can_cancel_what_waits():
    pool = ThreadPoolExecutor(1)
    futures = [pool.submit(nap, 2) for _ in range(5)]
    time.sleep(1)
    pool.shutdown(cancel_futures=True)
    return sum(not future.cancelled() for future in futures)


@takes(1.0, ["done", 1])
def a_callback_is_called_when_the_future_is_done():
    called = []
    with ThreadPoolExecutor(1) as pool:
        pool.submit(nap, 1).add_done_callback(lambda future: called.extend(["done", future.result()]))
    return called


@takes(1.5, [0, 1, 2, 3, 4, 5])
def a_set_of_futures_is_gone_through_in_order():
    with ThreadPoolExecutor(4) as pool:
        futures = {pool.submit(lambda n=n: time.sleep(0.75) or n) for n in range(6)}
        return [future.result() for future in futures]


@takes(20.0, 0.0)
def two_thousand_tasks_are_submitted_at_once():
    """Submitting looks at clocks and tries semaphores, which must not pass for spinning."""
    began = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        for _ in range(2000):
            pool.submit(nap, 0.1)
        return round(time.monotonic() - began, 6)
