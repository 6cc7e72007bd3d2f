"""Each philosopher makes his forks in his own thread.

Nobody else ever waits for them (MISTAKES.md 10): neighbours eat at the same time.

Fails: test_neighbours_never_eat_together, test_by_order_nobody_waits_for_ever
"""

import threading


def dine_by_order(n, meals, think, eat):
    def live(i):
        left, right = threading.Lock(), threading.Lock()
        for _ in range(meals):
            think(i)
            with left, right:
                eat(i)

    threads = [threading.Thread(target=live, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


dine_by_trylock = dine_by_waiter = dine_by_order
