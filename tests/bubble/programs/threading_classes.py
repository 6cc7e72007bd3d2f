"""Every class of threading, waited on."""

import threading
import time

from expect import takes


def in_threads(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@takes(10.0)
def two_threads_sleep_side_by_side():
    def five_times():
        for _ in range(5):
            time.sleep(2.0)

    in_threads(five_times, five_times)


@takes(3.0, [False, True])
def join_with_a_timeout_gives_up():
    thread = threading.Thread(target=time.sleep, args=(3,))
    thread.start()
    thread.join(1)
    ended = [not thread.is_alive()]
    thread.join()
    return [*ended, not thread.is_alive()]


@takes(4.0, [0, 1, 2, 3])
def a_lock_lets_one_through_at_a_time():
    lock, order = threading.Lock(), []

    def work(number):
        with lock:
            time.sleep(1)
            order.append(number)

    in_threads(*(lambda number=number: work(number) for number in range(4)))
    return order


@takes(1.5, [False, False, True])
def a_lock_is_tried_and_waited_for():
    lock, got = threading.Lock(), []

    def holder():
        with lock:
            time.sleep(1.5)

    thread = threading.Thread(target=holder)
    thread.start()
    time.sleep(0.5)
    got.append(lock.acquire(blocking=False))
    got.append(lock.acquire(timeout=0.25))
    got.append(lock.acquire(timeout=5))
    return got


@takes(2.0, 3)
def an_rlock_is_taken_again_by_its_owner():
    lock, depth = threading.RLock(), []

    def work():
        with lock, lock, lock:
            depth.append(3)
            time.sleep(1)

    in_threads(work, work)
    return depth[0]


@takes(2.0, ["item", []])
def a_condition_wakes_who_waits():
    condition, items, got = threading.Condition(), [], []

    def consumer():
        with condition:
            while not items:
                condition.wait()
            got.append(items.pop())

    def producer():
        time.sleep(1)
        with condition:
            items.append("item")
            condition.notify()

    in_threads(consumer, producer)
    with condition:
        got.append(condition.wait_for(lambda: items, timeout=1))
    return got


@takes(1.0, 3)
def notify_all_wakes_all():
    condition, woken = threading.Condition(threading.Lock()), []

    def waiter():
        with condition:
            condition.wait()
            woken.append(1)

    def waker():
        time.sleep(1)
        with condition:
            condition.notify_all()

    in_threads(waiter, waiter, waiter, waker)
    return len(woken)


@takes(3.0, [False, True])
def an_event_is_waited_for():
    event = threading.Event()
    timer = threading.Timer(3, event.set)
    timer.start()
    return [event.wait(2), event.wait(2)]


@takes(4.0, 2)
def a_semaphore_lets_two_through():
    semaphore, inside, peak = threading.Semaphore(2), [], []

    def work():
        with semaphore:
            inside.append(1)
            peak.append(len(inside))
            time.sleep(2)
            inside.pop()

    in_threads(work, work, work, work)
    return max(peak)


@takes(1.0, [False, "ValueError"])
def a_bounded_semaphore_refuses_one_release_too_many():
    semaphore = threading.BoundedSemaphore(1)
    semaphore.acquire()
    result = [semaphore.acquire(timeout=1)]
    semaphore.release()
    try:
        semaphore.release()
    except ValueError as error:
        result.append(type(error).__name__)
    return result


@takes(6.0, [3.0, 3.0, 3.0, 6.0, 6.0, 6.0])
def a_barrier_is_used_twice():
    barrier, times, began = threading.Barrier(3), [], time.monotonic()

    def work(pause):
        for _ in range(2):
            time.sleep(pause)
            barrier.wait()
            times.append(round(time.monotonic() - began, 3))

    in_threads(lambda: work(1), lambda: work(2), lambda: work(3))
    return times


@takes(2.0, ["BrokenBarrierError", True])
def a_barrier_breaks_in_time():
    barrier = threading.Barrier(2, timeout=2)
    try:
        barrier.wait()
    except threading.BrokenBarrierError as error:
        return [type(error).__name__, barrier.broken]


@takes(5.0, ["late"])
def a_timer_can_be_cancelled():
    done = []
    early, late = threading.Timer(3, done.append, ["early"]), threading.Timer(5, done.append, ["late"])
    early.start()
    late.start()
    time.sleep(1)
    early.cancel()
    late.join()
    return done


@takes(1.0, [0, 1, 2])
def thread_locals_are_a_threads_own():
    local, seen = threading.local(), []

    def work(number):
        local.number = number
        time.sleep(1)
        seen.append(local.number)

    in_threads(*(lambda number=number: work(number) for number in range(3)))
    return seen


@takes(1.0, [["MainThread", "a", "b"], 3, True])
def threads_can_be_counted_and_named():
    threads = [threading.Thread(target=time.sleep, args=(1,), name=name) for name in "ab"]
    for thread in threads:
        thread.start()
    result = [[thread.name for thread in threading.enumerate()], threading.active_count()]
    for thread in threads:
        thread.join()
    return [*result, threading.enumerate() == [threading.main_thread()]]


@takes(0.0, ["ValueError", "ValueError", "OverflowError", "RuntimeError", "RuntimeError", "RuntimeError"])
def wrong_use_raises_what_it_does_elsewhere():
    lock, raised = threading.Lock(), []
    for call in (
        lambda: lock.acquire(False, 1),
        lambda: lock.acquire(timeout=-2),
        lambda: lock.acquire(timeout=threading.TIMEOUT_MAX * 2),
        lock.release,
        threading.RLock().release,
        threading.current_thread().join,
    ):
        try:
            call()
        except (ValueError, OverflowError, RuntimeError) as error:
            raised.append(type(error).__name__)
    return raised


@takes(1.0, 300)
def three_hundred_threads_sleep_at_once():
    threads = [threading.Thread(target=time.sleep, args=(1,)) for _ in range(300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(threads)
