"""Orders the locks, and forgets that both accounts may be the same.

There is one lock only then, and a plain Lock can't be taken twice, not even by its holder (MISTAKES.md 11).

Fails: test_to_itself_nothing_happens
"""

import itertools
import threading

numbers = itertools.count()


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.number = next(numbers)
        self.lock = threading.Lock()


def transfer(a, b, amount):
    if amount < 0:
        raise ValueError("negative amount")
    first, second = sorted([a, b], key=lambda account: account.number)
    with first.lock, second.lock:
        if a.balance < amount:
            raise ValueError("not enough money")
        a.balance -= amount
        b.balance += amount
