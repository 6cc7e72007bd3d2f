"""Joins each thread right after it was started (MISTAKES.md 3).

The second philosopher comes to the table when the first has eaten all his meals: nobody can be in anybody's way.

Fails: test_everyone_eats_in_a_thread_of_his_own
"""

import threading


def dine_by_order(n, meals, think, eat):
    forks = [threading.Lock() for _ in range(n)]

    def live(i):
        for _ in range(meals):
            think(i)
            first, second = sorted([i, (i + 1) % n])
            with forks[first], forks[second]:
                eat(i)

    for i in range(n):
        thread = threading.Thread(target=live, args=(i,))
        thread.start()
        thread.join()


dine_by_trylock = dine_by_waiter = dine_by_order
