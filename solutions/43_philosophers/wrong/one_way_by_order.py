"""Dines by order, whatever the function is called: that can't hang, after all.

By try-lock nobody waits for his second fork with the first in hand, so his other neighbour can have it.

Fails: test_by_trylock_nobody_waits_for_ever
"""

import threading


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


dine_by_trylock = dine_by_waiter = dine_by_order
