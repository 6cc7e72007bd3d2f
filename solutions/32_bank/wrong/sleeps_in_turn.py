"""Keeps its threads apart by sleeps: each waits so long that those before it should be done.

On a machine that is slow just then a sleep is over while another thread is still in the middle (MISTAKES.md 24).

Fails: test_money_is_conserved
"""

import itertools
import threading
import time

numbers = itertools.count()
mine = threading.local()


def wait_for_its_turn():
    if not hasattr(mine, "turn"):
        mine.turn = next(numbers)
        time.sleep(0.3 * mine.turn)


class Account:
    def __init__(self, balance=0):
        self.balance = balance


def transfer(payer, payee, amount):
    wait_for_its_turn()
    if amount < 0:
        raise ValueError("a negative amount")
    if payer is payee:
        return
    if payer.balance < amount:
        raise ValueError("not enough money")
    payer.balance -= amount
    payee.balance += amount
