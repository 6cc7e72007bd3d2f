"""Asks a waiter, whatever the function is called.

What keeps them from waiting in a circle is the waiter then, and neither an order of the forks nor that they are only tried.

Fails: test_by_order_nobody_waits_for_ever, test_by_trylock_nobody_waits_for_ever
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


dine_by_order = dine_by_trylock = dine_by_waiter
