"""Takes the payer's lock first, then the payee's.

Two opposite transfers take the same locks in opposite order, and each waits for the other (MISTAKES.md 12).

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
    with a.lock:
        with b.lock:
            if a.balance < amount:
                raise ValueError("not enough money")
            a.balance -= amount
            b.balance += amount
