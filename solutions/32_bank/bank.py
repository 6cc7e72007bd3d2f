"""The reference for kata 32."""

from __future__ import annotations

from itertools import count
from threading import Lock

_numbers = count()


class Account:
    """An account that holds a whole amount of money, never less than 0."""

    def __init__(self, balance: int) -> None:
        """Open an account with `balance` in it."""
        self.balance = balance
        self.lock = Lock()
        self.number = next(_numbers)  # never changes and no two have the same, unlike the balance


def transfer(a: Account, b: Account, amount: int) -> None:
    """Move `amount` from `a` to `b`.

    Raises:
        ValueError: if `amount` is negative, or `a` holds less; then nothing has changed.
    """
    if amount < 0:
        raise ValueError(f"{amount} is negative")
    if a is b:
        return  # there is one lock only, and taking it twice would be waiting for oneself
    # The order of the locks has nothing to do with who pays: two names more, and a and b stay what they are. As all
    # transfers take the lower number first, nobody who holds a lock waits for a lower one, so there is no circle.
    first, second = (a, b) if a.number < b.number else (b, a)
    with first.lock, second.lock:
        # Looking and taking under the same locks: in between nobody else takes what was seen.
        if a.balance < amount:
            raise ValueError(f"{amount} is more than the {a.balance} that are there")
        a.balance -= amount
        b.balance += amount
