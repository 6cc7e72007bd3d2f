"""The published remedy: sorts the accounts so that all take the locks in the same order (MISTAKES.md 12).

It sorts payer and payee along with them: where the second is the lower one, it is the payee who pays.

Fails: test_the_first_pays_the_second
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
    if id(a) > id(b):
        a, b = b, a
    with a.lock, b.lock:
        if a.balance < amount:
            raise ValueError("not enough money")
        a.balance -= amount
        b.balance += amount
