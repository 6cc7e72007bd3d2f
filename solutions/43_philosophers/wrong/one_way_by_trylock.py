"""Dines by try-lock, whatever the function is called.

By order each waits for his second fork, with the first in hand: no time is spent on tries, and nobody is overtaken for ever.

Fails: test_by_order_nobody_waits_for_ever
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


dine_by_order = dine_by_waiter = dine_by_trylock
