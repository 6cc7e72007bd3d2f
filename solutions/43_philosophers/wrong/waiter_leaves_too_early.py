"""By waiter: gives the place back as soon as the first fork is in hand.

Then the next one reaches for his first fork, and so on: all hold one and wait (MISTAKES.md 12).

Fails: test_by_waiter_nobody_waits_for_ever
"""

import threading
import time


def dine(n, meals, think, eat, take, put):
    def live(i):
        for _ in range(meals):
            think(i)
            take(i)
            eat(i)
            put(i)

    threads = [threading.Thread(target=live, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def dine_by_order(n, meals, think, eat):
    forks = [threading.Lock() for _ in range(n)]

    def take(i):
        first, second = sorted([i, (i + 1) % n])
        forks[first].acquire()
        forks[second].acquire()

    def put(i):
        forks[i].release()
        forks[(i + 1) % n].release()

    dine(n, meals, think, eat, take, put)


def dine_by_trylock(n, meals, think, eat):
    forks = [threading.Lock() for _ in range(n)]

    def take(i):
        while True:
            forks[i].acquire()
            if forks[(i + 1) % n].acquire(blocking=False):
                return
            forks[i].release()
            time.sleep(0.001 * (i + 1))

    def put(i):
        forks[i].release()
        forks[(i + 1) % n].release()

    dine(n, meals, think, eat, take, put)


def dine_by_waiter(n, meals, think, eat):
    forks = [threading.Lock() for _ in range(n)]
    waiter = threading.Semaphore(n - 1)

    def take(i):
        with waiter:
            forks[i].acquire()
        forks[(i + 1) % n].acquire()

    def put(i):
        forks[i].release()
        forks[(i + 1) % n].release()

    dine(n, meals, think, eat, take, put)
