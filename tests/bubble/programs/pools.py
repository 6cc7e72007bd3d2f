"""multiprocessing's pools of threads and its locks, in one process."""

import multiprocessing
import multiprocessing.dummy
import threading
import time
from multiprocessing.pool import ThreadPool

from expect import takes


def nap(seconds):
    time.sleep(seconds)
    return seconds


@takes(4.0, [1] * 10)
def a_thread_pool_maps():
    with ThreadPool(3) as pool:
        return pool.map(nap, [1] * 10, chunksize=1)


@takes(3.0, [1, 2, 3])
def a_thread_pool_yields_as_they_complete():
    with ThreadPool(3) as pool:
        return list(pool.imap_unordered(nap, [3, 1, 2]))


@takes(2.0, [2, 1, "TimeoutError"])
def a_thread_pool_is_closed_and_joined():
    pool = ThreadPool(2)
    results = [pool.apply_async(nap, (seconds,)) for seconds in (2, 1)]
    try:
        results[0].get(timeout=0.5)
    except multiprocessing.TimeoutError as error:
        name = type(error).__name__
    pool.close()
    pool.join()
    return [*(result.get() for result in results), name]


@takes(1.0, [1, 1])
def a_dummy_pool_maps():
    pool = multiprocessing.dummy.Pool(2)
    try:
        return pool.map(nap, [1, 1], 1)
    finally:
        pool.close()
        pool.join()


@takes(1.0, [0, 0])
def a_dummy_process_is_a_thread():
    processes = [multiprocessing.dummy.Process(target=nap, args=(1,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


@takes(4.5, [2, False, True])
def the_locks_of_multiprocessing_wait_too():
    lock, balance = multiprocessing.Lock(), [0]

    def deposit():
        with lock:
            seen = balance[0]
            time.sleep(2)
            balance[0] = seen + 1

    threads = [threading.Thread(target=deposit) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    tried = lock.acquire(timeout=0.5)
    for thread in threads:
        thread.join()
    semaphore = multiprocessing.Semaphore(0)
    threading.Timer(0.5, semaphore.release).start()
    return [balance[0], tried, semaphore.acquire()]
