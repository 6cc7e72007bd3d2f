"""Returns for an account that pays itself before it has looked at the amount.

A negative amount is a mistake of the caller, and is to be refused there too.

Fails: test_to_itself_nothing_happens
"""

import threading

bank = threading.Lock()


class Account:
    def __init__(self, balance):
        self.balance = balance


def transfer(a, b, amount):
    if a is b:
        return
    with bank:
        if amount < 0 or a.balance < amount:
            raise ValueError("negative, or not enough money")
        a.balance -= amount
        b.balance += amount
