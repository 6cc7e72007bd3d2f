"""Takes the money first, looks then, and gives it back under the lock taken once more: who pays meanwhile is refused.

Fails: test_no_account_is_overdrawn
"""

import threading


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


def transfer(a, b, amount):
    if amount < 0:
        raise ValueError("a negative amount")
    if a is b:
        return
    with a.lock:
        a.balance -= amount
        enough = a.balance >= 0
    if not enough:
        with a.lock:
            a.balance += amount
        raise ValueError("not enough money")
    with b.lock:
        b.balance += amount
