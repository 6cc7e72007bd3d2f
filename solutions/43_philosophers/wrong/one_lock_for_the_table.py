"""Takes one lock for the whole table before each meal, in all three ways.

Nothing can hang, and nobody ever eats beside anybody: two who share no fork wait for each other all the same.

Fails: test_neighbours_never_eat_together
"""

import threading


def dine(n, meals, think, eat):
    table = threading.Lock()

    def live(number):
        for _ in range(meals):
            think(number)
            with table:
                eat(number)

    threads = [threading.Thread(target=live, args=(number,)) for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


dine_by_order = dine_by_trylock = dine_by_waiter = dine
