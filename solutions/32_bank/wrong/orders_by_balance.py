"""Takes the lock of the poorer account first.

The balance changes while it is looked at, and where two are equal, each thread has an order of its own (MISTAKES.md 12).

Fails: test_opposite_transfers_end
"""

import threading


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


def transfer(a, b, amount):
    if amount < 0:
        raise ValueError("negative amount")
    if a is b:
        return
    first, second = sorted([a, b], key=lambda account: account.balance)
    with first.lock, second.lock:
        if a.balance < amount:
            raise ValueError("not enough money")
        a.balance -= amount
        b.balance += amount
