"""Looks whether there is enough before it takes the locks.

When it takes the money, what it saw may be gone: two payments of 7 from an account with 10 both see enough (MISTAKES.md 9).

Fails: test_no_account_is_overdrawn
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
    if a is b:
        return
    if a.balance < amount:
        raise ValueError("not enough money")
    first, second = sorted([a, b], key=lambda account: account.number)
    with first.lock, second.lock:
        a.balance -= amount
        b.balance += amount
