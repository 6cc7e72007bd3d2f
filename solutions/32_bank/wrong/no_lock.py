"""Takes no lock (MISTAKES.md 9).

Two payments to the same account both read what it holds, and one of them is lost.

Fails: test_money_is_conserved, test_no_account_is_overdrawn
"""


class Account:
    def __init__(self, balance):
        self.balance = balance


def transfer(a, b, amount):
    if amount < 0:
        raise ValueError("negative amount")
    if a is b:
        return
    if a.balance < amount:
        raise ValueError("not enough money")
    a.balance -= amount
    b.balance += amount
