"""Makes the lock inside `transfer`.

Each transfer has a lock of its own, for which nobody else ever waits (MISTAKES.md 10).

Fails: test_money_is_conserved
"""

import threading


class Account:
    def __init__(self, balance):
        self.balance = balance


def transfer(a, b, amount):
    if amount < 0:
        raise ValueError("negative amount")
    if a is b:
        return
    lock = threading.Lock()
    with lock:
        if a.balance < amount:
            raise ValueError("not enough money")
        a.balance -= amount
        b.balance += amount
