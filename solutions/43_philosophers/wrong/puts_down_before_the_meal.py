"""By order: takes both forks, and has put them down again when `eat` is called.

The locks are held while nothing happens: neighbours eat at the same time (MISTAKES.md 9).

Fails: test_by_order_nobody_waits_for_ever, test_neighbours_never_eat_together
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
        with forks[first], forks[second]:
            pass

    def put(i):
        pass

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
        waiter.acquire()
        forks[i].acquire()
        forks[(i + 1) % n].acquire()

    def put(i):
        forks[i].release()
        forks[(i + 1) % n].release()
        waiter.release()

    dine(n, meals, think, eat, take, put)
