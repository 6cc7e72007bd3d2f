"""Takes the locks by `acquire`, and leaves by `raise` without giving them back.

The account from which too much was asked is frozen for ever (MISTAKES.md 13).

Fails: test_a_refused_transfer_keeps_no_lock
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
    first, second = sorted([a, b], key=lambda account: account.number)
    first.lock.acquire()
    second.lock.acquire()
    if a.balance < amount:
        raise ValueError("not enough money")
    a.balance -= amount
    b.balance += amount
    second.lock.release()
    first.lock.release()
