"""By try-lock: tries a thousand times, and then goes without his meal.

That is a second or so: when a neighbour eats for longer than that, the hungry one never eats.

Fails: test_by_trylock_nobody_waits_for_ever
"""

import threading
import time


def dine(n, meals, think, eat, take, put):
    def live(i):
        for _ in range(meals):
            think(i)
            if take(i):
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
        return True

    def put(i):
        forks[i].release()
        forks[(i + 1) % n].release()

    dine(n, meals, think, eat, take, put)


def dine_by_trylock(n, meals, think, eat):
    forks = [threading.Lock() for _ in range(n)]

    def take(i):
        for _ in range(1000):
            forks[i].acquire()
            if forks[(i + 1) % n].acquire(blocking=False):
                return True
            forks[i].release()
            time.sleep(0.001)
        return False

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
        return True

    def put(i):
        forks[i].release()
        forks[(i + 1) % n].release()
        waiter.release()

    dine(n, meals, think, eat, take, put)
