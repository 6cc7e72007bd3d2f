"""Programs that leave something behind, or never end."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from expect import plays

LIMIT = 60.0


@plays
def a_thread_is_left_running():
    threading.Thread(target=time.sleep, args=(5,), name="late").start()
    time.sleep(1)
    return "returned"


@plays
def a_daemon_is_left_running():
    def tick():
        while True:
            time.sleep(1)

    threading.Thread(target=tick, name="ticker", daemon=True).start()
    time.sleep(2.5)


@plays
def a_thread_is_left_waiting_for_ever():
    threading.Thread(target=threading.Event().wait, name="stuck").start()


@plays
def a_pool_is_never_shut_down():
    pool = ThreadPoolExecutor(2)
    return pool.submit(pow, 2, 3).result()


@plays
def a_worker_polls_for_ever():
    def poll():
        while True:
            time.sleep(0.02)

    worker = threading.Thread(target=poll, name="worker-1")
    worker.start()
    worker.join()  # for the poller


@plays
def the_main_thread_polls_for_ever():
    event = threading.Event()
    while not event.wait(0.5):
        pass


@plays
def the_clock_is_asked_for_ever():
    while time.time():
        pass


@plays
def a_thread_is_left_polling():
    def poll():
        while True:
            time.sleep(7)

    threading.Thread(target=poll, name="poller").start()
    return 1


@plays
def abandoned_threads_unwind():
    lock, condition = threading.Lock(), threading.Condition()
    lock.acquire()

    def careful():
        try:
            with lock:
                pass
        finally:
            print("never printed")

    def waiting():
        with condition:
            condition.wait()

    def stubborn():
        while True:
            try:
                lock.acquire()
            except BaseException:
                print("never printed either")

    def very_stubborn():
        while True:
            try:
                time.sleep(1)
                lock.acquire()
            except BaseException:
                pass

    def starter():
        while True:
            try:
                threading.Thread(target=int).start()
                lock.acquire()
            except BaseException:
                pass

    for target in (careful, waiting, stubborn, very_stubborn, starter):
        threading.Thread(target=target, name=target.__name__).start()
    threading.Thread(target=careful, name="not begun").start()
    return "returned"


@plays
def after_that_all_is_as_before():
    return [thread.name for thread in threading.enumerate() if thread.is_alive()]


@plays
def threads_fail():
    def fail():
        time.sleep(1)
        raise KeyError("lost")

    def leave():
        raise SystemExit(3)

    seen = []
    hook, threading.excepthook = threading.excepthook, lambda args: seen.append(args.exc_type.__name__)
    try:
        threads = [threading.Thread(target=target) for target in (fail, leave)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        threading.excepthook = hook
    return seen


@plays
def the_function_fails():
    time.sleep(1)
    raise LookupError("no")


@plays
def main_is_joined():
    main, seen = threading.main_thread(), []

    def outlive():
        main.join()
        seen.append(main.is_alive())
        print("main has ended", seen)

    threading.Thread(target=outlive).start()
    time.sleep(2)
